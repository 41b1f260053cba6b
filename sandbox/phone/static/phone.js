// The phone: who holds it, its connection, and the one chat on it.

import { Bubbles } from "./bubbles.js";
import { Composer } from "./compose.js";
import { $, menuOf } from "./dom.js";
import { askForPerson, recallPerson, rememberPerson } from "./newcomer.js";
import { alertBox, setNoticeWords, showLarge, toast } from "./notices.js";
import { Line, Refused, makePerson } from "./sandbox.js";
import { StatusBar } from "./status.js";
import { directionOf, isTranslated, localeOf, wordsOf } from "./words.js";

const firstWait = 500; // milliseconds before the first new try when the server is away
const longestWait = 8000;

class Phone {
  constructor(person) {
    this.person = person;
    this.line = new Line(person.id);
    this.words = wordsOf(person.language_code);
    this.locale = localeOf(isTranslated(person.language_code) ? person.language_code : "en");
    this.messages = [];
    this.outbox = []; // what the server has not taken yet: { key, shown, send }
    this.sending = false;
    this.version = null; // of the chat that is shown; null if there is none, or if the server may have forgotten it
    this.blocked = false;
    this.bubbles = new Bubbles({
      log: $("log"),
      list: $("messages"),
      latest: $("latest"),
      unread: $("unread"),
      addressOf: (fileId) => this.line.file(fileId),
      onTap: (messageId, data) => this.tap(messageId, data),
      onCommand: (text) => this.say({ text }),
      onPhoto: showLarge,
    });
    this.composer = new Composer({
      onSay: (content) => this.say(content),
      onFile: (kind, file, caption, seconds) => this.upload(kind, file, caption, seconds),
      onUnblock: () => this.setBlocked(false),
    });
    this.status = new StatusBar(this.line, this.words, this.locale);
    menuOf($("more"), $("more-menu"), () => this.moreChoices());
  }

