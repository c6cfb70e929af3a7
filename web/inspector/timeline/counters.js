/** Draws counters: steps between the minimum and maximum, with a line at zero. */
import { COUNTER_PX, GAP_PX, ROW_PX } from './layout.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('../trace/types.js').CounterGeometry} CounterGeometry
 */

const HUE = 6;

/** Zero is always visible. @param {CounterGeometry} counter */
export function rangeOf({ low, high }) {
  const bottom = Math.min(0, low);
  return { bottom, span: Math.max(high, 0) - bottom || 1 };
}

/**
 * The index of the sample in effect at a pixel, or -1.
 * @param {CounterGeometry} counter @param {number} pixel of the geometry
 */
export function sampleAt({ x }, pixel) {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] > pixel) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/**
 * A counter's value at a time, or null if unknown.
 * @param {ViewState} state @param {number} track @param {number} timeNs @returns {number | null}
 */
export function counterValue({ geometry }, track, timeNs) {
  const counter = geometry?.counters.find((each) => each.track === track);
  if (!geometry || !counter) return null;
  const { fromNs, toNs, widthPx } = geometry;
  const at = sampleAt(counter, ((timeNs - fromNs) / (toNs - fromNs)) * widthPx);
  return at < 0 ? null : counter.last[at];
}

/**
 * @param {import('./pixels.js').Pixels} pixels @param {ViewState} state
 * @param {import('./palette.js').Palette} palette @param {import('./layout.js').Item} item
 * @param {number} top @param {number} clipTop
 */
export function drawCounter(pixels, state, palette, item, top, clipTop) {
  const geometry = /** @type {import('../trace/types.js').Geometry} */ (state.geometry);
  const counter = geometry.counters.find(({ track }) => track === item.index);
  if (!counter) return;
  const { window, widthPx, ratio } = state;
  const height = (item.collapsed ? ROW_PX : COUNTER_PX) - 2;
  const { bottom, span } = rangeOf(counter);
  const yOf = (/** @type {number} */ value) =>
    Math.round((top + GAP_PX / 2 + height - ((value - bottom) / span) * height) * ratio);
  const nsOfPixel = (geometry.toNs - geometry.fromNs) / geometry.widthPx;
  const pxOfNs = (widthPx * ratio) / (window.toNs - window.fromNs);
  const xOf = (/** @type {number} */ pixel) =>
    Math.round((geometry.fromNs + pixel * nsOfPixel - window.fromNs) * pxOfNs);
  const clip = Math.round(clipTop * ratio);
  const zero = yOf(0);
  const thick = Math.max(1, Math.round(ratio));
  const { faded, fill: line } = palette.hues[HUE];
  const fill = (
    /** @type {number} */ left,
    /** @type {number} */ y,
    /** @type {number} */ right,
    /** @type {number} */ to,
    /** @type {number} */ colour,
  ) => pixels.fill(left, Math.max(Math.min(y, to), clip), right, Math.max(y, to, clip), colour);
  for (let at = 0; at < counter.x.length; at++) {
    const left = xOf(counter.x[at]);
    const right = at + 1 < counter.x.length ? xOf(counter.x[at + 1]) : pixels.width;
    if (right < 0 || left > pixels.width) continue;
    const y = yOf(counter.last[at]);
    fill(left, y, Math.max(right, left + 1), zero, faded);
    fill(left, y, Math.max(right, left + 1), y + thick, line);
    fill(left, yOf(counter.max[at]), left + 1, yOf(counter.min[at]), line);
  }
  if (bottom < 0) fill(0, zero, pixels.width, zero + thick, palette.muted.pixel);
}
