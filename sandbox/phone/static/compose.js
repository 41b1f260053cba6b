// What the person writes with: the text entry, the commands, files, and the bot's reply keyboard.

import { $, make, menuOf } from "./dom.js";
import { Recorder } from "./recorder.js";

const pictures = /^image\/(jpeg|png|webp|gif|bmp)$/;
const sounds = /^audio\/(ogg|opus|mpeg|mp3|mp4|m4a|x-m4a|wav|x-wav|wave|vnd\.wave)$/;

export class Composer {
  /**
   * `onSay(content)` gets a message's JSON, `onFile(kind, file, caption, seconds)` a photo, voice or document; only
   * of what was recorded here are its seconds known.
   */
  constructor({ onSay, onFile, onUnblock }) {
    Object.assign(this, { onSay, onFile, commands: [], keys: "[]", contacts: [], keysShown: true });
    this.entry = $("entry");
    this.recorder = new Recorder((file, seconds) => onFile("voice", file, "", seconds));
    this.menu = menuOf($("slash"), $("commands"), () => this.offeredCommands());
    $("compose").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.entry.addEventListener("keydown", (event) => this.pressed(event));
    this.entry.addEventListener("input", () => this.typed());
    this.entry.addEventListener("paste", (event) => this.pasted(event));
    $("attach").addEventListener("click", () => $("file").click());
    $("file").addEventListener("change", () => this.chosen([...$("file").files]));
    $("show-keys").addEventListener("click", () => this.showKeys(!this.keysShown));
    $("start").addEventListener("click", () => onSay({ text: "/start" }));
    $("unblock").addEventListener("click", onUnblock);
  }

  setWords(words) {
    this.words = words;
    this.recorder.setWords(words);
    this.entry.placeholder = words.message;
    this.entry.setAttribute("aria-label", words.message);
    $("slash").setAttribute("aria-label", words.commands);
    $("commands").setAttribute("aria-label", words.commands);
    $("attach").setAttribute("aria-label", words.attach);
    $("send").setAttribute("aria-label", words.send);
    $("show-keys").setAttribute("aria-label", words.keyboard);
    $("start").textContent = words.start;
    $("unblock").textContent = words.unblock;
    this.drawKeys();
  }

  setCommands(commands) {
    this.commands = commands ?? [];
    $("slash").hidden = this.commands.length === 0;
  }

  offeredCommands() {
    const begun = this.entry.value.startsWith("/") ? this.entry.value.slice(1).toLowerCase() : "";
    return this.commands
      .filter(({ command }) => command.startsWith(begun))
      .map(({ command, description }) => ({
        label: `/${command}`,
        note: description,
        data: { command },
        act: () => {
          this.clear();
          this.onSay({ text: `/${command}` });
        },
      }));
  }

  /** An empty chat offers nothing but its start button, a blocked bot nothing but to unblock it. */
  setMode({ empty, blocked }) {
    $("start").hidden = !empty || blocked;
    $("unblock").hidden = !blocked;
    if (empty || blocked) {
      this.recorder.end(false);
    }
    $("compose").hidden = empty || blocked || this.recorder.isOn;
  }

  /** Rows of labels; a press on one of `contacts` sends the phone number. */
  setReplyKeyboard(rows, contacts) {
    const keys = JSON.stringify(rows);
    if (keys !== this.keys) {
      this.keys = keys;
      this.contacts = contacts;
      this.keysShown = true;
      this.drawKeys();
    }
  }

  drawKeys() {
    const rows = JSON.parse(this.keys);
    $("reply-keys").replaceChildren(
      ...rows.map((row) => {
        const line = make("div", "keys-row", ...row.map((text) => this.replyKey(text)));
        line.dataset.columns = row.length;
        return line;
      }),
    );
    $("show-keys").hidden = rows.length === 0;
    this.showKeys(this.keysShown);
  }

  replyKey(text) {
    const label = make("span", "label", text);
    label.dir = "auto";
    const button = make("button", "key", label);
    button.type = "button";
    button.dataset.reply = text;
    button.addEventListener("click", () => this.onSay(this.contacts.includes(text) ? { contact: true } : { text }));
    return button;
  }

  showKeys(shown) {
    this.keysShown = shown;
    $("reply-keys").hidden = !shown || this.keys === "[]";
    $("show-keys").setAttribute("aria-expanded", String(!$("reply-keys").hidden));
  }

  pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.menu.close();
    } else if (event.key === "ArrowUp" && this.menu.isOpen()) {
      event.preventDefault();
      $("commands").lastElementChild?.focus();
    }
  }

  typed() {
    $("mic").hidden = this.entry.value.trim() !== "";
    $("send").hidden = !$("mic").hidden;
    this.entry.style.height = "auto";
    this.entry.style.height = `${Math.min(this.entry.scrollHeight, 132)}px`;
    if (/^\/\w*$/.test(this.entry.value) && this.offeredCommands().length > 0) {
      this.menu.open(false);
    } else {
      this.menu.close();
    }
  }

  submit() {
    const text = this.entry.value.trim();
    if (text) {
      this.clear();
      this.onSay({ text });
    }
    this.entry.focus();
  }

  clear() {
    this.entry.value = "";
    this.typed();
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) {
      event.preventDefault();
      this.chosen(files);
    }
  }

  /** Sends files; what was written so far goes along as the first one's caption. */
  chosen(files) {
    files.forEach((file, index) => {
      const kind = pictures.test(file.type) ? "photo" : sounds.test(file.type) ? "voice" : "document";
      this.onFile(kind, file, index === 0 ? this.entry.value.trim() : "");
    });
    if (files.length > 0) {
      this.clear();
    }
    $("file").value = "";
  }
}