  start() {
    document.documentElement.lang = this.locale;
    document.documentElement.dir = isTranslated(this.person.language_code) ? directionOf(this.person.language_code) : "ltr";
    this.bubbles.setLanguage(this.words, this.locale);
    this.composer.setWords(this.words);
    setNoticeWords(this.words);
    this.composer.setCommands([]);
    $("more").setAttribute("aria-label", this.words.more);
    $("latest").setAttribute("aria-label", this.words.latest);
    $("bot-state").textContent = this.words.bot;
    $("chat").hidden = false;
    document.title = this.person.first_name;
    this.status.start();
    addEventListener("online", () => this.hurry?.());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry?.());
    this.followChat();
  }

  /** Shows every change of the chat, for ever; waits longer and longer while the server is away. */
  async followChat() {
    let wait = firstWait;
    for (;;) {
      try {
        const { changes } = this.status;
        const chat = await this.line.chat(this.version);
        if (this.version === null || !this.bot.commands?.length) {
          await this.learn();
        }
        this.status.notice(chat.link, changes);
        wait = firstWait;
        this.show(chat);
      } catch (error) {
        this.version = null;
        if (error instanceof Refused && error.status === 404) {
          await this.moveIn();
        }
        this.status.setAway(true);
        await this.rest(wait * (0.75 + Math.random() / 2));
        wait = Math.min(wait * 2, longestWait);
      }
    }
  }

  /** Waits, but not beyond the moment when the browser finds a network or the page is looked at again. */
  rest(milliseconds) {
    return new Promise((resolve) => {
      this.hurry = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  /** The server knows nobody by this id (it was started anew): the same person moves in again. */
  async moveIn() {
    try {
      await makePerson(this.person);
    } catch {
      // the server is away again: the next try comes by itself
    }
  }

  /** What changes only when the server is started anew, and while a bot that was just started sets its commands. */
  async learn() {
    const bot = await this.line.bot();
    this.bot = bot;
    $("bot-name").textContent = bot.name;
    $("log").setAttribute("aria-label", bot.name);
    $("face").textContent = [...bot.name.trim()][0] ?? "";
    this.composer.setCommands(bot.commands);
    this.drain();
  }

  show(chat) {
    if (this.version !== null && chat.version <= this.version) {
      return;
    }
    this.version = chat.version;
    this.messages = chat.messages;
    this.blocked = chat.blocked;
    this.composer.setReplyKeyboard(chat.reply_keyboard, chat.contact_labels);
    this.draw();
    this.status.countSoon();
  }

  draw() {
    // what is being sent may already be in the chat before the server has said so
    const unsent = this.sending && this.ownMessages() > this.ownBefore ? this.outbox.slice(1) : this.outbox;
    const own = unsent.map(({ key, shown }) => ({ ...shown, key, from_bot: false, pending: true }));
    const all = [...this.messages, ...own];
    this.composer.setMode({ empty: all.length === 0, blocked: this.blocked });
    this.bubbles.draw(all.length === 0 ? this.greeting() : all);
  }

  ownMessages() {
    return this.messages.filter((message) => !message.from_bot).length;
  }

  /** An empty chat shows what the bot says of itself. */
  greeting() {
    const text = this.bot?.description;
    return text ? [{ key: "greeting", greeting: true, from_bot: true, text }] : [];
  }

  // what the person does

  say(content) {
    this.put({ text: content.text ?? this.words.phoneNumber }, () => this.line.say(content));
  }

  upload(kind, file, caption, seconds) {
    const shown = { text: caption };
    if (kind === "document") {
      shown.text = caption || file.name || this.words.file;
    } else {
      shown[kind] = { address: URL.createObjectURL(file), duration: seconds };
    }
    this.put(shown, () => this.line.upload(kind, file, caption));
  }

  put(shown, send) {
    this.outbox.push({ key: `own-${crypto.randomUUID?.() ?? Math.random()}`, shown, send });
    this.draw();
    this.drain();
  }

  /** Hands what waits to the server, in order; what it refuses is dropped with a word about it. */
  async drain() {
    if (this.sending) {
      return;
    }
    this.sending = true;
    try {
      while (this.outbox.length > 0) {
        this.ownBefore = this.ownMessages();
        try {
          await this.outbox[0].send();
        } catch (error) {
          if (!(error instanceof Refused) || error.status >= 500) {
            return;
          }
          toast(`${this.words.refused} (${error.message})`);
        }
        const chat = await this.line.chat();
        forget(this.outbox.shift());
        this.version === null || chat.version <= this.version ? this.draw() : this.show(chat);
      }
    } catch {
      // the server went away: followChat notices, and drains again when it is back
    } finally {
      this.sending = false;
    }
  }

  async tap(messageId, data) {
    try {
      const { answered, text, alert } = await this.line.tap(messageId, data);
      if (text) {
        (alert ? alertBox : toast)(text);
      } else if (!answered) {
        toast(this.status.link === "offline" ? this.words.lost : this.words.noAnswer);
      }
    } catch (error) {
      // 404: the button has gone meanwhile, as under the second of two quick taps; what is shown instead says enough
      if (!(error instanceof Refused && error.status === 404)) {
        toast(this.words.noAnswer);
      }
    }
    this.status.countSoon();
  }

  moreChoices() {
    return [
      { label: this.words.phoneNumber, data: { choice: "contact" }, act: () => this.say({ contact: true }) },
      {
        label: this.blocked ? this.words.unblock : this.words.block,
        data: { choice: "block" },
        act: () => this.setBlocked(!this.blocked),
      },
      { label: this.words.another, data: { choice: "another" }, act: () => location.assign("?new") },
    ];
  }

  async setBlocked(blocked) {
    try {
      await this.line.setBlocked(blocked);
      this.blocked = blocked;
      this.draw();
    } catch {
      toast(this.words.noAnswer);
    }
  }
}

/** Lets go of the file of what has been sent. */
function forget({ shown }) {
  const { address } = shown.photo ?? shown.voice ?? {};
  if (address) {
    URL.revokeObjectURL(address);
  }
}

async function switchOn() {
  const person = (await recallPerson()) ?? (await askForPerson());
  rememberPerson(person);
  history.replaceState(null, "", `?user=${person.id}`);
  new Phone(person).start();
}

switchOn();
