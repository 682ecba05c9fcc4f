// @ts-check
/** The sentences of this page. Scripts hold no words of their own. */

import { fill, one } from "../helpline/dom.js";

/**
 * The sentence called `name`, its {holes} filled.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function sentence(name, values = {}) {
  return fill(one(`[data-say="${name}"]`).textContent || "", values);
}

/**
 * How many are ahead in the line, and how long that takes, as far as known.
 * @param {{ahead: number, low?: number, high?: number}} outlook
 * @returns {{ahead: string, range: string}}
 */
export function placeInLine({ ahead, low, high }) {
  const count = ahead === 0 ? "none" : ahead === 1 ? "one" : "many";
  return { ahead: sentence(`ahead-${count}`, { ahead }), range: range(low, high) };
}

/**
 * @param {number} [low]
 * @param {number} [high]
 */
function range(low, high) {
  if (low === undefined || high === undefined) return sentence("range-unknown");
  const kind = low < 1 ? "range-short" : low < high ? "range" : "range-about";
  return sentence(kind, { low, high });
}
