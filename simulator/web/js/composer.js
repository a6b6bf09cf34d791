/** Where a person writes: the growing box, the attachments, the commands, editing and answering. */

import { act } from "./api.js";
import { Tray } from "./attach.js";
import { summary } from "./bubble.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { replyKeyboard } from "./keyboard.js";

const TALLEST = 168; // pixels until the box scrolls

export class Composer {
  /** @param {import("./phone.js").Phone} phone */
  constructor(phone) {
    this.phone = phone;
    this.drafts = new Map();
    this.commands = [];
    this.about = null; // {kind: "edit" | "reply", message}
    this.tray = new Tray({
      changed: () => { this.refresh(); this.box.focus({ preventScroll: true }); }, note: (text) => phone.note(text),
      voice: (body) => phone.try(() => act(phone.person, "voice", body)),
    });
    this.build();
  }

  build() {
    this.box = h("textarea", {
      rows: 1, dataset: { testid: "composer" }, autocomplete: "off", spellcheck: false,
      oninput: () => this.typed(), onkeydown: (event) => this.keyed(event), onpaste: (event) => this.pasted(event),
    });
    this.list = h("div", { class: "commands", role: "listbox", hidden: true, dataset: { testid: "commands" } });
    this.strip = h("div", { class: "strip", hidden: true });
    this.keys = h("div", { class: "reply-keyboard", hidden: true, dataset: { testid: "reply-keyboard" } });
    this.slash = iconButton("slash", "", () => this.toggleCommands(), "menu-button", { "aria-expanded": "false" });
    this.clip = iconButton("attach", "", () => this.tray.menu(this.clip), "attach", { "aria-haspopup": "menu" });
    this.keysButton = iconButton("menu", "", () => this.showKeys(this.keys.hidden), "keyboard-toggle");
    this.sendButton = iconButton("send", "", () => this.send(), "send");
    this.sendButton.classList.add("send");
    this.root = h("div", { class: "composer" }, this.list, this.strip, this.tray.root, this.tray.inputs,
      h("div", { class: "write" }, this.slash, this.clip, this.box, this.keysButton, this.sendButton), this.keys);
    this.words();
  }

  /** Say everything in the page's language. */
  words() {
    for (const [button, key] of [[this.slash, "commands"], [this.clip, "attach"], [this.keysButton, "keyboard"], [this.sendButton, "send"]]) {
      button.title = t(key);
      button.setAttribute("aria-label", t(key));
    }
    this.box.placeholder = t("message");
    this.box.setAttribute("aria-label", t("message"));
    this.list.setAttribute("aria-label", t("commands"));
    this.drawStrip();
  }

  /** Take what the chat shows: its commands and the bot's keyboard. */
  show(view) {
    this.commands = view.commands;
    const mark = JSON.stringify(view.reply_keyboard);
    if (mark !== this.keysMark) {
      this.keysMark = mark;
      if (view.reply_keyboard) fill(this.keys, replyKeyboard(view.reply_keyboard, { key: (key, keyboard) => this.key(key, keyboard) }));
      this.showKeys(Boolean(view.reply_keyboard));
    }
    this.keysButton.hidden = !view.reply_keyboard;
    if (!this.list.hidden) this.suggest();
  }

  /** Keep what one person has begun, and bring back what the next had. */
  change(from, to) {
    if (from !== null) this.drafts.set(from, this.about?.kind === "edit" ? "" : this.box.value);
    this.setAbout(null);
    this.keysMark = undefined;
    this.closeCommands();
    this.put(this.drafts.get(to) ?? "");
  }

  put(text) {
    this.box.value = text;
    this.typed();
  }

