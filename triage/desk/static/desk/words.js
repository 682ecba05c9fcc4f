// @ts-check
/** The sentences of the desk. Scripts hold no words of their own. */

import { fill, one } from "../helpline/dom.js";
import { age, minutesSince } from "./board.js";

/**
 * The sentence called `name`, its {holes} filled.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function sentence(name, values = {}) {
  return fill(one(`[data-say="${name}"]`).textContent?.trim() ?? "", values);
}

/**
 * How long ago, in a few words.
 * @param {string} since
 * @param {number} now the house's time
 */
export function ago(since, now) {
  return sentence(...age(minutesSince(since, now)));
}

/**
 * What is known of a visitor in one line, without what was not told.
 * @param {import("./board.js").About} about
 */
export function inOneLine({ topic, age_band, language }) {
  const told = [topic || sentence("no-topic"), age_band && sentence("years", { age: age_band })];
  return [...told, language.toUpperCase()].filter(Boolean).join(" · ");
}
