/** What waits to be sent with the next message: photos and files, with small pictures to look at. */

import { act, base64 } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { menu } from "./overlay.js";
import { asPhoto, samplePhoto, sampleVoice } from "./samples.js";

const MOST = 20 * 1024 * 1024; // bytes that a bot may fetch
const ALBUM = 10;

export class Tray {
  /** @param {{changed: () => void, note: (text: string) => void, voice: (body: object) => void}} does */
  constructor(does) {
    this.does = does;
    this.things = [];
    this.root = h("div", { class: "tray", hidden: true, dataset: { testid: "tray" } });
    this.photos = this.picker("image/*", (blob) => this.addPhoto(blob));
    this.files = this.picker("", (blob) => this.addFile(blob));
    this.inputs = h("div", { hidden: true }, this.photos, this.files);
  }

  picker(accept, add) {
    const input = h("input", {
      type: "file", multiple: true, accept, dataset: { testid: accept ? "photo-input" : "file-input" },
      onchange: async () => {
        for (const blob of [...input.files]) await add(blob);
        input.value = "";
      },
    });
    return input;
  }

  menu(from) {
    menu(from, [
      { label: t("photo"), shape: "photo", testid: "attach-photo", run: () => this.photos.click() },
      { label: t("sample"), shape: "photo", testid: "attach-sample", run: async () => this.addPhoto(await samplePhoto()) },
      { label: t("file"), shape: "file", testid: "attach-file", run: () => this.files.click() },
      { label: t("voice"), shape: "voice", testid: "attach-voice", run: () => this.sendVoice() },
    ], { testid: "attach-menu", up: true });
  }

  async sendVoice() {
    const { blob, duration } = sampleVoice();
    this.does.voice({ content_base64: await base64(blob), duration });
  }

  /** Take a picture, or as a file what is none after all. */
  async addPhoto(blob) {
    try {
      const small = await asPhoto(blob);
      this.put({ kind: "photo", blob: small, name: t("photoAlt"), preview: URL.createObjectURL(small) });
    } catch {
      this.addFile(blob);
    }
  }

  addFile(blob) {
    if (blob.size > MOST) this.does.note(t("tooBig"));
    else this.put({ kind: "document", blob, name: blob.name || "file" });
  }

  /** Take what was pasted or dropped. */
  async take(files) {
    for (const file of files) await (file.type.startsWith("image/") ? this.addPhoto(file) : this.addFile(file));
  }

  put(thing) {
    this.things.push(thing);
    this.draw();
  }

  drop(thing) {
    if (thing.preview) URL.revokeObjectURL(thing.preview);
    this.things = this.things.filter((one) => one !== thing);
    this.draw();
  }

  draw() {
    this.root.hidden = this.things.length === 0;
    fill(this.root, this.things.map((thing) => h("span", { class: "tray-item", dataset: { testid: "tray-item" } },
      thing.preview ? h("img", { src: thing.preview, alt: thing.name }) : [icon("file"), h("span", { class: "tray-name" }, thing.name)],
      h("button", { type: "button", class: "tray-remove", "aria-label": t("removeIt", { name: thing.name }), onclick: () => this.drop(thing) }, icon("close")))));
    this.does.changed();
  }

  /** Send everything, the caption with the first; what was sent is gone from here even if a later one fails. */
  async send(person, caption, more) {
    let first = { caption, ...more };
    const photos = this.things.filter((one) => one.kind === "photo");
    const files = this.things.filter((one) => one.kind !== "photo");
    for (let at = 0; at < photos.length; at += ALBUM) {
      const album = photos.slice(at, at + ALBUM);
      await act(person, "photo", { contents_base64: await Promise.all(album.map((one) => base64(one.blob))), ...first });
      album.forEach((one) => this.drop(one));
      first = {};
    }
    for (const file of files) {
      const about = { file_name: file.name, mime_type: file.blob.type || "application/octet-stream" };
      await act(person, "document", { content_base64: await base64(file.blob), ...about, ...first });
      this.drop(file);
      first = {};
    }
  }
}
