// The messages of the chat: each is drawn once and again only when it changed.

import { icon, make } from "./dom.js";
import { rich, isSafe } from "./rich.js";
import { player } from "./voice.js";

const nearTheEnd = 90; // pixels: closer to the end than this, the chat follows new messages

export class Bubbles {
  /**
   * `addressOf(fileId)` is where a file is; `onTap(messageId, data)` answers a promise that ends with the spinner;
   * `onCommand(text)` sends a command that was tapped in a text; `onPhoto(address)` shows a picture large.
   */
  constructor({ log, list, latest, unread, addressOf, onTap, onCommand, onPhoto }) {
    Object.assign(this, { log, list, latest, unread, addressOf, onTap, onPhoto });
    this.rows = new Map(); // message id or pending key → { element, drawn }
    this.busy = new Map(); // "message id / row / column / data" → taps that wait for an answer
    this.follow = true;
    this.unseen = 0;
    list.addEventListener("click", ({ target }) => {
      const text = target.closest("[data-say]")?.dataset.say;
      if (text) {
        onCommand(text);
      }
    });
    log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    latest.addEventListener("click", () => this.toEnd(true));
    const settle = new ResizeObserver(() => this.follow && this.toEnd());
    settle.observe(list);
    settle.observe(log);
  }

  setLanguage(words, locale) {
    this.words = words;
    this.time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
    this.rows.clear();
    this.list.replaceChildren();
  }

  scrolled() {
    this.follow = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < nearTheEnd;
    this.latest.hidden = this.follow;
    if (this.follow) {
      this.unseen = 0;
    }
    this.unread.hidden = this.unseen === 0;
    this.unread.textContent = this.unseen;
  }

