/** The events table: all that pass the filter, of which only those that can be seen exist as elements. */
import { html, nothing } from 'lit';
import { ask, telling } from '../element/work.js';
import { formatDuration, formatTime, formatValue } from '../timeline/format.js';

/** @typedef {import('../element/inspector.js').Inspector} Inspector @typedef {import('../trace/types.js').TableRow} TableRow @typedef {import('../trace/types.js').SortKey} SortKey */

const ROW_PX = 24;
const TALLEST_PX = 8_000_000; // browsers cut what is taller; above, the scroll position stands for a row by proportion
const SPARE_ROWS = 8;
const COLUMNS = /** @type {[string, SortKey | ''][]} */ ([['time', 'start'], ['duration, value', 'duration'], ['name', 'name'], ['category', 'category'], ['track', 'track'], ['detail', '']]);
const ERROR = 1;

export class EventsPanel {
  /** @param {Inspector} page */
  constructor(page) {
    this.page = page;
    this.count = 0;
    this.first = 0;
    /** @type {TableRow[]} */
    this.rows = [];
    /** @type {{ key: SortKey, descending: boolean }} */
    this.order = { key: 'start', descending: false };
    this.scrollPx = 0;
    this.shownRows = 20;
    this.asked = 0;
  }

  get #heightPx() {
    return Math.min(this.count * ROW_PX, TALLEST_PX);
  }

  /** The row at the top of what is seen. */
  get #top() {
    const hidden = this.#heightPx - this.shownRows * ROW_PX;
    if (this.count * ROW_PX <= TALLEST_PX) return Math.floor(this.scrollPx / ROW_PX);
    return Math.round((Math.min(this.scrollPx, hidden) / hidden) * (this.count - this.shownRows));
  }

  /** The trace, the filter or the order has changed. */
  async refresh() {
    const { trace } = this.page;
    if (!trace) return;
    const sorted = await ask(this.page, telling(this.page, 'Sorting', trace.sort(this.order.key, this.order.descending)));
    if (sorted) this.count = sorted.rows;
    if (sorted) await this.load();
  }

  async load() {
    const { trace } = this.page;
    const asked = ++this.asked, first = Math.max(0, Math.min(this.#top, this.count - 1) - SPARE_ROWS);
    const rows = trace && (await ask(this.page, trace.rows(first, this.shownRows + 2 * SPARE_ROWS)));
    if (!rows || asked !== this.asked || trace !== this.page.trace) return;
    this.first = first;
    this.rows = rows;
    this.page.requestUpdate();
  }

  /** @param {SortKey} key */
  sortBy(key) {
    this.order = { key, descending: this.order.key === key ? !this.order.descending : key === 'duration' };
    this.toTop();
    this.refresh();
  }

  /** The trace is closed: rows of it mean nothing in the next one. */
  forget() {
    this.asked++;
    this.count = 0;
    this.first = 0;
    this.rows = [];
    this.toTop();
  }

  /** What comes first in the order is seen. */
  toTop() {
    const box = this.page.renderRoot?.querySelector('.rows');
    if (box) box.scrollTop = 0;
    this.scrollPx = 0;
  }

  /** Scrolls to an event. @param {number} event */
  async reveal(event) {
    const { trace } = this.page;
    const position = trace ? await ask(this.page, trace.position(event)) : -1;
    const box = this.page.renderRoot.querySelector('.rows');
    if (!box || position === undefined || position < 0) return;
    const top = this.#top;
    if (position > top && position < top + Math.floor(box.clientHeight / ROW_PX) - 2) return; // it is in sight
    const hidden = Math.max(1, this.count - this.shownRows);
    const exact = this.count * ROW_PX <= TALLEST_PX;
    box.scrollTop = exact ? Math.max(0, position - this.shownRows / 2) * ROW_PX : (position / hidden) * (this.#heightPx - box.clientHeight);
  }

  /** @param {Event} event */
  #scrolled(event) {
    const box = /** @type {HTMLElement} */ (event.currentTarget);
    this.scrollPx = box.scrollTop;
    this.shownRows = Math.ceil(box.clientHeight / ROW_PX);
    this.load();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.target !== event.currentTarget) return; // a button of the head
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: this.shownRows, PageUp: -this.shownRows, Home: -Infinity, End: Infinity });
    if (event.key !== 'Enter' && steps[event.key] === undefined) return;
    event.preventDefault();
    if (event.key === 'Enter') this.page.zoomToSelected();
    else this.#step(steps[event.key]);
  }

  /** Selects the row so far from the selected one, whether it is in sight or not. @param {number} rows */
  async #step(rows) {
    const { page } = this, { trace, selected } = page;
    if (!trace || this.count === 0) return;
    const at = selected ? await ask(page, trace.position(selected.event)) : -1;
    if (at === undefined) return;
    const from = at < 0 ? this.#top - Math.sign(rows) : at;
    const [next] = (await ask(page, trace.rows(Math.max(0, Math.min(from + rows, this.count - 1)), 1))) ?? [];
    if (next && trace === page.trace) await page.select(next.event);
  }

  #head() {
    return html`<div class="head" role="row">${COLUMNS.map(([title, key]) => html`<div role="columnheader" aria-sort=${this.order.key === key ? (this.order.descending ? 'descending' : 'ascending') : 'none'}>
      ${key ? html`<button @click=${() => this.sortBy(/** @type {SortKey} */ (key))}>${title}${this.order.key === key ? (this.order.descending ? ' ↓' : ' ↑') : nothing}</button>` : title}</div>`)}</div>`;
  }

  /** @param {TableRow} row @param {number} top */
  #row(row, top) {
    const { overview } = /** @type {import('../trace/types.js').Trace} */ (this.page.trace);
    const category = overview.categories[row.category], track = overview.tracks[row.track];
    const lasted = row.kind === 'span' ? formatDuration(row.durationNs, overview.resolutionNs) : row.kind === 'sample' ? formatValue(row.value) : '';
    return html`<div class="row" role="row" .style=${`top:${top}px`} aria-selected=${row.event === this.page.selected?.event} @click=${() => this.page.select(row.event)} @dblclick=${() => this.page.zoomToSelected()}>
      <span role="cell" class="number">${formatTime(row.startNs, 1e3)}</span><span role="cell" class="number">${lasted}</span><span role="cell">${row.name}</span>
      <span role="cell"><i class="swatch" .style=${`background:var(--hue-${category.hue})`}></i>${category.name}</span><span role="cell">${track.counter ?? (track.name || `${track.pid} ${track.tid}`)}</span>
      <span role="cell" class=${row.flags & ERROR ? 'bad' : 'quiet'} title=${row.detail ?? row.argumentsText ?? ''}>${row.flags & ERROR ? '✕ ' : ''}${row.detail ?? row.argumentsText ?? ''}</span></div>`;
  }

  render() {
    const base = this.count * ROW_PX <= TALLEST_PX ? 0 : this.scrollPx - this.#top * ROW_PX;
    return html`<div class="rows" role="table" aria-label="Events" aria-rowcount=${this.count} tabindex="0" data-keys @scroll=${this.#scrolled.bind(this)} @keydown=${this.#pressed.bind(this)}>
      ${this.#head()}<div role="rowgroup" .style=${`height:${this.#heightPx}px`}>${this.rows.map((row, at) => this.#row(row, base + (this.first + at) * ROW_PX + ROW_PX))}</div></div>`;
  }
}
