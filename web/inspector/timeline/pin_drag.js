/** Reorders pinned tracks: one is dragged among the others, or moved by a key. */
import { drag, placeIn } from './dragging.js';

/**
 * @typedef {import('./timeline_view.js').TimelineView} View
 * @typedef {import('./state.js').ViewState} ViewState
 */

/**
 * Moves one element to a place among the others. Pure.
 * @param {Iterable<number>} order @param {number} one @param {number} at
 */
export function movedTo(order, one, at) {
  const others = [...order].filter((each) => each !== one);
  return others.toSpliced(Math.max(0, at), 0, one);
}

/**
 * @param {View} view @param {HTMLElement} pins @param {ViewState} state @param {number} track
 * @param {PointerEvent} down
 */
export function dragPin(view, pins, state, track, down) {
  if (down.button !== 0) return;
  drag(down, (event) => {
    const { y } = placeIn(pins, event);
    const others = state.layout.pinned.filter(({ index }) => index !== track);
    const at = others.filter(({ top, height }) => top + height / 2 < y).length;
    view.orderPins(movedTo(state.pinned, track, at));
  });
}
