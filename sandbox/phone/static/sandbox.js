// The sandbox's control API, as one person's phone uses it.

export class Refused extends Error {
  constructor(status, text) {
    super(`${status}: ${text}`);
    this.status = status;
  }
}

const root = new URL("../sandbox/", document.baseURI);

/** The answer to one call. Throws Refused for an error answer, and TypeError or a DOMException if none came. */
async function call(method, path, { json, form, seconds = 30 } = {}) {
  const request = { method, cache: "no-store", signal: AbortSignal.timeout(seconds * 1000) };
  if (json !== undefined) {
    request.body = JSON.stringify(json);
    request.headers = { "Content-Type": "application/json" };
  } else if (form !== undefined) {
    request.body = form;
  }
  const answer = await fetch(new URL(path, root), request);
  if (!answer.ok) {
    throw new Refused(answer.status, await reason(answer));
  }
  return answer.status === 204 ? null : answer.json();
}

async function reason(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).error ?? text;
  } catch {
    return text.slice(0, 200);
  }
}

export const makePerson = ({ id, first_name, language_code }) =>
  call("POST", "users", { json: { id, first_name, language_code } });

/** The person with this id, or undefined. */
export async function findPerson(id) {
  const { users } = await call("GET", "users");
  return users.find((person) => person.id === id);
}

/** The calls that one person's phone makes. */
export class Line {
  constructor(id) {
    this.id = id;
    this.path = `users/${id}`;
  }

  /** Where a file is. The person's phone pays for what it did not have yet. */
  file(fileId) {
    return new URL(`files/${encodeURIComponent(fileId)}?user_id=${this.id}`, root).href;
  }

  bot() {
    return call("GET", `bot?user_id=${this.id}`);
  }

  /** The chat, at once or as soon as it is newer than version `after`. */
  chat(after) {
    return call("GET", `${this.path}/chat${after == null ? "" : `?after=${after}&wait_s=25`}`, { seconds: 60 });
  }

  say(content) {
    return call("POST", `${this.path}/messages`, { json: content, seconds: 240 });
  }

  upload(kind, file, caption) {
    const form = new FormData();
    form.append(kind, file, file.name || kind);
    if (caption) {
      form.append("caption", caption);
    }
    return call("POST", `${this.path}/messages`, { form, seconds: 240 });
  }

  tap(messageId, data) {
    return call("POST", `${this.path}/taps`, { json: { message_id: messageId, data }, seconds: 240 });
  }

  setLink(link) {
    return call("PUT", `${this.path}/link`, { json: link });
  }

  setBlocked(blocked) {
    return call("PUT", `${this.path}/blocked`, { json: { blocked } });
  }

  traffic() {
    return call("GET", `${this.path}/traffic`);
  }

  forgetTraffic() {
    return call("DELETE", `${this.path}/traffic`);
  }
}
