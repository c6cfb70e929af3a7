/** Draws a process's lifetime, as a thin bar below its events. */

/** @typedef {import('./state.js').ViewState} ViewState */

const BAR_PX = 2;

/**
 * The part of a trace during which a process lived; null if unknown. A process that began before
 * the trace is there from the first moment; one that has not ended, to the last.
 * @param {import('../trace/types.js').Process} process @param {number} durationNs of the trace
 */
export function lifeOf({ startNs = NaN, endNs = NaN }, durationNs) {
  if (Number.isNaN(startNs) && Number.isNaN(endNs)) return null;
  return {
    fromNs: Number.isNaN(startNs) ? 0 : startNs,
    toNs: Number.isNaN(endNs) ? durationNs : endNs,
  };
}

/**
 * @param {import('./pixels.js').Pixels} pixels @param {ViewState} state @param {number} colour
 * @param {import('./layout.js').Item} item @param {number} top @param {number} clipTop
 */
export function drawLife(pixels, { trace, window, ratio }, colour, item, top, clipTop) {
  if (!trace) return;
  const life = lifeOf(trace.overview.processes[item.process], trace.overview.durationNs);
  if (!life) return;
  const scale = pixels.width / (window.toNs - window.fromNs);
  const x = (/** @type {number} */ timeNs) =>
    Math.max(-1, Math.min(pixels.width + 1, Math.round((timeNs - window.fromNs) * scale)));
  const left = x(life.fromNs);
  const bottom = Math.round((top + item.height) * ratio) - 1; // above the line between tracks
  const from = Math.max(Math.round(clipTop * ratio), bottom - Math.round(BAR_PX * ratio));
  pixels.fill(left, from, Math.max(left + 1, x(life.toNs)), bottom, colour);
}
