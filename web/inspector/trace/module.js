/**
 * The timeline module's JavaScript interface: one trace, all calls synchronous. Used by the worker,
 * and by tests and benchmarks without a worker.
 */
import { Memory } from '../../module/memory.js';
import { noteWords } from './notes.js';
import { orderBegin, orderStep } from './order.js';
import { untraced } from '../../module/untraced.js';
import { copyColumns, numbers, takeTable } from './tables.js';

/**
 * The trace's file: fills `to` from this offset; false: it cannot.
 * @typedef {{ read: (offset: number, to: Uint8Array) => boolean }} Source
 */

const NONE = 0xffffffff;
const KINDS = /** @type {const} */ (['instant', 'span', 'sample']);
const AMONG = ['row', 'track', 'name'];

/** @param {number} event */
export const orNone = (event) => (event >>> 0 === NONE ? -1 : event >>> 0);

/**
 * Arguments as a value; if they are not valid JSON, for example because of NaN, they stay text.
 * @param {string | null} text
 */
function parsed(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** The module's imports from its environment. @param {() => TraceModule} module */
function imports(module) {
  const at = (/** @type {number} */ address, /** @type {number} */ size) =>
    module()
      .memory.view()
      .subarray(address >>> 0, (address >>> 0) + (size >>> 0));
  return {
    env: {
      tracer_import_now: () => performance.now(),
      tracer_import_time_origin: () => performance.timeOrigin,
      emscripten_notify_memory_growth: () => {},
      timeline_import_read: (
        /** @type {number} */ offset,
        /** @type {number} */ to,
        /** @type {number} */ size,
      ) => module().source?.read(offset, at(to, size)) ?? false,
      timeline_import_progress: (/** @type {number} */ done, /** @type {number} */ total) =>
        module().progress(done, total),
      timeline_import_write: (/** @type {number} */ from, /** @type {number} */ size) => {
        module().write(at(from, size));
        return true;
      },
    },
  };
}

export class TraceModule {
  /** @param {Memory} memory */
  constructor(memory) {
    this.memory = memory;
    this.exports = memory.exports;
    this.lists = JSON.parse(memory.takeString(this.exports.timeline_wasm_describe()));
    this.handle = this.exports.timeline_wasm_create();
    if (!this.handle) throw new Error('There is not enough memory to open a trace.');
    /** The file, for images. @type {Source | undefined} */
    this.source = undefined;
    /**
     * Called during long work; returning false gives it up.
     * @type {(done: number, total: number) => boolean}
     */
    this.progress = () => true;
    /** Takes a piece of an export; the bytes are borrowed. @type {(bytes: Uint8Array) => void} */
    this.write = () => {};
    this.input = { address: 0, bytes: 0 };
  }

  /** @param {WebAssembly.Module} compiled */
  static async create(compiled) {
    /** @type {TraceModule} */
    let module;
    const instance = await WebAssembly.instantiate(compiled, untraced(imports(() => module)));
    const exports = /** @type {any} */ (instance.exports);
    exports._initialize();
    module = new TraceModule(new Memory(exports, exports.memory));
    return module;
  }

  /** The trace's memory, in bytes. */
  get bytes() {
    return this.memory.memory.buffer.byteLength;
  }

  // ---------------------------------------------------------------- opening

  /** Loads an image, through the environment's read(). @param {number} size */
  loadImage(size) {
    this.memory.call('timeline_wasm_load_image', this.handle, size);
  }

  /**
   * Takes the next piece of a trace in any format except ringscope's own. @param {Uint8Array} bytes
   */
  feed(bytes) {
    const { memory, input } = this;
    if (input.bytes < bytes.length) {
      if (input.address) memory.free(input.address);
      this.input = { address: memory.allocate(bytes.length), bytes: bytes.length };
    }
    memory.view().set(bytes, this.input.address);
    memory.call('timeline_wasm_feed', this.handle, this.input.address, bytes.length);
  }

  /**
   * Decompresses a gzip file, which source reads.
   * @param {number} size
   * @param {(bytes: Uint8Array) => void} write takes a piece, which is borrowed
   */
  gunzip(size, write) {
    this.write = write;
    this.memory.call('timeline_wasm_gunzip', this.handle, size);
    this.write = () => {};
  }

  /** Ends feeding: returns the format found. */
  end() {
    this.memory.call('timeline_wasm_end', this.handle);
    if (this.input.address) this.memory.free(this.input.address);
    this.input = { address: 0, bytes: 0 };
    const [format, formatTitle] = this.memory.texts();
    return { format, formatTitle };
  }

  /** Makes the loaded trace one of several; then another can be loaded. @param {string} name */
  addLoaded(name) {
    this.ask({}, [name]);
    this.call('add_loaded');
  }

  /** Begins a trace that grows. @param {number} hold how many of the newest events are kept */
  follow(hold) {
    this.memory.call('timeline_wasm_follow', this.handle, hold);
  }

  /** Adds its next segment. @param {Uint8Array} bytes */
  addSegment(bytes) {
    this.memory.call(
      'timeline_wasm_add_segment',
      this.handle,
      this.memory.copyBytes(bytes),
      bytes.length,
    );
  }

  /** Ends loading, or takes in new segments: afterwards all events are shown. */
  build() {
    this.memory.call('timeline_wasm_build', this.handle);
  }

  /** The overview, without the parts that the file's format adds. */
  overview() {
    const { memory, lists, handle } = this;
    this.exports.timeline_wasm_overview(handle, memory.exchange);
    const overview = numbers(memory, lists.overview);
    const names = this.table('names', []).texts;
    return {
      ...overview,
      names,
      fields: lists.fields,
      sources: new Map(
        this.#named('sources', 'source').map(({ name, source }) => [names[name], source]),
      ),
      categories: this.#named('categories').map((category, i) => ({
        ...category,
        hue: this.#hue(category.name, i),
      })),
      processes: this.#named('processes').map((process) => ({
        ...process,
        numbered: process.pid > lists.wordId,
      })),
      losses: this.#named('losses', 'reason'),
      notes: this.#named('notes', 'text').map(noteWords),
      tracks: this.#named('tracks').map((track) => ({
        ...track,
        rows: track.rows - track.ticks,
        counter: track.counter < 0 ? null : names[track.counter],
        numbered: track.tid > lists.wordId,
        sampled: track.sampled === 1,
      })),
    };
  }

  /**
   * CONTRACT.md's summary and the operations, from an image or the newest segment; other formats
   * have none.
   */
  summary() {
    const reader = this.exports.timeline_wasm_reader(this.handle);
    if (!reader) return { summary: null, summaryText: null, operations: [] };
    const [json, summaryText] = this.memory
      .callText('timeline_wasm_summary', this.handle)
      .split('\0');
    const operations = JSON.parse(this.memory.callText('tracer_wasm_operations', reader));
    return { summary: JSON.parse(json), summaryText, operations };
  }

  /**
   * Writes the events in another tool's format to the environment's write().
   * @param {import('./types.js').ExportFormat} format
   */
  exportAs(format) {
    this.memory.call(
      'timeline_wasm_export',
      this.handle,
      this.memory.constants.formats.indexOf(format) >>> 0,
    );
  }

  /**
   * Writes the trace as a sealed image to the environment's write().
   * @param {boolean} [withoutDetails]
   */
  saveImage(withoutDetails = false) {
    this.memory.call('timeline_wasm_save', this.handle, Number(withoutDetails));
  }

  /** The same for events that reach into a range. @param {number} fromNs @param {number} toNs */
  saveRange(fromNs, toNs) {
    this.ask({ fromNs, toNs });
    this.call('save_range');
  }

  // ---------------------------------------------------------------- showing

  /**
   * @param {import('./types.js').WindowRequest} request @returns {import('./types.js').Geometry}
   */
  window({ fromNs, toNs, widthPx, rows, counters, preview = false }) {
    const ranges = this.memory.copyBytes(new Uint8Array(Uint32Array.from(rows.flat()).buffer));
    try {
      this.ask({ fromNs, toNs, widthPx, preview: Number(preview) });
      const address = this.call('window', ranges, rows.length);
      const count = this.memory.number();
      const columns = copyColumns(this.memory, address, count, this.lists.geometry);
      return /** @type {any} */ ({
        fromNs,
        toNs,
        widthPx,
        count,
        ...columns,
        counters: counters.map((track) => this.#counter(track, { fromNs, toNs, widthPx })),
      });
    } finally {
      this.memory.free(ranges);
    }
  }

  /** @param {number} track @param {Record<string, number>} window */
  #counter(track, window) {
    this.ask(window);
    const address = this.call('counter', track);
    const { count, low, high } = numbers(this.memory, ['count', 'low', 'high']);
    return { track, low, high, ...copyColumns(this.memory, address, count, this.lists.points) };
  }

  /** @param {number} fromNs @param {number} toNs @param {number} buckets */
  density(fromNs, toNs, buckets) {
    this.ask({ fromNs, toNs });
    const address = this.call('density', buckets);
    const categories = this.memory.number();
    const { counts } = copyColumns(this.memory, address, buckets * categories, [
      ['counts', 'Uint32Array'],
    ]);
    return { buckets, categories, counts };
  }

  /** @param {number} row @param {number} timeNs @param {number} toleranceNs */
  hit(row, timeNs, toleranceNs) {
    return orNone(this.exports.timeline_wasm_hit(this.handle, row, timeNs, toleranceNs));
  }

  /** @param {number} event @param {string} among @param {number} direction */
  neighbour(event, among, direction) {
    return orNone(
      this.exports.timeline_wasm_neighbour(this.handle, event, AMONG.indexOf(among), direction),
    );
  }

  /** @param {number} event @returns {import('./types.js').EventDetails} */
  event(event) {
    const [details] = this.#events(this.call('event', event));
    if (!details) throw new RangeError(`there is no event ${event}`);
    return { ...details, arguments: parsed(details.argumentsText), ...this.#flows(event) };
  }

  /**
   * Where in the program the event was recorded, innermost frame first.
   * @param {number} event @returns {import('./types.js').Frame[]}
   */
  stack(event) {
    const { rows, texts } = takeTable(this.memory, this.call('stack', event), this.lists.frames);
    return rows.map(({ address }, i) => ({
      ...{ name: texts[2 * i], module: texts[2 * i + 1], address },
    }));
  }

  /** The events at the other ends of an event's arrows. @param {number} event */
  #flows(event) {
    const { rows } = takeTable(this.memory, this.call('flows', event), this.lists.flows);
    return {
      leadsTo: rows.filter(({ from }) => from === event).map(({ to }) => to),
      comesFrom: rows.filter(({ to }) => to === event).map(({ from }) => from),
    };
  }

  // ----------------------------------------------------------------- asking

  /** @param {string} text an expression @throws {Error} see checkQuery() of engine.js */
  search(text) {
    this.ask({}, [text]);
    this.call('search');
  }

  /** Searches further events. @param {number} events */
  searchStep(events) {
    const more = Boolean(this.exports.timeline_wasm_search_step(this.handle, events));
    return { hits: this.exports.timeline_wasm_search_hits(this.handle) >>> 0, done: !more };
  }

  /** @param {{ event?: number, timeNs?: number }} from @param {number} direction */
  nextHit({ event = NONE, timeNs = 0 }, direction) {
    this.exports.timeline_wasm_search_next(
      this.handle,
      event < 0 ? NONE : event,
      timeNs,
      direction,
      this.memory.exchange,
    );
    const { found, rank } = numbers(this.memory, ['found', 'rank']);
    return { event: orNone(found), rank };
  }

  /** @param {number} name @param {number} bins */
  histogram(name, bins) {
    const address = this.call('histogram', name, bins);
    const { boundsNs } = copyColumns(this.memory, address, bins + 1, [
      ['boundsNs', 'Float64Array'],
    ]);
    const { counts } = copyColumns(this.memory, address + boundsNs.byteLength, bins, [
      ['counts', 'Uint32Array'],
    ]);
    return { counts, boundsNs };
  }

  /** @param {number} name @param {number} points at most */
  series(name, points) {
    const address = this.call('series', name, points);
    const columns = [
      ['startNs', 'Float64Array'],
      ['values', 'Float64Array'],
    ];
    return copyColumns(this.memory, address, this.memory.number(), /** @type {any} */ (columns));
  }

  /**
   * Sorts the table, in one step: engine.js does it in steps.
   * @param {string} key @param {boolean} descending
   */
  sort(key, descending) {
    orderBegin(this, key, descending);
    while (!orderStep(this, NONE).done);
  }

  /** @param {number} first @param {number} count */
  rows(first, count) {
    return this.#events(this.call('rows', first, count));
  }

  /** @param {number} event */
  position(event) {
    return orNone(this.exports.timeline_wasm_position(this.handle, event));
  }

  // ---------------------------------------------------------------- helpers

  /** @param {number} address of a table */
  #events(address) {
    const { rows, texts } = takeTable(this.memory, address, this.lists.events);
    return /** @type {import('./types.js').EventDetails[]} */ (
      rows.map((row, i) => ({
        ...row,
        kind: KINDS[row.kind],
        detail: texts[2 * i] || null,
        argumentsText: texts[2 * i + 1] || null,
      }))
    );
  }

  /**
   * ringscope's own categories have fixed colours; those of other tools take turns.
   * @param {string} name @param {number} index
   */
  #hue(name, index) {
    return this.memory.categoryCodes.get(name) ?? index % this.memory.constants.categories.length;
  }

  trackCount() {
    return this.table('tracks', this.lists.tracks).rows.length;
  }

  /** @param {string} list @param {string[]} columns */
  table(list, columns) {
    return takeTable(this.memory, this.call(list), columns);
  }

  /**
   * The rows of a list with their texts.
   * @param {string} list @param {string} [text] key for the texts @returns {any[]}
   */
  #named(list, text = 'name') {
    const { rows, texts } = this.table(list, this.lists[list]);
    return rows.map((row, i) => ({ ...row, [text]: texts[i] }));
  }

  /**
   * Stores arguments for the next call: engine.js has more questions.
   * @param {Record<string, number>} given @param {string[]} [texts]
   */
  ask(given, texts = []) {
    this.#release();
    this.#release = this.memory.setArguments(Object.keys(given), given, texts);
  }

  #release = () => {};

  /** @param {string} name @param {...number} args */
  call(name, ...args) {
    const result = this.memory.call(`timeline_wasm_${name}`, this.handle, ...args);
    this.#release();
    this.#release = () => {};
    return result;
  }
}
