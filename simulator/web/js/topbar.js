/** The bar on top: the bot's clock, the weather, the calls, the page's language. */

import { post, remove } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { choose, clockSeconds, fullDay, pageLanguage, shortMoment, t, utcMoment } from "./i18n.js";
import { menu } from "./overlay.js";
import { botTime, on, setClock, state } from "./store.js";

const SENDING = [
  "sendMessage", "editMessageText", "editMessageCaption", "editMessageReplyMarkup", "sendPhoto", "sendDocument", "sendVoice", "sendMediaGroup",
];
/** What each weather orders at /sim/faults. */
const WEATHER = {
  flood: SENDING.map((method) => ({ method, error: "429", retry_after: 5, times: null })),
  outage: [{ error: "502", times: null }],
  slow: [{ error: "slow", seconds: 2, times: null }],
  timeouts: [{ error: "timeout", seconds: 6, times: null, execute: false }],
};
const BY_ERROR = { 429: "flood", 502: "outage", slow: "slow", timeout: "timeouts" };

/** @returns {string} the weather that is now */
export function weatherNow() {
  const kinds = new Set(state.weather.map(({ error }) => BY_ERROR[error] ?? "other"));
  return kinds.size === 0 ? "fair" : kinds.size === 1 ? [...kinds][0] : "other";
}

export function topbar(root, tools) {
  const time = h("span", { class: "time" });
  const date = h("span", { class: "date" });
  const clock = h("div", { class: "clock", role: "timer", dataset: { testid: "clock" } }, time, date);
  const step = (testid, body) => h("button", { type: "button", class: "button", dataset: { testid }, onclick: () => move(body, tools) });
  const hour = step("clock-hour", { seconds: 3600 });
  const day = step("clock-day", { seconds: 86_400 });
  const next = step("clock-next", { to: "next_reminder" });
  const weather = h("button", { type: "button", class: "button", "aria-haspopup": "menu", dataset: { testid: "weather" }, onclick: () => weatherMenu(weather, tools) });
  const clear = h("button", { type: "button", class: "button", dataset: { testid: "weather-clear" }, onclick: () => setWeather("fair", tools) });
  const calls = h("button", { type: "button", class: "button", "aria-expanded": "false", dataset: { testid: "drawer-toggle" }, onclick: () => tools.drawer() });
  const language = h("button", { type: "button", class: "button", dataset: { testid: "page-language" }, onclick: () => choose(pageLanguage() === "zh" ? "en" : "zh") });
  const bar = [clock, h("div", { class: "group" }, hour, day, next), h("div", { class: "group right" }, weather, clear, calls, language)];
  fill(root, bar);

  function tick() {
    if (!state.clock.now) return;
    const now = botTime();
    time.textContent = clockSeconds(now);
    date.textContent = fullDay(now);
    clock.title = t("utc", { time: utcMoment(now) });
    clock.dataset.now = new Date(now).toISOString();
    const due = Date.parse(state.clock.next_reminder ?? "");
    next.disabled = !(due > now);
  }
  function drawClock() {
    clock.setAttribute("aria-label", t("botTime"));
    const movable = state.clock.offset_seconds !== null;
    hour.textContent = t("hour");
    day.textContent = t("day");
    for (const button of [hour, day, next]) {
      button.hidden = !movable;
      button.title = "";
    }
    const due = Date.parse(state.clock.next_reminder ?? "");
    fill(next, icon("next"), h("span", { class: "next-words" }, t("next"), due ? h("small", {}, shortMoment(due)) : null));
    next.title = due ? t("nextAt", { time: shortMoment(due) }) : t("noNext");
    tick();
  }
  function drawWeather() {
    const now = weatherNow();
    root.dataset.weather = now;
    weather.dataset.weather = now;
    weather.classList.toggle("storm", now !== "fair");
    fill(weather, icon(now === "fair" ? "sun" : "storm"), h("span", {}, t(now)));
    weather.setAttribute("aria-label", `${t("weather")}: ${t(now)}`);
    clear.hidden = now === "fair";
    clear.textContent = t("clear");
  }
  function drawWords() {
    fill(calls, icon("code"), h("span", { class: "wide-only" }, t("showCalls")));
    calls.title = t("calls");
    calls.setAttribute("aria-label", t("calls"));
    fill(language, icon("globe"), pageLanguage() === "zh" ? "EN" : "中文");
    language.setAttribute("aria-label", t("page"));
    root.setAttribute("aria-label", t("title"));
    drawClock();
    drawWeather();
  }
  on("clock", drawClock);
  on("weather", drawWeather);
  on("language", drawWords);
  drawWords();
  setInterval(tick, 250);
  return { calls };
}

async function move(body, tools) {
  await tools.try(async () => setClock(await post("clock", body)));
}

function weatherMenu(from, tools) {
  const now = weatherNow();
  menu(from, ["fair", ...Object.keys(WEATHER)].map((kind) => ({
    label: t(kind), detail: t(`${kind}Hint`), checked: kind === now, testid: `weather-${kind}`, run: () => setWeather(kind, tools),
  })), { title: t("weather"), testid: "weather-menu" });
}

async function setWeather(kind, tools) {
  await tools.try(async () => {
    await remove("faults");
    for (const fault of WEATHER[kind] ?? []) await post("faults", fault);
  });
}
