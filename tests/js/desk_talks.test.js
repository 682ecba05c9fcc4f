// A talk at the desk: rows in order, nothing twice, nothing lost, and who waits.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as talks from "../../triage/desk/static/desk/talks.js";

/** @param {number} number @param {string} author @param {object} [more] */
const row = (number, author, more = {}) => ({
  number,
  author,
  kind: "said",
  who: author === "counsellor" ? "Cem" : "",
  at: `2026-11-22T03:0${number}:00Z`,
  text: `regel ${number}`,
  detail: "",
  ...more,
});

/** @param {ReturnType<typeof row>[]} rows */
const heard = (...rows) => rows.reduce(talks.hear, talks.blank("a"));

test("rows stand in order, once", () => {
  const talk = heard(row(1, "visitor"), row(1, "visitor"), row(2, "counsellor"), row(2, "visitor"));
  assert.deepEqual(
    talk.rows.map(({ number }) => number),
    [1, 2],
  );
});

test("a row that skips its elders waits, and says so", () => {
  const talk = heard(row(1, "visitor"));
  assert.equal(talks.skips(talk, row(3, "visitor")), true);
  assert.equal(talks.hear(talk, row(3, "visitor")), talk);
});

test("what I write goes out one at a time and becomes the row with its number", () => {
  let talk = heard(row(1, "visitor"));
  talk = talks.write(talk, { client_id: "x", text: "hoi", at: 1 });
  talk = talks.write(talk, { client_id: "y", text: "daar", at: 2 });
  assert.equal(talks.next(talk)?.client_id, "x");
  talk = talks.sent(talk, { client_id: "x", number: 2, at: "2026-11-22T03:02:00Z" }, "Cem");
  assert.deepEqual([talk.rows[1]?.text, talk.seen, talks.next(talk)?.client_id], ["hoi", 2, "y"]);
});

test("an answer that overtakes a row keeps my message until the row comes", () => {
  let talk = talks.write(talks.blank("a"), { client_id: "x", text: "hoi", at: 1 });
  talk = talks.sent(talk, { client_id: "x", number: 2, at: "" }, "Cem");
  assert.deepEqual([talk.own[0]?.state, talks.hasUnsent(talk)], ["sent", false]);
  talk = talks.hear(talk, row(1, "visitor"));
  talk = talks.hear(talk, row(2, "counsellor", { client_id: "x" }));
  assert.deepEqual([talk.own, talk.seen], [[], 2]);
});

test("what takes long is late and still tried; what is refused waits for me", () => {
  let talk = talks.write(talks.blank("a"), { client_id: "x", text: "hoi", at: 1 });
  talk = talks.late(talk, 100);
  assert.deepEqual([talk.own[0]?.state, talks.next(talk)?.client_id], ["late", "x"]);
  talk = talks.refused(talk, "x");
  assert.deepEqual([talks.next(talk), talks.hasUnsent(talk)], [undefined, true]);
  assert.equal(talks.next(talks.retry(talk, "x", 200))?.at, 200);
});

test("nothing late leaves the talk itself as it was", () => {
  const talk = heard(row(1, "visitor"));
  assert.equal(talks.late(talk, 100), talk);
});

test("unread counts what the visitor said since somebody looked", () => {
  let talk = heard(row(1, "house", { kind: "claimed" }), row(2, "visitor"), row(3, "visitor"));
  assert.equal(talks.unread(talk), 2);
  talk = talks.look(talk);
  assert.equal(talks.unread(talk), 0);
  assert.equal(talks.look(talk), talk);
  assert.equal(talks.unread(talks.hear(talk, row(4, "counsellor"))), 0);
});

test("a visitor waits since their first unanswered message, not their last", () => {
  const talk = heard(row(1, "visitor"), row(2, "counsellor"), row(3, "visitor"), row(4, "visitor"));
  assert.equal(talks.waitsSince(talk), row(3, "visitor").at);
  assert.equal(talks.waitsSince(talks.hear(talk, row(5, "counsellor"))), null);
  assert.equal(talks.waitsSince(talks.hear(talk, row(5, "visitor", { kind: "closed" }))), null);
});

test("one talk carries the clock: the one that waits longest", () => {
  const early = { ...heard(row(1, "visitor")), id: "early" };
  const late = { ...heard(row(1, "counsellor"), row(2, "visitor")), id: "late" };
  assert.equal(talks.longestWaiting([late, early])?.id, "early");
  assert.equal(talks.longestWaiting([heard(row(1, "counsellor"))]), null);
});

test("never more talks side by side than fit; those that go on come first", () => {
  /** @param {string} id @param {"claimed" | "closed"} state */
  const talk = (id, state) => ({ ...talks.blank(id), state });
  const four = [
    talk("a", "closed"),
    talk("b", "claimed"),
    talk("c", "closed"),
    talk("d", "claimed"),
  ];
  assert.deepEqual(
    talks.sideBySide(four, 3).map(({ id }) => id),
    ["b", "c", "d"],
  );
});
