// @ts-check
/** The road by plain HTTP, for networks where sockets are blocked. */

import { Ended } from "../helpline/socket.js";

const PATIENCE = 15000;
const OVER = [401, 403, 410];

/**
 * Get rows after a number, post one message.
 * @param {() => number} seen
 * @param {string} csrf
 * @returns {import("../helpline/socket.js").Pull}
 */
export function plainRoad(seen, csrf) {
  return {
    get: () => ask(`/rows?after=${seen()}`, {}),
    post: (frame) =>
      ask("/rows", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify(frame),
      }),
  };
}

/**
 * @param {string} address
 * @param {RequestInit} request
 * @returns {Promise<any[]>}
 */
async function ask(address, request) {
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), PATIENCE);
  try {
    const answer = await fetch(address, {
      cache: "no-store",
      ...request,
      headers: { Accept: "application/json", ...request.headers },
      signal: tooLong.signal,
    });
    if (OVER.includes(answer.status)) throw new Ended();
    if (answer.status >= 500) throw new Error(`${answer.status}`);
    return (await answer.json()).frames || [];
  } finally {
    clearTimeout(timer);
  }
}
