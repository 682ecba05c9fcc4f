// @ts-check
/** The line as it is shown, pure: what moves, what stays, and how long ago things were. */

/**
 * @typedef {object} About what is known of a visitor before a word is read
 * @property {string} talk
 * @property {string} level
 * @property {string} level_word
 * @property {string[]} reasons
 * @property {string} topic
 * @property {string} age_band
 * @property {string} language
 * @property {string} waiting_since
 * @property {boolean} present
 */
/** @typedef {About & {returned: boolean, rule: string, reason_order: string}} Entry */
/** @typedef {About & {state: string, offered_to: string, claimed_at?: string}} Held */
/** @typedef {About & {who: string}} Offer */
/** @typedef {{member: number, name: string, talks: number, most: number}} Colleague */
/**
 * @typedef {object} Board
 * @property {string} at
 * @property {Entry[]} entries
 * @property {number} waiting
 * @property {number} away
 * @property {Held[]} mine
 * @property {Offer[]} offers
 * @property {Colleague[]} colleagues
 * @property {number} on_duty
 * @property {{presence: string, most: number, counsels: boolean, coordinates: boolean}} me
 * @property {{state: string, opens_at?: string}} door
 */
/** @typedef {{entry: Entry, gone: boolean}} Shown one line on the screen */

const MINUTE = 60000;

/**
 * What to show. While somebody's pointer or focus is in the list it is `held`:
 * nobody moves, who left stays as a grey line, who is new comes last.
 * @param {Shown[]} shown
 * @param {Entry[]} entries
 * @param {boolean} held
 * @returns {Shown[]}
 */
export function settle(shown, entries, held) {
  if (!held) return entries.map((entry) => ({ entry, gone: false }));
  const now = new Map(entries.map((entry) => [entry.talk, entry]));
  const stay = shown.map(({ entry }) => {
    const there = now.get(entry.talk);
    now.delete(entry.talk);
    return { entry: there ?? entry, gone: there === undefined };
  });
  return [...stay, ...[...now.values()].map((entry) => ({ entry, gone: false }))];
}

/**
 * Whether what is shown is not the order that counts: it will be, once nobody holds it.
 * @param {Shown[]} shown
 * @param {Entry[]} entries
 */
export function isOutOfOrder(shown, entries) {
  return (
    shown.length !== entries.length ||
    shown.some(({ entry }, place) => entry.talk !== entries[place]?.talk)
  );
}

/**
 * Who waits longest of all, or null.
 * @param {Entry[]} entries
 * @returns {Entry | null}
 */
export function longest(entries) {
  const by_age = [...entries].sort(
    (one, other) => Date.parse(one.waiting_since) - Date.parse(other.waiting_since),
  );
  return by_age[0] ?? null;
}

/**
 * How far this device's clock is behind the house's, in milliseconds.
 * @param {string} at the house's time
 * @param {number} here this device's time at that moment
 */
export function clockOffset(at, here) {
  return Date.parse(at) - here;
}

/**
 * How long ago, in whole minutes, never negative.
 * @param {string} since
 * @param {number} now the house's time
 */
export function minutesSince(since, now) {
  return Math.max(0, Math.floor((now - Date.parse(since)) / MINUTE));
}

/**
 * The name of the sentence for a number of minutes, with what goes in its holes.
 * @param {number} minutes
 * @returns {["age-now" | "age-minutes" | "age-hours", {h: number, m: number | string}]}
 */
export function age(minutes) {
  if (minutes < 1) return ["age-now", { h: 0, m: 0 }];
  if (minutes < 60) return ["age-minutes", { h: 0, m: minutes }];
  const m = String(minutes % 60).padStart(2, "0");
  return ["age-hours", { h: Math.floor(minutes / 60), m }];
}

/**
 * The title: a number when something is new, and never what.
 * @param {string} title
 * @param {number} news
 */
export function titled(title, news) {
  return news > 0 ? `(${news}) ${title}` : title;
}
