/** What the timeline module answers about a loaded trace: geometry, events, searches, the table. */
import { ModuleCalls } from './module_calls.js';
import { orderBegin, orderStep } from './order.js';
import { copyColumns, numbers, takeTable } from './tables.js';

/** @typedef {import('./types.js').Geometry} Geometry */
/** @typedef {import('./types.js').EventDetails} EventDetails */
/** @typedef {Pick<import('./types.js').CounterGeometry, 'x' | 'min' | 'max' | 'last'>} Points */
/**
 * @typedef {Omit<Geometry, 'fromNs' | 'toNs' | 'widthPx' | 'count' | 'counters'>}
 *   GeometryColumns
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

export class ModuleAnswers extends ModuleCalls {
  /**
   * @param {import('./types.js').WindowRequest} request @returns {Geometry}
   */
  window({ fromNs, toNs, widthPx, rows, counters, preview = false, room }) {
    const ranges = this.memory.copyBytes(new Uint8Array(Uint32Array.from(rows.flat()).buffer));
    try {
      this.ask({ fromNs, toNs, widthPx, preview: Number(preview) });
      const address = this.call('window', ranges, rows.length);
      const count = this.memory.number();
      const columns = copyColumns(this.memory, address, count, this.lists.geometry, room);
      return {
        ...{ fromNs, toNs, widthPx, count },
        .../** @type {GeometryColumns} */ (columns),
        counters: counters.map((track) => this.#counter(track, { fromNs, toNs, widthPx })),
      };
    } finally {
      this.memory.free(ranges);
    }
  }

  /** @param {number} track @param {Record<string, number>} window */
  #counter(track, window) {
    this.ask(window);
    const address = this.call('counter', track);
    const { count, low, high } = numbers(this.memory, ['count', 'low', 'high']);
    const points = copyColumns(this.memory, address, count, this.lists.points);
    return { track, low, high, .../** @type {Points} */ (points) };
  }

  /**
   * Of some of the view's events. @param {number} buckets
   * @param {{ fromNs: number, toNs: number, hits: 0 | 1, first: number, end: number }} given
   */
  density(buckets, { fromNs, toNs, hits, first, end }) {
    this.ask({ fromNs, toNs, hits, first, end });
    const address = this.call('density', buckets);
    const categories = this.memory.number();
    const { counts } = copyColumns(this.memory, address, buckets * categories, [
      ['counts', 'Uint32Array'],
    ]);
    return { categories, counts };
  }

  /** @param {number} fromNs @param {number} toNs @param {number} hits 1: of the search's only */
  occupied(fromNs, toNs, hits) {
    this.ask({ fromNs, toNs, hits });
    const address = this.call('occupied');
    const { tracks } = copyColumns(this.memory, address, this.memory.number(), [
      ['tracks', 'Uint8Array'],
    ]);
    return tracks;
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

  /** The arrows that reach into a range. @param {{ fromNs: number, toNs: number }} range */
  arrows(range) {
    this.ask(range);
    const { rows } = takeTable(this.memory, this.call('flows', NONE), this.lists.flows);
    const place = (/** @type {number} */ event) => this.#events(this.call('event', event))[0];
    return rows.map(({ from, to }) => ({ from: place(from), to: place(to) }));
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
    return /** @type {{ startNs: Float64Array, values: Float64Array }} */ (
      copyColumns(this.memory, address, this.memory.number(), [
        ['startNs', 'Float64Array'],
        ['values', 'Float64Array'],
      ])
    );
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
}
