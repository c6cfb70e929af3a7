/**
 * A table of groups: columns that explain themselves, aligned numbers, sorting by a click, copying
 * as a whole.
 */
import { html, nothing } from 'lit';
import { formatCount, formatDuration, formatNumber } from '../timeline/format.js';

/**
 * @typedef {object} Shown what a row has beside its statistics, or instead of them
 * @property {string} name
 * @property {number} [hue]
 * @property {boolean} [waits] by work: it waits
 * @property {number | null} [share]
 * @property {number} [spread]
 * @property {number} [countB] of the second range or trace, as the following
 * @property {number} [errorsB]
 * @property {number} [totalNsB]
 * @property {number} [delta]
 * @property {number | null} [part]
 *
 * @typedef {import('../trace/types.js').Statistic & Shown} Row a group
 */
/**
 * @typedef {object} Column
 * @property {string} id of the value in a row
 * @property {string} title
 * @property {'text' | 'count' | 'time' | 'share' | 'spread' | 'change' | 'percent'} kind change and
 *   percent: below 0 if it is less
 * @property {string} [help]
 */

/** @param {object} row @param {string} id of a column */
export const valueIn = (row, id) =>
  /** @type {Record<string, string | number | null | undefined>} */ (/** @type {unknown} */ (row))[
    id
  ];

/** A sort as written in a link: "totalNs", or "-totalNs" for ascending. @param {string} sort */
export const sortOf = (sort) =>
  sort.startsWith('-') ? { id: sort.slice(1), ascending: true } : { id: sort, ascending: false };

/** @param {Row[]} rows @param {string} sort */
export function sorted(rows, sort) {
  const { id, ascending } = sortOf(sort);
  const signed = id === 'delta' || id === 'part'; // the largest change first, in either direction
  const value = (/** @type {Row} */ row) =>
    signed ? Math.abs(Number(valueIn(row, id) ?? Infinity)) : (valueIn(row, id) ?? -1);
  const order = (/** @type {Row} */ a, /** @type {Row} */ b) =>
    typeof value(a) === 'string' || typeof value(b) === 'string'
      ? String(value(b)).localeCompare(String(value(a)), 'en')
      : Number(value(b)) - Number(value(a));
  return rows.toSorted(ascending ? (a, b) => order(b, a) : order);
}

/** The sort after another click on a column's title. @param {string} sort @param {Column} column */
function nextSort(sort, { id, kind }) {
  const now = sortOf(sort);
  if (now.id === id) return now.ascending ? id : `-${id}`;
  return kind === 'text' ? `-${id}` : id;
}

/** @param {Column} column @param {string} sort @param {(sort: string) => void} onSort */
function head(column, sort, onSort) {
  const { id, ascending } = sortOf(sort);
  const isSorted = id === column.id;
  const order = ascending ? 'ascending' : 'descending';
  return html`<th
    scope="col"
    class=${column.kind === 'text' ? '' : 'number'}
    aria-sort=${isSorted ? order : 'none'}
  >
    <button title=${column.help ?? nothing} @click=${() => onSort(nextSort(sort, column))}>
      ${column.title}${isSorted ? (ascending ? ' ↑' : ' ↓') : nothing}
    </button>
  </th>`;
}

/** @param {number} part of 1 */
const shareCell = (part) => {
  const percent = `${(part * 100).toFixed(part < 0.0995 ? 1 : 0)} %`;
  return html`<td class="number share">
    <i .style=${`width:${Math.max(0, Math.min(1, part)) * 48}px`}></i>${percent}
  </td>`;
};

/**
 * From min to max, on a logarithmic scale, with marks for p50 and p90.
 * @param {Row} row @param {{ low: number, high: number }} scale
 */
function spreadCell(row, { low, high }) {
  const { minNs, p50Ns, p90Ns, maxNs } = row;
  if (!(maxNs > 0)) return html`<td class="quiet">–</td>`;
  const x = (/** @type {number} */ ns) =>
    (Math.log(Math.max(ns, low) / low) / Math.log(high / low || 2)) * 94 + 2;
  const words = [minNs, p50Ns, p90Ns, maxNs].map((ns) => formatDuration(ns)).join(' · ');
  return html`<td class="spread">
    <svg viewBox="0 0 100 12" role="img" aria-label=${`min, p50, p90, max: ${words}`}>
      <title>min · p50 · p90 · max: ${words}</title>
      <path d=${`M${x(minNs)} 6 H${x(maxNs)}`}></path>
      <path class="half" d=${`M${x(p50Ns)} 2 V10 M${x(p90Ns)} 4 V8`}></path>
    </svg>
  </td>`;
}

