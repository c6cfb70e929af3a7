/** Draws the minimap: event density by category, hits, losses, notes, and the window. */
import { drawLosses } from './overlay.js';
import { formatTime } from './format.js';
import { fitWindow, nsPerPx, timeToPx } from './scale.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('./state.js').Density} Density
 * @typedef {import('./surface.js').Surface} Surface
 */

const HEIGHT_PX = 47;
const HANDLE_PX = 12;
const NOTE_PX = 4;
const FADED = 0.25; // events that are no hits
const HIT_LEAST_PX = 8; // a single one is seen

/**
 * The value of a full-height bucket: nearly all are lower, so that one peak does not flatten the
 * rest.
 * @param {Float64Array} totals
 */
function fullScale(totals) {
  const sorted = Float64Array.from(totals).sort();
  return Math.max(
    1,
    Math.min(sorted[sorted.length - 1], sorted[Math.floor(sorted.length * 0.98)] * 1.5),
  );
}

/** @param {Density} density @param {Uint32Array} counts */
function totalsOf({ buckets, categories }, counts) {
  const totals = new Float64Array(buckets);
  counts.forEach((count, at) => (totals[Math.floor(at / categories)] += count));
  return totals;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Density} density
 * @param {Uint32Array} counts of its buckets and categories
 * @param {number} x of the first bucket @param {number} step width of a bucket
 * @param {number} leastPx height of a bar
 * @param {(category: number) => string} colourOf
 */
function drawBars(context, density, counts, x, step, leastPx, colourOf) {
  const { buckets, categories } = density;
  const totals = totalsOf(density, counts);
  const full = fullScale(totals);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const high = Math.max(leastPx, Math.min(1, totals[bucket] / full) * (HEIGHT_PX - 3));
    const left = Math.floor(x + bucket * step);
    const right = Math.max(left + 1, Math.floor(x + (bucket + 1) * step));
    let y = HEIGHT_PX;
    for (let category = 0; category < categories && totals[bucket] > 0; category++) {
      const count = counts[bucket * categories + category];
      if (count === 0) continue;
      const height = (count / totals[bucket]) * high;
      context.fillStyle = colourOf(category);
      context.fillRect(left, y - height, right - left, height);
      y -= height;
    }
  }
}

/**
 * @param {Surface} surface @param {ViewState} state @param {import('./palette.js').Palette} palette
 */
export function drawMinimap({ minimapContext: context, minimapPx: width }, state, palette) {
  const { density, trace, ratio, limits, notes } = state;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT_PX + 1);
  if (!trace || !density) return;
  const window = fitWindow(limits);
  const x = timeToPx(window, width, density.fromNs);
  const step = (density.toNs - density.fromNs) / density.buckets / nsPerPx(window, width);
  const colourOf = (/** @type {number} */ category) =>
    palette.hues[trace.overview.categories[category]?.hue ?? 0].css;
  if (density.hits) context.globalAlpha = FADED;
  drawBars(context, density, density.counts, x, step, 1, colourOf);
  context.globalAlpha = 1;
  if (density.hits) drawBars(context, density, density.hits, x, step, HIT_LEAST_PX, colourOf);
  drawLosses(context, { trace, window, widthPx: width, heightPx: HEIGHT_PX }, palette);
  context.fillStyle = palette.accent.css;
  for (const { fromNs, toNs } of notes) {
    const left = timeToPx(window, width, fromNs);
    context.fillRect(left, 0, Math.max(2, timeToPx(window, width, toNs) - left), NOTE_PX);
  }
}

/** Places the window's handles. @param {Surface} surface @param {ViewState} state */
export function placeHandles(surface, { window, limits, trace }) {
  const { minimapPx: width, view, shades, handles } = surface;
  const all = fitWindow(limits);
  const left = Math.max(0, timeToPx(all, width, window.fromNs));
  const right = Math.min(width, timeToPx(all, width, window.toNs));
  shades[0].style.cssText = `left:0;width:${left}px`;
  shades[1].style.cssText = `right:0;width:${Math.max(0, width - right)}px`;
  view.style.cssText = `left:${left}px;width:${Math.max(1, right - left)}px`;
  handles[0].style.left = `${Math.max(0, left - HANDLE_PX / 2)}px`;
  handles[1].style.left = `${Math.min(width - HANDLE_PX, right - HANDLE_PX / 2)}px`;
  const times = [window.fromNs, window.toNs];
  handles.forEach((handle, at) => {
    handle.hidden = !trace;
    handle.setAttribute('aria-valuemin', String(Math.round(all.fromNs / 1e3)));
    handle.setAttribute('aria-valuemax', String(Math.round(all.toNs / 1e3)));
    handle.setAttribute('aria-valuenow', String(Math.round(times[at] / 1e3)));
    handle.setAttribute('aria-valuetext', formatTime(times[at], nsPerPx(window, width)));
  });
}
