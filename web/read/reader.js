/** Reads one image: of a live tracer, or a saved one. */
import { integer, milliseconds, oneOf } from '../module/checked.js';
import { columns, tracksOf } from './columns.js';
import { isOutside, withThreads } from './lines.js';
import { Release } from '../record/release.js';
import { categoryMask } from '../record/category.js';

/** @typedef {import('../module/memory.js').Memory} Memory */
/** @typedef {import('../record/category.js').Category} Category */

/**
 * @typedef {object} TraceEvent
 * @property {number} timestamp ms
 * @property {import('../record/category.js').CategoryName} category
 * @property {string} name
 * @property {string} [label] a category of the program's own
 * @property {string} [detail]
 * @property {number} [pid]
 * @property {number} [duration] ms, for a span
 * @property {number} [value] for a counter sample
 * @property {'in' | 'out'} [flow] for a flow: whether it arrives or leaves
 * @property {string} [flow_id] for a flow, in hex
 * @property {boolean} [failed]
 * @property {number} [async_id] for a span that continues across awaits @property {number} [parent] the id of the span it is a part of
 * @property {any} [args] a call's arguments, by name @property {any} [result] of a successful call
 * @property {string} [error] of a failed call
 * @property {boolean} [detail_lost] newer details have overwritten it
 * @property {boolean} [detail_truncated]
 */

/**
 * @typedef {object} Query
 * @property {Category | Category[]} [category]
 * @property {number} [pid]
 * @property {number} [tid]
 * @property {string} [name] the whole name; * stands for any text; ASCII case is ignored
 * @property {string} [text] anywhere in name or detail, ignoring case
 * @property {string} [process] the name of the process, matched like `name` @property {string} [thread] the name of the thread
 * @property {boolean} [failed] only events that failed
 * @property {number} [min_duration] ms; above 0: only spans that last at least this long
 * @property {number} [since] ms, inclusive
 * @property {number} [until] ms, inclusive
 * @property {number} [last] only this many of the newest
 * @property {boolean} [without_details] leaves out details, arguments and results; names stay
 */

/** Decodes arguments and results, which are JSON within JSON; a failed call may have an error as its result. @param {any} event @returns {TraceEvent} */
function unpacked({ arguments: given, result: came, ...event }) {
  if (given !== undefined) event.args = JSON.parse(given);
  if (came === undefined) return event;
  const result = JSON.parse(came);
  if (event.failed && typeof result?.error === 'string') event.error = result.error;
  else event.result = result;
  return event;
}

/** The events of an export, without the open spans at its end: openSpans() returns those. @param {string} json @returns {TraceEvent[]} */
function eventsOf(json) {
  const events = JSON.parse(json).filter((/** @type {any} */ event) => !event.open);
  return events.map((/** @type {any} */ event) => (event.arguments === undefined && event.result === undefined ? event : unpacked(event)));
}

/** The position of readSince(). */
export class Cursor {
  /** @param {number} handle */
  constructor(handle) {
    this.handle = handle;
  }
}

export class ImageReader {
  /** @param {Memory} memory @param {number} reader @param {number} [owned] memory to free on disposal */
  constructor(memory, reader, owned = 0) {
    this.memory = memory;
    /** @protected */
    this.reader = reader;
    this.owned = owned;
    /** @type {Set<Cursor>} */
    const cursors = (this.cursors = new Set());
    /** @protected */
    this.release = new Release(this);
    this.release.add(() => {
      for (const { handle } of cursors) memory.exports.tracer_cursor_destroy(handle);
      cursors.clear();
      memory.exports.tracer_reader_close(reader);
      if (owned) memory.free(owned);
    });
  }

  /** Called before C reads the clock. @protected */
  refresh() {}

  /** @protected */
  handle() {
    if (!this.reader) throw new Error('this tracer has been disposed');
    this.refresh();
    return this.reader;
  }

  /** @param {Query} query @protected */
  setQuery(query) {
    const { memory } = this;
    for (const what of /** @type {const} */ (['pid', 'tid', 'last'])) integer(what, query[what] ?? 0);
    for (const what of /** @type {const} */ (['since', 'until', 'min_duration'])) milliseconds(what, query[what]);
    const fields = memory.constants.query_fields;
    const has = fields.reduce(
      (/** @type {number} */ bits, /** @type {keyof Query} */ field, /** @type {number} */ i) =>
        query[field] === undefined ? bits : bits | (1 << i), 0);
    const categories = query.category === undefined ? 0 : categoryMask(memory, query.category);
    const numbers = /** @type {Record<string, number>} */ (/** @type {unknown} */ ({ ...query, categories, has }));
    return memory.setArguments(memory.constants.query, numbers, [query.name, query.text, query.process, query.thread]);
  }

  /** The events, oldest first. @param {Query} [query] @returns {TraceEvent[]} */
  events(query = {}) {
    const reader = this.handle();
    if (query.last === 0) return [];
    const release = this.setQuery(query);
    try {
      return eventsOf(this.memory.callText('tracer_wasm_events', reader));
    } finally {
      release();
    }
  }

  /** @param {Category} category */
  eventsByCategory(category) {
    return this.events({ category });
  }

