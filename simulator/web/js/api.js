/** The control API of the simulator that serves this page. See docs/simulator.md. */

/** A call that could not be made or made no sense; `message` says why. */
export class ApiProblem extends Error {}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/sim/${path}`, {
      method,
      headers: { "X-Simulator-Page": "1", ...(body ? { "Content-Type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch {
    throw new ApiProblem("unreachable");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || answer === null || answer.ok === false) throw new ApiProblem(answer?.error ?? `HTTP ${response.status}`);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body = {}) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);
/** Let a person do something in their chat with the bot. */
export const act = (person, what, body = {}) => post(`chats/${person}/${what}`, body);
export const fileUrl = (id) => `/sim/files/${encodeURIComponent(id)}`;

/** @param {Blob} blob @returns {Promise<string>} */
export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
