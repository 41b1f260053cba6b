// A small player for voice messages.

import { icon, make } from "./dom.js";

const clock = (seconds) => {
  const whole = Math.max(0, Math.round(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** A play button, how far it is, and the time in seconds; the file is fetched only when somebody plays it. */
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
    const playing = !audio.paused && !audio.ended;
    button.replaceChildren(icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", playing ? words.pause : words.play);
    const whole = Number.isFinite(audio.duration) ? audio.duration : length;
    bar.value = whole ? audio.currentTime / whole : 0;
    time.textContent = clock(playing || audio.currentTime > 0 ? audio.currentTime : whole);
  };
  button.addEventListener("click", () => {
    if (audio.paused) {
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
  return box;
}
