/** The keyboard: what each key does. "?" shows this list. */
import { chipsOf } from './finding.js';

/** @typedef {import('./actions.js').Actions} Actions */

export const KEYS = /** @type {const} */ ([
  ['W S', 'zoom in, out'],
  ['A D', 'pan'],
  ['← →', 'previous, next event of the track'],
  ['↑ ↓', 'the event above or below at that time, across tracks'],
  ['Enter', 'zoom to the selected event or range'],
  ['F', 'fit all'],
  ['M', 'mark the time of the selected event, for statistics'],
  ['G', 'the next gap of the track: why did nothing run?'],
  ['B', 'keep the range as B, to compare the next one with it'],
  ['N', 'note at the selected event or range'],
  ['/', 'find; Enter for the next hit, Shift-Enter for the previous'],
  ['[ ]', 'back and forth along the flow of the selected event'],
  ['1 … 0', 'show or hide a category; with Alt, show only that one'],
  ['X', 'only failures'],
  ['C', 'collapse or open the current track'],
  ['P', 'pin the current track; Alt ↑ ↓ moves it among the pinned'],
  ['H', 'hide the tracks without events in the window, or show them again'],
  ['R', 'lower rows, then high ones again'],
  ['T', 'go to a thread by its name'],
  ['Space', 'pause or resume live'],
  ['End', 'jump to now'],
  ['Tab', 'next region'],
  ['Esc', 'close, then clear'],
  ['?', 'this list'],
]);

const ZOOM = 1.5;
const PAN = 0.2;

/**
 * False: there was nothing to do.
 * @type {Partial<Record<string, (actions: Actions) => unknown>>}
 */
const ACTIONS = {
  w: ({ view }) => view()?.zoomBy(ZOOM),
  s: ({ view }) => view()?.zoomBy(1 / ZOOM),
  a: ({ view }) => view()?.panBy(-PAN),
  d: ({ view }) => view()?.panBy(PAN),
  ArrowLeft: ({ step }) => step(-1),
  ArrowRight: ({ step }) => step(1),
  ArrowUp: ({ stepAcross }) => stepAcross(-1),
  ArrowDown: ({ stepAcross }) => stepAcross(1),
  Enter: ({ view }) => view()?.zoomToSelection(),
  f: ({ view }) => view()?.fit(),
  c: ({ view }) => view()?.toggleTrack('collapsed'),
  p: ({ view }) => view()?.toggleTrack('pinned'),
  h: ({ toggleIdle }) => toggleIdle(),
  r: ({ nextRowHeight }) => nextRowHeight(),
  'Alt ArrowUp': ({ view }) => view()?.movePin(-1),
  'Alt ArrowDown': ({ view }) => view()?.movePin(1),
  t: ({ chooseThread }) => chooseThread(),
  m: ({ mark }) => mark(),
  g: ({ nextGap }) => nextGap(),
  b: ({ keepForComparing }) => keepForComparing(),
  n: ({ addNote }) => addNote(),
  x: ({ toggleFailed }) => toggleFailed(),
  '[': ({ alongFlow }) => alongFlow(-1),
  ']': ({ alongFlow }) => alongFlow(1),
  '/': ({ focusFind }) => focusFind(),
  ' ': ({ pauseLive }) => pauseLive(),
  End: ({ jumpToNow }) => jumpToNow(),
  Escape: ({ clear }) => clear(),
  '?': ({ showKeys }) => showKeys(),
};

const TAKEN_BY_CONTROLS = /^( |Enter|Arrow.*|Page.*|Home|End)$/;

/**
 * Whether the focused element needs the key itself: a text field, or a button being pressed.
 * @param {KeyboardEvent} event
 */
function isTaken(event) {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  // any editable text, even elements that this page knows nothing of
  if (target.isContentEditable) return true;
  if (target.matches('input[type="checkbox"]')) return event.key === ' ';
  if (target.matches('input, textarea')) return event.key !== 'Escape';
  const control = target.closest('button, select, a[href], summary, [role="tab"], [data-keys]');
  return Boolean(control) && TAKEN_BY_CONTROLS.test(event.key);
}

const FIELD = 'input:not([type="checkbox"]), textarea';

/**
 * The field that the key leaves, so that the other keys work again: Esc any, Enter a note's text.
 * @param {KeyboardEvent} event
 */
function fieldLeft(event) {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement) || !target.matches(FIELD)) return null;
  const leaves = event.key === 'Escape' || (event.key === 'Enter' && target.matches('.notes *'));
  return leaves ? target : null;
}

/**
 * @param {import('./app.js').App} app @param {Actions} actions @param {KeyboardEvent} event
 * @returns {boolean} whether it meant something here
 */
export function pressed(app, actions, event) {
  if (event.ctrlKey || event.metaKey) return false;
  const dialog = app.find('dialog[open]'); // Esc closes it by itself
  if (dialog || event.defaultPrevented || event.isComposing) return true;
  const field = fieldLeft(event);
  if (field) app.view?.focus();
  if (isTaken(event) || (field && field.id !== 'find')) return true;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = ACTIONS[event.altKey ? `Alt ${key}` : key];
  // by its place: with Alt, or without Shift, some keyboards write something else there
  const digit = act ? undefined : /^Digit(\d)$/.exec(event.code)?.[1];
  const chip = digit ? chipsOf(app.state.trace)[(Number(digit) + 9) % 10] : undefined;
  if (chip) actions.toggleCategory(chip.name, event.altKey);
  if (!chip && (!act || act(actions) === false)) return false;
  event.preventDefault();
  return true;
}
