// The line on the screen: nothing moves under the pointer, and time is the house's.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as board from "../../triage/desk/static/desk/board.js";

/** @param {string} talk @param {string} [since] */
const entry = (talk, since = "2026-11-22T03:00:00Z") => ({
  talk,
  level: "routine",
  level_word: "Gewoon",
  reasons: [],
  topic: "",
  age_band: "",
  language: "nl",
  waiting_since: since,
  present: true,
  returned: false,
  rule: "level_then_time",
  reason_order: "",
});

/** @param {board.Shown[]} shown */
const names = (shown) => shown.map(({ entry, gone }) => (gone ? `(${entry.talk})` : entry.talk));

test("without anybody in it the list is the order that counts", () => {
  const shown = board.settle([], [entry("b"), entry("a")], false);
  assert.deepEqual(names(shown), ["b", "a"]);
});

test("while the pointer is in the list nobody moves", () => {
  const shown = board.settle([], [entry("a"), entry("b"), entry("c")], false);
  const entries = [entry("new"), entry("c"), entry("a")];
  const held = board.settle(shown, entries, true);
  assert.deepEqual(names(held), ["a", "(b)", "c", "new"]);
  assert.equal(board.isOutOfOrder(held, entries), true);
  const free = board.settle(held, entries, false);
  assert.deepEqual(names(free), ["new", "c", "a"]);
  assert.equal(board.isOutOfOrder(free, entries), false);
});

test("a line that stays shows what is new about it", () => {
  const shown = board.settle([], [entry("a")], false);
  const held = board.settle(shown, [{ ...entry("a"), level: "urgent" }], true);
  assert.equal(held[0]?.entry.level, "urgent");
});

test("the longest waiting is found whatever the order", () => {
  const old = entry("old", "2026-11-22T01:00:00Z");
  assert.equal(board.longest([entry("a"), old])?.talk, "old");
  assert.equal(board.longest([]), null);
});

test("ages are told by the house's clock, in the fewest words", () => {
  const offset = board.clockOffset("2026-11-22T03:00:00Z", 0);
  assert.equal(board.minutesSince("2026-11-22T02:48:30Z", 0 + offset), 11);
  assert.equal(board.minutesSince("2026-11-22T03:00:05Z", offset), 0);
  assert.deepEqual(board.age(0), ["age-now", { h: 0, m: 0 }]);
  assert.deepEqual(board.age(59), ["age-minutes", { h: 0, m: 59 }]);
  assert.deepEqual(board.age(65), ["age-hours", { h: 1, m: "05" }]);
});

test("the title has a number and no more", () => {
  assert.equal(board.titled("Werkplek", 0), "Werkplek");
  assert.equal(board.titled("Werkplek", 2), "(2) Werkplek");
});
