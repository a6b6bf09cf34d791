/** What the page knows, and who wants to hear when it changes. */

import { get } from "./api.js";

const listeners = new Map();

/** Hear of a subject: people, phones, presence, clock, weather, chat, calls, connection, language. */
export function on(subject, hear) {
  if (!listeners.has(subject)) listeners.set(subject, new Set());
  listeners.get(subject).add(hear);
}

export function emit(subject, detail) {
  for (const hear of listeners.get(subject) ?? []) hear(detail);
}

export const state = {
  /** @type {Array<Object<string, any>>} */ people: [],
  bot: { first_name: "Shixi", username: "" },
  online: false,
  connected: false,
  clock: { now: null, skew: 0, next_reminder: null, offset_seconds: null },
  weather: [],
  /** Person ids of the three phones. @type {Array<number|null>} */ phones: [null, null, null],
  active: 0, // the phone that a narrow screen shows
};

const KEY = "phones";

export function person(id) {
  return state.people.find((one) => one.id === id);
}

export function fullName(one) {
  const chinese = /[\u3400-\u9fff]/.test(one.first_name);
  const parts = chinese ? [one.last_name, one.first_name] : [one.first_name, one.last_name];
  return parts.filter(Boolean).join(chinese ? "" : " ");
}

/** Put a person on a phone; who is on another one changes places with them. */
export function assign(phone, id) {
  const other = state.phones.indexOf(id);
  if (other >= 0 && other !== phone) state.phones[other] = state.phones[phone];
  state.phones[phone] = id;
  sessionStorage.setItem(KEY, JSON.stringify(state.phones));
  emit("phones");
}

/** Fill the phones: as this tab had them, else as the demonstration says, else the first who are free. */
function settle() {
  const known = (id) => state.people.some((one) => one.id === id && !one.deleted);
  const before = JSON.stringify(state.phones);
  let remembered = [];
  try {
    remembered = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch { /* written by somebody else: of no use */ }
  const next = [0, 1, 2].map((n) => (known(state.phones[n]) ? state.phones[n] : known(remembered[n]) ? remembered[n] : null));
  for (let n = 0; n < 3; n += 1) {
    if (next[n] !== null && next.indexOf(next[n]) !== n) next[n] = null;
    const meant = state.people.find((one) => one.phone === n + 1);
    if (next[n] === null && meant && !next.includes(meant.id)) next[n] = meant.id;
  }
  for (let n = 0; n < 3; n += 1) {
    const free = state.people.find((one) => !one.deleted && !one.phone && !next.includes(one.id));
    if (next[n] === null && free) next[n] = free.id;
  }
  state.phones = next;
  if (JSON.stringify(next) !== before) emit("phones");
}

let asked = 0;

/** Ask for everybody anew. */
export async function loadPeople() {
  const mine = ++asked;
  const people = await get("people").catch(() => null);
  if (people === null || mine !== asked) return;
  state.people = people;
  settle();
  emit("people");
}

let waiting = 0;

/** The same, a moment later, once for many reasons. */
export function loadPeopleSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(loadPeople, 250);
}

/** Say how many messages a person has not read, as the chat's own view told. */
export function setUnread(id, count) {
  const one = person(id);
  if (!one || one.unread === count) return;
  one.unread = count;
  emit("people");
}

export function setClock(clock) {
  state.clock = { ...clock, skew: Date.parse(clock.now) - Date.now() };
  emit("clock");
}

/** The bot's time now, in milliseconds. */
export const botTime = () => Date.now() + state.clock.skew;
