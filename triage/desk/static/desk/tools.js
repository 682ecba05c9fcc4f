// @ts-check
/** The slim row on top: my presence, the next visitor, who is on duty, the door, the banner. */

import { all, clockTime, one, write } from "../helpline/dom.js";
import { longest, titled } from "./board.js";
import { unread } from "./talks.js";
import { ago, sentence } from "./words.js";

/** @typedef {import("./store.js").State} State */
/**
 * @typedef {object} Wishes
 * @property {() => void} next
 * @property {(state: string) => void} presence
 * @property {() => void} door
 */

const TOLD_FOR = 9000;

/** Draws the row and hands on what is asked there. */
export class Tools {
  /**
   * @param {import("./store.js").Store} store
   * @param {Wishes} wishes
   */
  constructor(store, wishes) {
    this.store = store;
    this.title = one("[data-room]").dataset.title ?? "";
    this.banner = one("[data-banner]");
    this.lasting = "";
    this._listen(wishes);
    addEventListener("focus", () => store.state.news > 0 && store.update({ news: 0 }));
    store.drawnBy((state) => this._draw(state));
  }

  /**
   * Say something for a while, for instance why a wish was refused.
   * @param {string} words
   */
  tell(words) {
    clearTimeout(this.timer);
    this._show(words);
    this.timer = setTimeout(() => this._show(this.lasting), TOLD_FOR);
  }

  /**
   * Say something until it is over; nothing is over.
   * @param {string} words
   */
  tellLasting(words) {
    this.lasting = words;
    clearTimeout(this.timer);
    this._show(words);
  }

  /** The presence shown is the one that counts, whatever was clicked. */
  showPresence() {
    const presence = this.store.state.board?.me.presence;
    for (const choice of this._choices()) choice.checked = choice.value === presence;
  }

  /** @param {Wishes} wishes */
  _listen({ next, presence, door }) {
    for (const [name, wish] of [
      ["[data-next]", next],
      ["[data-door-form]", door],
    ]) {
      for (const form of all(/** @type {string} */ (name))) {
        form.addEventListener("submit", (event) => {
          event.preventDefault();
          /** @type {() => void} */ (wish)();
        });
      }
    }
    for (const choice of this._choices()) {
      choice.addEventListener("change", () => choice.checked && presence(choice.value));
    }
  }

  _choices() {
    return /** @type {HTMLInputElement[]} */ (all("[data-presence] input[type=radio]"));
  }

  /** @param {State} state */
  _draw({ board, talks, news }) {
    const waiting = talks.reduce((count, talk) => count + unread(talk), 0);
    document.title = titled(this.title, news + waiting);
    if (!board) return;
    this.showPresence();
    const duty = board.on_duty === 0 ? "none" : board.on_duty === 1 ? "one" : "many";
    write(one("[data-duty]"), sentence(`duty-${duty}`, { count: board.on_duty }));
    this._door(board.door);
    for (const form of all("[data-next]")) {
      form.dataset.idle = board.waiting === 0 ? "yes" : "no";
    }
    this._switch(board, waiting);
    const presence = board.me.counsels ? board.me.presence : "coordinator";
    for (const words of all("[data-empty-for]")) words.hidden = words.dataset.emptyFor !== presence;
    one("[data-talks-empty]").hidden = talks.length > 0;
  }

  /** @param {{state: string, opens_at?: string}} door */
  _door({ state, opens_at }) {
    const name = state === "closed" && !opens_at ? "closed-no-hours" : state;
    const at = opens_at ? clockTime(opens_at) : "";
    one("[data-door]").dataset.state = state;
    write(one("[data-door-word]"), sentence(`door-${name}`, { at }));
    for (const form of all("[data-door-form]")) {
      const does = state === "by_hand" ? "open" : "close";
      /** @type {HTMLInputElement} */ (one("[name=do]", form)).value = does;
      write(one("button", form), sentence(`do-${does}`));
    }
  }

  /**
   * @param {import("./board.js").Board} board
   * @param {number} unread
   */
  _switch(board, unread) {
    const oldest = longest(board.entries);
    const asked = board.offers.length;
    const told = [
      oldest && `${board.waiting} · ${ago(oldest.waiting_since, this.store.now)}`,
      asked > 0 && sentence(asked === 1 ? "offers-one" : "offers-many", { count: asked }),
    ];
    write(one("[data-count-waiting]"), told.filter(Boolean).join(" · "));
    write(one("[data-count-unread]"), unread > 0 ? String(unread) : "");
  }

  /** @param {string} words */
  _show(words) {
    write(this.banner, words);
    this.banner.hidden = words === "";
  }
}
