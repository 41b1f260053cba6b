// Message text with Telegram's entities, built node by node from an allow-list. Nothing of a message's HTML is
// ever put into the page as HTML: it is parsed into an inert document, and only what is known here is copied.

const asIs = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "PRE", "BLOCKQUOTE"]);
const blocks = new Set(["PRE", "BLOCKQUOTE"]);
const command = /(?<![\p{L}\p{N}_/.:])\/[a-z][a-z0-9_]{0,31}(?![\p{L}\p{N}_/])/gu;
const schemes = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** A fragment that shows `html`, or `text` if there is none. */
export function rich(html, text) {
  const fragment = document.createDocumentFragment();
  if (typeof html !== "string") {
    copyText(text ?? "", fragment);
    return fragment;
  }
  const inert = new DOMParser().parseFromString(`<!doctype html><body><pre>\n${html}`, "text/html");
  // the <pre> keeps all white space, also at the start; hostile markup that closes it lands beside it in the body
  const [whole, ...beside] = inert.body.childNodes;
  copyChildren(whole, fragment);
  for (const node of beside) {
    copyChildren(node, fragment);
  }
  return fragment;
}

function copyChildren(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      // a block ends its line by itself, so the line break behind it would make an empty one
      copyText(blocks.has(node.previousSibling?.nodeName) ? node.data.replace(/^\n/, "") : node.data, to);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      copyElement(node, to);
    }
  }
}

/** Text with its /commands made to buttons (whose `data-say` is to be sent), but where it is code or a link. */
function copyText(text, to) {
  if (to.nodeType === Node.ELEMENT_NODE && to.closest("code, pre, a")) {
    to.append(text);
    return;
  }
  let end = 0;
  for (const found of text.matchAll(command)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command";
    button.dir = "ltr";
    button.textContent = button.dataset.say = found[0];
    to.append(text.slice(end, found.index), button);
    end = found.index + found[0].length;
  }
  to.append(text.slice(end));
}

function copyElement(node, to) {
  const made = element(node);
  if (made === null) {
    return;
  }
  copyChildren(node, made);
  if (made !== to && made.nodeType === Node.ELEMENT_NODE && made.classList.contains("spoiler")) {
    makeSpoiler(made);
  }
  if (node.tagName === "BLOCKQUOTE" && node.hasAttribute("expandable")) {
    makeExpandable(made);
  }
  to.append(made);
}

/** What stands for `node` on the page: an element, a fragment (only its content), or null (nothing of it). */
function element(node) {
  const name = node.tagName;
  if (asIs.has(name)) {
    const made = document.createElement(name);
    if (name === "BLOCKQUOTE") {
      made.dir = "auto";
    }
    return made;
  }
  if (name === "BR") {
    const made = document.createDocumentFragment();
    made.append("\n");
    return made;
  }
  if (name === "A") {
    return link(node.getAttribute("href"));
  }
  if (name === "TG-SPOILER" || (name === "SPAN" && node.classList.contains("tg-spoiler"))) {
    const made = document.createElement("span");
    made.className = "spoiler";
    return made;
  }
  if (name === "SCRIPT" || name === "STYLE" || name === "TEMPLATE") {
    return null;
  }
  return document.createDocumentFragment();
}

export function isSafe(address) {
  try {
    return schemes.has(new URL(address).protocol);
  } catch {
    return false;
  }
}

function link(address) {
  if (!isSafe(address)) {
    return document.createDocumentFragment();
  }
  const made = document.createElement("a");
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function makeSpoiler(span) {
  span.tabIndex = 0;
  span.setAttribute("role", "button");
  span.setAttribute("aria-pressed", "false");
  const show = () => {
    span.classList.add("shown");
    span.setAttribute("aria-pressed", "true");
  };
  span.addEventListener("click", show);
  span.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
}

/** A quotation of which only the first lines are shown until it is tapped; a short one stands as any other. */
function makeExpandable(quote) {
  const turn = (folded) => {
    quote.classList.toggle("folded", folded);
    quote.setAttribute("aria-expanded", String(!folded));
  };
  const tapped = () => quote.classList.contains("long") && turn(!quote.classList.contains("folded"));
  quote.classList.add("expandable");
  turn(true);
  quote.addEventListener("click", (event) => {
    if (event.target.closest("a, button, .spoiler") === null && getSelection().isCollapsed) {
      tapped();
    }
  });
  quote.addEventListener("keydown", (event) => {
    if (event.target === quote && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      tapped();
    }
  });
  // how many lines it has is known once it stands in the page, and may change with the page's width
  new ResizeObserver(() => {
    if (quote.classList.contains("folded")) {
      const long = quote.scrollHeight > quote.clientHeight + 1;
      quote.classList.toggle("long", long);
      quote.tabIndex = long ? 0 : -1;
      long ? quote.setAttribute("role", "button") : quote.removeAttribute("role");
    }
  }).observe(quote);
}
