/**
 * The one table: groups of events by a chosen key, within a scope whose choices show their counts.
 */
import { html, nothing } from 'lit';
import { formatCount } from '../timeline/format.js';
import { renderTable } from './table.js';
import { valueOf } from './fields.js';

/** @typedef {import('./table.js').Column} Column @typedef {import('./table.js').Row} Row */
/** @typedef {import('../element/settings.js').Scope} Scope */

/** @type {Column[]} */
export const COLUMNS = [
  { id: 'name', title: 'name', kind: 'text' },
  { id: 'count', title: 'count', kind: 'count' },
  { id: 'errors', title: 'failed', kind: 'count' },
  {
    id: 'totalNs',
    title: 'total',
    kind: 'time',
    help: 'Of nested calls, only the outermost',
  },
  { id: 'selfNs', title: 'self', kind: 'time', help: 'Without time in nested calls' },
  { id: 'minNs', title: 'min', kind: 'time' },
  { id: 'avgNs', title: 'avg', kind: 'time' },
  { id: 'p50Ns', title: 'p50', kind: 'time' },
  { id: 'p90Ns', title: 'p90', kind: 'time' },
  { id: 'p99Ns', title: 'p99', kind: 'time' },
  { id: 'maxNs', title: 'max', kind: 'time', help: 'Click to go to the longest' },
  { id: 'share', title: 'share', kind: 'share', help: 'Share of all self time in the scope' },
  { id: 'spread', title: 'spread', kind: 'spread', help: 'From min to max, with p50 and p90' },
];

/** Adds each row's share of the whole. @param {Row[]} rows @returns {Row[]} */
export function withShares(rows) {
  const all = rows.reduce((sum, { selfNs }) => sum + selfNs, 0);
  return rows.map((row) => ({
    ...row,
    share: all > 0 ? row.selfNs / all : null,
    spread: row.maxNs / Math.max(row.minNs, 1), // to sort by
  }));
}

/**
 * ringscope's own counts as rows: for the whole recording, including evicted events.
 * @param {import('../trace/types.js').Operation[]} operations @returns {Row[]}
 */
export function operationRows(operations) {
  const ns = (/** @type {number | undefined} */ ms) => (ms === undefined ? undefined : ms * 1e6);
  return operations
    .filter(({ count }) => count > 0)
    .map(
      (each) =>
        /** @type {Row} */ ({
          name: each.name,
          count: each.count,
          errors: each.errors,
          totalNs: ns(each.total_time),
          minNs: ns(each.min_time),
          avgNs: ns(each.avg_time),
          p50Ns: ns(each.p50),
          p90Ns: ns(each.p90),
          p99Ns: ns(each.p99),
          maxNs: ns(each.max_time),
          longest: -1,
        }),
    );
}

export const OPERATION_COLUMNS = COLUMNS.filter(({ id }) => id !== 'selfNs' && id !== 'share');

/**
 * @param {{ id: Scope, words: string, count: number | undefined, enabled: boolean }} scope
 * @param {Scope} chosen @param {(scope: Scope) => void} onScope
 */
export function scopeButton({ id, words, count, enabled }, chosen, onScope) {
  return html`<button
    role="radio"
    aria-checked=${id === chosen}
    ?disabled=${!enabled}
    @click=${() => onScope(id)}
  >
    ${words} <span class="quiet">${count === undefined ? '' : formatCount(count)}</span>
  </button>`;
}

/**
 * @param {object} given
 * @param {[string, string][]} given.groupings id and title
 * @param {string} given.group
 * @param {{ id: Scope, words: string, count: number | undefined, enabled: boolean }[]} given.scopes
 * @param {Scope} given.scope
 * @param {Row[] | undefined} given.rows undefined: still counting
 * @param {unknown} given.counting the message shown then
 * @param {string} given.sort
 * @param {string} given.beside what the times include, or ''
 * @param {number} given.resolutionNs
 * @param {boolean} given.canGoBack
 * @param {object} on
 * @param {(scope: Scope) => void} on.scope
 * @param {(group: string) => void} on.group
 * @param {(sort: string) => void} on.sort
 * @param {(row: Row) => void} on.row
 * @param {(row: Row) => void} on.max
 * @param {() => void} on.back
 * @param {(() => void) | null} on.compare
 */
export function renderGroups(given, on) {
  const { groupings, group, scopes, scope, rows, sort, beside, resolutionNs } = given;
  const counted = group === 'operation';
  const columns = counted ? OPERATION_COLUMNS : COLUMNS;
  const use = { onRow: counted ? undefined : on.row, onMax: on.max, resolutionNs };
  return html`<div class="bar">
      <label
        >by
        <select
          aria-label="Rows of the table"
          @change=${(/** @type {Event} */ event) => on.group(valueOf(event))}
        >
          ${groupings.map(
            ([id, title]) => html`<option value=${id} ?selected=${id === group}>${title}</option>`,
          )}
        </select>
      </label>
      ${
        counted
          ? html`<span class="quiet">counted by the program itself, over the whole recording</span>`
          : html`<span class="switch" role="radiogroup" aria-label="Scope">
              ${scopes.map((each) => scopeButton(each, scope, on.scope))}
            </span>`
      }
      <span class="quiet">${counted ? nothing : beside}</span>
      ${given.canGoBack ? html`<button @click=${on.back}>‹ back to the range</button>` : nothing}
      ${on.compare ? html`<button @click=${on.compare}>Compare with a file…</button>` : nothing}
    </div>
    ${
      rows === undefined
        ? html`<p class="pad quiet">${given.counting}</p>`
        : renderTable({ label: 'Table', columns, rows, sort, onSort: on.sort, use })
    }`;
}
