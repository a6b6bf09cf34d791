/** What is not text in a message: photos, albums, files, voice notes, stickers, places, contacts. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { dialog } from "./overlay.js";

/** @returns {HTMLElement|null} the part of a bubble above its words */
export function media(message, does) {
  if (message.photo) return photo(message.photo);
  if (message.voice) return voice(message.voice, does);
  if (message.document) return file(message.document);
  if (message.sticker) return h("div", { class: "sticker", role: "img", "aria-label": t("sticker", { emoji: message.sticker.emoji }) }, message.sticker.emoji ?? "◻");
  if (message.location) return place(message.location);
  if (message.contact) return contact(message.contact);
  if (message.video) return file({ ...message.video, file_name: t("video") });
  return null;
}

/** @param {Array<{file_id: string, width: number, height: number}>} sizes */
export function photo(sizes) {
  const { file_id: id, width, height } = sizes[sizes.length - 1];
  const image = h("img", {
    src: fileUrl(id), alt: t("photoAlt"), width, height, decoding: "async",
    onerror: () => image.replaceWith(h("span", { class: "broken" }, icon("photo"), t("noPhoto"))),
  });
  return h("button", { type: "button", class: "photo", "aria-label": t("photoAlt"), onclick: () => enlarge(id) }, image);
}

function enlarge(id) {
  dialog({ title: t("photoAlt"), testid: "photo-large" }, h("img", { class: "large", src: fileUrl(id), alt: t("photoAlt") }));
}

function file(document) {
  const name = document.file_name ?? "file";
  return h("a", { class: "file", href: fileUrl(document.file_id), download: name, "aria-label": t("download", { name }), dataset: { testid: "file" } },
    h("span", { class: "disc" }, icon("file")),
    h("span", { class: "file-words" }, h("span", { class: "file-name" }, name), h("small", {}, size(document.file_size))));
}

function size(bytes = 0) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

const BARS = 32;
let playing = null;

function voice(note, does) {
  let sound = null;
  const seconds = Number(note.duration ?? 0);
  const bars = h("span", { class: "bars", "aria-hidden": "true" }, [...heights(note.file_unique_id)].map((part) => {
    const bar = h("i");
    bar.style.height = `${part}%`;
    return bar;
  }));
  const button = h("button", { type: "button", class: "disc", "aria-label": t("play"), dataset: { testid: "voice-play" }, onclick: toggle }, icon("play"));

  function show(isPlaying) {
    button.replaceChildren(icon(isPlaying ? "pause" : "play"));
    button.setAttribute("aria-label", t(isPlaying ? "pause" : "play"));
  }
  function progress(share) {
    [...bars.children].forEach((bar, n) => bar.classList.toggle("played", n < share * BARS));
  }
  function toggle() {
    if (sound && !sound.paused) return sound.pause();
    if (playing && playing !== sound) playing.pause();
    if (!sound) {
      sound = new Audio(fileUrl(note.file_id));
      sound.addEventListener("timeupdate", () => progress(sound.currentTime / (sound.duration || seconds || 1)));
      sound.addEventListener("pause", () => show(false));
      sound.addEventListener("ended", () => { show(false); progress(0); });
    }
    playing = sound;
    show(true);
    return sound.play().catch(() => { show(false); does.note(t("noVoice")); });
  }
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return h("div", { class: "voice" }, button, h("span", { class: "voice-words" }, bars, h("small", {}, clock)));
}

/** A shape for a voice note, always the same for the same one. */
function* heights(text = "") {
  let seed = [...text].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 65521, 7);
  for (let n = 0; n < BARS; n += 1) {
    seed = (seed * 75 + 74) % 65537;
    yield 18 + (seed % 82) * Math.sin(((n + 1) / (BARS + 1)) * Math.PI);
  }
}

function place({ latitude, longitude }) {
  return h("div", { class: "file" }, h("span", { class: "disc" }, icon("pin")),
    h("span", { class: "file-words" }, h("span", {}, t("location")), h("small", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)));
}

function contact(card) {
  return h("div", { class: "file" }, h("span", { class: "disc" }, icon("person")),
    h("span", { class: "file-words" }, h("span", {}, [card.first_name, card.last_name].filter(Boolean).join(" ")), h("small", {}, card.phone_number)));
}
