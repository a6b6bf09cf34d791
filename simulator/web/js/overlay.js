/** What lies over the page: menus, dialogs, short notes. Esc closes them; the focus goes back to where it was. */

import { h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";

let open = null;

/** Close the menu that is open, if any. */
export function closeMenu(refocus = true) {
  if (!open) return;
  const { box, from, leave } = open;
  open = null;
  leave();
  box.remove();
  from.setAttribute?.("aria-expanded", "false");
  if (refocus && from.isConnected) from.focus();
}

/**
 * Show a menu at an element.
 * @param {HTMLElement} from
 * @param {Array<{label: string, detail?: string, run: () => void, testid?: string, shape?: string, checked?: boolean, disabled?: boolean}>} items
 * @param {{title?: string, note?: string, testid?: string, up?: boolean}} [more]
 */
export function menu(from, items, more = {}) {
  if (open?.from === from) return closeMenu();
  closeMenu(false);
  const buttons = items.map((item) => h("button", {
    type: "button", class: "menu-item", disabled: item.disabled,
    role: item.checked === undefined ? "menuitem" : "menuitemradio",
    "aria-checked": item.checked === undefined ? null : String(item.checked),
    dataset: item.testid ? { testid: item.testid } : {},
    onclick: () => { closeMenu(); item.run(); },
  }, item.shape && icon(item.shape), h("span", { class: "menu-label" }, item.label,
    item.detail && h("small", {}, item.detail)), item.checked && icon("check")));
  const box = h("div", { class: "menu", role: "menu", "aria-label": more.title ?? "", dataset: { testid: more.testid ?? "menu" }, onkeydown: walk },
    more.title && h("p", { class: "menu-title" }, more.title), buttons, more.note && h("p", { class: "menu-note" }, more.note));
  document.body.append(box);
  place(box, from.getBoundingClientRect(), more.up);
  const outside = (event) => !box.contains(event.target) && !from.contains(event.target) && closeMenu(false);
  const gone = () => closeMenu(false);
  addEventListener("pointerdown", outside, true);
  addEventListener("resize", gone);
  open = { box, from, leave: () => { removeEventListener("pointerdown", outside, true); removeEventListener("resize", gone); } };
  from.setAttribute("aria-expanded", "true");
  buttons.find((button) => !button.disabled)?.focus({ preventScroll: true });
  return undefined;
}

function place(box, at, up) {
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const above = at.top - height - 6;
  const below = at.bottom + 6;
  const top = up ? above : below + height > innerHeight - 8 ? above : below;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

function walk(event) {
  const items = [...event.currentTarget.querySelectorAll(".menu-item:not(:disabled)")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu();
  } else if (step) {
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length]?.focus();
  }
}

/** Show a modal dialog; returns it. @returns {HTMLDialogElement} */
export function dialog({ title, testid }, ...children) {
  const box = h("dialog", { class: "dialog", "aria-label": title, dataset: { testid }, onclose: () => box.remove() },
    h("header", {}, h("h2", {}, title), iconButton("close", t("close"), () => box.close(), "close")), children);
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  box.showModal();
  return box;
}

/** Show a note in a phone for some seconds. */
export function toast(place, text, testid = "toast") {
  place.querySelector(`.toast[data-testid="${testid}"]`)?.remove();
  const note = h("div", { class: "toast", role: "status", dataset: { testid } }, text);
  place.append(note);
  setTimeout(() => note.remove(), Math.min(9000, 2600 + 60 * text.length));
}

/** Show an answer in a phone that stays until it is closed. */
export function alertIn(place, text) {
  const before = document.activeElement;
  const close = () => {
    shade.remove();
    if (before?.isConnected) before.focus();
  };
  const button = h("button", { type: "button", class: "button primary", onclick: close, dataset: { testid: "alert-ok" } }, t("ok"));
  const shade = h("div", {
    class: "shade", onkeydown: (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Tab") event.preventDefault();
    },
  }, h("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text, dataset: { testid: "alert" } }, h("p", {}, text), button));
  place.append(shade);
  button.focus();
}
