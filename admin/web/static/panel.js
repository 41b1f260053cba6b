// Keeps figures fresh while they are looked at, checks files without leaving the page, copies links.

const EVERY_MS = 2000;
const SLOWEST_MS = 30000;
const HEADER = { "x-kazi-live": "1" };

// Make one element like another, touching only what differs: what is focused, opened or moving stays so.
function morph(from, to) {
  for (const { name, value } of to.attributes) {
    if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (name !== "open" && !to.hasAttribute(name)) from.removeAttribute(name);
  }
  const kept = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const known = wanted.id ? kept.get(wanted.id) : null;
    if (known && known !== place) {
      from.insertBefore(known, place);
      place = known;
    }
    if (place && !known && kept.has(place.id)) {
      from.insertBefore(document.importNode(wanted, true), place);
    } else if (place && place.nodeName === wanted.nodeName && (known || !place.id === !wanted.id)) {
      if (place.nodeType === Node.ELEMENT_NODE) morph(place, wanted);
      else if (place.nodeValue !== wanted.nodeValue) place.nodeValue = wanted.nodeValue;
      place = place.nextSibling;
    } else {
      from.insertBefore(document.importNode(wanted, true), place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

async function page(address, options = {}) {
  const response = await fetch(address, { headers: HEADER, credentials: "same-origin", ...options });
  if (response.status === 401) location.reload();
  return { response, found: new DOMParser().parseFromString(await response.text(), "text/html") };
}

function keepFresh() {
  const stale = document.getElementById("stale");
  if (!document.querySelector("[data-live]")) return;
  let wait = EVERY_MS;
  let timer = 0;

  async function refresh() {
    try {
      const { response, found } = await page(location.pathname + location.search, { cache: "no-cache" });
      if (!response.ok) throw new Error(String(response.status));
      for (const part of document.querySelectorAll("[data-live]")) {
        const fresh = found.getElementById(part.id);
        if (fresh) morph(part, fresh);
      }
      // A list that was empty when the page came, or is empty now, is another page.
      if (found.querySelectorAll("[data-live]").length !== document.querySelectorAll("[data-live]").length) {
        morph(document.getElementById("main"), found.getElementById("main"));
      }
      stale.hidden = true;
      wait = EVERY_MS;
    } catch {
      stale.hidden = false;
      wait = Math.min(SLOWEST_MS, wait * 2);
    }
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(refresh, wait);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  plan();
}

function checkFiles(form) {
  const trouble = document.getElementById("trouble");
  form.addEventListener("change", () => document.getElementById("result").replaceChildren());
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const data = new FormData(form, button);
    const text = button.textContent;
    trouble.hidden = true;
    if (button.value === "post") {
      setTimeout(() => Object.assign(button, { disabled: true, textContent: button.dataset.busy }));
      return;
    }
    event.preventDefault();
    Object.assign(button, { disabled: true, textContent: button.dataset.busy });
    try {
      const { response, found } = await page(form.action, { method: "POST", body: data });
      const result = found.getElementById("result");
      if (!result) throw new Error(String(response.status));
      document.getElementById("result").replaceWith(document.importNode(result, true));
      document.getElementById("result").focus();
    } catch {
      trouble.textContent = form.dataset.offline;
      trouble.hidden = false;
    }
    Object.assign(button, { disabled: false, textContent: text });
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

function copyLinks() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(source); // no permission: at least it is selected
    }
  });
}

// On a narrow screen tabs scroll: the one that is looked at is shown.
function showCurrentTab() {
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

showCurrentTab();
keepFresh();
copyLinks();
const files = document.getElementById("files");
if (files) checkFiles(files);
