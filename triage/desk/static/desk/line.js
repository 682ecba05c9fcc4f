// @ts-check
/** The line on the screen. */

import { all, clone, one, write } from "../helpline/dom.js";
import * as boards from "./board.js";
import { ago, inOneLine, sentence } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").State} State */

/** Draws the line; what a pointer or the focus is in does not move. */
export class LineList {
  /**
   * @param {Store} store
   * @param {(talk: string) => void} take
   */
  constructor(store, take) {
    this.store = store;
    this.take = take;
    this.list = one("[data-entries]");
    this.list.replaceChildren();
    /** @type {Map<string, HTMLElement>} */
    this.known = new Map();
    this._watch();
    one("[data-longest]").addEventListener("click", () => this._toLongest());
    store.drawnBy((state) => this._draw(state));
  }

  /**
   * Move the focus one line down (1) or up (-1).
   * @param {1 | -1} step
   */
  move(step) {
    const buttons = all("[data-take]", this.list);
    const here = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const last = buttons.length - 1;
    const place = here < 0 ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, here + step));
    buttons[place]?.focus();
  }

  _watch() {
    const part = one("[data-line-part]");
    let pointer = false;
    const look = () => {
      const held = pointer || this.list.contains(document.activeElement);
      if (held !== this.store.state.held) this._hold(held);
    };
    part.addEventListener("pointerenter", (event) => {
      pointer = event.pointerType === "mouse";
      look();
    });
    part.addEventListener("pointerleave", () => {
      pointer = false;
      look();
    });
    this.list.addEventListener("focusin", look);
    this.list.addEventListener("focusout", () => setTimeout(look));
  }

  /** @param {boolean} held */
  _hold(held) {
    const { board, shown } = this.store.state;
    const entries = board?.entries ?? [];
    this.store.update({ held, shown: boards.settle(shown, entries, held) });
  }

  /** @param {State} state */
  _draw({ board, shown, held }) {
    if (!board) return;
    const oldest = boards.longest(board.entries);
    shown.forEach((line, place) => {
      const item = this._item(line, oldest?.talk === line.entry.talk);
      if (this.list.children[place] !== item) {
        this.list.insertBefore(item, this.list.children[place] ?? null);
      }
    });
    this._forget(new Set(shown.map(({ entry }) => entry.talk)));
    this._head(board, oldest);
    const waits = held && boards.isOutOfOrder(shown, board.entries);
    write(one("[data-rule]"), sentence(waits ? "rule-held" : "rule"));
    one("[data-line-empty]").hidden = shown.length > 0;
  }

  /**
   * @param {boards.Shown} line
   * @param {boolean} oldest
   */
  _item({ entry, gone }, oldest) {
    const item = this.known.get(entry.talk) ?? this._new(entry.talk);
    const age = ago(entry.waiting_since, this.store.now);
    item.dataset.level = entry.level;
    item.dataset.gone = gone ? "yes" : "no";
    item.dataset.ruleOf = gone ? "" : entry.rule;
    write(one("[data-level-word]", item), entry.level_word);
    write(one("[data-age]", item), age);
    write(one("[data-what]", item), inOneLine(entry));
    write(one("[data-reasons]", item), entry.reasons.join(" · "));
    const order = gone ? sentence("gone-from-line") : entry.reason_order;
    write(one("[data-order]", item), order);
    write(one("[data-take-ears]", item), sentence("take", { level: entry.level_word, age }));
    one("[data-oldest]", item).hidden = !oldest || gone || entry.rule === "longest_waiting";
    /** @type {HTMLButtonElement} */ (one("[data-take]", item)).disabled = gone;
    return item;
  }

  /** @param {string} talk */
  _new(talk) {
    const item = clone("entry");
    const counsels = this.store.state.board?.me.counsels ?? false;
    const form = one("[data-claim]", item);
    form.hidden = !counsels;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.take(talk);
    });
    this.known.set(talk, item);
    return item;
  }

  /** @param {Set<string>} stay */
  _forget(stay) {
    for (const [talk, item] of this.known) {
      if (stay.has(talk)) continue;
      item.remove();
      this.known.delete(talk);
    }
  }

  /**
   * @param {boards.Board} board
   * @param {boards.Entry | null} oldest
   */
  _head(board, oldest) {
    const { waiting, away } = board;
    const many = waiting === 0 ? "none" : waiting === 1 ? "one" : "many";
    write(one("[data-line-count]"), sentence(`waiting-${many}`, { count: waiting }));
    const button = one("[data-longest]");
    button.hidden = oldest === null;
    if (oldest) {
      write(button, sentence("longest", { age: ago(oldest.waiting_since, this.store.now) }));
    }
    const gone = one("[data-away]");
    gone.hidden = away === 0;
    write(gone, sentence(away === 1 ? "away-one" : "away-many", { count: away }));
  }

  _toLongest() {
    const oldest = boards.longest(this.store.state.board?.entries ?? []);
    const item = oldest && this.known.get(oldest.talk);
    if (item) one("[data-take]", item).focus();
  }
}
