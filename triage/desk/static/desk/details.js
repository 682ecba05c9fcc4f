// @ts-check
/** Beside the talks: what the current visitor answered, and the notes. Tabs keep their place. */

import { all, clockTime, clone, one, write } from "../helpline/dom.js";
import { MOST, sideBySide } from "./talks.js";
import { sentence } from "./words.js";

/** @typedef {import("./store.js").State} State */

/** Shows what lies beside the current talk, and keeps a note draft for each talk. */
export class Details {
  /**
   * @param {import("./store.js").Store} store
   * @param {(id: string, text: string) => Promise<boolean>} keepNote
   */
  constructor(store, keepNote) {
    this.store = store;
    this.keepNote = keepNote;
    this.field = /** @type {HTMLTextAreaElement} */ (one("[data-note]"));
    /** @type {Map<string, string>} */
    this.drafts = new Map();
    /** @type {string | null} */
    this.drawn = null;
    /** @type {import("./store.js").Opened | undefined} */
    this.opened = undefined;
    this._listen();
    store.drawnBy((state) => this._draw(state));
  }

  /**
   * Show a tab, with the focus where one reads or writes.
   * @param {string} name
   */
  show(name) {
    this._select(name);
    if (this.drawn === null) return one(`[data-tab="${name}"]`).focus();
    (name === "notes" ? this.field : one(`[data-panel="${name}"]`)).focus();
  }

  /** Whether a note was begun and not kept. */
  get hasDrafts() {
    return this.field.value !== "" || this.drafts.size > 0;
  }

  _listen() {
    const tabs = all("[data-tab]");
    for (const tab of tabs) {
      tab.addEventListener("click", () => this._select(tab.dataset.tab ?? ""));
      tab.addEventListener("keydown", ({ key }) => {
        if (key !== "ArrowLeft" && key !== "ArrowRight") return;
        const other = tabs.find((one) => one !== tab);
        this._select(other?.dataset.tab ?? "");
        other?.focus();
      });
    }
    one("[data-note-form]").addEventListener("submit", (event) => this._keep(event));
  }

  /** @param {Event} event */
  async _keep(event) {
    event.preventDefault();
    const id = this.drawn;
    const text = this.field.value;
    if (id === null || text.trim() === "" || !(await this.keepNote(id, text))) return;
    if (this.drawn === id && this.field.value === text) this.field.value = "";
    else this.drafts.delete(id);
    write(one("[data-note-told]"), sentence("note-kept"));
  }

  /** @param {State} state */
  _draw({ current, opened, board, talks }) {
    const id = talks.some((talk) => talk.id === current) ? current : null;
    if (id !== this.drawn) this._turn(id);
    const beside = id === null ? undefined : opened.get(id);
    const held = board?.mine.find(({ talk }) => talk === id);
    const place = sideBySide(talks, MOST).findIndex((talk) => talk.id === id) + 1;
    const title = place > 0 ? sentence("talk", { number: place }) : sentence("details");
    write(one("[data-details-title]"), title);
    const why = held && held.reasons.length > 0 ? held.reasons.join(" · ") : "";
    write(one("[data-detail-reasons]"), why && `${held?.level_word}: ${why}`);
    if (beside === this.opened) return;
    this.opened = beside;
    this._fill(beside);
  }

  /** @param {string | null} id */
  _turn(id) {
    if (this.drawn !== null && this.field.value !== "") {
      this.drafts.set(this.drawn, this.field.value);
    }
    this.drawn = id;
    this.field.value = (id !== null && this.drafts.get(id)) || "";
    if (id !== null) this.drafts.delete(id);
    write(one("[data-note-told]"), "");
    this._select(one("[data-tab][aria-selected=true]").dataset.tab ?? "");
  }

  /** @param {import("./store.js").Opened | undefined} beside */
  _fill(beside) {
    const { answers = [], notes = [] } = beside ?? {};
    one("[data-answers]").replaceChildren(
      ...answers.map(({ question, answer }) => {
        const pair = clone("answer");
        write(one("dt", pair), question);
        write(one("dd", pair), answer);
        return pair;
      }),
    );
    one("[data-no-answers]").hidden = beside === undefined || answers.length > 0;
    one("[data-notes]").replaceChildren(
      ...notes.map(({ at, who, text }) => {
        const note = clone("note");
        write(one("[data-who]", note), who);
        write(one("[data-at]", note), clockTime(at));
        write(one("[data-said]", note), text);
        return note;
      }),
    );
    write(one("[data-count-notes]"), notes.length > 0 ? `(${notes.length})` : "");
  }

  /** @param {string} name */
  _select(name) {
    for (const tab of all("[data-tab]")) {
      const chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    one("[data-details-empty]").hidden = this.drawn !== null;
    for (const panel of all("[data-panel]")) {
      panel.hidden = this.drawn === null || panel.dataset.panel !== name;
    }
  }
}
