/** Where the pointer is, and following a press until it ends. */

/** A press that moves less is a click. */
export const CLICK_PX = 4;

/**
 * The pointer's place in an element, in the element's own px: the page around may show it scaled.
 * @param {HTMLElement} within @param {MouseEvent} event
 */
export function placeIn(within, { clientX, clientY }) {
  const { left, top, width } = within.getBoundingClientRect();
  const { offsetWidth } = within;
  const rounded = Math.abs(width - offsetWidth) < 1;
  const shown = rounded ? 1 : width / offsetWidth;
  return { x: (clientX - left) / shown, y: (clientY - top) / shown };
}

/**
 * Follows a press until it ends.
 * @param {PointerEvent} down @param {(event: PointerEvent) => void} move
 * @param {(event: PointerEvent) => void} [end]
 */
export function drag(down, move, end) {
  const target = /** @type {HTMLElement} */ (down.currentTarget);
  target.setPointerCapture(down.pointerId);
  const done = (/** @type {PointerEvent} */ event) => {
    target.removeEventListener('pointermove', move);
    target.removeEventListener('pointerup', done);
    target.removeEventListener('pointercancel', done);
    end?.(event);
  };
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', done);
  target.addEventListener('pointercancel', done);
}
