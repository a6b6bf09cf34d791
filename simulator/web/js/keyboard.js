/** Buttons under messages and in place of the keyboard. */

import { h, icon } from "./dom.js";
import { safeUrl } from "./links.js";

/** @returns {HTMLElement|null} */
export function inlineKeyboard(message, does) {
  const rows = message.reply_markup?.inline_keyboard;
  return rows ? h("div", { class: "inline-keyboard" }, rows.map((row) => h("div", { class: "keys" },
    row.map((button) => inlineButton(message, button, does))))) : null;
}

function inlineButton(message, button, does) {
  const pressed = button.callback_data !== undefined && does.isPressed(message.message_id, button.callback_data);
  const element = h("button", {
    type: "button", class: `key${pressed ? " pressed" : ""}`, "aria-busy": pressed ? "true" : null,
    dataset: { testid: "inline-button", ...(button.callback_data === undefined ? {} : { data: button.callback_data }) },
    onclick: () => press(message, button, element, does),
  }, h("span", { class: "key-label" }, button.text), button.url && icon("link"), button.copy_text && icon("copy"),
  h("span", { class: "spinner", "aria-hidden": "true" }));
  if (button.url) {
    element.draggable = true;
    element.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/uri-list", button.url));
  }
  return element;
}

function press(message, button, element, does) {
  if (button.callback_data !== undefined) does.press(message, button.callback_data, element);
  else if (button.copy_text) does.copy(button.copy_text.text);
  else if (button.url && safeUrl(button.url)) does.link(button.url, element);
}

/** The keyboard that a bot puts in the place of a phone's own. */
export function replyKeyboard(keyboard, does) {
  return keyboard.keyboard.map((row) => h("div", { class: "keys" }, row.map((key) => h("button", {
    type: "button", class: "key", dataset: { testid: "reply-button" }, onclick: () => does.key(key, keyboard),
  }, h("span", { class: "key-label" }, key.text)))));
}
