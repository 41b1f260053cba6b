// A small player for voice messages.

import { icon, make } from "./dom.js";

/** Minutes and seconds. */
export const clock = (seconds, round = Math.round) => {
  const whole = Math.max(0, round(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

let playing = null; // one at a time, as on any phone

/** `box` has a play button, how far it is, and the time; the file is fetched only when somebody plays it. */
export function player(address, length, words) {
  const audio = new Audio();
  audio.preload = "none";
  audio.src = address;
  const button = make("button", "play", icon("play"));
  button.type = "button";
  button.setAttribute("aria-label", words.play);
  const bar = make("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", words.voice);
  const time = make("span", "length", clock(length));
  const show = () => {
    const running = !audio.paused && !audio.ended;
    button.replaceChildren(icon(running ? "pause" : "play"));
    button.setAttribute("aria-label", running ? words.pause : words.play);
    const whole = Number.isFinite(audio.duration) ? audio.duration : length;
    bar.value = whole ? audio.currentTime / whole : 0;
    time.textContent = clock(running || audio.currentTime > 0 ? audio.currentTime : whole);
  };
  button.addEventListener("click", () => {
    if (audio.paused) {
      playing?.pause();
      playing = audio;
      audio.play().catch(() => time.replaceChildren("–"));
    } else {
      audio.pause();
    }
  });
  for (const event of ["play", "pause", "ended", "timeupdate", "loadedmetadata"]) {
    audio.addEventListener(event, show);
  }
  const box = make("div", "voice", button, bar, time);
  box.dir = "ltr";
  return { address, box, stop: () => audio.pause() };
}
