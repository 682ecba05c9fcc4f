// @ts-check
/** The field at the bottom: Enter sends, the limit is told in time, nothing typed is lost. */

import { one, write } from "../helpline/dom.js";
import { sentence } from "./sentences.js";

const TELL_FROM = 200; // characters before the limit
const TYPING_EVERY = 3000;

/** Holds what is being typed, until it is handed to `say`. */
export class Composer {
  /**
   * @param {object} options
   * @param {number} options.longest
   * @param {(text: string) => void} options.say
   * @param {() => void} options.typing
   */
  constructor({ longest, say, typing }) {
    this.longest = longest;
    this.say = say;
    this.typing = typing;
    this.typed = 0;
    this.form = one("[data-composer]");
    this.field = /** @type {HTMLTextAreaElement} */ (one("[data-text]"));
    this.form.addEventListener("submit", (event) => this._send(event));
    this.field.addEventListener("keydown", (event) => this._key(event));
    this.field.addEventListener("input", () => this._changed());
    this._changed();
  }

  /** Nothing can be sent any more; what was typed stays to be read and copied. */
  end() {
    this.field.readOnly = true;
    one(".send", this.form).hidden = true;
    this.form.hidden = this.field.value === "";
    write(one("[data-count]"), "");
  }

  get text() {
    return this.field.value;
  }

  /** @param {Event} event */
  _send(event) {
    event.preventDefault();
    const text = this.field.value;
    if (this.field.readOnly || text.trim() === "" || this._left() < 0) return;
    this.field.value = "";
    this._changed();
    this.say(text);
    this.field.focus();
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    const touch = matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch) return;
    this._send(event);
  }

  _changed() {
    this._tellLength();
    const now = Date.now();
    if (this.field.value === "" || now - this.typed < TYPING_EVERY) return;
    this.typed = now;
    this.typing();
  }

  _left() {
    return this.longest - Array.from(this.field.value).length;
  }

  _tellLength() {
    const left = this._left();
    const words =
      left < 0 ? sentence("too-many", { count: -left }) : sentence("left", { count: left });
    write(one("[data-count]"), left <= TELL_FROM ? words : "");
  }
}
