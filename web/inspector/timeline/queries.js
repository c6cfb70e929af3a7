/**
 * Asks the trace for data to draw: per kind, one question under way and the newest one next. As
 * long as answers come fast they cover more than the window, so that small pans need no question.
 */
import { answered } from './answered.js';
import { rectUnder } from './hit.js';
import { eachVisible } from './layout.js';
import { fitWindow } from './scale.js';

/**
 * @typedef {import('./state.js').ViewState} ViewState
 * @typedef {import('../trace/types.js').WindowRequest} WindowRequest
 */

/** Answers within this time are cheap: the next one covers half a window more on either side. */
const CHEAP_MS = 12;
const MINIMAP_BUCKETS = 1000;

export class Queries {
  #state;
  #changed;
  #failed;
  #busy = false;
  #densityBusy = false;
  #disposed = false;
  #lastMs = 0;
  #asked = '';
  /** @type {import('./scale.js').TimeWindow} */ #covered = { fromNs: 0, toNs: 0 };
  #askedDensity = '';
  /** Of the answer before the one that is shown. @type {ArrayBuffer | undefined} */ #room;

  /**
   * @param {ViewState} state
   * @param {(what: import('./state.js').Stale) => void} changed called when the state has an answer
   * @param {(message: string) => void} failed
   */
  constructor(state, changed, failed) {
    this.#state = state;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Asks for the visible part, unless it is known or already requested. */
  update() {
    const { trace, widthPx } = this.#state;
    if (!trace || this.#disposed || widthPx < 1) return;
    if (!this.#busy) this.#askWindow(trace);
    if (!this.#densityBusy) this.#askDensity(trace);
  }

  dispose() {
    this.#disposed = true;
  }

  /** @param {import('../trace/types.js').Trace} trace */
  async #askWindow(trace) {
    const request = this.#request();
    const { window, changes } = this.#state;
    const zoom = (window.toNs - window.fromNs) / this.#state.widthPx;
    const { rows, counters } = request;
    const key = `${changes} ${zoom.toPrecision(9)} ${rows.join(' ')} ${counters.join(' ')}`;
    const covered = this.#covered.fromNs <= window.fromNs && this.#covered.toNs >= window.toNs;
    if (key === this.#asked && covered) return;
    this.#busy = true;
    const begin = performance.now();
    const asking = trace.window({ ...request, room: this.#room });
    this.#room = undefined;
    const geometry = await answered(asking, this.#failed);
    this.#lastMs = performance.now() - begin;
    this.#busy = false;
    if (this.#disposed) return;
    if (geometry && trace === this.#state.trace) {
      this.#asked = key;
      this.#covered = request;
      this.#room = /** @type {ArrayBuffer | undefined} */ (this.#state.geometry?.startNs.buffer);
      this.#state.geometry = geometry;
      // the pointer rests, but the events under it may have moved
      this.#state.hovered = rectUnder(this.#state);
      this.#changed('geometry');
    } else if (trace !== this.#state.trace) this.#changed('geometry');
  }

  /**
   * @returns {WindowRequest} in whole nanoseconds, with enough pixels for its part beyond the
   *   window
   */
  #request() {
    const { window, widthPx, ratio } = this.#state;
    const span = window.toNs - window.fromNs;
    const margin = this.#lastMs < CHEAP_MS ? span / 2 : 0;
    const fromNs = Math.floor(window.fromNs - margin);
    const toNs = Math.ceil(window.toNs + margin);
    const pixels = Math.max(1, Math.round(((toNs - fromNs) / span) * widthPx * ratio));
    return { fromNs, toNs, widthPx: pixels, ...this.#visible() };
  }

  /** The rows up to half a screen above and below, too: scrolling needs them next. */
  #visible() {
    const { layout, scrollPx, heightPx } = this.#state;
    /** @type {[number, number][]} */
    const rows = [];
    /** @type {number[]} */
    const counters = [];
    const above = Math.min(scrollPx, Math.round(heightPx / 80) * 40);
    eachVisible(
      layout,
      Math.floor((scrollPx - above) / 40) * 40,
      Math.ceil((heightPx + above) / 40) * 40 + heightPx / 2,
      (item) => {
        if (item.kind === 'counter') counters.push(item.index);
        if (item.kind === 'thread' && item.rows > 0) rows.push([item.firstRow, item.rows]);
        if (item.ticks > 0) rows.push([item.firstTick, item.ticks]);
        rows.push(...item.strip);
      },
    );
    return { rows: joined(rows), counters };
  }

  /** @param {import('../trace/types.js').Trace} trace */
  async #askDensity(trace) {
    const { limits, changes } = this.#state;
    const { fromNs, toNs } = fitWindow(limits);
    const key = `${changes} ${fromNs} ${toNs}`;
    if (key === this.#askedDensity) return;
    this.#densityBusy = true;
    const asking = trace.density(fromNs, Math.ceil(toNs), MINIMAP_BUCKETS);
    const density = await answered(asking, this.#failed);
    this.#densityBusy = false;
    if (this.#disposed) return;
    if (trace === this.#state.trace) this.#askedDensity = key;
    if (density && trace === this.#state.trace) this.#state.density = { ...density, fromNs, toNs };
    this.#changed('density');
  }
}

/**
 * Merges adjacent ranges, sorted by first row.
 * @param {[number, number][]} rows @returns {[number, number][]}
 */
export function joined(rows) {
  /** @type {[number, number][]} */
  const result = [];
  for (const [first, count] of rows.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && first <= last[0] + last[1]) last[1] = Math.max(last[1], first + count - last[0]);
    else result.push([first, count]);
  }
  return result;
}
