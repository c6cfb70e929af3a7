/** Draws the minimap: event density by category, losses, and the window. */
import { eachLoss } from './losses.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('./surface.js').Surface} Surface
 */

const HEIGHT_PX = 47;
const HANDLE_PX = 12;

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

/** @param {import('./state.js').Density} density */
function totalsOf({ buckets, categories, counts }) {
  const totals = new Float64Array(buckets);
  for (let bucket = 0; bucket < buckets; bucket++)
    for (let category = 0; category < categories; category++)
      totals[bucket] += counts[bucket * categories + category];
  return totals;
}

/**
 * @param {Surface} surface @param {ViewState} state @param {import('./palette.js').Palette} palette
 */
export function drawMinimap({ minimapContext: context, minimap }, state, palette) {
  const { density, trace, ratio, limits } = state;
  const width = minimap.clientWidth;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, HEIGHT_PX + 1);
  if (!trace || !density) return;
  const totals = totalsOf(density),
    full = fullScale(totals);
  const step = (width / density.buckets) * (density.durationNs / limits.durationNs);
  for (let bucket = 0; bucket < density.buckets; bucket++) {
    let y = HEIGHT_PX;
    for (let category = 0; category < density.categories && totals[bucket] > 0; category++) {
      const count = density.counts[bucket * density.categories + category];
      if (count === 0) continue;
      const height =
        (count / totals[bucket]) *
        Math.max(1, Math.min(1, totals[bucket] / full) * (HEIGHT_PX - 3));
      context.fillStyle = palette.hues[trace.overview.categories[category]?.hue ?? 0].css;
      context.fillRect(bucket * step, y - height, Math.max(step, 1), height);
      y -= height;
    }
  }
  context.fillStyle = palette.loss.css;
  eachLoss(trace.overview, (loss) =>
    context.fillRect(
      (loss.startNs / limits.durationNs) * width,
      0,
      Math.max(4, ((loss.endNs - loss.startNs) / limits.durationNs) * width),
      4,
    ),
  );
}

/** Places the window's handles. @param {Surface} surface @param {ViewState} state */
export function placeHandles({ minimap, view, shades, handles }, { window, limits, trace }) {
  const width = minimap.clientWidth;
  const left = Math.max(0, (window.fromNs / limits.durationNs) * width);
  const right = Math.min(width, (window.toNs / limits.durationNs) * width);
  shades[0].style.cssText = `left:0;width:${left}px`;
  shades[1].style.cssText = `right:0;width:${Math.max(0, width - right)}px`;
  view.style.cssText = `left:${left}px;width:${Math.max(1, right - left)}px`;
  handles[0].style.left = `${Math.max(0, left - HANDLE_PX / 2)}px`;
  handles[1].style.left = `${Math.min(width - HANDLE_PX, right - HANDLE_PX / 2)}px`;
  const times = [window.fromNs, window.toNs];
  handles.forEach((handle, at) => {
    handle.hidden = !trace;
    handle.setAttribute('aria-valuemin', '0');
    handle.setAttribute('aria-valuemax', String(Math.round(limits.durationNs / 1e3)));
    handle.setAttribute('aria-valuenow', String(Math.round(times[at] / 1e3)));
    handle.setAttribute('aria-valuetext', `${(times[at] / 1e6).toFixed(3)} ms`);
  });
}
