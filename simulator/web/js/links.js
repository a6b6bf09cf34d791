/** Addresses: which may be opened, which are deep links into the bot, and on which phone to open those. */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { dialog, menu } from "./overlay.js";
import { fullName, person, state } from "./store.js";

const SCHEMES = new Set(["http:", "https:", "tg:"]);
const HOSTS = new Set(["t.me", "telegram.me", "www.t.me"]);

/** @returns {string|null} the address, if a page may lead there */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @returns {string|null} the code of a deep link into this bot, "" for a link without one */
export function startCode(address) {
  const url = parsed(address);
  if (!url) return null;
  const name = url.protocol === "tg:" ? url.searchParams.get("domain") : HOSTS.has(url.hostname) && url.pathname.slice(1);
  if (!name || name.toLowerCase() !== state.bot.username.toLowerCase()) return null;
  return url.searchParams.get("start") ?? "";
}

/** @returns {{url: string, text: string}|null} what a link to t.me/share would share */
export function shared(address) {
  const url = parsed(address);
  if (!url || !HOSTS.has(url.hostname) || !/^\/share(\/url)?\/?$/.test(url.pathname)) return null;
  return { url: url.searchParams.get("url") ?? "", text: url.searchParams.get("text") ?? "" };
}

function parsed(address) {
  const safe = safeUrl(address);
  return safe && new URL(safe);
}

/** What a dragged thing would open, or null. */
export function dragged(transfer) {
  const address = (transfer.getData("text/uri-list") || transfer.getData("text/plain")).split("\n")[0].trim();
  const share = shared(address);
  return startCode(share ? share.url : address);
}

/** Follow a link that stands on one phone. `phones` are the three phones, `mine` the one it is on. */
export function follow(address, from, mine, phones) {
  const share = shared(address);
  if (share) return openShare(share, mine, phones);
  const code = startCode(address);
  if (code !== null) return openOn(code, from, mine, phones, address);
  const url = safeUrl(address);
  if (url && !url.startsWith("tg:")) window.open(url, "_blank", "noopener,noreferrer");
  return undefined;
}

/** The phones as choices; each opens the link there. */
function choices(code, mine, phones) {
  return [
    ...phones.map((phone) => ({
      label: t("openPhone", { n: phone.number, name: nameOn(phone) }),
      testid: `open-on-${phone.number}`,
      shape: "link",
      disabled: state.phones[phone.index] === null,
      run: () => phone.openLink(code),
    })),
    { label: t("openNew"), testid: "open-on-new", shape: "person", run: () => mine.addPerson(code) },
  ];
}

function nameOn(phone) {
  const one = person(state.phones[phone.index]);
  return one ? [one.label, fullName(one)].filter(Boolean).join(" · ") : t("emptyPhone");
}

function openOn(code, from, mine, phones, address) {
  menu(from, [...choices(code, mine, phones), copyChoice(address, mine)], { title: t("openOn"), note: t("dragHint"), testid: "open-on" });
}

function copyChoice(address, mine) {
  return { label: t("copyLink"), testid: "copy-link", shape: "copy", run: () => mine.copy(address) };
}

function openShare(share, mine, phones) {
  const code = startCode(share.url);
  const items = [...(code === null ? [] : choices(code, mine, phones)), copyChoice(share.url, mine)];
  const box = dialog({ title: t("share"), testid: "share" },
    h("p", { class: "shared" }, share.text && h("span", {}, share.text), h("span", { class: "mention" }, share.url)),
    code !== null && h("p", { class: "hint" }, t("shareHint")),
    h("div", { class: "choices" }, items.map((item) => h("button", {
      type: "button", class: "button", disabled: item.disabled, dataset: { testid: item.testid },
      onclick: () => { box.close(); item.run(); },
    }, item.label))));
}
