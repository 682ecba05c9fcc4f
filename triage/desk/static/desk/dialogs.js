// @ts-check
/** Questions in a dialog. The browser keeps the focus inside and gives it back. */

import { all, one } from "../helpline/dom.js";

/**
 * @param {string} name
 * @returns {HTMLDialogElement}
 */
function dialog(name) {
  return /** @type {HTMLDialogElement} */ (one(`[data-dialog="${name}"]`));
}

/** Whether some dialog is open now. */
export function isAsking() {
  return document.querySelector("dialog[open]") !== null;
}

/**
 * Ask; resolves to whether the answer was yes. Escape is no.
 * @param {string} name
 * @param {{draft?: boolean}} [about] whether unsent text would be lost
 * @returns {Promise<boolean>}
 */
export function ask(name, { draft = false } = {}) {
  const asked = dialog(name);
  if (asked.open) return Promise.resolve(false);
  for (const lost of all("[data-draft-lost]", asked)) lost.hidden = !draft;
  asked.returnValue = "no";
  asked.showModal();
  return new Promise((resolve) => {
    asked.addEventListener("close", () => resolve(asked.returnValue === "yes"), { once: true });
  });
}

/** Show the overview of keys. */
export function showKeys() {
  if (!isAsking()) dialog("keys").showModal();
}
