// @ts-check
/** What colleagues ask me to take over, and whom I can ask. */

import { all, clone, one, write } from "../helpline/dom.js";
import { inOneLine, sentence } from "./words.js";

/** @typedef {import("./board.js").Board} Board */

/**
 * Draw the questions of colleagues above my talks; those that stay keep their element.
 * @param {Board} board
 * @param {{accept: (talk: string) => void, refuse: (talk: string) => void}} hands
 */
export function drawOffers({ offers }, { accept, refuse }) {
  const place = one("[data-offers]");
  const there = new Map(all("[data-offer]", place).map((card) => [card.dataset.offer, card]));
  for (const offer of offers) {
    if (there.delete(offer.talk)) continue;
    const card = clone("offer");
    card.dataset.offer = offer.talk;
    card.dataset.level = offer.level;
    write(one("[data-level-word]", card), offer.level_word);
    write(one("[data-what]", card), inOneLine(offer));
    write(one("[data-offer-words]", card), sentence("offer", { who: offer.who }));
    one("[data-accept]", card).addEventListener("click", () => accept(offer.talk));
    one("[data-refuse]", card).addEventListener("click", () => refuse(offer.talk));
    place.append(card);
  }
  for (const card of there.values()) card.remove();
}

/**
 * Fill the dialog with the colleagues who are here; the first with room is chosen.
 * @param {Board} board
 */
export function fillColleagues({ colleagues }) {
  const place = one("[data-colleagues]");
  for (const old of all("label", place)) old.remove();
  const free = colleagues.filter(({ talks, most }) => talks < most);
  for (const { member, name, talks, most } of colleagues) {
    const choice = clone("colleague");
    const radio = /** @type {HTMLInputElement} */ (one("input", choice));
    radio.value = String(member);
    radio.disabled = talks >= most;
    radio.checked = member === free[0]?.member;
    write(one("[data-name]", choice), name);
    write(one("[data-room-left]", choice), sentence("room-left", { talks, most }));
    place.append(choice);
  }
  one("[data-no-colleagues]").hidden = free.length > 0;
  one("[data-offer-yes]").hidden = free.length === 0;
}

/** The colleague that was chosen in the dialog, or null. */
export function chosenColleague() {
  const chosen = document.querySelector("[data-colleagues] input:checked");
  return chosen instanceof HTMLInputElement ? chosen.value : null;
}
