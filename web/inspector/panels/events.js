/** All events that pass, as a table; only the visible rows exist as elements. */
import { html } from 'lit';
import { ask } from '../element/work.js';
import { allRows } from './all_events.js';
import { COLUMNS, cellOf } from './event_columns.js';
import { EventOrder, head } from './event_order.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../trace/types.js').TableRow} TableRow
 * @typedef {import('../trace/types.js').SortKey} SortKey
 * @typedef {import('../trace/types.js').Trace} Trace
 */

const ROW_PX = 22;
// browsers cut taller elements; beyond this, the scroll position maps to a row by proportion
const TALLEST_PX = 8_000_000;
const SPARE_ROWS = 8;

export class EventsPanel {
  /** @param {App} app @param {(event: number) => void} select @param {() => void} zoom */
  constructor(app, select, zoom) {
    this.app = app;
    this.select = select;
    this.zoom = zoom;
    /** @type {Set<string>} columns that are hidden */ this.hidden = new Set();
    /** @type {Map<string, number>} of resized columns, in px */ this.widths = new Map();
    /** The load under way. @type {AbortController | null} */ this.loading = null;
    this.count = 0;
    this.first = 0;
    this.version = ''; // of the trace and the order of the rows shown
    this.scrollPx = 0;
    this.reveals = 0;
    this.shownRows = 20;
    /** @type {TableRow[]} */ this.rows = [];
    this.order = new EventOrder(app);
    /** An event to scroll to once the order has been remade; -1: none. */
    this.wanted = -1;
    /** Rows to step once the order has been remade. */ this.missed = 0;
  }

  /** Called when the trace is closed: its rows mean nothing in the next one. */
  forget() {
    this.loading?.abort();
    this.count = 0;
    this.first = 0;
    this.version = '';
    this.wanted = -1;
    this.missed = 0;
    this.rows = [];
    this.#toTop();
  }

