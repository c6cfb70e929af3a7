/** The overview's card of the slowest calls. */
import { html, nothing } from 'lit';
import { formatDuration } from '../timeline/format.js';
import { SHOWN, barRow, card } from './cards.js';

/**
 * @typedef {import('../trace/types.js').EventDetails} EventDetails
 * @typedef {import('./table.js').Row} Row
 */

const CANDIDATES = 24; // some of which are inside others

/** Names by longest call; waiting is left out, if anything works. @param {Row[]} rows */
export function slowestOf(rows) {
  const spans = rows.filter(({ maxNs, longest }) => maxNs > 0 && longest >= 0);
  const working = spans.filter(({ waits }) => !waits);
  const from = working.length > 0 ? working : spans;
  return from.toSorted((a, b) => b.maxNs - a.maxNs).slice(0, CANDIDATES);
}

/**
 * Leaves out calls whose time is mostly that of another one inside them: a stack of calls that all
 * last as long is one slow call, the innermost.
 * @param {Row[]} rows @param {EventDetails[]} longest their longest calls
 */
export function innermostOf(rows, longest) {
  const endOf = (/** @type {EventDetails} */ { startNs, durationNs }) => startNs + durationNs;
  const explains = (/** @type {EventDetails} */ inner, /** @type {EventDetails} */ outer) =>
    inner.track === outer.track &&
    inner.row > outer.row &&
    inner.startNs >= outer.startNs &&
    endOf(inner) <= endOf(outer) &&
    inner.durationNs * 2 > outer.durationNs;
  return rows.filter((_, at) => !longest.some((inner) => explains(inner, longest[at])));
}

/**
 * @param {Row[]} slow names by longest call @param {boolean} waits some other names wait
 * @param {(row: Row) => string} where
 * @param {{ select: (event: number) => void }} on
 */
export function slowest(slow, waits, where, on) {
  const top = slow.slice(0, SHOWN);
  if (top.length === 0) return nothing;
  const bars = top.map((row) => {
    const { name, maxNs, longest } = row;
    const value = formatDuration(maxNs);
    return barRow({ name, where: where(row), value, part: maxNs / top[0].maxNs }, () =>
      on.select(longest),
    );
  });
  const words = waits && !top[0].waits ? html`<p class="quiet">Waiting is left out.</p>` : '';
  return card(
    'Slowest',
    html`<ul class="bars">
        ${bars}
      </ul>
      ${words}`,
  );
}
