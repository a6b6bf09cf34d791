/** Text with entities, as the Bot API gives it, into elements. Offsets count UTF-16 units, as JavaScript does. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { safeUrl } from "./links.js";

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/**
 * @param {string} text
 * @param {Array<Object<string, any>>} entities
 * @param {{command: (text: string) => void, link: (url: string, from: HTMLElement) => void, copy: (text: string) => void}} does
 * @returns {DocumentFragment}
 */
export function richText(text, entities, does) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const whole = document.createDocumentFragment();
  whole.append(...pieces(text, 0, text.length, sorted, does));
  return whole;
}

/** Entities lie in one another or side by side; one that crosses the end of its parent is cut there. */
function pieces(text, start, end, entities, does) {
  const made = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    index += 1;
    if (to <= from) continue;
    const inner = [];
    while (index < entities.length && entities[index].offset < to) inner.push(entities[index++]);
    if (from > at) made.push(text.slice(at, from));
    made.push(element(entity, text.slice(from, to), pieces(text, from, to, inner, does), does));
    at = to;
    // A block brings its own line break; the one that follows it in the text would be a second.
    if (BLOCKS.has(entity.type) && text[at] === "\n") at += 1;
  }
  if (at < end) made.push(text.slice(at, end));
  return made;
}

const MARKS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

function element(entity, text, inner, does) {
  const { type } = entity;
  if (type in MARKS) return h(MARKS[type], {}, inner);
  switch (type) {
    case "code":
      return h("code", pressable(() => does.copy(text), t("tapCopy")), inner);
    case "pre":
      return h("pre", { ...pressable(() => does.copy(text), t("tapCopy")), "data-language": entity.language }, inner);
    case "blockquote":
      return h("blockquote", {}, inner);
    case "expandable_blockquote":
      return expandable(inner);
    case "spoiler":
      return spoiler(inner);
    case "bot_command":
      return h("button", { type: "button", class: "link command", onclick: () => does.command(text) }, inner);
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`, inner, does);
    case "text_link":
      return link(entity.url, inner, does);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
    case "email":
    case "phone_number":
      return h("span", { class: "mention" }, inner);
    default:
      return h("span", {}, inner);
  }
}

function link(address, inner, does) {
  const url = safeUrl(address);
  if (!url) return h("span", {}, inner);
  return h("a", {
    href: url, class: "link", target: "_blank", rel: "noopener noreferrer", draggable: true,
    dataset: { testid: "link" },
    onclick: (event) => {
      event.preventDefault();
      does.link(url, event.currentTarget);
    },
  }, inner);
}

function pressable(onclick, title) {
  return {
    onclick, title, role: "button", tabindex: "0",
    onkeydown: (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), onclick()),
  };
}

function spoiler(inner) {
  const reveal = () => {
    hidden.classList.add("revealed");
    hidden.removeAttribute("role");
    hidden.removeAttribute("tabindex");
    hidden.removeAttribute("aria-label");
    hidden.removeAttribute("title");
  };
  const hidden = h("span", { class: "spoiler", "aria-label": t("spoiler"), ...pressable(reveal, t("spoiler")) },
    h("span", {}, inner));
  return hidden;
}

function expandable(inner) {
  const quote = h("blockquote", { class: "folded", ...pressable(() => quote.classList.toggle("folded"), t("more")) }, inner);
  return quote;
}
