/** Follows a press of the pointer until it ends. */

/** A press that moves less is a click. */
export const CLICK_PX = 4;

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
