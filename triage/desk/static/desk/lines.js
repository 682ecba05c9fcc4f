// @ts-check
/** The rows of one talk on the screen; the element of a message stays the same all its life. */

import { clockTime, clone, one, write } from "../helpline/dom.js";
import { sentence } from "./words.js";

/** @typedef {import("./talks.js").Talk} Talk */
/** @typedef {import("./talks.js").Row} Row */
/** @typedef {import("./talks.js").Own} Own */

const NEAR = 80; // pixels from the end that still count as reading along

/** Draws a talk's rows and what is on its way. */
export class Lines {
  /**
   * @param {HTMLElement} pane
   * @param {(client_id: string) => void} retry
   * @param {() => void} looked the newest line came into sight
   */
  constructor(pane, retry, looked) {
    this.list = one("[data-lines]", pane);
    this.scroll = one("[data-scroll]", pane);
    this.newer = one("[data-newer]", pane);
    this.retry = retry;
    this.looked = looked;
    /** @type {Map<string, HTMLElement>} */
    this.known = new Map();
    /** @type {Talk | null} */
    this.drawn = null;
    this.newer.addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this._reading(), { passive: true });
  }

  /** @param {Talk} talk */
  draw(talk) {
    if (this.drawn?.rows === talk.rows && this.drawn.own === talk.own) return;
    const along = this.isAlong;
    const before = this.known.size;
    const items = [
      ...talk.rows.map((row) => this._row(row)),
      ...talk.own.map((own) => this._own(own)),
    ];
    items.forEach((item, place) => {
      const there = this.list.children[place];
      if (there !== item) this.list.insertBefore(item, there ?? null);
    });
    this.drawn = talk;
    if (this.known.size === before) return;
    if (along) this.toEnd();
    else this.newer.hidden = false;
  }

  /** Scroll to the newest line. */
  toEnd() {
    this.newer.hidden = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Whether the newest line is in sight. */
  get isAlong() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** @param {Row} row */
  _row(row) {
    const mine = row.author === "counsellor" && row.kind === "said";
    const key = mine && row.client_id ? row.client_id : String(row.number);
    const line = this._line(key, row.kind === "said");
    if (line.dataset.number) return line;
    line.dataset.number = String(row.number);
    write(one("[data-at]", line), clockTime(row.at));
    if (row.kind !== "said") {
      write(one("[data-said]", line), sentence(`row-${row.kind}`, { who: row.who }));
      return line;
    }
    line.classList.add(mine ? "mine" : "theirs");
    write(one("[data-who]", line), mine ? row.who : sentence("visitor"));
    write(one("[data-said]", line), row.text);
    if (mine) this._state(line, "sent");
    return line;
  }

  /** @param {Own} own */
  _own(own) {
    const line = this._line(own.client_id, true);
    if (!line.dataset.own) {
      line.dataset.own = own.client_id;
      line.classList.add("mine");
      write(one("[data-at]", line), clockTime(own.at));
      write(one("[data-said]", line), own.text);
      one("[data-retry]", line).addEventListener("click", () => this.retry(own.client_id));
    }
    this._state(line, own.state);
    return line;
  }

  /**
   * @param {HTMLElement} line
   * @param {Own["state"]} state
   */
  _state(line, state) {
    const failed = state === "late" || state === "refused";
    line.dataset.is = state;
    one("[data-retry]", line).hidden = !failed;
    write(one("[data-state]", line), failed ? "" : sentence(state));
  }

  /**
   * @param {string} key
   * @param {boolean} said
   * @returns {HTMLElement}
   */
  _line(key, said) {
    const there = this.known.get(key);
    if (there) return there;
    const line = clone(said ? "line" : "change");
    this.known.set(key, line);
    return line;
  }

  _reading() {
    if (!this.isAlong) return;
    this.newer.hidden = true;
    this.looked();
  }
}
