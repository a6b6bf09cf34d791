/** Listening to the simulator; after a break the page asks for everything anew or for what it missed. */

import { emit, loadPeople, loadPeopleSoon, setClock, state } from "./store.js";

const PAUSE = 800; // milliseconds until the next try, when the browser has given up
let last = "";
let source = null;

function setConnected(yes) {
  if (state.connected === yes) return;
  state.connected = yes;
  emit("connection");
}

function takePresence({ online, bot }) {
  state.online = online;
  state.bot = bot;
  emit("presence");
}

function takeWeather({ faults }) {
  state.weather = faults;
  emit("weather");
}

function takeHello(hello) {
  setConnected(true);
  takePresence(hello.presence);
  takeWeather(hello.weather);
  setClock(hello.clock);
  loadPeople();
  if (hello.resync) {
    emit("resync");
    emit("calls", { anew: true });
  }
}

const TAKE = {
  hello: takeHello,
  presence: takePresence,
  weather: takeWeather,
  clock: setClock,
  people: loadPeople,
  calls: () => emit("calls", {}),
  chat: ({ id }) => {
    emit("chat", id);
    if (!state.phones.includes(id)) loadPeopleSoon();
  },
};

export function listen() {
  source?.close();
  source = new EventSource(`/sim/events${last ? `?since=${encodeURIComponent(last)}` : ""}`);
  for (const [kind, take] of Object.entries(TAKE)) {
    source.addEventListener(kind, (event) => {
      last = event.lastEventId;
      take(JSON.parse(event.data));
    });
  }
  source.addEventListener("error", () => {
    setConnected(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, PAUSE);
  });
}

// A page that is left must not keep one of the browser's few connections.
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && listen());
