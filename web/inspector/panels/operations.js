/** Tables of statistics: operations as ringscope counts them, names and categories of a selection. */
import { html, nothing } from 'lit';
import { formatCount, formatDuration } from '../timeline/format.js';

/** @typedef {import('../element/inspector.js').Inspector} Inspector @typedef {[title: string, key: string, kind: 'text' | 'count' | 'time']} Column */

const NS_PER_MS = 1e6;
const BAR_PX = 14;

/** @type {Column[]} */
const OPERATIONS = [['operation', 'name', 'text'], ['calls', 'count', 'count'], ['errors', 'errors', 'count'], ['total', 'total_time', 'time'], ['avg', 'avg_time', 'time'], ['min', 'min_time', 'time'],
  ['p50', 'p50', 'time'], ['p90', 'p90', 'time'], ['p99', 'p99', 'time'], ['max', 'max_time', 'time']];
/** @type {Column[]} */
const STATISTICS = [['name', 'name', 'text'], ['count', 'count', 'count'], ['errors', 'errors', 'count'], ['total', 'totalNs', 'time'], ['self', 'selfNs', 'time'], ['avg', 'avgNs', 'time'], ['min', 'minNs', 'time'],
  ['p50', 'p50Ns', 'time'], ['p99', 'p99Ns', 'time'], ['max', 'maxNs', 'time']];

/** @param {any} row @param {Column} column @param {number} unitNs @param {(row: any) => void} [chosen] */
function cell(row, [, key, kind], unitNs, chosen) {
  const value = row[key];
  if (kind === 'text') return html`<td>${row.hue === undefined ? nothing : html`<i class="swatch" .style=${`background:var(--hue-${row.hue})`}></i>`}${chosen ? html`<button @click=${(/** @type {Event} */ event) => (event.stopPropagation(), chosen(row))}>${value}</button>` : value}</td>`;
  if (value === undefined || value === null) return html`<td class="number quiet">–</td>`;
  if (kind === 'count') return html`<td class="number ${key === 'errors' && value > 0 ? 'bad' : ''}">${formatCount(value)}</td>`;
  return html`<td class="number">${formatDuration(value * unitNs)}</td>`;
}

/** How many calls lasted how long: a bar for each doubling of time between the shortest and the longest. @param {{ log2_buckets?: number[] }} row */
function histogram({ log2_buckets: buckets = [] }) {
  const first = buckets.findIndex((count) => count > 0), most = Math.max(...buckets, 1);
  if (first < 0) return html`<td class="quiet">–</td>`;
  const shown = buckets.slice(first).map((count, i) => ({ count, words: `${formatDuration(2 ** (first + i))} to ${formatDuration(2 ** (first + i + 1))}: ${formatCount(count)}` }));
  const title = shown.filter(({ count }) => count > 0).map(({ words }) => words).join('\n');
  return html`<td><span class="bars" role="img" aria-label=${`Distribution of call times. ${title}`} title=${title}>${shown.map(({ count }) => html`<i .style=${`height:${count > 0 ? Math.max(1, Math.round((count / most) * BAR_PX)) : 0}px`}></i>`)}</span></td>`;
}

export class StatisticsTable {
  /** @param {Inspector} page @param {'operations' | 'statistics'} kind */
  constructor(page, kind) {
    this.page = page;
    this.columns = kind === 'operations' ? OPERATIONS : STATISTICS;
    this.unitNs = kind === 'operations' ? NS_PER_MS : 1;
    this.withHistogram = kind === 'operations';
    this.key = this.columns[3][1];
    this.descending = true;
  }

  /** @param {string} key */
  sortBy(key) {
    this.descending = this.key === key ? !this.descending : key !== 'name';
    this.key = key;
    this.page.requestUpdate();
  }

  /** @param {any[]} rows @param {string} label @param {(row: any) => void} [chosen] */
  render(rows, label, chosen) {
    const value = (/** @type {any} */ row) => row[this.key] ?? -1;
    const sorted = rows.toSorted((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (this.descending ? -1 : 1));
    return html`<table aria-label=${label}><thead><tr>${this.columns.map(([title, key, kind]) => html`<th scope="col" class=${kind === 'text' ? '' : 'number'} aria-sort=${key === this.key ? (this.descending ? 'descending' : 'ascending') : 'none'}>
      <button @click=${() => this.sortBy(key)}>${title}${key === this.key ? (this.descending ? ' ↓' : ' ↑') : nothing}</button></th>`)}${this.withHistogram ? html`<th scope="col">distribution</th>` : nothing}</tr></thead>
      <tbody>${sorted.map((row) => html`<tr class=${chosen ? 'clickable' : ''} @click=${() => chosen?.(row)}>${this.columns.map((column) => cell(row, column, this.unitNs, chosen))}${this.withHistogram ? histogram(row) : nothing}</tr>`)}</tbody></table>`;
  }
}
