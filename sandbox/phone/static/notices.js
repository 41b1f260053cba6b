// What passes over the screen: toasts, alerts, the banner about the connection, a picture shown large.

import { $ } from "./dom.js";

const toastSeconds = 3.5;
let toastTimer;

/** A line that goes by itself. */
export function toast(text) {
  const place = $("toast");
  place.textContent = text;
  place.dir = "auto";
  place.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => place.classList.remove("shown"), toastSeconds * 1000);
}

/** A box that stays until it is closed. */
export function alertBox(text) {
  $("alert-text").textContent = text;
  if (!$("alert").open) {
    $("alert").showModal();
  }
}

/** A line above the chat; no text takes it away. */
export function banner(text) {
  if ($("banner").textContent !== (text ?? "")) {
    $("banner").textContent = text ?? "";
  }
  $("banner").hidden = !text;
}

export function showLarge(address) {
  $("viewer-image").src = address;
  $("viewer").showModal();
}

export function setNoticeWords(words) {
  $("alert-ok").textContent = words.ok;
  $("viewer-close").setAttribute("aria-label", words.close);
}
