// @ts-check
/** The desk: two lines to the house, one store, and the hands that draw it. */

import { all, one } from "../helpline/dom.js";
import { Line } from "../helpline/socket.js";
import { clockOffset, settle } from "./board.js";
import { Courier } from "./courier.js";
import { Details } from "./details.js";
import { listenToKeys } from "./hands.js";
import { LineList } from "./line.js";
import { drawOffers } from "./offers.js";
import { Panes } from "./panes.js";
import { drawRecent } from "./recent.js";
import { boardRoad } from "./roads.js";
import { Sound } from "./sound.js";
import { Store } from "./store.js";
import { hasUnsent } from "./talks.js";
import { Tools } from "./tools.js";
import { Wishes } from "./wishes.js";
import { sentence } from "./words.js";

const REDRAW_EVERY = 5000;
const ACTIVITY = ["pointerdown", "keydown", "pointermove"];

const room = one("[data-room]");
const store = new Store();
const sound = new Sound();
let active = true; // opening the page is a sign of somebody being there
let fresh = true; // the next board closes a gap: look for yourself who is new

const wishes = new Wishes(store, { tell: (words) => tools.tell(words), over });
const tools = new Tools(store, {
  next: () => wishes.next(),
  presence: (state) => wishes.presence(state),
  door: () => wishes.door(),
});
const line = new LineList(store, (talk) => wishes.claim(talk));
const panes = new Panes(store, {
  say: (id, text) => courier?.write(id, text),
  typing: (id) => courier?.typing(id),
  retry: (id, client_id) => courier?.retry(id, client_id),
  act: (id, what) => wishes.act(id, what),
});
const details = new Details(store, (id, text) => wishes.note(id, text));
const courier =
  room.dataset.counsels === "yes"
    ? new Courier(store, room.dataset.me ?? "", {
        said,
        types: (id) => panes.pane(id)?.types(),
        gone,
        tell: (words) => tools.tell(words),
        changed,
      })
    : null; // a coordinator has no talks, and no line for them
const board = new Line({
  path: "/ws/board",
  resume: beat,
  hear,
  changed,
  answers: ({ type }) => type === "board",
  pull: boardRoad(() => beat().active),
});

wishes.meet({
  taken: openTalk,
  look: () => board.resume(),
  draftOf: (id) => panes.pane(id)?.draft ?? "",
  showPresence: () => tools.showPresence(),
});
listenToKeys({ store, wishes, line, panes, details, show, toggleSound });

store.drawnBy((state) => {
  if (state.board) drawOffers(state.board, wishes.offers);
  if (state.board) drawRecent(state.board, state.talks, openTalk);
  if (state.current) wishes.open(state.current);
});
const clock = setInterval(() => store.redraw(), REDRAW_EVERY);
for (const button of all("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show ?? ""));
}
for (const name of ACTIVITY) addEventListener(name, () => (active = true), { passive: true });
one("[data-sound]").addEventListener("change", (event) => {
  sound.choose(/** @type {HTMLSelectElement} */ (event.target).value);
});
addEventListener("beforeunload", (event) => {
  const unsent = store.state.talks.some(hasUnsent);
  if (unsent || panes.hasDrafts || details.hasDrafts) event.preventDefault();
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

function beat() {
  const frame = { type: "beat", active };
  active = false;
  return frame;
}

/**
 * Open a talk because I asked for it, with the focus in it.
 * @param {string} id
 */
function openTalk(id) {
  courier?.open(id);
  store.update({ current: id });
  show("talks");
  panes.focus(id);
}

/** @param {any} frame */
function hear(frame) {
  if (frame.type === "board") return look(frame);
  if (frame.type === "alert") return alert();
  if (frame.type === "refused") tools.tell(frame.sentence);
}

/** @param {import("./board.js").Board} now */
function look(now) {
  const { board: before, shown, held } = store.state;
  const offset = clockOffset(now.at, Date.now());
  store.update({ board: now, offset, shown: settle(shown, now.entries, held) });
  for (const { talk, state } of now.mine) if (state === "claimed") courier?.open(talk);
  if ((fresh || board.state !== "live") && before && hasNew(before, now)) alert();
  fresh = false;
}

/**
 * @param {import("./board.js").Board} before
 * @param {import("./board.js").Board} now
 */
function hasNew(before, now) {
  const known = new Set([...before.entries, ...before.offers].map(({ talk }) => talk));
  return [...now.entries, ...now.offers].some(({ talk }) => !known.has(talk));
}

/** Somebody new needs attention. */
function alert() {
  sound.ring("arrival");
  if (!document.hasFocus()) store.update({ news: store.state.news + 1 });
}

/** @param {import("./talks.js").Talk} talk */
function said({ id }) {
  panes.pane(id)?.typedOut();
  if (!document.hasFocus() || store.state.current !== id) sound.ring("message");
}

/**
 * @param {string} id
 * @param {string} code
 */
function gone(id, code) {
  const wished = wishes.forget(id);
  if (!wished) tools.tell(sentence(code === "erased" ? "closed-erased" : "gone"));
}

function changed() {
  const states = [board?.state, courier?.line.state];
  if (states.includes("over")) return over();
  if (states.includes("lost")) fresh = true;
  const name = ["lost", "polling"].find((state) => states.includes(/** @type {any} */ (state)));
  tools.tellLasting(name ? sentence(name) : "");
}

/** The login has ended: nothing of anybody stays on the screen but my own unsent words. */
function over() {
  clearInterval(clock);
  panes.end();
  store.update({ talks: [], current: null, shown: [], opened: new Map(), board: null });
  one("[data-entries]").replaceChildren();
  board.close();
  courier?.stop();
  tools.tellLasting(sentence("over"));
}

/** @param {string} part */
function show(part) {
  room.dataset.shown = part;
  for (const button of all("[data-show]")) {
    button.setAttribute("aria-current", String(button.dataset.show === part));
  }
}

function toggleSound() {
  const choice = /** @type {HTMLSelectElement} */ (one("[data-sound]"));
  choice.value = choice.value === "off" ? "soft" : "off";
  sound.choose(choice.value);
}