  toEnd(smooth = false) {
    this.follow = true;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && this.list.children.length ? "smooth" : "instant" });
  }

  /** Shows these messages, oldest first. */
  draw(messages) {
    const before = this.list.lastElementChild;
    const kept = new Set();
    let place = this.list.firstElementChild;
    let added = 0;
    for (const message of messages) {
      const key = String(message.key ?? message.message_id);
      kept.add(key);
      let row = this.rows.get(key);
      if (row === undefined) {
        row = { element: make("div"), drawn: null };
        this.rows.set(key, row);
        added += message.from_bot ? 1 : 0;
        this.follow ||= !message.from_bot;
      }
      const drawn = JSON.stringify(message);
      if (row.drawn !== drawn) {
        this.drawRow(row, message);
        row.drawn = drawn;
      }
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        this.list.insertBefore(row.element, place);
      }
    }
    for (const [key, row] of this.rows) {
      if (!kept.has(key)) {
        row.player?.stop();
        row.element.remove();
        this.rows.delete(key);
      }
    }
    if (before !== null && !this.follow) {
      this.unseen += added;
    }
    if (this.follow) {
      this.toEnd();
    }
    this.scrolled();
  }

  drawRow(row, message) {
    const held = focusedButton(row.element);
    const first = row.drawn === null;
    const { element } = row;
    element.className = `row ${message.from_bot ? "in" : "out"}${first ? "" : " changed"}`;
    element.dataset.from = message.from_bot ? "bot" : "me";
    element.toggleAttribute("data-pending", Boolean(message.pending));
    element.classList.toggle("greeting", Boolean(message.greeting));
    if (message.message_id !== undefined) {
      element.dataset.messageId = message.message_id;
    }
    const bubble = make("article", "bubble");
    bubble.append(...this.media(row, message, bubble));
    const said = make("div", "text");
    said.dir = "auto";
    said.append(rich(message.html, message.text));
    if (said.hasChildNodes()) {
      bubble.append(said);
    }
    bubble.append(this.meta(message));
    const parts = make("div", "message", bubble);
    if (message.buttons?.length) {
      parts.append(this.keyboard(message));
      parts.classList.add("with-keys");
    }
    element.replaceChildren(parts);
    if (held !== null) {
      const buttons = element.querySelectorAll(".key");
      (buttons[held] ?? buttons[0])?.focus({ preventScroll: true });
    }
  }

  media(row, message, bubble) {
    const found = [];
    const { photo, document: file, contact } = message;
    const voice = message.voice ?? message.audio;
    if (photo) {
      const address = photo.address ?? this.addressOf(photo.file_id);
      const image = make("img");
      image.alt = this.words.photo;
      image.src = address;
      if (photo.width && photo.height) {
        image.width = photo.width;
        image.height = photo.height;
        fit(bubble, photo.width / photo.height);
      } else {
        image.addEventListener("load", () => fit(bubble, image.naturalWidth / image.naturalHeight));
      }
      const frame = make("button", message.spoiler ? "picture veiled" : "picture", image);
      frame.type = "button";
      frame.addEventListener("click", () => {
        if (frame.classList.contains("veiled")) {
          frame.classList.remove("veiled");
        } else {
          this.onPhoto(address);
        }
      });
      found.push(frame);
    }
    if (voice) {
      found.push(this.player(row, voice.address ?? this.addressOf(voice.file_id), voice.duration));
    }
    if (file) {
      const name = make("span", "", file.file_name || this.words.file);
      const size = make("small", "size", file.bytes ? `${Math.max(1, Math.round(file.bytes / 1024))} KB` : "");
      const link = make("a", "file", icon("file"), name, size);
      link.href = this.addressOf(file.file_id);
      link.download = file.file_name || "";
      found.push(link);
    }
    if (contact) {
      const number = make("bdi", "", `${contact.first_name}, ${contact.phone_number}`);
      found.push(make("div", "contact", icon("person"), number));
    }
    return found;
  }

  /** What plays goes on while its message is edited. */
  player(row, address, length) {
    if (row.player?.address !== address) {
      row.player?.stop();
      row.player = player(address, length, this.words);
    }
    return row.player.box;
  }

  meta(message) {
    const meta = make("footer", "meta");
    if (message.edited) {
      meta.append(make("span", "edited", this.words.edited));
    }
    if (message.date) {
      const time = make("time", "", this.time.format(message.date * 1000));
      time.dateTime = new Date(message.date * 1000).toISOString();
      meta.append(time);
    }
    if (!message.from_bot) {
      const state = make("span", "state", icon(message.pending ? "clock" : "tick"));
      state.setAttribute("role", "img");
      state.setAttribute("aria-label", message.pending ? this.words.waiting : this.words.sent);
      meta.append(state);
    }
    return meta;
  }

  keyboard(message) {
    const keys = make("div", "keys");
    keys.setAttribute("role", "group");
    message.buttons.forEach((row, y) => {
      const line = make("div", "keys-row");
      line.dataset.columns = row.length;
      row.forEach((button, x) => line.append(this.key(message.message_id, button, `${y}/${x}`)));
      keys.append(line);
    });
    return keys;
  }

  key(messageId, button, place) {
    const label = make("span", "label", button.label);
    label.dir = "auto";
    if (button.url) {
      const link = make("a", "key", label, icon("link"));
      if (isSafe(button.url)) {
        link.href = button.url;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
      }
      return link;
    }
    const key = make("button", "key", label);
    key.type = "button";
    key.dataset.button = button.data ?? "";
    const name = `${messageId}/${place}/${button.data}`;
    showBusy(key, this.busy.has(name));
    key.addEventListener("click", () => this.tap(name, messageId, button.data));
    key.dataset.name = name;
    return key;
  }

  async tap(name, messageId, data) {
    this.spin(name, 1);
    try {
      await this.onTap(messageId, data);
    } finally {
      this.spin(name, -1);
    }
  }

  spin(name, change) {
    const taps = (this.busy.get(name) ?? 0) + change;
    if (taps > 0) {
      this.busy.set(name, taps);
    } else {
      this.busy.delete(name);
    }
    for (const key of this.list.querySelectorAll("button.key")) {
      if (key.dataset.name === name) {
        showBusy(key, taps > 0);
      }
    }
  }
}

/** Makes a bubble no wider than a picture of this ratio of width to height needs. */
function fit(bubble, ratio) {
  bubble.classList.add("pictured");
  bubble.style.setProperty("--ratio", ratio.toFixed(4));
}

function showBusy(key, busy) {
  key.classList.toggle("busy", busy);
  key.setAttribute("aria-busy", String(busy));
}

/** Which of a row's buttons has the keyboard's focus; null if none has. */
function focusedButton(row) {
  const index = [...row.querySelectorAll(".key")].indexOf(document.activeElement);
  return index < 0 ? null : index;
}
