// @ts-check
/** Carries words between the store and the house: one line for all my talks, nothing lost or twice. */

import { newId } from "../helpline/dom.js";
import { Line } from "../helpline/socket.js";
import { talksRoad } from "./roads.js";
import * as talks from "./talks.js";

const LATE_AFTER = 15000;
const AGAIN_AFTER = 2000;
const PASSING = ["slow_down", "busy", "broken", "unreadable"]; // refusals that pass by themselves

/**
 * @typedef {object} Hearers
 * @property {(talk: talks.Talk, row: talks.Row) => void} said a visitor's new message
 * @property {(id: string) => void} types
 * @property {(id: string, code: string) => void} gone
 * @property {(sentence: string) => void} tell
 * @property {(state: import("../helpline/socket.js").State) => void} changed
 */

/** One for each page. */
export class Courier {
  /**
   * @param {import("./store.js").Store} store
   * @param {string} me the name visitors see
   * @param {Hearers} hearers
   */
  constructor(store, me, hearers) {
    this.store = store;
    this.me = me;
    this.hearers = hearers;
    /** @type {Map<string, string>} talk to the message that is under way */
    this.underWay = new Map();
    this.line = new Line({
      path: "/ws/talks",
      resume: () => ({ type: "resume", talks: this._seen() }),
      hear: (frame) => this._hear(frame),
      changed: (state) => this._changed(state),
      answers: (frame) => ["mine", "up_to_date", "row"].includes(frame.type),
      pull: talksRoad(() => this._seen()),
    });
    this.clock = setInterval(() => this._lookAtClock(), 1000);
  }

  /**
   * Open a talk here, as far as it is mine.
   * @param {string} id
   */
  open(id) {
    if (this.store.talk(id)) return;
    this.store.keep(talks.blank(id));
    this.line.resume();
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  write(id, text) {
    this._change(id, (talk) => talks.write(talk, { client_id: newId(), text, at: Date.now() }));
    this._send(id);
  }

  /**
   * @param {string} id
   * @param {string} client_id
   */
  retry(id, client_id) {
    if (this.underWay.get(id) === client_id) this.underWay.delete(id);
    this._change(id, (talk) => talks.retry(talk, client_id, Date.now()));
    this._send(id);
  }

  /** @param {string} id */
  typing(id) {
    if (this.line.state === "live") this.line.send({ type: "typing", talk: id });
  }

  stop() {
    clearInterval(this.clock);
    this.line.close();
  }

  _seen() {
    return Object.fromEntries(this.store.state.talks.map(({ id, seen }) => [id, seen]));
  }

  /** @param {any} frame */
  _hear(frame) {
    switch (frame.type) {
      case "row":
        return this._row(frame);
      case "sent":
        this._change(frame.talk, (talk) => talks.sent(talk, frame, this.me));
        return this._arrived(frame.talk, frame.client_id);
      case "refused":
        return this._refused(frame);
      case "up_to_date":
        if (frame.last > (this.store.talk(frame.talk)?.seen ?? frame.last)) this.line.resume();
        return;
      case "typing":
        return this.hearers.types(frame.talk);
      case "gone":
        return this._gone(frame.talk, frame.code);
      case "mine":
        for (const { id } of this.store.state.talks) {
          if (!frame.talks.includes(id)) this._gone(id, "not_found");
        }
    }
  }

  /** @param {any} frame */
  _row(frame) {
    const before = this.store.talk(frame.talk);
    if (!before) return; // not open here; whoever opens it asks for all of it
    if (talks.skips(before, frame)) return this.line.resume();
    const after = talks.hear(before, frame);
    if (after === before) return;
    this.store.keep(after);
    this._arrived(frame.talk, frame.client_id);
    if (frame.kind === "said" && frame.author === "visitor") this.hearers.said(after, frame);
  }

  /**
   * @param {string} id
   * @param {string} code
   */
  _gone(id, code) {
    if (!this.store.talk(id)) return;
    this.underWay.delete(id);
    this.hearers.gone(id, code);
    this.store.drop(id);
  }

  /** @param {{talk?: string, client_id?: string, code: string, sentence: string}} frame */
  _refused({ talk, client_id, code, sentence }) {
    if (!talk || !client_id) return this.hearers.tell(sentence);
    if (this.underWay.get(talk) === client_id) this.underWay.delete(talk);
    if (PASSING.includes(code)) return void setTimeout(() => this._send(talk), AGAIN_AFTER);
    this.hearers.tell(sentence);
    this._change(talk, (one) => talks.refused(one, client_id));
    if (code === "talk_closed" || code === "not_found") this.line.resume();
    this._send(talk);
  }

  /** @param {import("../helpline/socket.js").State} state */
  _changed(state) {
    if (state !== "connecting") this.underWay.clear();
    if (state === "live" || state === "polling") {
      for (const { id } of this.store.state.talks) this._send(id);
    }
    this.hearers.changed(state);
  }

  /** @param {string} id */
  _send(id) {
    const talk = this.store.talk(id);
    const message = talk && talks.next(talk);
    if (!message || this.underWay.has(id) || talk.state === "closed") return;
    const { client_id, text } = message;
    if (this.line.send({ type: "say", talk: id, client_id, text })) {
      this.underWay.set(id, client_id);
    }
  }

  /**
   * @param {string} id
   * @param {string | undefined} client_id
   */
  _arrived(id, client_id) {
    if (!client_id || this.underWay.get(id) !== client_id) return;
    this.underWay.delete(id);
    setTimeout(() => this._send(id));
  }

  /** What takes long is marked, and tried once more. */
  _lookAtClock() {
    for (const talk of this.store.state.talks) {
      const marked = talks.late(talk, Date.now() - LATE_AFTER);
      if (marked === talk) continue;
      this.store.keep(marked);
      this.underWay.delete(talk.id);
      this._send(talk.id);
    }
  }

  /**
   * @param {string} id
   * @param {(talk: talks.Talk) => talks.Talk} change
   */
  _change(id, change) {
    const talk = this.store.talk(id);
    if (talk) this.store.keep(change(talk));
  }
}
