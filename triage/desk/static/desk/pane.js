// @ts-check
/** One talk on the screen: its head, its rows and the field to write in. */

import { all, clone, one, write } from "../helpline/dom.js";
import { minutesSince } from "./board.js";
import { sends } from "./keys.js";
import { Lines } from "./lines.js";
import { unread, waitsSince } from "./talks.js";
import { ago, inOneLine, sentence } from "./words.js";

const TELL_FROM = 200; // characters before the limit
const TYPING_EVERY = 3000;
const TYPING_SHOWN = 6000;
const HEAVY = ["acute", "urgent"];

/** @typedef {import("./talks.js").Talk} Talk */
/** @typedef {import("./board.js").Held} Held */
/**
 * @typedef {object} Hands what a pane asks for
 * @property {(id: string, text: string) => void} say
 * @property {(id: string) => void} typing
 * @property {(id: string, client_id: string) => void} retry
 * @property {(id: string, what: string) => void} act
 * @property {(id: string) => void} touched
 */
/** @typedef {{place: number, held: Held | undefined, clock: boolean, current: boolean, now: number}} Look */

/** Lives as long as its talk is on the screen; what is typed lives in its field alone. */
export class Pane {
  /**
   * @param {string} id
   * @param {number} longest characters in a message
   * @param {Hands} hands
   */
  constructor(id, longest, hands) {
    this.id = id;
    this.longest = longest;
    this.hands = hands;
    this.typed = 0;
    this.element = clone("talk");
    this.field = /** @type {HTMLTextAreaElement} */ (one("[data-text]", this.element));
    const touched = () => hands.touched(id);
    this.lines = new Lines(this.element, (client_id) => hands.retry(id, client_id), touched);
    this._listen(touched);
  }

  /**
   * @param {Talk} talk
   * @param {Look} look
   */
  draw(talk, { place, held, clock, current, now }) {
    this.lines.draw(talk);
    this.element.dataset.current = current ? "yes" : "no";
    this.element.dataset.state = talk.state;
    this.element.setAttribute("aria-label", sentence("talk", { number: place }));
    write(one("[data-place]", this.element), String(place));
    write(one("[data-field-name]", this.element), sentence("field", { number: place }));
    if (held) this._about(held, talk.state);
    this._count("[data-unread]", unread(talk));
    this._clock(clock ? waitsSince(talk) : null, now);
    this._buttons(talk, held);
    if (talk.state === "closed") this._closed(talk, held);
  }

  /** The visitor is writing; shown for a while. */
  types() {
    const typing = one("[data-typing]", this.element);
    write(typing, sentence("types"));
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => write(typing, ""), TYPING_SHOWN);
  }

  /** What the visitor was writing has come. */
  typedOut() {
    clearTimeout(this.typingTimer);
    write(one("[data-typing]", this.element), "");
  }

  /** Put the focus in the field, or on the talk when there is nothing to write. */
  focus() {
    (this.field.readOnly ? this.element : this.field).focus();
  }

  get draft() {
    return this.field.value;
  }

  set draft(text) {
    this.field.value = text;
    this._tellLength();
  }

  /** @param {() => void} touched */
  _listen(touched) {
    this.element.addEventListener("focusin", touched);
    this.element.addEventListener("pointerdown", touched);
    one("[data-composer]", this.element).addEventListener("submit", (event) => this._send(event));
    this.field.addEventListener("keydown", (event) => {
      if (sends(event)) this._send(event);
    });
    this.field.addEventListener("input", () => this._changed());
    for (const button of all("[data-do]", this.element)) {
      button.addEventListener("click", () => this.hands.act(this.id, button.dataset.do ?? ""));
    }
  }

  /** @param {Event} event */
  _send(event) {
    event.preventDefault();
    const text = this.field.value;
    if (this.field.readOnly || text.trim() === "" || this._left() < 0) return;
    this.draft = "";
    this.hands.say(this.id, text);
    this.lines.toEnd();
    this.field.focus();
  }

  _changed() {
    this._tellLength();
    if (this.field.value === "" || Date.now() - this.typed < TYPING_EVERY) return;
    this.typed = Date.now();
    this.hands.typing(this.id);
  }

  _left() {
    return this.longest - Array.from(this.field.value).length;
  }

  _tellLength() {
    const left = this._left();
    const words =
      left < 0 ? sentence("too-many", { count: -left }) : sentence("left", { count: left });
    write(one("[data-count]", this.element), left <= TELL_FROM ? words : "");
  }

  /**
   * @param {Held} held
   * @param {string} state
   */
  _about(held, state) {
    this.element.dataset.level = held.level;
    write(one("[data-level-word]", this.element), held.level_word);
    write(one("[data-what]", this.element), inOneLine(held));
    const there = sentence(held.present ? "visitor-there" : "visitor-away");
    const asked = held.offered_to ? sentence("offered", { who: held.offered_to }) : "";
    const words = state === "closed" ? "" : [there, asked].filter(Boolean).join(" · ");
    write(one("[data-presence-of-visitor]", this.element), words);
  }

  /**
   * @param {string | null} since
   * @param {number} now
   */
  _clock(since, now) {
    const sign = one("[data-clock]", this.element);
    const runs = since !== null && minutesSince(since, now) > 0;
    sign.hidden = !runs;
    write(sign, runs ? sentence("answer-clock", { age: ago(since, now) }) : "");
  }

  /**
   * @param {Talk} talk
   * @param {Held | undefined} held
   */
  _buttons(talk, held) {
    const goes = talk.state === "claimed";
    const asked = Boolean(held?.offered_to);
    /** @type {Record<string, boolean>} */
    const shown = {
      offer: goes && !asked,
      withdraw: goes && asked,
      "give-back": goes,
      end: goes,
      tidy: !goes,
    };
    for (const button of all("header [data-do]", this.element)) {
      button.hidden = !shown[button.dataset.do ?? ""];
    }
  }

  /**
   * @param {Talk} talk
   * @param {Held | undefined} held
   */
  _closed(talk, held) {
    const end = talk.rows.find(({ kind }) => kind === "closed");
    const why = sentence(`closed-${end?.detail || "gone"}`);
    const unsent = this.draft !== "" || talk.own.length > 0;
    const words = unsent ? `${why} ${sentence("closed-unsent")}` : why;
    write(one("[data-after-words]", this.element), words);
    one("[data-heavy]", this.element).hidden = !HEAVY.includes(held?.level ?? "");
    one("[data-after]", this.element).hidden = false;
    this.end();
    this.typedOut();
  }

  /** Nothing can be sent any more; what was typed stays to be read and copied. */
  end() {
    this.field.readOnly = true;
    one(".send", this.element).hidden = true;
    one("[data-composer]", this.element).hidden = this.draft === "";
  }

  /**
   * @param {string} selector
   * @param {number} count
   */
  _count(selector, count) {
    const sign = one(selector, this.element);
    sign.hidden = count === 0;
    write(sign, count === 0 ? "" : sentence(count === 1 ? "unread-one" : "unread-many", { count }));
  }
}
