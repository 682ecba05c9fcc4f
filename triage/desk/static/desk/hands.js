// @ts-check
/** Everything by keyboard. What a key means is in keys.js; here it is done. */

import { all, one } from "../helpline/dom.js";
import { isAsking, showKeys } from "./dialogs.js";
import { command, takesText } from "./keys.js";
import { longestWaiting } from "./talks.js";

/**
 * @typedef {object} Desk
 * @property {import("./store.js").Store} store
 * @property {import("./wishes.js").Wishes} wishes
 * @property {import("./line.js").LineList} line
 * @property {import("./panes.js").Panes} panes
 * @property {import("./details.js").Details} details
 * @property {(part: string) => void} show
 * @property {() => void} toggleSound
 */

/**
 * Do what keys ask, from now on.
 * @param {Desk} desk
 */
export function listenToKeys(desk) {
  const on = /** @type {HTMLInputElement} */ (one("[data-keys-on]"));
  document.addEventListener("keydown", (event) => {
    const typing = takesText(/** @type {any} */ (document.activeElement));
    const asked = isAsking() ? null : command(event, { typing, on: on.checked });
    if (asked === null) return;
    event.preventDefault();
    if (!event.repeat || asked === "up" || asked === "down") obey(asked, desk);
  });
  for (const button of all("[data-open-keys]")) button.addEventListener("click", showKeys);
}

/**
 * @param {string} asked
 * @param {Desk} desk
 */
function obey(asked, { store, wishes, line, panes, details, show, toggleSound }) {
  const { current } = store.state;
  const step = asked === "down" ? 1 : -1;
  switch (asked) {
    case "help":
      return showKeys();
    case "next":
      return wishes.next();
    case "accept":
      return wishes.accept();
    case "pause":
      return wishes.togglePause();
    case "door":
      return void wishes.door();
    case "sound":
      return toggleSound();
    case "up":
    case "down":
      show("line");
      return line.move(step);
    case "questions":
    case "notes":
      show("details");
      return details.show(asked);
    case "offer":
    case "give-back":
    case "end":
      return void (current && isGoing(store, current) && wishes.act(current, asked));
    default: {
      const talk =
        asked === "longest"
          ? longestWaiting(panes.shown)
          : panes.shown[Number(asked.slice(-1)) - 1];
      show("talks");
      if (talk) panes.focus(talk.id);
    }
  }
}

/**
 * @param {import("./store.js").Store} store
 * @param {string} id
 */
function isGoing(store, id) {
  return store.talk(id)?.state === "claimed";
}
