/** Scheduler ticks over time, with the line that a 60 Hz frame must stay below. Pure. */
import { html, svg } from 'lit';
import { formatCount, formatDuration, formatNumber } from '../timeline/format.js';

const FRAME_NS = 16e6;
const SERIES_POINTS = 20_000; // more are thinned
const WIDTH = 320;
const HEIGHT = 80;

/** @typedef {Pick<import('../trace/types.js').Overview, 'beginNs' | 'durationNs'>} Times */

/** The name of tick events, or -1. @param {import('../trace/types.js').Overview} overview */
export const tickName = ({ names }) =>
  names.findIndex((name) => name === 'tick' || name === 'scheduler tick');

/**
 * The maximum per pixel, so that no long tick is lost.
 * @param {Float64Array} startNs @param {Float64Array} values @param {Times} times
 */
export function greatestByPixel(startNs, values, { beginNs, durationNs }) {
  const greatest = new Float64Array(WIDTH);
  startNs.forEach((start, at) => {
    const x = Math.min(WIDTH - 1, Math.floor(((start - beginNs) / (durationNs - beginNs)) * WIDTH));
    greatest[x] = Math.max(greatest[x], values[at]);
  });
  return greatest;
}

/**
 * @param {{ startNs: Float64Array, values: Float64Array }} series durations
 * @param {Times} times of the trace
 */
export function renderTicks({ startNs, values }, times) {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const scale = HEIGHT / Math.max(most, FRAME_NS * 1.25);
  const over = values.filter((ns) => ns > FRAME_NS).length;
  const bars = [...greatestByPixel(startNs, values, times)]
    .map((ns, x) => (ns > 0 ? `M${x + 0.5} ${HEIGHT} v${-Math.max(1, ns * scale)}` : ''))
    .join(' ');
  const frame = HEIGHT - FRAME_NS * scale;
  const thinned = values.length >= SERIES_POINTS; // the longest are there, but not all
  const longest = `${formatNumber(values.length, 'tick')}, the longest ${formatDuration(most)}`;
  const counts = `${longest}; ${formatCount(over)} over 16 ms`;
  const words = thinned ? `the longest ${formatDuration(most)}` : counts;
  return html`<section class="card ticks" aria-label="Scheduler ticks">
    <h2>Scheduler ticks</h2>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${words}>
      <path d=${bars}></path>
      ${svg`<path class="frame" d=${`M0 ${frame} H${WIDTH}`}></path>
        <text x="2" y=${frame - 3}>16 ms</text>`}
    </svg>
    <p class="quiet">${words}</p>
  </section>`;
}
