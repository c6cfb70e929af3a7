/** The keyboard: which key does what. The list is what "?" shows. */

import { chipsOf } from './finding.js';

/** @typedef {import('./inspector.js').Inspector} Inspector */

export const KEYS = /** @type {const} */ ([
  ['W S', 'zoom in, out'], ['A D', 'pan'], ['← →', 'previous, next event of the track'], ['↑ ↓', 'the event above or below at that time, across tracks'], ['Enter', 'zoom to the selected event or range'],
  ['F', 'fit all'], ['C', 'collapse or open the current track'], ['P', 'pin the current track'], ['M', 'mark the time of the selected event, for statistics'], ['/', 'find; Enter for the next hit, Shift-Enter for the previous'], ['1 … 0', 'show or hide a category; with Alt, show only that one'],
  ['Space', 'pause or resume live'], ['Tab', 'next region'], ['Esc', 'close, then clear'], ['?', 'this list'],
]);

const ZOOM = 1.5, PAN = 0.2;

/** @type {Record<string, (page: Inspector) => void>} */
const ACTIONS = {
  w: (page) => page.view?.zoomBy(ZOOM), s: (page) => page.view?.zoomBy(1 / ZOOM), a: (page) => page.view?.panBy(-PAN), d: (page) => page.view?.panBy(PAN),
  ArrowLeft: (page) => page.step(-1), ArrowRight: (page) => page.step(1), ArrowUp: (page) => page.stepAcross(-1), ArrowDown: (page) => page.stepAcross(1),
  Enter: (page) => page.view?.zoomToSelection(), f: (page) => page.view?.fit(), c: (page) => page.view?.toggleTrack('collapsed'), p: (page) => page.view?.toggleTrack('pinned'), m: (page) => page.mark(), '/': (page) => page.focusFind(),
  ' ': (page) => page.pauseLive(), Escape: (page) => page.clear(), '?': (page) => page.showKeys(),
};

/** Whether the key is for what has the focus: text being typed, a button being pressed. @param {KeyboardEvent} event */
function isTaken(event) {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true; // somebody writes, even what this page knows nothing of
  if (target.matches('input, select, textarea')) return event.key !== 'Escape';
  const control = target.closest('button, [role="tab"], [data-keys]');
  return Boolean(control) && /^( |Enter|Arrow.*|Page.*|Home|End)$/.test(event.key);
}

/** @param {Inspector} page @param {KeyboardEvent} event */
export function pressed(page, event) {
  const dialog = page.renderRoot.querySelector('dialog[open]'); // which Esc closes by itself
  if (dialog || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || isTaken(event)) return;
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const category = digit ? chipsOf(page)[(Number(digit) + 9) % 10] : undefined;
  if (category) page.toggleCategory(category.name, event.altKey);
  const act = digit || event.altKey ? undefined : ACTIONS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!digit && !act) return;
  event.preventDefault();
  act?.(page);
}
