// Keys: a command needs Alt, typing never triggers one, and all can be switched off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, command, sends, takesText } from "../../triage/desk/static/desk/keys.js";

/** @param {object} more */
const press = (more) => ({
  key: "",
  code: "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});
const TYPING = { typing: true, on: true };
const FREE = { typing: false, on: true };
const OFF = { typing: false, on: false };

test("every command works while typing, with Alt", () => {
  for (const [code, name] of COMMANDS) {
    assert.equal(command(press({ code, altKey: true }), TYPING), name);
    assert.equal(command(press({ code }), FREE), null);
  }
});

test("a question mark opens the overview, but not in a message", () => {
  assert.equal(command(press({ key: "?" }), FREE), "help");
  assert.equal(command(press({ key: "?" }), TYPING), null);
});

test("AltGr and the keys of the system are left alone", () => {
  assert.equal(command(press({ code: "KeyE", altKey: true, ctrlKey: true }), FREE), null);
  assert.equal(command(press({ code: "KeyE", altKey: true, metaKey: true }), FREE), null);
});

test("switched off is off", () => {
  assert.equal(command(press({ key: "?" }), OFF), null);
  assert.equal(command(press({ code: "KeyN", altKey: true }), OFF), null);
});

test("Enter sends, also with Ctrl; Shift makes a new line; an input method is left to finish", () => {
  assert.equal(sends(press({ key: "Enter" })), true);
  assert.equal(sends(press({ key: "Enter", ctrlKey: true })), true);
  assert.equal(sends(press({ key: "Enter", shiftKey: true })), false);
  assert.equal(sends(press({ key: "Enter", isComposing: true })), false);
});

test("what takes text is known", () => {
  assert.equal(takesText({ tagName: "TEXTAREA" }), true);
  assert.equal(takesText({ tagName: "INPUT", type: "text" }), true);
  assert.equal(takesText({ tagName: "INPUT", type: "radio" }), false);
  assert.equal(takesText({ tagName: "BUTTON" }), false);
  assert.equal(takesText(null), false);
});
