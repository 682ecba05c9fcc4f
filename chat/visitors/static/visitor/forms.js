// @ts-check
/**
 * Send forms without growing the browser's history: the page asks, and then
 * takes its own place. A refusal is told on the page as it is.
 */

import { one, write } from "../helpline/dom.js";

/** @type {HTMLButtonElement | null} the button that was used last, for browsers without `submitter` */
let pressed = null;

addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("button") : null;
  if (target) pressed = target;
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-quiet")) return;
  event.preventDefault();
  if (!form.hasAttribute("aria-busy")) send(form, event.submitter || pressed);
});

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 */
async function send(form, button) {
  const notice = one("[data-refusal]");
  const fields = new FormData(form);
  if (button instanceof HTMLButtonElement && button.name) fields.append(button.name, button.value);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch("/", {
      method: "POST",
      body: fields,
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
    if (answer.type === "opaqueredirect" || answer.ok) return location.replace("/");
    tell(notice, (await answer.json()).sentence);
  } catch {
    tell(notice, notice.dataset.offline || "");
  }
  form.removeAttribute("aria-busy");
}

/**
 * @param {HTMLElement} notice
 * @param {string} words
 */
function tell(notice, words) {
  write(one("[data-sentence]", notice), words);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
}