  get #heightPx() {
    return Math.min(this.count * ROW_PX, TALLEST_PX);
  }

  /** The first visible row. */
  get #top() {
    if (this.count * ROW_PX <= TALLEST_PX) return Math.floor(this.scrollPx / ROW_PX);
    const hidden = this.#heightPx - this.shownRows * ROW_PX;
    return Math.round((Math.min(this.scrollPx, hidden) / hidden) * (this.count - this.shownRows));
  }

  /** Asks again if the trace, the filter or the order has changed. @param {number} version */
  async refresh(version) {
    const { trace } = this.app.state;
    const asked = `${version} ${this.order.chosen}`;
    if (!trace || asked === this.version) return;
    this.version = asked;
    const made = await this.order.make(trace);
    if (trace !== this.app.state.trace) return;
    if (made === 'again') {
      this.version = '';
      this.app.host.requestUpdate();
    } else if (made === 'given up') {
      this.version = `${version} ${this.order.made}`;
      this.app.set({ eventSort: this.order.made });
    } else if (made) {
      this.count = made.rows;
      await this.load();
      if (this.wanted >= 0) this.reveal(this.wanted);
      if (this.missed !== 0) this.#step(this.missed);
    }
  }

  async load() {
    const { trace } = this.app.state;
    this.loading?.abort(); // its rows are out of sight by now
    this.loading = new AbortController();
    const { signal } = this.loading;
    const first = Math.max(0, Math.min(this.#top, this.count - 1) - SPARE_ROWS);
    const count = this.shownRows + 2 * SPARE_ROWS;
    const rows = trace && (await ask(this.app, trace.rows(first, count, { signal })));
    if (!rows || signal.aborted || trace !== this.app.state.trace) return;
    this.first = first;
    this.rows = rows;
    this.app.host.requestUpdate();
  }

  /** @param {SortKey} key */
  sortBy(key) {
    this.order.choose(key);
    this.wanted = -1;
    this.#toTop();
  }

  /** Scrolls to the beginning. */
  #toTop() {
    const box = this.app.find('.rows');
    if (box) box.scrollTop = 0;
    this.scrollPx = 0;
  }

  /**
   * Scrolls to an event, unless a person scrolls before its position is known.
   * @param {number} event
   */
  async reveal(event) {
    const { trace } = this.app.state;
    const turn = ++this.reveals;
    const seenPx = this.app.find('.rows')?.scrollTop ?? 0;
    const position = trace ? await ask(this.app, trace.position(event)) : -1;
    const box = this.app.find('.rows');
    if (!box || turn !== this.reveals || trace !== this.app.state.trace) return;
    this.wanted = position === undefined && box.scrollTop === seenPx ? event : -1;
    if (position === undefined || position < 0 || box.scrollTop !== seenPx) return;
    const top = this.#top;
    // already visible
    if (position > top && position < top + Math.floor(box.clientHeight / ROW_PX) - 2) return;
    const hidden = Math.max(1, this.count - this.shownRows);
    const exact = this.count * ROW_PX <= TALLEST_PX;
    box.scrollTop = exact
      ? Math.max(0, position - this.shownRows / 2) * ROW_PX
      : (position / hidden) * (this.#heightPx - box.clientHeight);
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
    if (event.target !== event.currentTarget) return; // a button of the header
    const page = this.shownRows;
    const all = Infinity;
    const { key } = event;
    const down = { ArrowDown: 1, PageDown: page, End: all }[key];
    const up = { ArrowUp: 1, PageUp: page, Home: all }[key];
    if (key !== 'Enter' && !down && !up) return;
    event.preventDefault();
    if (key === 'Enter') this.zoom();
    else this.#step(down ?? -Number(up));
  }

  /**
   * Selects the row that many rows from the selected one, whether it is visible or not.
   * @param {number} rows
   */
  async #step(rows) {
    const { trace, selected } = this.app.state;
    if (!trace || this.count === 0) return;
    this.missed = 0;
    const next = await ask(this.app, this.#rowFrom(trace, selected, rows));
    if (trace !== this.app.state.trace) return;
    if (next === undefined) this.missed = rows;
    else if (next) this.select(next.event);
  }

  /** @param {Trace} trace @param {{ event: number } | null} selected @param {number} rows */
  async #rowFrom(trace, selected, rows) {
    const at = selected ? await trace.position(selected.event) : -1;
    const from = at < 0 ? this.#top - Math.sign(rows) : at;
    const wanted = Math.max(0, Math.min(from + rows, this.count - 1));
    const [next = null] = await trace.rows(wanted, 1);
    return next;
  }

  /** All rows, for copying; undefined: the order changed meanwhile. */
  all = () => allRows(this.app, this.order);

  get columns() {
    return COLUMNS.filter(({ id }) => !this.hidden.has(id));
  }

  /** Items of a menu that hide a column each, or show it again. */
  choices() {
    return COLUMNS.map(({ id, title }) => ({
      words: title,
      checked: !this.hidden.has(id),
      act: () => {
        if (!this.hidden.delete(id)) this.hidden.add(id);
        this.app.host.requestUpdate();
      },
    }));
  }

  /** @param {string} id @param {number} px */
  widen(id, px) {
    this.widths.set(id, px);
    this.app.host.requestUpdate();
  }

  #template() {
    return this.columns
      .map(({ id, width }) => (this.widths.has(id) ? `${this.widths.get(id)}px` : width))
      .join(' ');
  }

  /** @param {TableRow} row @param {number} at among all @param {number} top */
  #row(row, at, top) {
    const { trace, selected } = this.app.state;
    const { overview } = /** @type {Trace} */ (trace);
    return html`<div
      class="row"
      role="row"
      .style=${`top:${top}px`}
      aria-rowindex=${at + 2}
      aria-selected=${row.event === selected?.event}
      @click=${() => this.select(row.event)}
      @dblclick=${() => this.zoom()}
    >
      ${this.columns.map((column) => cellOf(column, row, overview))}
    </div>`;
  }

  render() {
    const exact = this.count * ROW_PX <= TALLEST_PX;
    const base = exact ? 0 : this.scrollPx - this.#top * ROW_PX;
    const { first } = this;
    return html`<div
      class="rows"
      role="table"
      aria-label="Events"
      aria-rowcount=${this.count + 1}
      tabindex="0"
      data-keys
      .style=${`--columns: ${this.#template()}`}
      @scroll=${this.#scrolled.bind(this)}
      @keydown=${this.#pressed.bind(this)}
    >
      ${head(this)}
      <div role="rowgroup" .style=${`height:${this.#heightPx}px`}>
        ${this.rows.map((row, at) => this.#row(row, first + at, base + (first + at + 1) * ROW_PX))}
      </div>
    </div>`;
  }
}
