/** A range of time: its edges, which can be typed, and its contents. */
import { html, nothing } from 'lit';
import { formatDuration, formatNumber, formatTime } from '../timeline/format.js';

/** @typedef {import('../element/state.js').Range} Range */

const UNITS_NS = /** @type {Record<string, number>} */ ({
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
});

/**
 * "1.2 s", "1200ms" or, in seconds, "1.2"; null: not a time.
 * @param {string} text @returns {number | null} ns
 */
export function parseTime(text) {
  const [, number, unit = 's'] =
    /^\s*([\d\s,.\u2009]+?)\s*(ns|us|µs|μs|ms|s|min|h)?\s*$/.exec(text) ?? [];
  const value = Number((number ?? '').replaceAll(/[\s\u2009]/g, '').replace(',', '.') || NaN);
  return Number.isFinite(value) ? value * UNITS_NS[unit] : null;
}

/** @param {string} label @param {number} ns @param {(ns: number) => void} onTime */
function edge(label, ns, onTime) {
  const typed = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const time = parseTime(input.value);
    input.setAttribute('aria-invalid', String(time === null));
    if (time !== null) onTime(time);
  };
  const text = (ns / 1e9).toFixed(9).replace(/0+$/, '').replace(/\.$/, '');
  return html`<label
    >${label} <input class="time" inputmode="decimal" .value=${`${text} s`} @change=${typed}
  /></label>`;
}

/** @param {Range} other the second range */
export const wordsOfB = ({ fromNs, toNs }) =>
  `B: ${formatDuration(toNs - fromNs)} from ${formatTime(fromNs, 1e3)}`;

/**
 * @param {{ range: Range, other: Range | null, count: number | undefined, gap: unknown, table:
 *   unknown }} given
 * @param {object} on
 * @param {(range: Range) => void} on.range
 * @param {() => void} on.zoom
 * @param {() => void} on.note
 * @param {() => void} on.compare
 * @param {(() => void) | null} on.save
 * @param {() => void} on.clear
 */
export function renderRange({ range, other, count, gap, table }, on) {
  const { fromNs, toNs } = range;
  const set = (/** @type {number} */ from, /** @type {number} */ to) =>
    on.range({ fromNs: Math.min(from, to), toNs: Math.max(from, to, Math.min(from, to) + 1) });
  return html`<div class="bar">
      <b>${formatDuration(toNs - fromNs)}</b>
      ${edge('from', fromNs, (ns) => set(ns, toNs))} ${edge('to', toNs, (ns) => set(fromNs, ns))}
      <span class="quiet">${count === undefined ? nothing : formatNumber(count, 'event')}</span>
      <button @click=${on.zoom}>Zoom</button><button @click=${on.note}>Note</button>
      <button @click=${on.compare}>${other ? 'End comparing' : 'Keep as B'}</button>
      ${on.save ? html`<button @click=${on.save}>Save range</button>` : nothing}
      <button @click=${on.clear}>Clear</button>
      ${other ? html`<span class="quiet">${wordsOfB(other)}</span>` : nothing}
    </div>
    ${gap} ${table}`;
}