  /** @param {number} pid */
  eventsByPid(pid) {
    return this.events({ pid }).filter((event) => event.pid === pid); // the pid of an event's track does not count
  }

  /** The events as text, in one of C's export formats. @param {'json' | 'ndjson' | 'chrome'} format @param {Query} [query] */
  export(format, query = {}) {
    const reader = this.handle(), { formats } = this.memory.constants;
    oneOf('format', format, formats);
    const release = this.setQuery(query);
    try {
      return this.memory.callText('tracer_wasm_export', reader, formats.indexOf(format));
    } finally {
      release();
    }
  }

  /** The events as text, one line each, as `ringscope events` prints them. @param {Query} [query] @returns {string} */
  lines(query = {}) {
    const reader = this.handle();
    if (query.last === 0) return '';
    const release = this.setQuery(query);
    try {
      const outside = isOutside(this.info()), text = this.memory.callText('tracer_wasm_lines', reader, Number(outside));
      return outside ? withThreads(text, tracksOf(this.memory, reader), this.processes(), this.memory.constants.sizes.numbered_from) : text;
    } finally {
      release();
    }
  }

  /** The summary of CONTRACT.md. Converted to a string, it is the printed text. @returns {import('./types.js').Summary} */
  summary() {
    const [json, text] = this.memory.callText('tracer_wasm_summary', this.handle()).split('\0');
    return Object.defineProperty(JSON.parse(json), 'toString', { value: () => text });
  }

  /** The statistics of all operations, by name. @returns {Record<string, import('./types.js').OperationStats>} */
  stats() {
    const list = JSON.parse(this.memory.callText('tracer_wasm_operations', this.handle()));
    return Object.fromEntries(list.map((/** @type {any} */ operation) => [operation.name, operation]));
  }

  /** The spans that have begun and not ended, outermost first. @returns {import('./types.js').OpenSpan[]} */
  openSpans() {
    return JSON.parse(this.memory.callText('tracer_wasm_open_spans', this.handle()));
  }

  /**
   * The processes that events are about, in the order in which they were first seen: pid, parent, name, start, end (ms),
   * exit_code and signal, as far as known.
   * @returns {Record<string, any>[]}
   */
  processes() {
    return JSON.parse(this.memory.callText('tracer_wasm_processes', this.handle()));
  }

  /** Sentences about events and data that a saved trace lacks. @returns {{ text: string, count: number }[]} */
  notes() {
    return JSON.parse(this.memory.callText('tracer_wasm_notes', this.handle()));
  }

  /** General information about the image. @returns {Record<string, any>} */
  info() {
    const info = JSON.parse(this.memory.callText('tracer_wasm_info', this.handle()));
    return { ...info, clock_resolution: info.clock_resolution_ns / 1e6, created_realtime: info.created_realtime_ns / 1e6 };
  }

  /** The image's bytes: a view that memory growth ends. @returns {Uint8Array} */
  image() {
    this.handle();
    return this.memory.view().subarray(this.owned, this.owned + this.info().size_bytes);
  }

  /** All events as typed arrays, in order of completion; nameOf() and trackOf() resolve ids. */
  columns() {
    return columns(this.memory, this.handle(), () => this.handle());
  }

  /** Starts to follow the image, at its oldest event. */
  cursor() {
    const cursor = new Cursor(this.memory.call('tracer_wasm_cursor', this.handle()));
    this.cursors.add(cursor);
    return cursor;
  }

  /**
   * The events since the cursor, and how many were missed. Advances the cursor past them.
   * @param {Cursor} cursor
   * @returns {{ events: TraceEvent[], missed: number }}
   */
  readSince(cursor) {
    const text = this.memory.callText('tracer_wasm_read_since', this.#followed(cursor), cursor.handle);
    return { events: eventsOf(text), missed: this.memory.number() };
  }

  /**
   * The new data since the cursor, as the bytes of a sealed image: events, and the current counts, open spans and tables.
   * Advances the cursor. The first call returns a snapshot of everything held. null: nothing new.
   * @param {Cursor} cursor
   * @returns {Uint8Array<ArrayBuffer> | null} a copy
   */
  readSegment(cursor) {
    const address = this.memory.call('tracer_wasm_read_segment', this.#followed(cursor), cursor.handle);
    if (!address) return null;
    const bytes = new Uint8Array(this.memory.resultBytes(address));
    this.memory.free(address);
    return bytes;
  }

  /** The reader; throws unless the cursor belongs to it. @param {Cursor} cursor */
  #followed(cursor) {
    const reader = this.handle();
    if (!this.cursors.has(cursor)) throw new TypeError('this cursor is closed, or belongs to another tracer');
    return reader;
  }

  /** Stops following. @param {Cursor} cursor */
  closeCursor(cursor) {
    if (this.cursors.delete(cursor)) this.memory.exports.tracer_cursor_destroy(cursor.handle);
  }

  /** Whether dispose() was called, so that nothing can be read any more. */
  get disposed() {
    return this.reader === 0;
  }

  /** Gives back the memory; harmless when called twice. */
  dispose() {
    this.release.run();
    this.reader = 0;
  }
}