/** @param {Row[]} rows */
function scaleOf(rows) {
  const least = rows.map(({ minNs }) => minNs).filter((ns) => ns > 0);
  const low = Math.max(1, Math.min(...least, Infinity) === Infinity ? 1 : Math.min(...least));
  return { low, high: Math.max(low * 2, ...rows.map(({ maxNs = 0 }) => maxNs)) };
}

/**
 * @typedef {{ onRow?: (row: Row) => void, onMax?: (row: Row) => void, resolutionNs?: number }} Use
 */

/** @param {Row} row @param {Use} use */
function nameCell(row, { onRow }) {
  const swatch =
    row.hue === undefined
      ? nothing
      : html`<i class="swatch" .style=${`background:var(--hue-${row.hue})`}></i>`;
  const { name } = row;
  const words = name === '' ? html`<i class="quiet">none</i>` : name;
  if (!onRow) return html`<td class="name" title=${name}>${swatch}${words}</td>`;
  return html`<td class="name" title=${name}>
    ${swatch}<button @click=${() => onRow(row)}>${words}</button>
  </td>`;
}

/** @param {number} value @param {'change' | 'percent'} kind */
function changeCell(value, kind) {
  const sign = value > 0 ? '+' : '';
  const percent = `${value < 0 ? '−' : ''}${formatCount(Math.abs(value))} %`;
  return html`<td class="number">
    ${sign}${kind === 'change' ? formatDuration(value) : percent}
  </td>`;
}

/**
 * @param {Row} row @param {Column} column @param {Use} use
 * @param {{ low: number, high: number }} scale
 */
function cell(row, { id, kind }, use, scale) {
  const value = valueIn(row, id);
  if (kind === 'text') return nameCell(row, use);
  if (kind === 'spread') return spreadCell(row, scale);
  const isTimeless = kind === 'time' && row.spans === 0;
  if (typeof value !== 'number' || Number.isNaN(value) || isTimeless)
    return html`<td class="number quiet">–</td>`;
  if (kind === 'share') return shareCell(value);
  if (kind === 'change' || kind === 'percent') return changeCell(value, kind);
  if (kind === 'count') {
    const bad = id === 'errors' && value > 0;
    return html`<td class="number ${bad ? 'bad' : ''}">${formatCount(value)}</td>`;
  }
  // a sum of nothing is certainly 0
  const isSum = id === 'totalNs' || id === 'selfNs';
  const words = formatDuration(value, isSum && value === 0 ? 0 : use.resolutionNs);
  const { onMax } = use;
  if (id !== 'maxNs' || !onMax || row.longest < 0) return html`<td class="number">${words}</td>`;
  return html`<td class="number">
    <button title="Go to the longest" @click=${() => onMax(row)}>${words}</button>
  </td>`;
}

const ROWS_AT_ONCE = 500;

/**
 * @param {object} given
 * @param {string} given.label
 * @param {Column[]} given.columns
 * @param {Row[]} given.rows
 * @param {string} given.sort
 * @param {(sort: string) => void} given.onSort
 * @param {Use} [given.use]
 */
export function renderTable({ label, columns, rows, sort, onSort, use = {} }) {
  const ordered = sorted(rows, sort);
  const scale = scaleOf(rows);
  const shown = ordered.slice(0, ROWS_AT_ONCE);
  const rest = ordered.length - shown.length;
  return html`<table aria-label=${label}>
      <thead>
        <tr>
          ${columns.map((column) => head(column, sort, onSort))}
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          (row) =>
            html`<tr>
              ${columns.map((column) => cell(row, column, use, scale))}
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      rest > 0
        ? html`<p class="pad quiet">
            ${formatNumber(rest, 'further row')}: filter, or copy the table.
          </p>`
        : nothing
    }`;
}
