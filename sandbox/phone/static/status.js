// The status bar: the time, what the connection has cost, and the switch for the connection.

import { $, menuOf } from "./dom.js";
import { banner, toast } from "./notices.js";

const links = {
  online: { online: true },
  slow: { online: true, kbps: 40, latency_ms: 700 },
  offline: { online: false },
};
const nameOf = ({ online, kbps, latency_ms: latency }) => (!online ? "offline" : kbps || latency ? "slow" : "online");
const countEvery = 400; // milliseconds between two looks at the byte counter, at the least

export class StatusBar {
  constructor(line, words, locale) {
    Object.assign(this, { line, words, locale });
    this.link = "online";
    this.changes = 0; // of the link, made here: what the server said before one of them is out of date
    this.away = false;
    menuOf($("link"), $("link-menu"), () => this.linkChoices());
    $("bytes").addEventListener("click", () => this.startCounterAgain());
  }

  start() {
    $("link-menu").setAttribute("aria-label", this.words.connection);
    $("bytes").title = this.words.counter;
    $("status").hidden = false;
    this.showLink();
    this.tick();
    setInterval(() => this.tick(), 10_000);
  }

  tick() {
    $("clock").textContent = new Intl.DateTimeFormat(this.locale, { timeStyle: "short" }).format();
  }

  // the connection

  linkChoices() {
    return Object.keys(links).map((link) => ({
      label: this.words[link],
      checked: this.link === link,
      data: { linkChoice: link },
      act: () => this.setLink(link),
    }));
  }

  async setLink(link) {
    const before = this.link;
    this.changes += 1;
    this.link = link;
    this.showLink();
    try {
      await this.line.setLink(links[link]);
    } catch {
      this.link = before;
      this.showLink();
      toast(this.words.noAnswer);
    }
    this.changes += 1;
  }

  /** The server has answered, and said how the link was when there had been so many `changes`. */
  notice(link, changes) {
    if (changes === this.changes && this.link !== nameOf(link)) {
      this.link = nameOf(link);
      this.showLink();
    }
    this.setAway(false);
  }

  setAway(away) {
    if (away !== this.away) {
      this.away = away;
      this.showLink();
    }
  }

  showLink() {
    const { words, link, away } = this;
    document.documentElement.dataset.link = link;
    document.documentElement.toggleAttribute("data-away", away);
    $("link-name").textContent = words[link];
    $("link").setAttribute("aria-label", `${words.connection}: ${words[link]}`);
    banner(away ? words.away : { slow: words.slowNote, offline: words.offlineNote }[link]);
  }

  // the byte counter

  /** Looks at it now and, if more happens meanwhile, once more a little later. */
  async countSoon() {
    if (this.counting) {
      this.countAgain = true;
      return;
    }
    this.counting = true;
    do {
      this.countAgain = false;
      await this.count();
      await new Promise((resolve) => setTimeout(resolve, countEvery));
    } while (this.countAgain);
    this.counting = false;
  }

  async count() {
    try {
      const { down_bytes: screens, media_bytes: media, up_bytes: up } = await this.line.traffic();
      const down = screens + media;
      $("down").textContent = `↓ ${this.bytes(down)}`;
      $("up").textContent = `↑ ${this.bytes(up)}`;
      Object.assign($("bytes").dataset, { down, up });
      $("bytes").setAttribute("aria-label", `${this.words.counter}: ↓ ${this.bytes(down)}, ↑ ${this.bytes(up)}`);
    } catch {
      // that the server is away is noticed by whoever follows the chat
    }
  }

  bytes(number) {
    const [value, unit] = number < 1000 ? [number, "B"] : number < 1e6 ? [number / 1000, "kB"] : [number / 1e6, "MB"];
    const digits = { maximumFractionDigits: value < 100 && unit !== "B" ? 1 : 0 };
    return `${new Intl.NumberFormat(this.locale, digits).format(value)}\u00a0${unit}`;
  }

  async startCounterAgain() {
    try {
      await this.line.forgetTraffic();
    } catch {
      toast(this.words.noAnswer);
    }
    this.countSoon();
  }
}
