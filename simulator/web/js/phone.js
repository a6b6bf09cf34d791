/** One phone: whose it is, the chat with the bot, what the person does there. */

import { act, ApiProblem, get } from "./api.js";
import { Composer } from "./composer.js";
import { avatar, fill, h, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { dragged, follow } from "./links.js";
import { MessageList } from "./messages.js";
import { menu, toast } from "./overlay.js";
import { addPersonDialog, phoneMenu, PersonSelect } from "./people.js";
import { Presses } from "./presses.js";
import { assign, emit, person as known, setUnread, state } from "./store.js";

export class Phone {
  constructor(index, all) {
    this.index = index;
    this.number = index + 1;
    this.all = all;
    this.person = null;
    this.view = null;
    this.startCode = null;
    this.presses = new Presses(this);
    this.build();
  }

  build() {
    this.list = new MessageList({
      command: (text) => this.write(text), copy: (text) => this.copy(text), note: (text) => this.note(text),
      link: (url, from) => follow(url, from, this, this.all), press: (...what) => this.presses.press(...what),
      isPressed: (...what) => this.presses.waits(...what), show: (id) => this.list.reveal(id),
      actions: (message, from) => this.actions(message, from), seen: () => this.seen(),
    });
    this.composer = new Composer(this);
    this.select = new PersonSelect(this);
    this.face = h("span", { class: "face" });
    this.chatFace = h("span", { class: "face small" });
    this.name = h("h2", { class: "chat-name" });
    this.mood = h("p", { class: "chat-mood", dataset: { testid: "presence" }, role: "status" });
    this.add = iconButton("plus", "", () => this.addPerson(), "add-person");
    this.options = iconButton("more", "", () => phoneMenu(this), "phone-menu", { "aria-haspopup": "menu" });
    this.empty = h("div", { class: "empty" });
    this.start = h("div", { class: "start", hidden: true });
    this.root = h("section", {
      class: "phone", dataset: { testid: `phone-${this.number}` },
      ondragover: (event) => this.dragOver(event), ondragleave: (event) => this.dragLeave(event), ondrop: (event) => this.drop(event),
    }, h("header", { class: "owner" }, this.face, this.select.root, this.add, this.options),
    h("div", { class: "screen" }, h("header", { class: "chat-head" }, this.chatFace, h("div", { class: "chat-who" }, this.name, this.mood)),
      this.list.root, this.empty, this.start, this.composer.root));
    this.list.root.append(this.empty);
    this.words();
  }

  words() {
    for (const [button, key] of [[this.add, "addPerson"], [this.options, "options"]]) {
      button.title = t(key);
      button.setAttribute("aria-label", t(key));
    }
    this.composer.words();
    this.drawOwner();
    this.draw();
  }

  /** Give the phone to whom the store says. */
  async take(id) {
    if (id === this.person) return;
    this.composer.change(this.person, id);
    this.person = id;
    this.view = null;
    this.startCode = null;
    this.presses.clear();
    this.list.clear();
    this.drawOwner();
    this.draw();
    await this.load();
  }

  /** Ask for the chat; calls while one is under way are one more call after it. */
  async load() {
    if (this.person === null) return;
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    const { person } = this;
    const view = await get(`chats/${person}`).catch(() => null);
    this.loading = false;
    if (person === this.person && view) this.show(view);
    if (this.again || person !== this.person) {
      this.again = false;
      await this.load();
    }
  }

  show(view) {
    this.view = view;
    this.presses.settle();
    this.list.show(view);
    this.composer.show(view);
    this.draw();
    setUnread(this.person, view.unread);
    clearTimeout(this.typingEnds);
    if (view.typing > 0) this.typingEnds = setTimeout(() => { view.typing = 0; this.draw(); }, view.typing * 1000);
  }

  drawOwner() {
    const one = known(this.person);
    this.root.setAttribute("aria-label", t("phone", { n: this.number }));
    this.select.draw();
    fill(this.face, avatar(one?.id ?? 0, one?.first_name ?? "", one?.last_name));
    this.root.lang = one?.language_code?.startsWith("zh") ? "zh-Hans" : one?.language_code || "en";
  }

  draw() {
    const name = this.view?.about.name ?? state.bot.first_name;
    fill(this.chatFace, avatar(3, name));
    this.name.textContent = name;
    const mood = !state.connected ? "noServer" : !state.online ? "offline" : this.view?.typing > 0 ? "typing" : "online";
    this.mood.textContent = t(mood === "offline" && state.weather.length > 0 ? "cutOff" : mood);
    this.mood.dataset.mood = mood;
    this.drawEmpty();
    this.drawStart();
  }

  drawEmpty() {
    const about = this.view?.about.description;
    this.empty.hidden = this.person !== null && !(this.view?.messages.length === 0);
    fill(this.empty, this.person === null ? [h("p", {}, t("nobody")), h("button", {
      type: "button", class: "button primary", onclick: () => this.addPerson(),
    }, t("addPerson"))] : [
      about ? [h("b", {}, t("whatCan")), h("p", {}, about)] : h("p", {}, t("empty")), h("p", { class: "hint" }, t("startHint"))]);
  }

  /** In place of the composer: START, or a way back where the bot is blocked. */
  drawStart() {
    const one = known(this.person);
    const blocked = this.view?.blocked;
    const fresh = this.view?.messages.length === 0;
    const linked = this.startCode !== null;
    const show = one?.deleted || blocked || fresh || linked;
    const mark = [one?.deleted, blocked, fresh, this.startCode, this.person, t("start")].join();
    this.start.hidden = !show;
    this.composer.root.hidden = Boolean(show) || this.person === null;
    if (mark === this.startMark) return;
    this.startMark = mark;
    fill(this.start, one?.deleted ? h("p", { class: "hint" }, t("deleted")) : [
      linked && h("p", { class: "hint" }, t("startFor")),
      h("div", { class: "start-row" }, h("button", {
        type: "button", class: "button primary wide", dataset: { testid: blocked ? "restart" : "start" }, onclick: () => this.pressStart(),
      }, t(blocked ? "restart" : "start")), linked && !fresh && iconButton("close", t("cancel"), () => this.openLink(null), "cancel-start"))]);
  }

  async pressStart() {
    const { person, startCode } = this;
    await this.try(async () => {
      if (this.view?.blocked) await act(person, "unblock");
      await act(person, "text", { text: startCode ? `/start ${startCode}` : "/start" });
    });
    if (person !== this.person) return;
    this.startCode = null;
    this.draw();
    this.wrote();
    this.composer.box.focus({ preventScroll: true });
  }

  /** Open a deep link here: the chat shows START, as on a phone. */
  openLink(code) {
    this.startCode = code;
    this.draw();
    if (code === null) return;
    emit("activate", this.index);
    this.root.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.start.querySelector("button")?.focus();
  }

  write(text) {
    return this.try(() => act(this.person, "text", { text })).then((done) => done && this.wrote());
  }

  wrote() {
    this.list.endUnread();
    this.list.stick = true;
    this.load();
  }

  /** Do something that may fail, and say so where it does. @returns {Promise<boolean>} */
  async try(work) {
    try {
      await work();
      return true;
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) throw problem;
      this.note(problem.message === "unreachable" ? t("unreachable") : t("failed", { why: problem.message }));
      return false;
    }
  }

  actions(message, from) {
    const mine = !message.from.is_bot;
    const text = message.text ?? message.caption;
    menu(from, [
      { label: t("reply"), shape: "reply", testid: "reply", run: () => this.composer.setAbout({ kind: "reply", message }) },
      text && { label: t("copy"), shape: "copy", testid: "copy", run: () => this.copy(text) },
      mine && text && { label: t("edit"), shape: "edit", testid: "edit", run: () => this.composer.setAbout({ kind: "edit", message }) },
      mine && { label: t("remove"), shape: "trash", testid: "delete", run: () => this.try(() => act(this.person, "delete", { message_id: message.message_id })) },
    ].filter(Boolean), { testid: "message-actions" });
  }

  editLast() {
    const mine = (this.view?.messages ?? []).filter((one) => !one.from.is_bot && (one.text ?? one.caption));
    if (mine.length > 0) this.composer.setAbout({ kind: "edit", message: mine[mine.length - 1] });
  }

  /** Tell that the person has seen the newest message, if somebody can have seen it. */
  seen() {
    if (!this.view?.unread || document.visibilityState !== "visible" || this.root.offsetParent === null) return;
    const last = this.view.messages[this.view.messages.length - 1].message_id;
    if (this.told === `${this.person} ${last}`) return;
    this.told = `${this.person} ${last}`;
    act(this.person, "read", { message_id: last }).catch(() => { this.told = ""; });
  }

  addPerson(code = null) {
    addPersonDialog(this, (id) => {
      assign(this.index, id);
      if (code !== null) setTimeout(() => this.openLink(code));
    });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.note(t("copied"));
    } catch {
      this.note(text); // a browser that does not let pages copy: at least it can be read
    }
  }

  note(text) {
    toast(this.list.root, text, "note");
  }

  dragOver(event) {
    if (![...event.dataTransfer.types].some((type) => type === "text/uri-list" || type === "Files") || this.person === null) return;
    event.preventDefault();
    this.root.classList.add("target");
  }

  dragLeave(event) {
    if (!this.root.contains(event.relatedTarget)) this.root.classList.remove("target");
  }

  drop(event) {
    this.root.classList.remove("target");
    if (this.person === null) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const code = files.length > 0 ? null : dragged(event.dataTransfer);
    if (files.length > 0) this.composer.tray.take(files);
    else if (code !== null) this.openLink(code);
  }
}
