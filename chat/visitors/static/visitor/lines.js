// @ts-check
/** The talk on the screen: a line for each row and for each message on its way. */

import { clockTime, clone, one, write } from "../helpline/dom.js";
import { sentence } from "./sentences.js";

/** @typedef {import("./transcript.js").Transcript} Transcript */
/** @typedef {import("./transcript.js").Row} Row */
/** @typedef {import("./transcript.js").Own} Own */

const NEAR = 120; // pixels from the end that still count as reading along

/** Shows a transcript in a list; the element of a message stays the same all its life. */
export class Lines {
  /**
   * @param {HTMLElement} list
   * @param {(client_id: string) => void} retry
   */
  constructor(list, retry) {
    this.list = list;
    this.retry = retry;
    /** @type {Map<string, HTMLElement>} */
    this.known = new Map();
    this.newer = one("[data-newer]");
    this.newer.addEventListener("click", () => this.toEnd());
    addEventListener("scroll", () => this._reading(), { passive: true });
  }

  /** @param {Transcript} transcript */
  show(transcript) {
    const before = this.known.size;
    const shown = transcript.rows.filter((row) => row.kind !== "waiting"); // the page says so itself
    this.keeping(() => this._place(shown, transcript.own));
    const newest = shown[shown.length - 1];
    const theirs = newest && newest.kind === "said" && newest.author !== "visitor";
    if (this.known.size > before && theirs && !this._isAlong()) this.newer.hidden = false;
  }

  /**
   * Change the page; whoever was reading the newest line still sees it afterwards.
   * @param {() => void} change
   */
  keeping(change) {
    const along = this.known.size > 0 && this._isAlong();
    change();
    if (along) this.toEnd();
  }

  /** Scroll to the newest line. */
  toEnd() {
    this.newer.hidden = true;
    scrollTo(0, document.documentElement.scrollHeight);
  }

  /**
   * @param {Row[]} rows
   * @param {Own[]} own
   */
  _place(rows, own) {
    const items = [...rows.map((row) => this._row(row)), ...own.map((one) => this._own(one))];
    items.forEach((item, index) => {
      const there = this.list.children[index];
      if (there !== item) this.list.insertBefore(item, there || null);
    });
  }

  /** @param {Row} row */
  _row(row) {
    const mine = row.author === "visitor" && row.kind === "said";
    const line = this._line(
      mine && row.client_id ? row.client_id : String(row.number),
      row.kind === "said",
    );
    if (line.dataset.number) return line;
    line.dataset.number = String(row.number);
    write(one("[data-at]", line), clockTime(row.at));
    if (row.kind !== "said") {
      const who = row.who || sentence("somebody");
      write(one("[data-said]", line), sentence(row.kind, { who }));
      return line;
    }
    line.classList.add(mine ? "mine" : "theirs");
    write(one("[data-who]", line), mine ? sentence("me") : row.who);
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
      write(one("[data-who]", line), sentence("me"));
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
    const again = one("[data-retry]", line);
    again.hidden = !failed;
    write(again, failed ? sentence("not-sent") : "");
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

  _isAlong() {
    return innerHeight + scrollY > document.documentElement.scrollHeight - NEAR;
  }

  _reading() {
    if (this._isAlong()) this.newer.hidden = true;
  }
}
