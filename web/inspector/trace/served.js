/** Follows a trace that its server gives anew while a program goes on writing it, as `ringscope view` does. */
import { fetchNews } from '../sources/fetch_trace.js';

/** @typedef {import('../sources/fetch_trace.js').Fetched} Fetched */
/** @typedef {import('./trace_proxy.js').TraceProxy} TraceProxy */
/** @typedef {import('./types.js').Live} Live */

const WAIT_MS = 250;
const IDLE_SHARE = 2; // a large trace that takes long to fetch and index is asked for as much more seldom

/** @implements {Live} */
class Follower {
  /** @param {TraceProxy} trace @param {Fetched} fetched */
  constructor(trace, fetched) {
    this.trace = trace;
    /** @type {{ url: URL, tag: string | null }} */
    this.known = fetched;
    this.blob = fetched.blob;
    this.paused = false;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.#later(WAIT_MS);
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
    clearTimeout(this.timer);
    this.trace.live = null;
  }

  /** @param {number} ms */
  #later(ms) {
    this.timer = setTimeout(() => this.#look(), ms);
  }

  async #look() {
    const began = performance.now();
    if (!this.paused) await this.#take().catch((error) => this.#failed(error));
    if (this.trace.live) this.#later(WAIT_MS + IDLE_SHARE * (performance.now() - began));
  }

  async #take() {
    const { blob, live, tag } = await fetchNews(this.known);
    if (!this.trace.live) return; // it was closed meanwhile
    if (blob) {
      const overview = await this.trace.client.call('reopen', [blob]);
      this.trace.overview = { ...overview, title: this.trace.overview.title };
      this.known = { url: this.known.url, tag };
      this.blob = blob;
    }
    if (!live) this.stop();
    if (blob || !live) this.#tell();
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }

  /** What is shown stays. @param {Error} error */
  #failed(error) {
    if (error.name === 'AbortError') return;
    this.stop();
    const { overview } = this.trace;
    this.trace.overview = { ...overview, notes: [...overview.notes, `The trace is no longer followed; this is its last known state: ${error.message}`] };
    this.#tell();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
}

/** @param {TraceProxy} trace as it was opened @param {Fetched} fetched what it was opened from */
export function follow(trace, fetched) {
  const { save, dispose } = trace, follower = new Follower(trace, fetched);
  trace.live = follower;
  trace.save = (format) => save(format, follower.blob);
  trace.dispose = () => {
    follower.stop();
    dispose.call(trace);
  };
}
