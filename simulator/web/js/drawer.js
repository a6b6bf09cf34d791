/** The drawer with the calls of the bot: newest first, each opens to its parameters and answer. */

import { get } from "./api.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { t } from "./i18n.js";
import { fullName, on, person, state } from "./store.js";

const MOST = 300;

export class Drawer {
  constructor(root) {
    this.root = root;
    this.calls = []; // newest first
    this.last = 0;
    this.paused = false;
    this.hidePolls = true;
    this.chat = "";
    this.rows = h("div", { class: "calls", role: "list", dataset: { testid: "calls" } });
    root.dataset.testid = "drawer";
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    this.words();
    on("language", () => this.words());
    on("phones", () => this.drawFilter());
    on("people", () => this.drawFilter());
    on("calls", ({ anew }) => this.news(anew));
  }

  words() {
    this.filter = h("select", { "aria-label": t("allPhones"), dataset: { testid: "drawer-filter" }, onchange: () => { this.chat = this.filter.value; this.draw(); } });
    const polls = h("input", { type: "checkbox", checked: this.hidePolls, dataset: { testid: "drawer-polls" }, onchange: () => { this.hidePolls = polls.checked; this.draw(); } });
    this.pause = h("button", { type: "button", class: "button", dataset: { testid: "drawer-pause" }, onclick: () => this.setPaused(!this.paused) });
    fill(this.root, h("header", { class: "drawer-head" }, h("h2", {}, t("calls")), h("span", { class: "select" }, this.filter, icon("down")),
      h("label", { class: "check" }, polls, t("hidePolls")), h("span", { class: "space" }), this.pause,
      h("button", { type: "button", class: "button", dataset: { testid: "drawer-clear" }, onclick: () => { this.calls = []; this.draw(); } }, t("forget")),
      iconButton("close", t("close"), () => this.toggle(false), "drawer-close")), this.rows);
    this.root.setAttribute("aria-label", t("calls"));
    this.setPaused(this.paused);
    this.drawFilter();
    this.draw();
  }

  drawFilter() {
    const shown = state.phones.filter((id) => id !== null);
    fill(this.filter, h("option", { value: "" }, t("allPhones")), shown.map((id) => {
      const one = person(id);
      return h("option", { value: String(id) }, one ? [one.label, fullName(one)].filter(Boolean).join(" · ") : String(id));
    }));
    if (!shown.map(String).includes(this.chat)) this.chat = "";
    this.filter.value = this.chat;
  }

  setPaused(paused) {
    this.paused = paused;
    this.pause.textContent = t(paused ? "resume" : "pauseList");
    this.pause.setAttribute("aria-pressed", String(paused));
    if (!paused) this.news();
  }

  toggle(open = this.root.hidden) {
    this.root.hidden = !open;
    this.button?.setAttribute("aria-expanded", String(open));
    if (open) this.news();
    else this.button?.focus();
  }

  /** Ask for the calls since the last one known, when somebody looks. */
  async news(anew = false) {
    if (anew) [this.last, this.calls] = [0, []];
    if (this.paused || this.root.hidden) return;
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const found = await get(`calls?since=${this.last}&last=${MOST}`).catch(() => []);
    this.asking = false;
    const fresh = found.filter((call) => call.n > this.last);
    if (fresh.length > 0) {
      this.last = fresh[fresh.length - 1].n;
      this.calls = [...fresh.reverse(), ...this.calls].slice(0, MOST);
      this.draw();
    }
    if (this.again) {
      this.again = false;
      await this.news();
    }
  }

  wanted(call) {
    if (this.hidePolls && call.method.toLowerCase() === "getupdates") return false;
    return !this.chat || String(call.chat_id) === this.chat;
  }

  draw() {
    const known = new Map([...this.rows.querySelectorAll("[data-n]")].map((row) => [Number(row.dataset.n), row]));
    const rows = this.calls.filter((call) => this.wanted(call)).map((call) => known.get(call.n) ?? this.row(call));
    fill(this.rows, rows.length > 0 ? rows : h("p", { class: "hint" }, t("noCalls")));
  }

  row(call) {
    const one = person(call.chat_id);
    const chat = call.chat_id === null ? "" : one ? fullName(one) : t("chat", { id: call.chat_id });
    const good = call.status === 200;
    const body = h("div", { class: "call-body" });
    const details = h("details", {
      class: "call", role: "listitem", dataset: { n: call.n, testid: "call", method: call.method },
      ontoggle: () => details.open && !body.firstChild && body.append(json(t("parameters"), call.parameters), json(t("answer"), call.answer)),
    }, h("summary", {}, h("span", { class: "call-n" }, `#${call.n}`), h("b", {}, call.method), h("span", { class: "call-chat" }, chat),
      h("span", { class: "call-gist" }, gist(call)),
      h("span", { class: `call-status ${good ? "good" : "bad"}` }, call.status || t("cut")), h("span", { class: "call-ms" }, `${Math.round(call.ms)} ms`)), body);
    return details;
  }
}

function gist({ parameters, answer }) {
  const text = answer?.description ?? parameters.text ?? parameters.caption ?? parameters.data ?? "";
  return String(text).replace(/\s+/g, " ").slice(0, 160);
}

/** JSON with indents; parameters that are JSON themselves are opened up too. */
function json(title, value) {
  const opened = (_, one) => {
    if (typeof one !== "string" || !/^[[{]/.test(one)) return one;
    try {
      return JSON.parse(one);
    } catch {
      return one;
    }
  };
  return h("div", { class: "json" }, h("h3", {}, title), h("pre", { tabindex: "0" }, JSON.stringify(value, opened, 2)));
}
