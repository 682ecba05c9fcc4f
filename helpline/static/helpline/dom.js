// @ts-check
/**
 * Small hands for the page: find, clone, fill. Text goes in as text, never as HTML.
 */

/**
 * The one element that must be there.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement}
 */
export function one(selector, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`not on this page: ${selector}`);
  return found;
}

/**
 * All elements that match, perhaps none.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement[]}
 */
export function all(selector, root = document) {
  return /** @type {HTMLElement[]} */ (Array.from(root.querySelectorAll(selector)));
}

/**
 * A fresh copy of the first element in `<template data-template="name">`.
 * @param {string} name
 * @returns {HTMLElement}
 */
export function clone(name) {
  const template = document.querySelector(`template[data-template="${name}"]`);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`no template: ${name}`);
  const first = template.content.firstElementChild;
  if (!first) throw new Error(`empty template: ${name}`);
  return /** @type {HTMLElement} */ (document.importNode(first, true));
}

/**
 * Show `text` in `element`, untouched when it already stands there (a screen
 * reader would say it again).
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Put values in the {holes} of a sentence from the page.
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (hole, name) =>
    name in values ? String(values[name]) : hole,
  );
}

/**
 * Hours and minutes on this device's clock.
 * @param {string | number | Date} moment
 * @returns {string}
 */
export function clockTime(moment) {
  const at = new Date(moment);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * A random UUID (version 4), also where crypto.randomUUID does not exist.
 * @returns {string}
 */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes.set([((bytes[6] || 0) & 0x0f) | 0x40, bytes[7] || 0, ((bytes[8] || 0) & 0x3f) | 0x80], 6);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
