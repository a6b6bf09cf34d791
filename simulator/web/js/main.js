/** Puts the page together. */

import { ApiProblem } from "./api.js";
import { fill, h } from "./dom.js";
import { Drawer } from "./drawer.js";
import { listen } from "./events.js";
import { apply, t } from "./i18n.js";
import { toast } from "./overlay.js";
import { Phone } from "./phone.js";
import { fullName, on, person, state } from "./store.js";
import { topbar } from "./topbar.js";

const at = (id) => document.getElementById(id);
const phones = [];
for (const index of [0, 1, 2]) phones.push(new Phone(index, phones));
at("phones").append(...phones.map((phone) => phone.root));
const drawer = new Drawer(at("drawer"));
const bar = topbar(at("topbar"), { drawer: () => drawer.toggle(), try: attempt });
drawer.button = bar.calls;

async function attempt(work) {
  try {
    await work();
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem;
    toast(document.body, problem.message === "unreachable" ? t("unreachable") : t("failed", { why: problem.message }), "page-note");
  }
}

/** On a narrow screen one phone shows; the tabs say whose, and how much is unread. */
function drawTabs() {
  fill(at("tabs"), phones.map((phone) => {
    const one = person(state.phones[phone.index]);
    const active = phone.index === state.active;
    return h("button", {
      type: "button", class: "tab", role: "tab", "aria-selected": String(active), tabindex: active ? "0" : "-1", dataset: { testid: `tab-${phone.number}` },
      onclick: () => activate(phone.index), onkeydown: walk,
    }, h("span", { class: "tab-label" }, one?.label || t("phone", { n: phone.number })), h("span", { class: "tab-name" }, one ? fullName(one) : "—"),
    one?.unread > 0 && h("span", { class: "badge", "aria-label": t("unread", { n: one.unread }) }, String(one.unread)));
  }));
}

function walk(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  activate((state.active + step + 3) % 3);
  at("tabs").children[state.active].focus();
}

function activate(index) {
  state.active = index;
  phones.forEach((phone) => phone.root.classList.toggle("active", phone.index === index));
  drawTabs();
  if (phones[index].list.stick) phones[index].list.toEnd(false);
  phones[index].list.scrolled();
}

on("phones", () => {
  phones.forEach((phone) => phone.take(state.phones[phone.index]));
  drawTabs();
});
on("people", () => {
  phones.forEach((phone) => { phone.drawOwner(); phone.draw(); });
  drawTabs();
});
on("chat", (id) => phones.filter((phone) => phone.person === id).forEach((phone) => phone.load()));
on("resync", () => phones.forEach((phone) => phone.load()));
for (const subject of ["presence", "connection", "weather"]) on(subject, () => phones.forEach((phone) => phone.draw()));
on("activate", activate);
on("language", () => {
  phones.forEach((phone) => { phone.words(); if (phone.view) phone.list.show(phone.view); });
  drawTabs();
});
document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.list.scrolled()));
// What is dropped beside a phone must not take the page's place.
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => event.preventDefault());

apply();
activate(0);
listen();