  typed() {
    this.refresh();
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST)}px`;
    if (/^\/\w*$/.test(this.box.value)) this.suggest();
    else this.closeCommands();
  }

  refresh() {
    this.sendButton.disabled = !this.box.value.trim() && this.tray.things.length === 0;
  }

  keyed(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    if (!this.list.hidden && this.walk(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.box.value && !this.about) {
      event.preventDefault();
      this.phone.editLast();
    } else if (event.key === "Escape" && this.about) {
      if (this.about.kind === "edit") this.put("");
      this.setAbout(null);
    }
  }

  pasted(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    this.tray.take(files);
  }

  async send() {
    const text = this.box.value.trim();
    const { about } = this;
    const { person } = this.phone;
    if (!text && this.tray.things.length === 0) return;
    const answer = about?.kind === "reply" ? { reply_to_message_id: about.message.message_id } : {};
    const done = await this.phone.try(async () => {
      if (about?.kind === "edit") await act(person, "edit", { message_id: about.message.message_id, text });
      else if (this.tray.things.length > 0) await this.tray.send(person, text, answer);
      else await act(person, "text", { text, ...answer });
    });
    if (!done || this.phone.person !== person) return;
    this.setAbout(null);
    if (this.box.value.trim() === text) this.put("");
    this.phone.wrote();
  }

  /** Begin to edit or to answer a message. */
  setAbout(about) {
    this.about = about;
    if (about?.kind === "edit") this.put(about.message.text ?? about.message.caption ?? "");
    this.drawStrip();
    if (about) this.box.focus();
  }

  drawStrip() {
    const { about } = this;
    this.strip.hidden = !about;
    if (!about) return;
    const title = about.kind === "edit" ? t("editing") : t("replying", { name: about.message.from.first_name });
    fill(this.strip, icon(about.kind), h("span", { class: "strip-words" }, h("b", {}, title), h("span", {}, summary(about.message))),
      iconButton("close", t("cancel"), () => { if (about.kind === "edit") this.put(""); this.setAbout(null); }, "cancel-about"));
  }

  toggleCommands() {
    if (!this.list.hidden) return this.closeCommands();
    this.suggest(true);
    return this.list.querySelector("button")?.focus();
  }

  /** List the commands that begin with what is written. */
  suggest(all = false) {
    const begun = all || !this.box.value.startsWith("/") ? "" : this.box.value.slice(1).toLowerCase();
    const found = this.commands.filter((one) => one.command.startsWith(begun));
    if (found.length === 0 && begun) return this.closeCommands();
    fill(this.list, found.length === 0 ? h("p", { class: "hint" }, t("noCommands")) : found.map((one, n) => h("button", {
      type: "button", class: `command-item${n === 0 && !all ? " chosen" : ""}`, role: "option", "aria-selected": String(n === 0 && !all),
      dataset: { testid: "command" }, onclick: () => this.command(`/${one.command}`), onkeydown: (event) => this.walk(event),
    }, h("b", {}, `/${one.command}`), h("span", {}, one.description))));
    this.list.hidden = false;
    return this.slash.setAttribute("aria-expanded", "true");
  }

  closeCommands() {
    this.list.hidden = true;
    this.slash.setAttribute("aria-expanded", "false");
  }

  /** Move among the commands; says whether the key meant that. */
  walk(event) {
    const items = [...this.list.querySelectorAll("button")];
    const chosen = this.list.querySelector(".chosen") ?? (this.list.contains(document.activeElement) ? document.activeElement : null);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) {
      const next = items[(items.indexOf(chosen) + step + items.length) % items.length];
      chosen?.classList.remove("chosen");
      next.classList.add("chosen");
      next.scrollIntoView({ block: "nearest" });
      if (this.list.contains(document.activeElement)) next.focus();
    } else if (event.key === "Enter" && chosen && document.activeElement === this.box) {
      chosen.click();
    } else if (event.key === "Tab" && chosen && document.activeElement === this.box) {
      this.put(`${chosen.querySelector("b").textContent} `);
    } else if (event.key === "Escape") {
      this.closeCommands();
      this.box.focus();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  command(text) {
    this.closeCommands();
    this.put("");
    this.box.focus({ preventScroll: true });
    this.phone.write(text);
  }

  showKeys(yes) {
    this.keys.hidden = !yes;
    this.keysButton.setAttribute("aria-expanded", String(yes));
  }

  key(key, keyboard) {
    if (keyboard.one_time_keyboard) this.showKeys(false);
    if (key.request_contact) this.phone.try(() => act(this.phone.person, "contact"));
    else if (key.request_location) this.phone.try(() => act(this.phone.person, "location"));
    else this.phone.write(key.text);
  }
}
