// @ts-check
/**
 * What this page knows of the talk, pure: rows by number, and what was written
 * here and is on its way. Every function gives a new transcript.
 */

/**
 * One row as the house tells it: something said, or a change of the talk.
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
 * @typedef {object} Transcript
 * @property {Row[]} rows
 * @property {number} seen number of the last row
 * @property {Own[]} own
 * @property {string} phase "waiting", "claimed" or "closed"
 * @property {string} who the counsellor who is there, or was last
 */

const PHASE_AFTER = new Map([
  ["waiting", "waiting"],
  ["returned", "waiting"],
  ["claimed", "claimed"],
  ["transferred", "claimed"],
  ["closed", "closed"],
]);

/**
 * Nothing heard yet.
 * @param {string} phase
 * @returns {Transcript}
 */
export function blank(phase) {
  return { rows: [], seen: 0, own: [], phase, who: "" };
}

/**
 * Add the next row. One we have is ignored, so replays are harmless; one that
 * skips a number waits until its elders are here: ask for them.
 * @param {Transcript} transcript
 * @param {Row} row
 * @returns {Transcript}
 */
export function hear(transcript, row) {
  if (row.number !== transcript.seen + 1) return transcript;
  const who = row.who || transcript.who;
  const mine = row.author === "visitor" ? row.client_id : undefined;
  return {
    rows: [...transcript.rows, row.kind === "returned" ? { ...row, who } : row],
    seen: row.number,
    own: mine ? transcript.own.filter((own) => own.client_id !== mine) : transcript.own,
    phase: PHASE_AFTER.get(row.kind) || transcript.phase,
    who,
  };
}

/**
 * Whether rows before this one are missing here.
 * @param {Transcript} transcript
 * @param {Row} row
 */
export function skips(transcript, row) {
  return row.number > transcript.seen + 1;
}

/**
 * Keep what I wrote until it has a row.
 * @param {Transcript} transcript
 * @param {{client_id: string, text: string, at: number}} message
 * @returns {Transcript}
 */
export function write(transcript, message) {
  return { ...transcript, own: [...transcript.own, { ...message, state: "sending" }] };
}

/**
 * The house has it, at this number.
 * @param {Transcript} transcript
 * @param {{client_id: string, number: number, at: string}} answer
 * @returns {Transcript}
 */
export function sent(transcript, answer) {
  const own = transcript.own.find(({ client_id }) => client_id === answer.client_id);
  if (!own) return transcript;
  if (answer.number !== transcript.seen + 1) return mark(transcript, answer.client_id, "sent");
  const row = { kind: "said", author: "visitor", who: "", detail: "", text: own.text, ...answer };
  return hear(transcript, row);
}

/**
 * The house will not take it as it is.
 * @param {Transcript} transcript
 * @param {string} client_id
 */
export function refused(transcript, client_id) {
  return mark(transcript, client_id, "refused");
}

/**
 * Try it again, in its old place.
 * @param {Transcript} transcript
 * @param {string} client_id
 * @param {number} now
 * @returns {Transcript}
 */
export function retry(transcript, client_id, now) {
  const again = mark(transcript, client_id, "sending");
  return {
    ...again,
    own: again.own.map((own) => (own.client_id === client_id ? { ...own, at: now } : own)),
  };
}

/**
 * Say of what takes long that it is not sent yet; it is still tried.
 * @param {Transcript} transcript
 * @param {number} before written before this moment
 * @returns {Transcript}
 */
export function late(transcript, before) {
  if (!transcript.own.some((one) => one.state === "sending" && one.at < before)) return transcript;
  const own = transcript.own.map((one) =>
    one.state === "sending" && one.at < before
      ? { ...one, state: /** @type {const} */ ("late") }
      : one,
  );
  return { ...transcript, own };
}

/**
 * The message to send now: the oldest that is not there yet.
 * @param {Transcript} transcript
 * @returns {Own | undefined}
 */
export function next(transcript) {
  return transcript.own.find(({ state }) => state === "sending" || state === "late");
}

/**
 * Whether something I wrote has not reached the house.
 * @param {Transcript} transcript
 */
export function hasUnsent(transcript) {
  return transcript.own.some(({ state }) => state !== "sent");
}

/**
 * @param {Transcript} transcript
 * @param {string} client_id
 * @param {Own["state"]} state
 * @returns {Transcript}
 */
function mark(transcript, client_id, state) {
  const own = transcript.own.map((one) => (one.client_id === client_id ? { ...one, state } : one));
  return { ...transcript, own };
}
