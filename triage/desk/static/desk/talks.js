// @ts-check
/**
 * What the desk knows of my talks, pure. A talk is rows by number, what was
 * written here and is on its way, and how far I have read. Every function
 * gives new values and leaves the old ones as they are.
 */

/**
 * @typedef {object} Row
 * @property {number} number
 * @property {string} kind
 * @property {string} author
 * @property {string} who
 * @property {string} at
 * @property {string} text
 * @property {string} detail
 * @property {string} [client_id]
 */
/**
 * A message of mine that has no row yet. "sending" and "late" are tried until
 * they are there; "refused" only when somebody asks for it.
 * @typedef {object} Own
 * @property {string} client_id
 * @property {string} text
 * @property {number} at
 * @property {"sending" | "late" | "sent" | "refused"} state
 */
/**
 * @typedef {object} Talk
 * @property {string} id
 * @property {Row[]} rows
 * @property {number} seen number of the last row that is here
 * @property {number} read number of the last row somebody looked at
 * @property {Own[]} own
 * @property {"claimed" | "closed"} state
 */

/**
 * A talk of which nothing is here yet.
 * @param {string} id
 * @returns {Talk}
 */
export function blank(id) {
  return { id, rows: [], seen: 0, read: 0, own: [], state: "claimed" };
}

/**
 * Add the next row. One we have is ignored, so replays are harmless; one that
 * skips a number waits until its elders are here: ask for them.
 * @param {Talk} talk
 * @param {Row} row
 * @returns {Talk}
 */
export function hear(talk, row) {
  if (row.number !== talk.seen + 1) return talk;
  const mine = row.author === "counsellor" ? row.client_id : undefined;
  return {
    ...talk,
    rows: [...talk.rows, row],
    seen: row.number,
    own: mine ? talk.own.filter((own) => own.client_id !== mine) : talk.own,
    state: row.kind === "closed" ? "closed" : "claimed",
  };
}

/**
 * Whether rows before this one are missing here.
 * @param {Talk} talk
 * @param {Row} row
 */
export function skips(talk, row) {
  return row.number > talk.seen + 1;
}

/**
 * Keep what I wrote until it has a row.
 * @param {Talk} talk
 * @param {{client_id: string, text: string, at: number}} message
 * @returns {Talk}
 */
export function write(talk, message) {
  return { ...talk, own: [...talk.own, { ...message, state: "sending" }] };
}

/**
 * The house has it, at this number.
 * @param {Talk} talk
 * @param {{client_id: string, number: number, at: string}} answer
 * @param {string} who my own name
 * @returns {Talk}
 */
export function sent(talk, answer, who) {
  const own = talk.own.find(({ client_id }) => client_id === answer.client_id);
  if (!own) return talk;
  if (answer.number !== talk.seen + 1) return mark(talk, answer.client_id, "sent");
  const { client_id, number, at } = answer;
  const { text } = own;
  const row = { kind: "said", author: "counsellor", who, detail: "", text, client_id, number, at };
  return hear(talk, row);
}

/**
 * The house will not take it as it is.
 * @param {Talk} talk
 * @param {string} client_id
 */
export function refused(talk, client_id) {
  return mark(talk, client_id, "refused");
}

/**
 * Try it again, in its old place.
 * @param {Talk} talk
 * @param {string} client_id
 * @param {number} now
 * @returns {Talk}
 */
export function retry(talk, client_id, now) {
  const again = mark(talk, client_id, "sending");
  return {
    ...again,
    own: again.own.map((own) => (own.client_id === client_id ? { ...own, at: now } : own)),
  };
}

/**
 * Say of what takes long that it is not sent yet; it is still tried.
 * @param {Talk} talk
 * @param {number} before written before this moment
 * @returns {Talk}
 */
export function late(talk, before) {
  const slow = talk.own.some((own) => own.state === "sending" && own.at < before);
  if (!slow) return talk;
  const own = talk.own.map((one) =>
    one.state === "sending" && one.at < before
      ? { ...one, state: /** @type {const} */ ("late") }
      : one,
  );
  return { ...talk, own };
}

/**
 * The message to send now: one at a time keeps the order.
 * @param {Talk} talk
 * @returns {Own | undefined}
 */
export function next(talk) {
  return talk.own.find(({ state }) => state === "sending" || state === "late");
}

/**
 * Whether something I wrote has not arrived.
 * @param {Talk} talk
 */
export function hasUnsent(talk) {
  return talk.own.some(({ state }) => state !== "sent");
}

/**
 * Somebody looked at everything that is here.
 * @param {Talk} talk
 * @returns {Talk}
 */
export function look(talk) {
  return talk.read === talk.seen ? talk : { ...talk, read: talk.seen };
}

/**
 * How many of the visitor's messages nobody looked at.
 * @param {Talk} talk
 */
export function unread(talk) {
  return talk.rows.filter((row) => row.number > talk.read && isVisitors(row)).length;
}

/**
 * Since when the visitor waits for an answer, or null.
 * @param {Talk} talk
 * @returns {string | null}
 */
export function waitsSince(talk) {
  if (talk.state !== "claimed") return null;
  let since = null;
  for (const row of talk.rows.filter(isSaid)) {
    since = isVisitors(row) ? (since ?? row.at) : null;
  }
  return since;
}

/**
 * The talk whose visitor waits longest for an answer, or null.
 * @param {Talk[]} talks
 * @returns {Talk | null}
 */
export function longestWaiting(talks) {
  const waiting = talks.filter((talk) => waitsSince(talk) !== null);
  waiting.sort((one, other) => moment(one) - moment(other));
  return waiting[0] ?? null;
}

/** Nobody can follow more talks at once. */
export const MOST = 3;

/**
 * Which talks stand side by side: those that go on first, then those just
 * closed, in the order in which they came; never more than `most`.
 * @param {Talk[]} talks
 * @param {number} most
 * @returns {Talk[]}
 */
export function sideBySide(talks, most) {
  const going = talks.filter(({ state }) => state === "claimed");
  const closed = talks.filter(({ state }) => state === "closed");
  const kept = new Set([...going, ...closed.reverse()].slice(0, most));
  return talks.filter((talk) => kept.has(talk));
}

/** @param {Talk} talk */
function moment(talk) {
  return Date.parse(waitsSince(talk) ?? "");
}

/** @param {Row} row */
function isSaid(row) {
  return row.kind === "said";
}

/** @param {Row} row */
function isVisitors(row) {
  return isSaid(row) && row.author === "visitor";
}

/**
 * @param {Talk} talk
 * @param {string} client_id
 * @param {Own["state"]} state
 * @returns {Talk}
 */
function mark(talk, client_id, state) {
  const own = talk.own.map((one) => (one.client_id === client_id ? { ...one, state } : one));
  return { ...talk, own };
}
