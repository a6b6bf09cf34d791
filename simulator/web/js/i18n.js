/** The page's language: what the browser prefers, until somebody chooses. Times are always the school's. */

import { emit } from "./store.js";
import { WORDS } from "./words.js";

export const ZONE = "Asia/Shanghai";
const KEY = "language";

let language = localStorage.getItem(KEY) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
if (!(language in WORDS)) language = "en";

/** @param {string} key @param {Object<string, any>} [values] */
export function t(key, values = {}) {
  return (WORDS[language][key] ?? WORDS.en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export const pageLanguage = () => language;

export function choose(next) {
  language = next;
  localStorage.setItem(KEY, next);
  apply();
  emit("language");
}

export function apply() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  document.title = t("title");
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");
const formats = new Map();

function format(name, options, zone = ZONE) {
  const key = `${name} ${locale()}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

/** @param {number} ms */
export const clockTime = (ms) => format("time", { hour: "2-digit", minute: "2-digit" }).format(ms);
export const clockSeconds = (ms) => format("s", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(ms);
export const dayName = (ms) => format("day", { day: "numeric", month: "long" }).format(ms);
export const fullDay = (ms) => format("full", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(ms);
export const shortMoment = (ms) =>
  format("moment", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(ms);
export const utcMoment = (ms) => new Date(ms).toISOString().replace("T", " ").slice(0, 16);
/** A key that is the same for two moments of one day in the school's zone. */
export const dayKey = (ms) => days.format(ms);
const days = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
