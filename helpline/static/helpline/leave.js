// @ts-check
/**
 * Out of here: cover first, tell the server while going, and leave nothing
 * that "back" could show. Works when the server hangs and when it is away.
 * It imports nothing, so that it is there before anything else.
 */

const SHIFTS = 3;
const SHIFTS_WITHIN = 2000;

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-leave]"));
/** @type {(() => void)[]} */
const stops = [];
let leaving = false;
let shifts = 0;
let firstShift = 0;

/**
 * Call `stop` when the page goes away, so that nothing comes in any more.
 * @param {() => void} stop
 */
export function beforeLeaving(stop) {
  stops.push(stop);
}

/** Leave now. */
export function leave() {
  if (leaving) return;
  leaving = true;
  const fields = new URLSearchParams({ do: "leave" });
  const token = form.elements.namedItem("csrfmiddlewaretoken");
  if (token instanceof HTMLInputElement) fields.set("csrfmiddlewaretoken", token.value);
  wipe();
  tellServer(fields);
  location.replace(form.dataset.leave || "about:blank");
}

/** Empty the page. */
function wipe() {
  document.body.textContent = "";
  for (const stop of stops.splice(0)) stop();
}

/** @param {URLSearchParams} fields */
function tellServer(fields) {
  const request = { method: "POST", body: fields, keepalive: true, redirect: "manual" };
  try {
    fetch("/", /** @type {RequestInit} */ (request)).catch(() => navigator.sendBeacon("/", fields));
  } catch {
    navigator.sendBeacon("/", fields);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  leave();
});

addEventListener("keydown", (event) => {
  if (event.key !== "Shift") shifts = 0;
  if (event.key !== "Shift" || event.repeat) return;
  if (Date.now() - firstShift > SHIFTS_WITHIN) shifts = 0;
  if (shifts === 0) firstShift = Date.now();
  shifts += 1;
  if (shifts === SHIFTS) leave();
});

// Whoever comes back to this page finds the state of now, not what stood here.
addEventListener("pagehide", wipe);
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace("/");
});
