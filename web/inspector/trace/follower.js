/**
 * Follows a trace that grows: passes segments from its source to the worker, and notifies listeners
 * of changes.
 */

import { unpacked } from './lists.js';

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').Overview} Overview */
/** @typedef {import('./client.js').Client} Client */
/** @typedef {import('./trace_proxy.js').TraceProxy} TraceProxy */

/**
 * New events as the bytes of a sealed image; each event is in only one. null: none. last: no more
 * will follow.
 * @typedef {{ segment: Uint8Array<ArrayBuffer> | null, last: boolean }} News
 *
 * @typedef {object} Source
 * @property {() => News | Promise<News>} next
 * @property {(look: () => void, tookMs: number) => () => void} wait calls look when it is time to
 *   ask again, given how long the last time took; returns a function that cancels that
 * @property {() => void} close
 */

// often enough that nothing is evicted at the source meanwhile, yet in few segments
const READ_WHILE_BUSY_MS = 100;
const WAITING_BYTES_MAX = 16 << 20; // beyond this, new events wait at the source

/** @implements {Live} */
export class Follower {
  /** @param {Source} source @param {Pick<Client, 'call'>} client @param {TraceProxy} trace */
  constructor(source, client, trace) {
    this.source = source;
    this.client = client;
    this.trace = trace;
    this.paused = false;
    this.behind = false; // paused, but events recorded until then are not shown yet
    /** @type {Uint8Array<ArrayBuffer>[]} read, but not yet passed to the worker */
    this.segments = [];
    this.last = false;
    this.showing = false;
    this.readAt = -Infinity;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.callOff = source.wait(this.#look, 0);
  }

  /**
   * @param {boolean} paused new events wait at their source; those recorded before are still taken
   */
  setPaused(paused) {
    this.paused = paused;
    this.behind = paused;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Stops following; the events shown stay. */
  stop() {
    if (!this.#goesOn()) return;
    this.trace.live = null;
    this.callOff();
    this.source.close();
  }

  #goesOn() {
    return this.trace.live === this;
  }

  #mayRead() {
    if (this.last || (this.paused && !this.behind)) return false;
    if (!this.showing || this.behind) return true;
    const bytes = this.segments.reduce((sum, { length }) => sum + length, 0);
    return bytes < WAITING_BYTES_MAX && performance.now() - this.readAt >= READ_WHILE_BUSY_MS;
  }

  #look = async () => {
    const began = performance.now();
    if (this.#mayRead()) await this.#read().catch((error) => this.#failed(error));
    if (this.#goesOn() && !this.last)
      this.callOff = this.source.wait(this.#look, performance.now() - began);
  };

  async #read() {
    this.readAt = performance.now();
    this.behind = false;
    const { segment, last } = await this.source.next();
    if (!this.#goesOn()) return; // closed meanwhile
    if (segment) this.segments.push(segment);
    this.last = last;
    this.#show();
  }

  /**
   * The worker re-indexes everything held each time; then it is left free for questions for just as
   * long.
   */
  async #show() {
    if (this.showing) return;
    this.showing = true;
    try {
      while (this.segments.length > 0 && this.#goesOn()) {
        const began = performance.now();
        await this.#extend(this.segments.splice(0));
        const tookMs = performance.now() - began;
        await new Promise((resolve) => setTimeout(resolve, tookMs));
      }
      if (this.last && this.segments.length === 0 && this.#goesOn()) {
        this.stop();
        this.#tell();
      }
    } catch (error) {
      this.#failed(/** @type {Error} */ (error));
    } finally {
      this.showing = false;
    }
  }

  /** @param {Uint8Array<ArrayBuffer>[]} segments */
  async #extend(segments) {
    /** @type {import('./lists.js').SentOverview} */
    const overview = await this.client.call('extend', [segments], {
      transfer: segments.map(({ buffer }) => buffer),
    });
    const { title, notes } = this.trace.overview;
    this.trace.overview = { ...unpacked(overview), title, notes };
    if (this.last && this.segments.length === 0) this.stop();
    this.#tell();
  }

  /** @param {Error} error */
  #failed(error) {
    if (error.name === 'AbortError') return;
    this.stop();
    const { overview } = this.trace;
    this.trace.overview = {
      ...overview,
      notes: [
        ...overview.notes,
        `The trace is no longer followed; this is its last known state: ${error.message}`,
      ],
    };
    this.#tell();
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }
}
