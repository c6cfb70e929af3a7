/** The columns of the events table. */
import { html } from 'lit';
import { formatDuration, formatTime, formatValue } from '../timeline/format.js';

/**
 * @typedef {import('../trace/types.js').TableRow} TableRow
 * @typedef {import('../trace/types.js').Overview} Overview
 */
/** @typedef {import('../trace/types.js').SortKey} SortKey */

/**
 * @typedef {object} EventColumn
 * @property {string} id
 * @property {string} title
 * @property {string} width of the grid track
 * @property {SortKey} [key] to sort by
 * @property {boolean} [numeric]
 * @property {(row: TableRow, overview: Overview) => string | number | null} value for copying
 * @property {(row: TableRow, overview: Overview) => string} [words] for display
 */

const FAILED = 1;
const NS_PER_MS = 1e6;

/** "/etc/passwd = 3" has a result; other details have none. @param {TableRow} row */
function parts({ detail, argumentsText }) {
  const at = detail?.lastIndexOf(' = ') ?? -1;
  if (detail === null || at < 0) return { detail: detail ?? argumentsText ?? '', result: '' };
  return { detail: detail.slice(0, at), result: detail.slice(at + 3) };
}

/** @param {TableRow} row @param {Overview} overview */
function threadOf({ track }, { tracks }) {
  const { counter, name, tid } = tracks[track];
  return counter ?? (name ? `${name} ${tid}` : String(tid));
}

/** @param {TableRow} row @param {Overview} overview */
function processOf({ track }, { tracks, processes }) {
  const { pid, process } = tracks[track];
  return `${processes[process]?.name || 'process'} ${pid}`;
}

/** @type {EventColumn[]} */
export const COLUMNS = [
  {
    id: 'time_ms',
    title: 'time',
    key: 'start',
    numeric: true,
    width: '128px',
    value: ({ startNs }) => startNs / NS_PER_MS,
    words: ({ startNs }, { resolutionNs }) => formatTime(startNs, resolutionNs),
  },
  {
    id: 'duration_ms',
    title: 'duration, value',
    key: 'duration',
    numeric: true,
    width: '104px',
    value: ({ kind, durationNs, value }) =>
      kind === 'span' ? durationNs / NS_PER_MS : kind === 'sample' ? value : null,
    words: ({ kind, durationNs, value }, { resolutionNs }) =>
      kind === 'span'
        ? formatDuration(durationNs, resolutionNs)
        : kind === 'sample'
          ? formatValue(value)
          : '',
  },
  {
    id: 'self_ms',
    title: 'self',
    numeric: true,
    width: '76px',
    value: ({ kind, selfNs }) => (kind === 'span' ? selfNs / NS_PER_MS : null),
    words: ({ kind, selfNs }) => (kind === 'span' ? formatDuration(selfNs) : ''),
  },
  { id: 'process', title: 'process', width: 'minmax(80px, 1fr)', value: processOf },
  { id: 'thread', title: 'thread', key: 'track', width: 'minmax(80px, 1fr)', value: threadOf },
  {
    id: 'category',
    title: 'category',
    key: 'category',
    width: '92px',
    value: ({ category }, { categories }) => categories[category].name,
  },
  {
    id: 'name',
    title: 'name',
    key: 'name',
    width: 'minmax(90px, 1.2fr)',
    value: ({ name }) => name,
  },
  { id: 'detail', title: 'detail', width: 'minmax(120px, 4fr)', value: (row) => parts(row).detail },
  { id: 'result', title: 'result', width: 'minmax(64px, 1fr)', value: (row) => parts(row).result },
];

/** @param {EventColumn} column @param {TableRow} row @param {Overview} overview */
export function cellOf({ id, numeric, value, words }, row, overview) {
  const text = words ? words(row, overview) : String(value(row, overview) ?? '');
  const failed = Boolean(row.flags & FAILED);
  if (id === 'category') {
    const { hue } = overview.categories[row.category];
    return html`<span role="cell"
      ><i class="swatch" .style=${`background:var(--hue-${hue})`}></i>${text}</span
    >`;
  }
  if (id === 'result' && failed)
    return html`<span role="cell" class="bad" title=${text}>✕ ${text || 'failed'}</span>`;
  const kind = numeric ? 'number' : id === 'name' ? '' : 'quiet';
  return html`<span role="cell" class=${kind} title=${text}>${text}</span>`;
}

/**
 * A row's values, for copying.
 * @param {TableRow} row @param {Overview} overview @returns {Record<string, unknown>}
 */
export const valuesOf = (row, overview) =>
  Object.fromEntries(COLUMNS.map(({ id, value }) => [id, value(row, overview)]));
