/**
 * The rows of threads: which one is at a height, and where one is drawn. Instants within spans are
 * ticks that hang into the spans' row. Pure.
 */
import { itemAt } from './layout.js';

/** @typedef {import('./layout.js').Layout} Layout @typedef {import('./layout.js').Item} Item */

/**
 * The share of a run's time in which an event runs; 1 if none has a duration.
 * @param {import('../trace/types.js').Geometry} geometry @param {number} at
 */
export function busyShare({ merged, busyNs, durationNs }, at) {
  if (merged[at] === 1 || busyNs[at] === 0 || durationNs[at] === 0) return 1;
  return Math.min(1, busyNs[at] / durationNs[at]);
}

/** How far ticks hang into their row. @param {number} rowPx */
export const tickPx = (rowPx) => Math.max(1, Math.round(rowPx * 0.3));

/**
 * The rows of a thread at a height; over ticks, their row comes first.
 * @param {Layout} layout @param {number} scrollPx @param {number} y @returns {number[]}
 */
export function rowsAt(layout, scrollPx, y) {
  const found = itemAt(layout, scrollPx, y);
  if (!found || found.item.kind !== 'thread') return [];
  const { rowPx } = layout;
  const { rows, firstRow, ticks, firstTick } = found.item;
  const row = Math.floor((y - found.topPx) / rowPx);
  const amongTicks = row < ticks && y - found.topPx - row * rowPx <= tickPx(rowPx) + 1;
  return row < rows ? [...(amongTicks ? [firstTick + row] : []), firstRow + row] : [];
}

/**
 * How many rows below its item's top a row is drawn, or -1.
 * @param {Item} item @param {number} row
 */
export function placeOfRow({ kind, firstRow, rows, firstTick, ticks }, row) {
  if (kind !== 'thread') return -1;
  if (row >= firstTick && row < firstTick + ticks) return row - firstTick;
  return row >= firstRow && row < firstRow + rows ? row - firstRow : -1;
}
