/**
 * Finds the item under the pointer by binary search in the geometry's columns, without asking the
 * worker. Pure.
 */

import { rowsAt } from './rows.js';
import { nsPerPx, pxToTime } from './scale.js';

/** @typedef {import('../trace/types.js').Geometry} Geometry */

const NEAR_PX = 4;

/** The rectangle under the pointer, or -1. @param {import('./state.js').ViewState} state */
export function rectUnder({ geometry, pointer, layout, scrollPx, window, widthPx }) {
  if (!geometry || !pointer) return -1;
  const timeNs = pxToTime(window, widthPx, pointer.x);
  const nearNs = nsPerPx(window, widthPx) * NEAR_PX;
  const found = rowsAt(layout, scrollPx, pointer.y).map((row) =>
    rectAt(geometry, row, timeNs, nearNs),
  );
  return found.find((at) => at >= 0) ?? -1;
}

/** The first rectangle with at least this row. @param {Geometry} geometry @param {number} row */
export function firstOfRow(geometry, row) {
  let low = 0;
  let high = geometry.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (geometry.row[middle] >= row) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The last rectangle in [first, end) that starts no later than sinceNs, or first - 1.
 * @param {Geometry} geometry @param {number} first @param {number} end @param {number} sinceNs
 */
export function lastStarted(geometry, first, end, sinceNs) {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (geometry.startNs[middle] > sinceNs) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/**
 * The rectangle of a row at a time, else the nearest one within a tolerance, else -1.
 * @param {Geometry} geometry @param {number} row @param {number} timeNs @param {number} toleranceNs
 */
export function rectAt(geometry, row, timeNs, toleranceNs) {
  const first = firstOfRow(geometry, row);
  const end = firstOfRow(geometry, row + 1);
  const since = timeNs - geometry.fromNs;
  const at = lastStarted(geometry, first, end, since);
  if (at >= first && since <= geometry.startNs[at] + geometry.durationNs[at]) return at;
  const before = at >= first ? since - geometry.startNs[at] - geometry.durationNs[at] : Infinity;
  const after = at + 1 < end ? geometry.startNs[at + 1] - since : Infinity;
  if (Math.min(before, after) > toleranceNs) return -1;
  return before <= after ? at : at + 1;
}
