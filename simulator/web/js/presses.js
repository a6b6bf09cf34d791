/** The buttons that somebody pressed on one phone and that wait for the bot's answer. */

import { act } from "./api.js";
import { t } from "./i18n.js";
import { alertIn, toast } from "./overlay.js";

const PATIENCE = 30_000; // milliseconds

const keyOf = (message, data) => `${message} ${data}`;

export class Presses {
  /** @param {import("./phone.js").Phone} phone */
  constructor(phone) {
    this.phone = phone;
    /** @type {Map<string, {id: string|null}>} */ this.waiting = new Map();
  }

  waits(message, data) {
    return this.waiting.has(keyOf(message, data));
  }

  clear() {
    this.waiting.clear();
  }

  async press(message, data, element) {
    const key = keyOf(message.message_id, data);
    if (this.waiting.has(key)) return;
    const press = { id: null };
    this.waiting.set(key, press);
    element.classList.add("pressed");
    element.setAttribute("aria-busy", "true");
    const done = await this.phone.try(async () => {
      press.id = (await act(this.phone.person, "press", { message_id: message.message_id, data })).callback_query_id;
    });
    if (!done) this.release(key);
    setTimeout(() => {
      if (this.waiting.get(key) !== press) return;
      this.release(key);
      this.phone.note(t("noAnswer"));
    }, PATIENCE);
    this.settle();
  }

  /** Show what the bot answered, as far as it has. */
  settle() {
    if (this.waiting.size === 0) return;
    const answers = new Map((this.phone.view?.callback_answers ?? []).map((one) => [one.callback_query_id, one]));
    for (const [key, { id }] of [...this.waiting]) {
      const answer = answers.get(id);
      if (!answer) continue;
      this.release(key);
      const place = this.phone.list.root;
      if (answer.text && answer.show_alert) alertIn(place, answer.text);
      else if (answer.text) toast(place, answer.text);
    }
  }

  release(key) {
    this.waiting.delete(key);
    const [message] = key.split(" ", 1);
    for (const button of this.phone.list.body.querySelectorAll(`[data-message-id="${Number(message)}"] .key.pressed`)) {
      if (this.waits(message, button.dataset.data)) continue;
      button.classList.remove("pressed");
      button.removeAttribute("aria-busy");
    }
  }
}
