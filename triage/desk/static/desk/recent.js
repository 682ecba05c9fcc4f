// @ts-check
/** Talks that closed a short while ago and are not on the screen: to finish a note. */

import { all, clockTime, clone, one, write } from "../helpline/dom.js";
import { inOneLine } from "./words.js";

/**
 * Draw a button for each; those that stay keep their element.
 * @param {import("./board.js").Board} board
 * @param {import("./talks.js").Talk[]} talks those that are open here
 * @param {(talk: string) => void} open
 */
export function drawRecent({ mine }, talks, open) {
  const place = one("[data-recent-list]");
  const here = new Set(talks.map(({ id }) => id));
  const closed = mine.filter(({ state, talk }) => state === "closed" && !here.has(talk));
  const there = new Map(all("[data-talk]", place).map((button) => [button.dataset.talk, button]));
  for (const held of closed) {
    if (there.delete(held.talk)) continue;
    const button = clone("recent");
    button.dataset.talk = held.talk;
    const since = held.claimed_at ? `${clockTime(held.claimed_at)} · ` : "";
    write(button, since + inOneLine(held));
    button.addEventListener("click", () => open(held.talk));
    place.append(button);
  }
  for (const button of there.values()) button.remove();
  write(one("[data-recent-count]"), `(${closed.length})`);
  one("[data-recent]").hidden = closed.length === 0;
}
