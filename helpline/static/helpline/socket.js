// @ts-check
/**
 * A line to the house: a WebSocket that comes back by itself, and plain HTTP
 * where sockets are blocked.
 *
 * The line promises nothing about delivery. It promises to ask: `resume` says
 * what this page has seen, at every connect, on waking up, and every ten
 * seconds; the answer is whatever it does not have yet. A socket that does not
 * answer in five seconds counts as dead, however open it looks.
 */

/**
 * - connecting: not yet heard anything
 * - live: the socket answers
 * - polling: no socket, but plain HTTP works
 * - lost: neither; it keeps trying
 * - over: the ticket or login has ended; it has stopped
 * @typedef {"connecting" | "live" | "polling" | "lost" | "over"} State
 */
/**
 * @typedef {object} Pull plain HTTP; both throw Ended when the right to be here is over
 * @property {() => Promise<any[]>} get frames that are new
 * @property {(frame: any) => Promise<any[]>} post the answer to one frame
 */
/**
 * @typedef {object} Options
 * @property {string} path address of the socket on this host, "/ws"
 * @property {() => object} resume the frame that asks for what is missing
 * @property {(frame: any) => void} hear
 * @property {(state: State) => void} [changed]
 * @property {(frame: any) => boolean} [answers] whether a frame shows that the other end lives (default: any)
 * @property {Pull} [pull] without it, only sockets
 */

const ASK_EVERY = 10000;
const ANSWER_WITHIN = 5000;
const POLL_EVERY = 3000;
const SOCKET_AGAIN = 60000;
const GIVE_UP_SOCKETS = 3; // connects in a row that gave no answer
const WAKE_AT_MOST_EVERY = 1000;
export const ENDED = 4401;
const RESTARTING = 1012;
const TOO_MUCH = 1008;
const BROKEN = 1011;

/** The ticket or the login is over: nothing to wait for. */
export class Ended extends Error {}

/**
 * How long to wait before the next connect, spread so that not all come at once.
 * @param {number} failures connects in a row without an answer
 * @param {number} code why the last socket closed
 * @param {() => number} [random]
 * @returns {number} milliseconds
 */
export function pauseAfter(failures, code, random = Math.random) {
  if (code === TOO_MUCH || code === BROKEN) return 5000 + 10000 * random();
  const widest = Math.min(30000, 1000 * 2 ** failures);
  return 200 + random() * (code === RESTARTING ? Math.max(5000, widest) : widest);
}

/** One line, open from its making until `close`. */
export class Line {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    /** @type {State} */
    this.state = "connecting";
    this.failures = 0;
    this.woken = 0;
    this.pulling = false;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Record<string, ReturnType<typeof setTimeout>>} */
    this.timers = {};
    this._wake = () => this.wake();
    for (const name of ["online", "focus", "pageshow"]) addEventListener(name, this._wake);
    document.addEventListener("visibilitychange", this._wake);
    this.connect();
  }

  /**
   * Hand one frame to whatever works now. False: nothing works, keep it.
   * @param {object} frame
   * @returns {boolean}
   */
  send(frame) {
    if (this.state === "live" && this.socket && this.socket.readyState === 1) {
      this.socket.send(JSON.stringify(frame));
      return true;
    }
    if (this.state !== "polling" || !this.options.pull) return false;
    this._ask(this.options.pull.post(frame));
    return true;
  }

  /** Ask now for what is missing. */
  resume() {
    if (this.state === "over") return;
    if (this.socket && this.socket.readyState === 1) {
      this.socket.send(JSON.stringify(this.options.resume()));
      this._later("ask", ASK_EVERY, () => this.resume());
      if (!("answer" in this.timers)) this._later("answer", ANSWER_WITHIN, () => this._dead());
    } else if (!this.socket) {
      this.pull();
    }
  }

  /** The page is looked at again, or the network is back: do not wait for a timer. */
  wake() {
    const now = Date.now();
    if (this.state === "over" || document.visibilityState === "hidden") return;
    if (now - this.woken < WAKE_AT_MOST_EVERY) return;
    this.woken = now;
    if (this.socket) this.resume();
    else this.connect();
  }

  /** Stop for good, without a word: `changed` hears only of an end from the other side. */
  close() {
    for (const name of ["online", "focus", "pageshow"]) removeEventListener(name, this._wake);
    document.removeEventListener("visibilitychange", this._wake);
    for (const name of Object.keys(this.timers)) this._forget(name);
    this._drop();
    this.state = "over";
  }

  /** Try a socket now. */
  connect() {
    this._forget("connect");
    this._drop();
    try {
      const url = new URL(this.options.path, location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      this.socket = new WebSocket(url.href);
    } catch {
      return this._lost(0);
    }
    this.socket.onopen = () => this.resume();
    this.socket.onmessage = (event) => this._heard(JSON.parse(event.data));
    this.socket.onclose = (event) => this._lost(event.code);
    this._later("answer", ANSWER_WITHIN * 2, () => this._dead());
  }

  /** Fetch by plain HTTP what is missing. */
  pull() {
    if (!this.options.pull || this.pulling) return;
    this.pulling = true;
    this._ask(this.options.pull.get()).then(() => {
      this.pulling = false;
    });
  }

  /** @param {any} frame */
  _heard(frame) {
    const { answers, hear } = this.options;
    if (!answers || answers(frame)) {
      this._forget("answer");
      this._forget("poll");
      this.failures = 0;
      this._become("live");
    }
    hear(frame);
  }

  /** @param {number} code */
  _lost(code) {
    this._drop();
    if (this.state === "over") return;
    if (code === ENDED) return this._ended();
    if (this.state !== "live") this.failures += 1;
    if (this.state !== "polling") this._become(this.state === "connecting" ? "connecting" : "lost");
    const plain = Boolean(this.options.pull) && this.failures >= GIVE_UP_SOCKETS;
    const pause = plain
      ? SOCKET_AGAIN * (0.75 + Math.random() / 2)
      : pauseAfter(this.failures, code);
    this._later("connect", pause, () => this.connect());
    if (plain) this._poll();
    else if (this.failures) this.pull(); // fills the gap, and hears it when the ticket has ended
  }

  _ended() {
    if (this.state === "over") return;
    this.close();
    if (this.options.changed) this.options.changed("over");
  }

  _dead() {
    this._drop();
    this._lost(0);
  }

  _poll() {
    if (this.state === "over" || this.state === "live") return;
    this._later("poll", POLL_EVERY, () => this._poll());
    this.pull();
  }

  /**
   * @param {Promise<any[]>} answer
   * @returns {Promise<void>}
   */
  async _ask(answer) {
    try {
      const frames = await answer;
      if (this.state === "over") return;
      if (this.state !== "live" && this.failures >= GIVE_UP_SOCKETS) this._become("polling");
      for (const frame of frames) this.options.hear(frame);
    } catch (trouble) {
      if (trouble instanceof Ended) this._ended();
      else if (this.state !== "live" && this.state !== "over") this._become("lost");
    }
  }

  _drop() {
    this._forget("answer");
    this._forget("ask");
    if (!this.socket) return;
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  /** @param {State} state */
  _become(state) {
    if (state === this.state || this.state === "over") return;
    this.state = state;
    if (this.options.changed) this.options.changed(state);
  }

  /**
   * @param {string} name
   * @param {number} pause
   * @param {() => void} work
   */
  _later(name, pause, work) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => {
      delete this.timers[name];
      work();
    }, pause);
  }

  /** @param {string} name */
  _forget(name) {
    clearTimeout(this.timers[name]);
    delete this.timers[name];
  }
}
