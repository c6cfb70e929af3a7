/**
 * Draws a collapsed process as a strip: how many of its threads were busy, and where something
 * failed.
 */
import { firstOfRow, lastStarted } from './hit.js';
import { HEADER_PX } from './layout.js';
import { busyShare } from './rows.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('../trace/types.js').Geometry} Geometry
 */

const FAILED = 1;
const HUE = 6;

/**
 * The covered share of each pixel, over all threads, of hits alone while there is a search;
 * failures in any of their rows are marked in `failed`.
 * @param {Geometry} geometry @param {import('./layout.js').Item['strip']} strip
 * @param {ViewState} state @param {number} width device px @param {Uint8Array} failed
 */
export function coverage(geometry, strip, { window, searching }, width, failed) {
  const scale = width / (window.toNs - window.fromNs);
  const offset = geometry.fromNs - window.fromNs;
  const covered = new Float32Array(width);
  /** @param {number} row @param {number} weight 0: only failures count */
  const cover = (row, weight) => {
    const first = firstOfRow(geometry, row);
    const end = firstOfRow(geometry, row + 1);
    for (let at = Math.max(first, lastStarted(geometry, first, end, -offset)); at < end; at++) {
      const left = (geometry.startNs[at] + offset) * scale;
      if (left >= width) break;
      const hasFailed = geometry.flags[at] & FAILED;
      if ((searching && geometry.hits[at] === 0) || (!weight && !hasFailed)) continue;
      const right = Math.max(
        left + 1,
        (geometry.startNs[at] + geometry.durationNs[at] + offset) * scale,
      );
      const last = Math.min(width, Math.ceil(right));
      const share = weight * busyShare(geometry, at);
      for (let x = Math.max(0, Math.floor(left)); x < last; x++) {
        covered[x] += share * Math.min(1, Math.min(right, x + 1) - Math.max(left, x));
        if (hasFailed) failed[x] = 1;
      }
    }
  };
  for (const [first, count] of strip)
    for (let at = 0; at < count; at++) cover(first + at, Number(at === 0));
  return covered;
}

/**
 * @param {import('./pixels.js').Pixels} pixels @param {ViewState} state
 * @param {import('./palette.js').Palette} palette @param {import('./layout.js').Item} item
 * @param {number} top @param {number} clipTop
 */
export function drawStrip(pixels, state, palette, item, top, clipTop) {
  const geometry = /** @type {Geometry} */ (state.geometry);
  const { ratio } = state;
  const failed = new Uint8Array(pixels.width);
  const covered = coverage(geometry, item.strip, state, pixels.width, failed);
  const bottom = Math.round((top + HEADER_PX - 1) * ratio);
  const clip = Math.round(clipTop * ratio);
  const full = (HEADER_PX - 3) * ratio;
  for (let x = 0; x < pixels.width; x++) {
    if (covered[x] === 0 && !failed[x]) continue;
    const share = Math.min(1, covered[x] / item.strip.length);
    const height = Math.max(Math.round(2 * ratio), Math.round(share * full));
    pixels.fill(x, Math.max(clip, bottom - height), x + 1, bottom, palette.hues[HUE].fill);
    const mark = Math.round(2 * ratio);
    if (failed[x])
      pixels.fill(x, Math.max(clip, bottom - mark), x + 1, bottom, palette.error.pixel);
  }
}
