/**
 * Dragging a range of time: a new one from where the press began, or an edge of the present one.
 */
import { CLICK_PX, drag, placeIn } from './dragging.js';
import { pxToTime, timeToPx } from './scale.js';

/**
 * @typedef {import('./timeline_view.js').TimelineView} View
 * @typedef {import('./state.js').ViewState} ViewState
 */

const EDGE_PX = 4;
const FINGER_PX = 12;

/**
 * The edge of the range at a position: 0 its beginning, 1 its end, -1 neither. Pure.
 * @param {Pick<ViewState, 'range' | 'window' | 'widthPx'>} state @param {number} x
 * @param {boolean} [finger]
 */
export function edgeAt({ range, window, widthPx }, x, finger = false) {
  if (!range) return -1;
  const apart = [range.fromNs, range.toNs].map((ns) => Math.abs(timeToPx(window, widthPx, ns) - x));
  const nearest = apart[1] <= apart[0] ? 1 : 0;
  return apart[nearest] <= (finger ? FINGER_PX : EDGE_PX) ? nearest : -1;
}

/** @param {HTMLElement} within @param {ViewState} state @param {PointerEvent} down */
export const edgeUnder = (within, state, down) =>
  edgeAt(state, placeIn(within, down).x, down.pointerType === 'touch');

/**
 * Clips a time to the trace: nothing beyond its ends can be selected.
 * @param {number} ns @param {ViewState['limits']} limits
 */
const timeWithin = (ns, { beginNs, durationNs }) => Math.min(Math.max(beginNs, ns), durationNs);

/** @param {number} one @param {number} other */
function rangeBetween(one, other) {
  const fromNs = Math.min(one, other);
  return { fromNs, toNs: Math.max(one, other, fromNs + 1) };
}

/**
 * @param {View} view @param {HTMLElement} within @param {ViewState} state
 * @param {PointerEvent} down @param {number} edge from edgeAt()
 */
export function dragRange(view, within, state, down, edge) {
  const { range } = state;
  const compares = down.altKey && range !== null && edge < 0;
  const at = (/** @type {PointerEvent} */ event) =>
    timeWithin(pxToTime(state.window, state.widthPx, placeIn(within, event).x), state.limits);
  const fixed = !range || edge < 0 ? at(down) : edge === 0 ? range.toNs : range.fromNs;
  let moved = false; // a drag that returns to its start is still a drag
  drag(
    down,
    (event) => {
      moved ||= Math.abs(event.clientX - down.clientX) >= CLICK_PX;
      if (!moved) return;
      const dragged = rangeBetween(fixed, at(event));
      if (compares) view.setOther(dragged);
      else view.setSelection(dragged);
    },
    () => {
      if (!moved && (edge >= 0 || compares)) return; // a click changes nothing
      if (compares) return view.send('other', state.other);
      if (!moved) view.setSelection(null);
      view.send('range', view.selection);
    },
  );
}
