/** One message, or an album of several, as it stands in a chat. */

import { h, icon } from "./dom.js";
import { clockTime, t } from "./i18n.js";
import { inlineKeyboard } from "./keyboard.js";
import { media, photo } from "./media.js";
import { richText } from "./richtext.js";

/**
 * @param {Array<Object<string, any>>} messages one, or those of an album
 * @param {{joined: boolean, waiting: boolean, edited: boolean}} looks
 * @param {Object<string, Function>} does what the phone does for a message
 */
export function bubble(messages, looks, does) {
  const [first] = messages;
  const mine = !first.from.is_bot;
  const words = messages.find((one) => one.text ?? one.caption) ?? first;
  const bare = Boolean(first.sticker);
  const box = h("div", { class: `bubble${bare ? " bare" : ""}${hasPhoto(first) ? " with-photo" : ""}` },
    forwarded(first), quote(first, does), content(messages, does), text(words, mine, does), meta(messages, mine, looks));
  const reactions = messages.flatMap((one) => one.reactions ?? []);
  return h("article", {
    class: `row ${mine ? "me" : "bot"}${looks.joined ? " joined" : ""}`,
    ...(messages.length === 1 ? marks(first, mine) : { dataset: { testid: "album" } }),
  }, h("div", { class: "stack" }, h("div", { class: "line" }, box, actions(words, does)),
    reactions.length > 0 && reacted(reactions), inlineKeyboard(first, does)));
}

function marks(message, mine) {
  return { dataset: { testid: "message", messageId: message.message_id, from: mine ? "me" : "bot" } };
}

function hasPhoto(message) {
  return Boolean(message.photo);
}

function content(messages, does) {
  if (messages.length === 1) return media(messages[0], does);
  const photos = messages.every(hasPhoto);
  return h("div", { class: photos ? `album of-${Math.min(messages.length, 10)}` : "files" }, messages.map((one) => h("div", {
    ...marks(one, !one.from.is_bot),
  }, photos ? photo(one.photo) : media(one, does))));
}

function text(message, mine, does) {
  const words = message.text ?? message.caption;
  if (!words) return known(message) ? null : h("div", { class: "words hint" }, t("unknown"));
  // As on Telegram, the code of a deep link is not shown to the person who pressed START.
  const start = mine && /^\/start \S+$/.test(words);
  const entities = message.entities ?? message.caption_entities;
  return h("div", { class: "words" }, start ? richText("/start", [{ type: "bot_command", offset: 0, length: 6 }], does) : richText(words, entities, does));
}

function known(message) {
  return ["photo", "voice", "document", "sticker", "location", "contact", "video"].some((kind) => kind in message);
}

function meta(messages, mine, looks) {
  const last = messages[messages.length - 1];
  return h("span", { class: "meta" }, looks.edited && h("span", { class: "edited" }, t("edited")),
    h("time", { datetime: new Date(last.date * 1000).toISOString() }, clockTime(last.date * 1000)),
    mine && ticks(looks.waiting));
}

function ticks(waiting) {
  const label = t(waiting ? "sent" : "taken");
  return h("span", { class: `ticks${waiting ? "" : " taken"}`, role: "img", "aria-label": label, title: label }, icon("check"), !waiting && icon("check"));
}

function forwarded(message) {
  const sender = message.forward_origin?.sender_user;
  return sender && h("div", { class: "forwarded" }, t("forwarded", { name: sender.first_name }));
}

function quote(message, does) {
  const original = message.reply_to_message;
  return original && h("button", { type: "button", class: "quote", onclick: () => does.show(original.message_id) },
    h("b", {}, original.from.first_name), h("span", {}, summary(original)));
}

/** A line that stands for a message. */
export function summary(message) {
  const kind = message.photo ? `📷 ${t("photoAlt")}` : message.voice ? `🎤 ${t("voice")}` : message.document ? `📄 ${message.document.file_name}` : message.sticker?.emoji;
  return [kind, message.text ?? message.caption].filter(Boolean).join(" · ") || t("unknown");
}

function actions(message, does) {
  return h("button", {
    type: "button", class: "icon-button actions", title: t("actions"), "aria-label": t("actions"), "aria-haspopup": "menu",
    dataset: { testid: "message-menu" }, onclick: (event) => does.actions(message, event.currentTarget),
  }, icon("more"));
}

function reacted(reactions) {
  return h("div", { class: "reactions" }, reactions.map(({ emoji }) => h("span", {
    class: "reaction", role: "img", "aria-label": t("reaction", { emoji }), dataset: { testid: "reaction" },
  }, emoji)));
}
