// @ts-check
/** Plain HTTP: wishes go out as forms, and where sockets are blocked everything else too. */

import { one } from "../helpline/dom.js";
import { Ended } from "../helpline/socket.js";

const PATIENCE = 15000;
const SIGNED_OUT = 401;

/** The house said no, in a code and a sentence. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} sentence
   */
  constructor(code, sentence) {
    super(code);
    this.code = code;
    this.sentence = sentence;
  }
}

/**
 * Wish for something. Throws Refused, Ended, or whatever a broken network throws.
 * @param {string} address
 * @param {Record<string, string>} [fields]
 * @returns {Promise<any>}
 */
export async function wish(address, fields = {}) {
  const answer = await ask(address, { method: "POST", body: new URLSearchParams(fields) });
  const told = await answer.json();
  if (!answer.ok) throw new Refused(told.code, told.sentence);
  return told;
}

/**
 * The board's road without a socket.
 * @param {() => boolean} active whether somebody touched the desk since the last time
 * @returns {import("../helpline/socket.js").Pull}
 */
export function boardRoad(active) {
  return {
    get: () => frames(`/desk/board?active=${active() ? 1 : 0}`),
    post: async () => [],
  };
}

/**
 * The talks' road without a socket.
 * @param {() => Record<string, number>} seen number of the last row of each talk
 * @returns {import("../helpline/socket.js").Pull}
 */
export function talksRoad(seen) {
  return {
    get: async () => {
      const asked = Object.entries(seen()).map(([talk, after]) =>
        frames(`/desk/rows?talk=${talk}&after=${after}`),
      );
      return (await Promise.all(asked)).flat();
    },
    post: (frame) => frames("/desk/rows", frame),
  };
}

/**
 * @param {string} address
 * @param {object} [frame] posted when there is one
 * @returns {Promise<any[]>}
 */
async function frames(address, frame) {
  const request = frame && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(frame),
  };
  const answer = await ask(address, request || {});
  return (await answer.json()).frames || [];
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<Response>}
 */
async function ask(address, request) {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), PATIENCE);
  const token = /** @type {HTMLInputElement} */ (one("[name=csrfmiddlewaretoken]")).value;
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      ...request,
      headers: { Accept: "application/json", "X-CSRFToken": token, ...request.headers },
      signal: tooLong.signal,
    });
    if (answer.status === SIGNED_OUT) throw new Ended();
    if (answer.status >= 500) throw new Error(`${answer.status}`);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}
