/**
 * A row of buttons that is one Tab stop: arrows move between the buttons, and Tab returns to the
 * last one used.
 */

const STEPS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
});

/** @param {Event} event @returns {HTMLButtonElement[]} */
const buttonsOf = ({ currentTarget }) => [
  .../** @type {HTMLElement} */ (currentTarget).querySelectorAll(
    /** @type {'button'} */ (':scope > button:not(:disabled)'),
  ),
];

/** @param {KeyboardEvent} event */
export function rove(event) {
  const buttons = buttonsOf(event),
    at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target)),
    step = STEPS[event.key];
  if (at < 0 || step === undefined) return;
  event.preventDefault();
  buttons[Math.min(Math.max(0, at + step), buttons.length - 1)].focus();
}

/** The focused button becomes the Tab stop. @param {FocusEvent} event */
export function stops(event) {
  const buttons = buttonsOf(event);
  if (!buttons.some((button) => button === event.target)) return; // a button of a menu
  for (const button of buttons) button.tabIndex = button === event.target ? 0 : -1;
}
