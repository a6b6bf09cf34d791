/** The list of messages of one phone: only what changed is made anew, and the scroll stays where a person reads. */

import { bubble } from "./bubble.js";
import { h, icon } from "./dom.js";
import { dayKey, dayName, pageLanguage, t } from "./i18n.js";

const NEAR = 48; // pixels from the end that still count as the end
const TOGETHER = 300; // seconds in which messages of one sender stand close together

export class MessageList {
  /** @param {Object<string, Function>} does what the phone does for a message, and `seen()` */
  constructor(does) {
    this.does = does;
    this.made = new Map(); // key → {mark, element}
    this.fresh = true; // the next view is another person's
    this.unreadFrom = null;
    this.body = h("div", { class: "messages-body", role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    this.scroller = h("div", { class: "messages", tabindex: "0", dataset: { testid: "messages" }, onscroll: () => this.scrolled() }, this.body);
    this.count = h("span", { class: "badge", dataset: { testid: "unread" } });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, dataset: { testid: "jump" }, onclick: () => this.toEnd(true) }, icon("down"), this.count);
    this.root = h("div", { class: "messages-wrap" }, this.scroller, this.jump);
    this.stick = true; // the end is in sight and stays so
    this.top = 0;
    const follow = new ResizeObserver(() => this.stick && this.toEnd(false));
    follow.observe(this.scroller);
    follow.observe(this.body);
  }

  /** Forget everything: another person takes the phone. */
  clear() {
    this.made.clear();
    this.body.replaceChildren();
    this.fresh = true;
    this.unreadFrom = null;
    this.stick = true;
    this.top = 0;
  }

  /** @param {Object<string, any>} view what `GET /sim/chats/{id}` answers */
  show(view) {
    if (this.fresh && view.unread > 0) this.unreadFrom = view.read;
    const atEnd = this.fresh || this.stick;
    const focused = this.focusedKey();
    const elements = this.items(view).map((item) => this.element(item));
    this.arrange(elements);
    this.refocus(focused);
    const line = this.fresh && this.body.querySelector(".unread-line");
    if (line) {
      this.stick = false;
      this.scroller.scrollTop = line.offsetTop - 60;
    } else if (atEnd) this.toEnd(false);
    this.fresh = false;
    this.unread = view.unread;
    this.scrolled();
  }

  items(view) {
    const items = [];
    const waiting = new Set(view.waiting);
    const edited = new Set(view.edited);
    let day = "";
    let before = null;
    for (const message of view.messages) {
      const ms = message.date * 1000;
      if (dayKey(ms) !== day) {
        day = dayKey(ms);
        items.push({ key: `day ${day}`, mark: pageLanguage(), day: ms });
        before = null;
      }
      if (this.unreadFrom !== null && message.from.is_bot && message.message_id > this.unreadFrom && !items.some((one) => one.line)) {
        items.push({ key: "unread", mark: pageLanguage(), line: true });
        before = null;
      }
      const album = message.media_group_id && items.find((one) => one.group === message.media_group_id);
      if (album) {
        album.messages.push(message);
        album.waiting ||= waiting.has(message.message_id);
      } else {
        const joined = before !== null && before.from.id === message.from.id && message.date - before.date < TOGETHER;
        const { message_id: id, media_group_id: group } = message;
        items.push({ key: `message ${id}`, messages: [message], group, joined, waiting: waiting.has(id), edited: edited.has(id) });
      }
      before = message;
    }
    for (const item of items) {
      item.mark ??= JSON.stringify([item.messages, item.joined, item.waiting, item.edited, pageLanguage()]);
    }
    return items;
  }

  element(item) {
    const known = this.made.get(item.key);
    if (known?.mark === item.mark) return known.element;
    const element = item.messages ? bubble(item.messages, item, this.does)
      : item.line ? h("div", { class: "unread-line" }, h("span", {}, t("newMessages")))
        : h("div", { class: "day" }, h("span", {}, dayName(item.day)));
    if (known || this.fresh) element.classList.add("still");
    element.dataset.key = item.key;
    this.made.set(item.key, { mark: item.mark, element });
    return element;
  }

  /** Bring the elements into the list with as few moves as can be. */
  arrange(elements) {
    const keep = new Set(elements);
    for (const child of [...this.body.children]) {
      if (keep.has(child)) continue;
      if (this.made.get(child.dataset.key)?.element === child) this.made.delete(child.dataset.key);
      const successor = this.made.get(child.dataset.key)?.element;
      if (successor && !successor.isConnected) child.replaceWith(successor);
      else child.remove();
    }
    elements.forEach((element, n) => {
      if (this.body.children[n] !== element) this.body.insertBefore(element, this.body.children[n] ?? null);
    });
  }

  /** Where the focus is, when it is on something in a message that may be made anew. */
  focusedKey() {
    const element = document.activeElement;
    const row = this.body.contains(element) ? element.closest("[data-key]") : null;
    return row && { key: row.dataset.key, at: [...row.querySelectorAll("button, a")].indexOf(element), row };
  }

  refocus(focused) {
    if (!focused || focused.row.isConnected) return;
    const row = this.made.get(focused.key)?.element;
    const places = row ? [...row.querySelectorAll("button, a")] : [];
    (places[Math.min(focused.at, places.length - 1)] ?? this.scroller).focus({ preventScroll: true });
  }

  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only going up leaves the end; what grows below or around the list does not.
    this.stick = scrollHeight - scrollTop - clientHeight < NEAR || (this.stick && scrollTop >= this.top);
    this.top = scrollTop;
    this.jump.hidden = this.stick;
    this.count.textContent = this.unread > 0 ? String(this.unread) : "";
    const label = this.unread > 0 ? `${t("newest")} (${t("unread", { n: this.unread })})` : t("newest");
    this.jump.setAttribute("aria-label", label);
    this.jump.title = label;
    if (this.stick) this.does.seen();
  }

  toEnd(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  /** Bring a message into sight and mark it for a moment. */
  reveal(id) {
    const row = this.body.querySelector(`[data-message-id="${Number(id)}"]`);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.add("marked");
    setTimeout(() => row.classList.remove("marked"), 1600);
  }

  /** The line over new messages has done its work once the person writes. */
  endUnread() {
    this.unreadFrom = null;
  }
}
