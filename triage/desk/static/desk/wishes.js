// @ts-check
/** What a counsellor wants done: asked of the house, and its no told in its own words. */

import { Ended } from "../helpline/socket.js";
import { ask } from "./dialogs.js";
import { chosenColleague, fillColleagues } from "./offers.js";
import { Refused, wish } from "./roads.js";
import { sentence } from "./words.js";

/**
 * @typedef {object} Others
 * @property {(id: string) => void} taken a talk has become mine because I asked for it
 * @property {() => void} look the board will have changed
 * @property {(id: string) => string} draftOf
 * @property {() => void} showPresence
 */

/** Every verb of the desk, whoever asks for it: a button, a key or a menu. */
export class Wishes {
  /**
   * @param {import("./store.js").Store} store
   * @param {{tell: (words: string) => void, over: () => void}} hearers
   */
  constructor(store, { tell, over }) {
    this.store = store;
    this.tell = tell;
    this.over = over;
    /** @type {Others} */
    this.others = { taken() {}, look() {}, draftOf: () => "", showPresence() {} };
    /** @type {Set<string>} */
    this.opening = new Set();
    /** @type {Set<string>} talks that I gave back or asked somebody to take */
    this.given = new Set();
    this.offers = {
      accept: (/** @type {string} */ id) => this._take(`/desk/talks/${id}/accept`),
      refuse: (/** @type {string} */ id) => this._do(id, "withdraw"),
    };
  }

  /** @param {Others} others */
  meet(others) {
    this.others = others;
  }

  next() {
    this._take("/desk/next");
  }

  /** @param {string} talk */
  claim(talk) {
    this._take("/desk/claim", { talk });
  }

  /** Take over the first talk that is offered to me. */
  accept() {
    const offer = this.store.state.board?.offers[0];
    if (offer) this.offers.accept(offer.talk);
  }

  /** @param {string} state */
  async presence(state) {
    const holding = this.store.state.talks.some((talk) => talk.state === "claimed");
    const sure = state !== "off" || !holding || (await ask("off"));
    if (sure) await this._try("/desk/presence", { state });
    this.others.showPresence();
    this.others.look();
  }

  /** Pause, and from a pause back to here. */
  togglePause() {
    const now = this.store.state.board?.me.presence;
    if (now) this.presence(now === "pause" ? "here" : "pause");
  }

  async door() {
    const field = document.querySelector("[data-door-form] [name=do]");
    if (!(field instanceof HTMLInputElement)) return;
    await this._try("/desk/door", { do: field.value });
    this.others.look();
  }

  /**
   * Do something with a talk of mine, after asking where it cannot be undone.
   * @param {string} id
   * @param {string} what
   */
  async act(id, what) {
    const draft = this.others.draftOf(id) !== "";
    if (what === "tidy") return this.store.drop(id);
    if (what === "pause") return this.presence("pause");
    if (what === "offer") return this._offer(id);
    if (what === "withdraw" || (await ask(what, { draft }))) await this._do(id, what);
  }

  /**
   * @param {string} id
   * @param {string} text
   * @returns {Promise<boolean>} whether it is kept
   */
  async note(id, text) {
    const kept = await this._try(`/desk/talks/${id}/note`, { text });
    const beside = this.store.state.opened.get(id);
    if (kept && beside) {
      const notes = [...beside.notes, kept.note];
      this.store.update({
        opened: new Map(this.store.state.opened).set(id, { ...beside, notes }),
      });
    }
    return kept !== null;
  }

  /**
   * Fetch what lies beside a talk, once.
   * @param {string} id
   */
  async open(id) {
    if (this.opening.has(id) || !this.store.talk(id)) return;
    this.opening.add(id);
    const beside = await this._try(`/desk/talks/${id}/open`);
    if (beside === null) return void setTimeout(() => this.opening.delete(id), 5000);
    if (!this.store.talk(id)) return void this.opening.delete(id);
    this.store.update({ opened: new Map(this.store.state.opened).set(id, beside) });
  }

  /**
   * A talk that is gone may come back, and is then opened anew.
   * @param {string} id
   * @returns {boolean} whether I wished it away
   */
  forget(id) {
    this.opening.delete(id);
    return this.given.delete(id) || this.store.state.board?.me.presence === "off";
  }

  /** @param {string} id */
  async _offer(id) {
    const { board } = this.store.state;
    if (!board) return;
    fillColleagues(board);
    if (!(await ask("offer"))) return;
    const to = chosenColleague();
    if (to) await this._do(id, "offer", { to });
  }

  /**
   * @param {string} id
   * @param {string} what
   * @param {Record<string, string>} [fields]
   */
  async _do(id, what, fields = {}) {
    if (what === "give-back" || what === "offer") this.given.add(id);
    if (what === "withdraw") this.given.delete(id);
    const done = await this._try(`/desk/talks/${id}/${what}`, fields);
    if (!done) this.given.delete(id);
    this.others.look();
  }

  /**
   * @param {string} address
   * @param {Record<string, string>} [fields]
   */
  async _take(address, fields = {}) {
    const told = await this._try(address, fields);
    if (told) this.others.taken(told.talk);
    this.others.look();
  }

  /**
   * @param {string} address
   * @param {Record<string, string>} [fields]
   * @returns {Promise<any>} what the house told, or null when it did not happen
   */
  async _try(address, fields = {}) {
    try {
      return await wish(address, fields);
    } catch (trouble) {
      if (trouble instanceof Ended) this.over();
      else this.tell(trouble instanceof Refused ? trouble.sentence : sentence("no-answer"));
      return null;
    }
  }
}
