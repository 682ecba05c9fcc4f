// @ts-check
/** The line comes back by itself, asks for what is missing, and knows when it is over. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Ended, Line, pauseAfter } from "../../helpline/static/helpline/socket.js";

/** @type {FakeSocket[]} */
let sockets = [];

class FakeSocket {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.readyState = 0;
    /** @type {any[]} */
    this.sent = [];
    /** @type {any} */ this.onopen = null;
    /** @type {any} */ this.onmessage = null;
    /** @type {any} */ this.onclose = null;
    sockets.push(this);
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  /** @param {object} frame */
  tells(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  /** @param {number} code */
  dies(code) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const upToDate = { type: "up_to_date", last: 0, state: "claimed" };
const last = () => /** @type {FakeSocket} */ (sockets.at(-1));
const settle = () => new Promise((resolve) => setImmediate(resolve));
/** @type {Record<string, () => void>} */
let listeners = {};

/** @param {object} [more] */
function open(more = {}) {
  /** @type {any[]} */
  const heard = [];
  /** @type {string[]} */
  const states = [];
  const line = new Line({
    path: "/ws",
    resume: () => ({ type: "resume", after: 7 }),
    hear: (frame) => heard.push(frame),
    changed: (state) => states.push(state),
    ...more,
  });
  return { line, heard, states };
}

beforeEach(() => {
  sockets = [];
  listeners = {};
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const listen = (/** @type {string} */ name, /** @type {() => void} */ work) => {
    listeners[name] = work;
  };
  const forget = (/** @type {string} */ name) => delete listeners[name];
  Object.assign(globalThis, {
    WebSocket: FakeSocket,
    location: { href: "https://chat.example/" },
    document: { visibilityState: "visible", addEventListener: listen, removeEventListener: forget },
    addEventListener: listen,
    removeEventListener: forget,
  });
});

afterEach(() => mock.timers.reset());

test("it asks at once for what is missing, and again every ten seconds", () => {
  const { states } = open();
  assert.equal(last().url, "wss://chat.example/ws");
  last().opens();
  last().tells(upToDate);
  assert.deepEqual(states, ["live"]);
  mock.timers.tick(10000);
  assert.deepEqual(last().sent, [
    { type: "resume", after: 7 },
    { type: "resume", after: 7 },
  ]);
});

test("an open socket that does not answer is dead after five seconds", () => {
  const { states } = open();
  last().opens();
  last().tells(upToDate);
  mock.timers.tick(10000);
  mock.timers.tick(5000);
  assert.deepEqual(states, ["live", "lost"]);
  mock.timers.tick(2000);
  assert.equal(sockets.length, 2);
  last().opens();
  last().tells(upToDate);
  assert.equal(states.at(-1), "live");
});

test("nothing is handed over before the other end has answered", () => {
  const { line } = open();
  assert.equal(line.send({ type: "say" }), false);
  last().opens();
  assert.equal(line.send({ type: "say" }), false);
  last().tells(upToDate);
  assert.equal(line.send({ type: "say" }), true);
});

test("frames that do not answer do not make it live", () => {
  const { states } = open({ answers: (/** @type {any} */ frame) => frame.type === "up_to_date" });
  last().opens();
  last().tells({ type: "typing" });
  assert.deepEqual(states, []);
});

test("when the ticket has ended it stops and says so", () => {
  const { states } = open();
  last().opens();
  last().dies(4401);
  mock.timers.tick(600000);
  assert.deepEqual(states, ["over"]);
  assert.equal(sockets.length, 1);
  assert.deepEqual(Object.keys(listeners), []);
});

test("when we close it, nobody hears of it", () => {
  const { line, states } = open();
  line.close();
  mock.timers.tick(600000);
  assert.deepEqual(states, []);
  assert.equal(sockets.length, 1);
});

test("waking up asks at once, without waiting for a timer", () => {
  open();
  last().opens();
  last().tells(upToDate);
  mock.timers.tick(3000);
  listeners.online?.();
  listeners.focus?.();
  assert.equal(last().sent.length, 2, "once, however many things woke it");
  last().dies(1006);
  mock.timers.tick(150);
  const before = sockets.length;
  mock.timers.tick(1000 - 150);
  listeners.pageshow?.();
  assert.ok(sockets.length > before);
});

test("where sockets are blocked it goes by plain HTTP, and looks for a socket now and then", async () => {
  let gets = 0;
  const pull = {
    get: async () => {
      gets += 1;
      return [{ type: "row", number: gets }];
    },
    post: async (/** @type {any} */ frame) => [{ type: "sent", client_id: frame.client_id }],
  };
  const { line, heard, states } = open({ pull });
  for (let round = 0; round < 3; round += 1) {
    last().dies(1006);
    await settle();
    if (round < 2) mock.timers.tick(10000);
  }
  assert.deepEqual(states, ["polling"]);
  assert.equal(line.send({ type: "say", client_id: "a" }), true);
  await settle();
  assert.deepEqual(heard.at(-1), { type: "sent", client_id: "a" });
  const before = gets;
  mock.timers.tick(3000);
  await settle();
  assert.equal(gets, before + 1);
  const tried = sockets.length;
  mock.timers.tick(80000);
  assert.ok(sockets.length > tried);
  last().opens();
  last().tells(upToDate);
  assert.equal(states.at(-1), "live");
});

test("plain HTTP that fails is lost, and found again", async () => {
  let works = false;
  const pull = {
    get: async () => {
      if (!works) throw new TypeError("offline");
      return [];
    },
    post: async () => [],
  };
  const { states } = open({ pull });
  for (let round = 0; round < 3; round += 1) {
    last().dies(1006);
    await settle();
    if (round < 2) mock.timers.tick(10000);
  }
  assert.equal(states.at(-1), "lost");
  works = true;
  mock.timers.tick(3000);
  await settle();
  assert.equal(states.at(-1), "polling");
});

test("a dead ticket is found out by plain HTTP when the socket was refused", async () => {
  const pull = { get: async () => Promise.reject(new Ended()), post: async () => [] };
  const { states } = open({ pull });
  last().dies(1006);
  await settle();
  assert.deepEqual(states, ["over"]);
});

test("after a restart of the house not everybody comes at once", () => {
  assert.equal(
    pauseAfter(0, 1012, () => 0),
    200,
  );
  assert.equal(
    pauseAfter(0, 1012, () => 1),
    5200,
  );
  assert.equal(
    pauseAfter(0, 1006, () => 1),
    1200,
  );
  assert.equal(
    pauseAfter(20, 1006, () => 1),
    30200,
  );
  assert.ok(pauseAfter(0, 1008, () => 0) >= 5000);
});
