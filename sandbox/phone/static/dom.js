// Small helpers to make elements, and menus that work with the keyboard.

export const $ = (id) => document.getElementById(id);

/** An element with a class and children. */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/**
 * Makes `button` open and close `menu`. `fill()` answers the menu's items: { label, note, checked, data, act }.
 * Arrow keys move, Escape and a tap elsewhere close.
 */
export function menuOf(button, menu, fill) {
  const isOpen = () => !menu.hidden;
  const close = (refocus = false) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) {
      button.focus();
    }
  };
  const open = (focus = true) => {
    menu.replaceChildren(...fill().map((item) => menuItem(item, close)));
    menu.hidden = menu.children.length === 0;
    button.setAttribute("aria-expanded", String(isOpen()));
    if (focus) {
      (menu.querySelector('[aria-checked="true"]') ?? menu.firstElementChild)?.focus();
    }
  };
  button.addEventListener("click", () => (isOpen() ? close() : open()));
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items[(next + items.length) % items.length]?.focus();
    } else if (event.key === "Escape") {
      close(true);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    if (isOpen() && !menu.contains(event.target) && !button.contains(event.target)) {
      close();
    }
  });
  return { open, close, isOpen };
}

function menuItem({ label, note, checked, data, act }, close) {
  const item = make("button", "item", make("span", "name", label));
  item.type = "button";
  if (note) {
    const said = make("span", "note", note);
    said.dir = "auto";
    item.append(said);
  }
  item.setAttribute("role", checked === undefined ? "menuitem" : "menuitemradio");
  if (checked !== undefined) {
    item.setAttribute("aria-checked", String(checked));
  }
  Object.assign(item.dataset, data);
  item.addEventListener("click", () => {
    close();
    act();
  });
  return item;
}
