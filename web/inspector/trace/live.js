/** Follows a tracer of the same page, through its readSince() alone. */
import { Client, filesBeside } from './client.js';
import { pack } from './pack.js';
import { TraceProxy } from './trace_proxy.js';

/** @typedef {import('../../ringscope.js').Tracer} Tracer */
/** @typedef {import('./client.js').Assets} Assets */
/** @typedef {import('./types.js').Live} Live */

const HOLD_EVENTS = 200_000;
const STATISTICS_MS = 250;
const NOTHING = { events: [], missed: 0 };

/** @implements {Live} */
class Follower {
  /** @param {Tracer} tracer @param {Client} client @param {TraceProxy} trace @param {string[]} columns */
  constructor(tracer, client, trace, columns) {
    this.tracer = tracer;
    this.client = client;
    this.trace = trace;
    this.columns = columns;
    this.cursor = tracer.cursor();
    this.paused = false;
    this.busy = false;
    this.counted = 0; // when the statistics were read
    this.stale = false; // events came since
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.frame = requestAnimationFrame(() => this.#tick());
  }

  /** @param {boolean} paused */
  setPaused(paused) {
    this.paused = paused;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.tracer.disposed) this.tracer.closeCursor(this.cursor);
  }

  /** Once a frame; while the worker is busy, events wait in the tracer. */
  #tick() {
    if (this.tracer.disposed) return; // it was disposed of: what is shown stays
    this.frame = requestAnimationFrame(() => this.#tick());
    if (this.busy || this.client.ended) return;
    const { events, missed } = this.paused ? NOTHING : this.tracer.readSince(this.cursor);
    if (events.length === 0 && missed === 0) return this.#recount();
    this.busy = true;
    this.#extend(pack(events, missed, this.columns, this.tracer.memory.categoryCodes)).finally(() => (this.busy = false));
  }

  /** @param {import('./live_events.js').Batch} batch */
  async #extend(batch) {
    const transfer = [batch.items.buffer, batch.texts.buffer];
    const overview = await this.client.call('extend', [batch], { transfer }).catch((error) => this.#failed(error));
    if (!overview) return;
    const { format, title, notes } = this.trace.overview;
    this.trace.overview = { ...overview, format, title, notes, ...this.#statistics() };
    for (const listener of this.listeners) listener();
  }

  /** @param {Error} error */
  #failed(error) {
    if (error.name === 'AbortError') return;
    this.trace.overview = { ...this.trace.overview, notes: [`The trace is no longer followed: ${error.message}`] };
    this.stop();
    for (const listener of this.listeners) listener();
  }

  /** They change with every event, and are read seldom enough to cost little. */
  #statistics() {
    const { summary, summaryText, operations } = this.trace.overview;
    this.stale = performance.now() < this.counted + STATISTICS_MS;
    if (this.stale) return { summary, summaryText, operations };
    this.counted = performance.now();
    return statisticsOf(this.tracer);
  }

  /** What the last events changed is told even when no more come. */
  #recount() {
    if (!this.stale || performance.now() < this.counted + STATISTICS_MS) return;
    Object.assign(this.trace.overview, this.#statistics());
    for (const listener of this.listeners) listener();
  }
}

/** @param {Tracer} tracer */
function statisticsOf(tracer) {
  const summary = tracer.summary();
  return { summary, summaryText: String(summary), operations: /** @type {any[]} */ (Object.values(tracer.stats())) };
}

/** @param {Tracer} tracer @param {"ring" | "chrome"} format */
async function save(tracer, format) {
  if (format === 'chrome') return new Blob([tracer.export('chrome')], { type: 'application/json' });
  return new Blob([/** @type {any} */ (tracer.save())]);
}

/**
 * Begins to follow, at the oldest event that the tracer holds.
 * @param {Tracer} tracer stays the caller's
 * @param {{ name?: string, holdEvents?: number, assets?: Assets }} [options] holdEvents: how many the page keeps
 * @returns {Promise<import('./types.js').Trace>}
 */
export async function liveTrace(tracer, { name = 'live', holdEvents = HOLD_EVENTS, assets = filesBeside() } = {}) {
  const client = await Client.start(assets);
  const { packed, ...overview } = await client.call('follow', [holdEvents]);
  const trace = new TraceProxy(client, { ...overview, title: name, ...statisticsOf(tracer) }, (format) => save(tracer, format));
  const follower = new Follower(tracer, client, trace, packed);
  trace.live = follower;
  trace.dispose = () => {
    follower.stop();
    client.end();
  };
  return trace;
}
