// @ts-check
/**
 * Which keys do what, pure. Every command needs Alt, so that typing never
 * triggers one; only `?` is a single key, and never while somebody types.
 */

/** The commands behind Alt, by the place of the key on the keyboard. */
export const COMMANDS = new Map([
  ["Slash", "help"],
  ["KeyN", "next"],
  ["KeyJ", "down"],
  ["KeyK", "up"],
  ["Digit1", "talk-1"],
  ["Digit2", "talk-2"],
  ["Digit3", "talk-3"],
  ["KeyW", "longest"],
  ["KeyA", "accept"],
  ["KeyV", "questions"],
  ["KeyO", "notes"],
  ["KeyC", "offer"],
  ["KeyT", "give-back"],
  ["KeyE", "end"],
  ["KeyP", "pause"],
  ["KeyS", "sound"],
  ["KeyD", "door"],
]);

/**
 * @typedef {object} Press
 * @property {string} key
 * @property {string} code
 * @property {boolean} altKey
 * @property {boolean} ctrlKey
 * @property {boolean} metaKey
 */

/**
 * What a key asks for, or null. AltGr makes signs on many keyboards; browsers
 * report it with Ctrl, or as no Alt at all, and so it never is a command.
 * @param {Press} press
 * @param {{typing: boolean, on: boolean}} how
 * @returns {string | null}
 */
export function command(press, { typing, on }) {
  if (!on || press.ctrlKey || press.metaKey) return null;
  if (press.altKey) return COMMANDS.get(press.code) ?? null;
  return press.key === "?" && !typing ? "help" : null;
}

/**
 * Whether this element takes text.
 * @param {{tagName: string, type?: string} | null} element
 */
export function takesText(element) {
  if (element === null) return false;
  const boxes = ["checkbox", "radio", "button", "submit"];
  if (element.tagName === "INPUT") return !boxes.includes(element.type ?? "");
  return element.tagName === "TEXTAREA" || element.tagName === "SELECT";
}

/**
 * Whether Enter in a message field sends it: alone or with Ctrl, never with
 * Shift, and never while an input method is composing.
 * @param {{key: string, shiftKey: boolean, altKey: boolean, isComposing: boolean}} press
 */
export function sends(press) {
  return press.key === "Enter" && !press.shiftKey && !press.altKey && !press.isComposing;
}
