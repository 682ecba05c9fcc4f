// @ts-check
/** The one store of the desk: what is true now, and who draws it. Nothing of it is kept anywhere. */

/** @typedef {import("./talks.js").Talk} Talk */
/** @typedef {import("./board.js").Board} Board */
/** @typedef {import("./board.js").Shown} Shown */
/**
 * @typedef {object} Opened what lies beside a talk
 * @property {{question: string, answer: string}[]} answers
 * @property {{at: string, who: string, text: string}[]} notes
 */
/**
 * @typedef {object} State
 * @property {Board | null} board
 * @property {number} offset how far this clock is behind the house's, in ms
 * @property {Shown[]} shown the line on the screen
 * @property {boolean} held somebody's pointer or focus is in the line
 * @property {Talk[]} talks in the order in which they came
 * @property {string | null} current the talk that was touched last
 * @property {Map<string, Opened>} opened
 * @property {number} news what arrived while nobody looked
 */

/** Holds the state; whoever changes it, everybody draws once afterwards. */
export class Store {
  constructor() {
    /** @type {State} */
    this.state = {
      board: null,
      offset: 0,
      shown: [],
      held: false,
      talks: [],
      current: null,
      opened: new Map(),
      news: 0,
    };
    /** @type {((state: State) => void)[]} */
    this.drawers = [];
    this.waiting = false;
  }

  /** @param {(state: State) => void} draw */
  drawnBy(draw) {
    this.drawers.push(draw);
  }

  /** @param {Partial<State>} change */
  update(change) {
    this.state = { ...this.state, ...change };
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => {
      this.waiting = false;
      for (const draw of this.drawers) draw(this.state);
    });
  }

  /** Draw again without a change: time went by. */
  redraw() {
    this.update({});
  }

  /** @param {string} id */
  talk(id) {
    return this.state.talks.find((talk) => talk.id === id);
  }

  /**
   * Keep this talk instead of its former self, or as the last.
   * @param {Talk} talk
   */
  keep(talk) {
    const { talks } = this.state;
    const there = talks.some(({ id }) => id === talk.id);
    this.update({
      talks: there ? talks.map((one) => (one.id === talk.id ? talk : one)) : [...talks, talk],
    });
  }

  /** @param {string} id */
  drop(id) {
    const { current, talks } = this.state;
    const opened = new Map(this.state.opened);
    opened.delete(id);
    this.update({
      talks: talks.filter((talk) => talk.id !== id),
      current: current === id ? null : current,
      opened,
    });
  }

  /** The house's time now. */
  get now() {
    return Date.now() + this.state.offset;
  }
}
