// @ts-check
/** My talks side by side, and which of them somebody is looking at. */

import { one } from "../helpline/dom.js";
import { Pane } from "./pane.js";
import { longestWaiting, look, MOST, sideBySide } from "./talks.js";

/** @typedef {import("./store.js").State} State */

/** Gives each talk a pane, keeps drafts of talks that come back, and marks what is read. */
export class Panes {
  /**
   * @param {import("./store.js").Store} store
   * @param {Omit<import("./pane.js").Hands, "touched">} hands
   */
  constructor(store, hands) {
    this.store = store;
    this.hands = { ...hands, touched: (/** @type {string} */ id) => this.touch(id) };
    this.element = one("[data-panes]");
    this.longest = Number(this.element.dataset.longest);
    /** @type {Map<string, Pane>} */
    this.panes = new Map();
    /** @type {Map<string, string>} what was typed in a talk that is not on the screen now */
    this.drafts = new Map();
    /** @type {string | null} a talk to put the focus in as soon as it is there */
    this.wanted = null;
    addEventListener("focus", () => this._read());
    store.drawnBy((state) => this._draw(state));
  }

  /** The talks on the screen, in their order. */
  get shown() {
    return sideBySide(this.store.state.talks, MOST);
  }

  /** @param {string} id */
  touch(id) {
    if (this.store.state.current !== id) this.store.update({ current: id });
    this._read();
  }

  /**
   * Put the focus in this talk, now or when it comes.
   * @param {string} id
   */
  focus(id) {
    const pane = this.panes.get(id);
    this.wanted = pane ? null : id;
    pane?.focus();
  }

  /** @param {string} id */
  pane(id) {
    return this.panes.get(id);
  }

  /** Whether something was typed and not sent. */
  get hasDrafts() {
    return [...this.panes.values()].some(({ draft }) => draft !== "") || this.drafts.size > 0;
  }

  /** Show nothing of anybody any more; only my own unsent words stay. */
  end() {
    for (const [id, pane] of this.panes) {
      if (pane.draft === "") pane.element.remove();
      else pane.lines.list.replaceChildren();
      pane.end();
      this.panes.delete(id);
    }
  }

  /** @param {State} state */
  _draw(state) {
    const shown = this.shown;
    this._forget(new Set(shown.map(({ id }) => id)));
    if (state.current === null && shown[0]) this.store.update({ current: shown[0].id });
    const clock = longestWaiting(shown);
    shown.forEach((talk, place) => {
      const pane = this.panes.get(talk.id) ?? this._new(talk.id);
      if (this.element.children[place] !== pane.element) {
        this.element.insertBefore(pane.element, this.element.children[place] ?? null);
      }
      pane.draw(talk, {
        place: place + 1,
        held: state.board?.mine.find((one) => one.talk === talk.id),
        clock: clock === talk,
        current: state.current === talk.id,
        now: this.store.now,
      });
    });
    this.element.dataset.count = String(shown.length);
    if (this.wanted) this.focus(this.wanted);
    this._read();
  }

  /** @param {string} id */
  _new(id) {
    const pane = new Pane(id, this.longest, this.hands);
    pane.draft = this.drafts.get(id) ?? "";
    this.drafts.delete(id);
    this.panes.set(id, pane);
    return pane;
  }

  /** @param {Set<string>} stay */
  _forget(stay) {
    for (const [id, pane] of this.panes) {
      if (stay.has(id)) continue;
      if (pane.draft !== "") this.drafts.set(id, pane.draft);
      pane.element.remove();
      this.panes.delete(id);
    }
  }

  /** What is in sight of somebody who looks at this window is read. */
  _read() {
    const { current } = this.store.state;
    const talk = current && document.hasFocus() ? this.store.talk(current) : undefined;
    if (!talk || !this.panes.get(talk.id)?.lines.isAlong) return;
    const read = look(talk);
    if (read !== talk) this.store.keep(read);
  }
}
