/** Who there is: choosing a person for a phone, adding somebody, language and blocking. */

import { act, post } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { pageLanguage, t } from "./i18n.js";
import { dialog, menu } from "./overlay.js";
import { assign, fullName, loadPeople, person, state } from "./store.js";

const LANGUAGES = [["zh-hans", "中文"], ["en", "English"], ["ru", "Русский"]];

/** The name on top of a phone, which is a choice of everybody there is. */
export class PersonSelect {
  constructor(phone) {
    this.phone = phone;
    this.label = h("span", { class: "owner-label", dataset: { testid: "person-label" } });
    this.select = h("select", {
      dataset: { testid: "person-select" },
      onchange: () => this.chosen(),
    });
    this.root = h("label", { class: "owner-name" }, this.label, h("span", { class: "select" }, this.select, icon("down")));
  }

  chosen() {
    assign(this.phone.index, Number(this.select.value));
  }

  draw() {
    const mine = state.phones[this.phone.index];
    this.label.textContent = person(mine)?.label || t("phone", { n: this.phone.number });
    this.select.setAttribute("aria-label", t("person"));
    const mark = JSON.stringify([state.people.map((one) => [one.id, one.first_name, one.last_name, one.label, one.unread]), mine, pageLanguage()]);
    if (mark === this.mark) return;
    this.mark = mark;
    fill(this.select, mine === null && h("option", { value: "", disabled: true }, "—"), state.people.map((one) => h("option", { value: String(one.id) }, this.option(one, mine))));
    this.select.value = mine === null ? "" : String(mine);
  }

  option(one, mine) {
    if (one.id === mine) return fullName(one);
    const name = [fullName(one), one.label].filter(Boolean).join(" · ");
    return one.unread > 0 ? `${name} (${one.unread})` : name;
  }
}

function languageName(code) {
  return LANGUAGES.find(([known]) => known.split("-")[0] === (code ?? "").split("-")[0])?.[1] ?? (code || "—");
}

/** Language and blocking of whoever has this phone. */
export function phoneMenu(phone) {
  const one = person(phone.person);
  if (!one) return;
  const now = languageName(one.language_code);
  menu(phone.options, [
    ...LANGUAGES.map(([code, name]) => ({
      label: name, checked: name === now, testid: `language-${code}`,
      run: () => phone.try(async () => { await post(`people/${one.id}`, { language_code: code }); await loadPeople(); }),
    })),
    one.blocked
      ? { label: t("unblock"), shape: "check", testid: "unblock", run: () => phone.try(() => act(one.id, "unblock").then(loadPeople)) }
      : { label: t("block"), shape: "stop", testid: "block", run: () => phone.try(() => act(one.id, "block").then(loadPeople)) },
  ], { title: t("setLanguage"), testid: "phone-options" });
}

/** Ask for a name and a language, make the person, say who it is. */
export function addPersonDialog(phone, made) {
  const name = h("input", { required: true, maxLength: 64, autocomplete: "off", dataset: { testid: "person-name" } });
  const family = h("input", { maxLength: 64, autocomplete: "off", dataset: { testid: "person-family" } });
  const language = h("select", { dataset: { testid: "person-language" } }, LANGUAGES.map(([code, label]) => h("option", { value: code }, label)));
  language.value = pageLanguage() === "zh" ? "zh-hans" : "en";
  const submit = async (event) => {
    event.preventDefault();
    const given = { first_name: name.value.trim(), last_name: family.value.trim(), language_code: language.value };
    if (!given.first_name) return name.focus();
    return phone.try(async () => {
      const user = await post("users", given);
      await loadPeople();
      box.close();
      made(user.id);
    });
  };
  const form = h("form", { class: "form", onsubmit: submit },
    h("label", {}, t("name"), name), h("label", {}, t("lastName"), family), h("label", {}, t("language"), language),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "button", onclick: () => box.close() }, t("cancel")),
      h("button", { type: "submit", class: "button primary", dataset: { testid: "person-add" } }, t("add"))));
  const box = dialog({ title: t("addPerson"), testid: "person-dialog" }, form);
  name.focus();
}
