/** Making elements. Text only ever becomes a text node; nothing here parses HTML. */

/**
 * Make an element: `h("p", {class: "x", onclick: f, dataset: {testid: "y"}}, "text", child)`.
 * @param {string} tag
 * @param {Object<string, any>} [props]
 * @param {...(Node|string|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else if (name in element && !name.startsWith("aria") && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

/** Put new children in the place of all old ones. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

/** Shapes drawn on a grid of 24, as strokes. */
const SHAPES = {
  attach: "M21 11.5l-8.6 8.6a5.5 5.5 0 0 1-7.8-7.8l8.9-8.9a3.7 3.7 0 0 1 5.2 5.2l-8.9 8.9a1.8 1.8 0 0 1-2.6-2.6l8.2-8.2",
  send: "M4 12l16-8-6 16-3-6.500z M11 13.500L20 4",
  more: "M12 5.500v.01 M12 12v.01 M12 18.500v.01",
  plus: "M12 5v14 M5 12h14",
  close: "M6 6l12 12 M18 6L6 18",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  check: "M5 12.500l4.500 4.500L19 7.500",
  menu: "M4 7h16 M4 12h16 M4 17h10",
  slash: "M15 4L9 20",
  photo: "M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v11a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 17.500z M4 16l4.500-4.500 5 5 2.500-2.500 4 4 M15.500 8.500v.01",
  file: "M6 3.500h8l4.500 4.500v12.500h-12.500z M14 3.500V8h4.500",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3z M6 11a6 6 0 0 0 12 0 M12 17v3.500",
  play: "M8 5.500v13l10.500-6.500z",
  pause: "M8.500 5.500v13 M15.500 5.500v13",
  reply: "M9 7L4 12l5 5 M4 12h9a7 7 0 0 1 7 6",
  edit: "M4 20l1-4.500L16.500 4l3.500 3.500L8.500 19z",
  trash: "M5 7h14 M10 7V4.500h4V7 M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9z M5 15H4V4h11v1",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.500 1.500 M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.500-1.500",
  clock: "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z M12 7.500V12l3 2",
  next: "M5 6l7 6-7 6z M17 6v12",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z M12 2.500v2 M12 19.500v2 M2.500 12h2 M19.500 12h2 M5.300 5.300l1.400 1.400 M17.300 17.300l1.400 1.400 M18.700 5.300l-1.400 1.400 M6.700 17.300l-1.400 1.400",
  storm: "M7 16a4 4 0 0 1 .5-8 5.500 5.500 0 0 1 10.500 1.500 3.300 3.300 0 0 1-.5 6.500 M12.500 11.500l-2.500 4.500h4l-2.500 4.500",
  code: "M8 8l-4 4 4 4 M16 8l4 4-4 4 M13.500 5.500l-3 13",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z M4.500 20.500a7.500 7.500 0 0 1 15 0",
  globe: "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z M3.500 12h17 M12 3.500c5 5 5 12 0 17 M12 3.500c-5 5-5 12 0 17",
  stop: "M12 3.500a8.500 8.500 0 1 1 0 17 8.500 8.500 0 0 1 0-17z M6 6l12 12",
  pin: "M12 21s7-6.500 7-11.500a7 7 0 0 0-14 0C5 14.500 12 21 12 21z M12 7.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
};
const SVG = "http://www.w3.org/2000/svg";

/** @param {keyof typeof SHAPES} name @returns {SVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button that is only an icon; its name is for screen readers and the tooltip. */
export function iconButton(shape, label, onclick, testid, props = {}) {
  return h("button", {
    type: "button", class: "icon-button", title: label, "aria-label": label, onclick,
    dataset: testid ? { testid } : {}, ...props,
  }, icon(shape));
}

/** Initials for an avatar: two letters of a Latin name, the last two characters of a Chinese one. */
export function initials(first, last = "") {
  if (/[\u3400-\u9fff]/.test(first)) return [...`${last}${first}`.replace(/\s/g, "")].slice(-2).join("");
  const name = `${first ?? ""} ${last ?? ""}`.trim();
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "?";
}

/** A round sign with initials, its colour chosen by the id. */
export function avatar(id, first, last) {
  return h("span", { class: `avatar tint-${Math.abs(Number(id)) % 6}`, "aria-hidden": "true" }, initials(first, last));
}
