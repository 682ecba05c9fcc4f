// @ts-check
/** What a visitor's page knows of the talk: never twice, never out of order, never lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as t from "../../chat/visitors/static/visitor/transcript.js";

const AT = "2026-11-22T03:00:00Z";

/** @param {number} number @param {object} [more] @returns {t.Row} */
const row = (number, more = {}) => ({
  number,
  kind: "said",
  author: "counsellor",
  who: "Sam",
  at: AT,
  text: `row ${number}`,
  detail: "",
  ...more,
});

/** @param {t.Transcript} transcript @param {t.Row[]} rows */
const hearAll = (transcript, rows) => rows.reduce(t.hear, transcript);
const texts = (/** @type {t.Transcript} */ transcript) => transcript.rows.map((one) => one.text);
const hello = { client_id: "a", text: "hoi", at: 0 };

test("a row that was heard before changes nothing", () => {
  const once = hearAll(t.blank("claimed"), [row(1), row(2)]);
  assert.equal(t.hear(once, row(1)), once);
  assert.equal(t.hear(once, row(2)), once);
});

test("a row that skips a number is left until the others are here", () => {
  const one = t.hear(t.blank("claimed"), row(1));
  assert.ok(t.skips(one, row(3)));
  assert.equal(t.hear(one, row(3)), one);
  assert.deepEqual(texts(hearAll(one, [row(3), row(2), row(3)])), ["row 1", "row 2", "row 3"]);
});

test("any order of rows, doubled or not, with a question for the rest ends the same", () => {
  const all = [1, 2, 3, 4, 5].map((number) => row(number));
  for (let round = 0; round < 200; round += 1) {
    const shuffled = [...all, ...all].sort(() => Math.random() - 0.5);
    let talk = hearAll(t.blank("claimed"), shuffled);
    talk = hearAll(talk, all.slice(talk.seen));
    assert.deepEqual(texts(talk), texts(hearAll(t.blank("claimed"), all)));
  }
});

test("what I wrote is on its way until the house has it", () => {
  let talk = t.write(t.hear(t.blank("claimed"), row(1)), hello);
  assert.equal(t.next(talk)?.client_id, "a");
  assert.ok(t.hasUnsent(talk));
  talk = t.sent(talk, { client_id: "a", number: 2, at: AT });
  assert.deepEqual(talk.own, []);
  assert.deepEqual(texts(talk), ["row 1", "hoi"]);
  assert.equal(t.next(talk), undefined);
});

test("a message whose answer was lost is not shown twice when its row comes", () => {
  let talk = t.write(t.blank("claimed"), hello);
  talk = t.hear(talk, row(1, { author: "visitor", client_id: "a", text: "hoi", who: "" }));
  assert.deepEqual(talk.own, []);
  assert.equal(t.sent(talk, { client_id: "a", number: 1, at: AT }), talk);
  assert.deepEqual(texts(talk), ["hoi"]);
});

test("an answer that runs ahead of the rows waits for its place", () => {
  let talk = t.write(t.blank("claimed"), hello);
  talk = t.sent(talk, { client_id: "a", number: 2, at: AT });
  assert.deepEqual(texts(talk), []);
  assert.ok(!t.hasUnsent(talk), "it is sent all the same");
  const mine = row(2, { author: "visitor", client_id: "a", text: "hoi" });
  talk = hearAll(talk, [row(1), mine]);
  assert.deepEqual(texts(talk), ["row 1", "hoi"]);
  assert.deepEqual(talk.own, []);
});

test("a counsellor's row never takes a message of mine away", () => {
  const talk = t.hear(t.write(t.blank("claimed"), hello), row(1, { client_id: "a" }));
  assert.equal(talk.own.length, 1);
});

test("messages go one by one, in the order in which they were written", () => {
  let talk = t.write(t.blank("claimed"), hello);
  talk = t.write(talk, { client_id: "b", text: "tweede", at: 1 });
  talk = t.late(talk, 20000);
  assert.equal(t.next(talk)?.client_id, "a");
  talk = t.sent(talk, { client_id: "a", number: 1, at: AT });
  assert.equal(t.next(talk)?.client_id, "b");
});

test("what takes too long says so, and is still tried", () => {
  const talk = t.write(t.blank("claimed"), { ...hello, at: 1000 });
  assert.equal(t.late(talk, 1000), talk);
  const late = t.late(talk, 1001);
  assert.equal(late.own[0]?.state, "late");
  assert.equal(t.next(late)?.client_id, "a");
  assert.equal(t.late(late, 1001), late);
});

test("a refused message is tried only when somebody asks, with the same id", () => {
  let talk = t.write(t.blank("claimed"), hello);
  talk = t.write(talk, { client_id: "b", text: "tweede", at: 1 });
  talk = t.refused(talk, "a");
  assert.equal(t.next(talk)?.client_id, "b");
  assert.ok(t.hasUnsent(talk));
  talk = t.retry(talk, "a", 9000);
  assert.deepEqual(t.next(talk), { client_id: "a", text: "hoi", at: 9000, state: "sending" });
});

test("the phase follows the rows, and who was there is remembered", () => {
  let talk = t.blank("waiting");
  talk = t.hear(talk, row(1, { kind: "waiting", author: "visitor", who: "" }));
  assert.equal(talk.phase, "waiting");
  talk = t.hear(talk, row(2, { kind: "claimed" }));
  assert.deepEqual([talk.phase, talk.who], ["claimed", "Sam"]);
  talk = t.hear(talk, row(3, { kind: "returned", author: "house", who: "" }));
  assert.deepEqual([talk.phase, talk.rows[2]?.who], ["waiting", "Sam"]);
  talk = t.hear(talk, row(4, { kind: "claimed", who: "Noor" }));
  talk = t.hear(talk, row(5, { kind: "transferred", who: "Sam" }));
  assert.deepEqual([talk.phase, talk.who], ["claimed", "Sam"]);
  talk = t.hear(talk, row(6, { kind: "closed", author: "counsellor", detail: "counsellor" }));
  assert.equal(talk.phase, "closed");
});
