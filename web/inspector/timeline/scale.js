/**
 * The horizontal axis: which time is at which pixel, and how zooming and panning change a window.
 * Pure.
 *
 *       fromNs                              toNs
 *         ├──────────── window ───────────────┤      ns_per_px = (toNs - fromNs) / widthPx
 *         0 px                             widthPx
 *
 * @typedef {{ fromNs: number, toNs: number }} TimeWindow
 * @typedef {{ beginNs: number, durationNs: number, minSpanNs: number }} Limits of what is
 *   visible: the first event's beginning, the trace's end, and the smallest window
 */

/** The smallest window: nothing to see below this. */
const LEAST_SPAN_NS = 100;
/** The share of a window that may lie outside the trace, so that its ends can be centred. */
const OVERSCROLL = 0.5;

/**
 * @param {{ beginNs: number, durationNs: number, resolutionNs: number }} overview
 * @returns {Limits}
 */
export function limitsOf({ beginNs, durationNs, resolutionNs }) {
  return {
    beginNs,
    durationNs: Math.max(durationNs, beginNs + LEAST_SPAN_NS),
    minSpanNs: Math.max(LEAST_SPAN_NS, 4 * resolutionNs),
  };
}

/** @param {TimeWindow} window @param {number} widthPx */
export function nsPerPx(window, widthPx) {
  return (window.toNs - window.fromNs) / widthPx;
}

/** @param {TimeWindow} window @param {number} widthPx @param {number} timeNs */
export function timeToPx(window, widthPx, timeNs) {
  return ((timeNs - window.fromNs) / (window.toNs - window.fromNs)) * widthPx;
}

/** @param {TimeWindow} window @param {number} widthPx @param {number} x */
export function pxToTime(window, widthPx, x) {
  return window.fromNs + (x / widthPx) * (window.toNs - window.fromNs);
}

/** The length of the largest window. @param {Limits} limits */
function mostOf({ beginNs, durationNs, minSpanNs }) {
  return Math.max(durationNs - beginNs, minSpanNs);
}

/** The whole trace. @param {Limits} limits @returns {TimeWindow} */
export function fitWindow(limits) {
  return { fromNs: limits.beginNs, toNs: limits.beginNs + mostOf(limits) };
}

/**
 * The closest allowed window, with the same span if possible.
 * @param {TimeWindow} window @param {Limits} limits @returns {TimeWindow}
 */
export function clampWindow(window, limits) {
  const most = mostOf(limits);
  const span = Math.min(Math.max(window.toNs - window.fromNs, limits.minSpanNs), most);
  if (span === most) return fitWindow(limits);
  const middle = (window.fromNs + window.toNs) / 2;
  const wanted = span === window.toNs - window.fromNs ? window.fromNs : middle - span / 2;
  const fromNs = Math.min(
    Math.max(wanted, limits.beginNs - OVERSCROLL * span),
    limits.durationNs - (1 - OVERSCROLL) * span,
  );
  return { fromNs, toNs: fromNs + span };
}

/**
 * Zooms in (factor > 1) or out; the time stays at its pixel, unless an end of the trace is in the
 * way.
 * @param {TimeWindow} window @param {Limits} limits @param {number} factor @param {number} timeNs
 * @returns {TimeWindow}
 */
export function zoomAbout(window, limits, factor, timeNs) {
  const span = window.toNs - window.fromNs;
  const most = mostOf(limits);
  const next = Math.min(Math.max(span / factor, limits.minSpanNs), most);
  const fromNs = timeNs - ((timeNs - window.fromNs) / span) * next;
  return clampWindow({ fromNs, toNs: fromNs + next }, limits);
}

/**
 * @param {TimeWindow} window @param {Limits} limits @param {number} deltaNs @returns {TimeWindow}
 */
export function panBy(window, limits, deltaNs) {
  return clampWindow({ fromNs: window.fromNs + deltaNs, toNs: window.toNs + deltaNs }, limits);
}

/**
 * A window with the span in its middle and some context around it.
 * @param {number} startNs @param {number} durationNs @param {Limits} limits
 */
export function windowAround(startNs, durationNs, limits) {
  const margin = durationNs * 0.1;
  const half = Math.max(durationNs / 2 + margin, limits.minSpanNs * 2);
  const middle = startNs + durationNs / 2;
  return clampWindow({ fromNs: middle - half, toNs: middle + half }, limits);
}
