/** Follows a trace that grows: takes segments of its source to the worker, and tells of what it has become. */

/** @typedef {import('./types.js').Live} Live */
/** @typedef {import('./types.js').Overview} Overview */
/** @typedef {import('./client.js').Client} Client */
/** @typedef {import('./trace_proxy.js').TraceProxy} TraceProxy */

/**
 * What is new: the bytes of a sealed image, of which each event is in one only. null: nothing is. last: nothing will be
 * any more.
 * @typedef {{ segment: Uint8Array<ArrayBuffer> | null, last: boolean }} News
 *
 * @typedef {object} Source
 * @property {() => News | Promise<News>} next
 * @property {(look: () => void, tookMs: number) => () => void} wait calls look when it is time to ask anew, the last
 *   time having taken so long; gives what calls it off
 * @property {() => void} close
 */

/** @implements {Live} */
export class Follower {
  /** @param {Source} source @param {Client} client @param {TraceProxy} trace */
  constructor(source, client, trace) {
    this.source = source;
    this.client = client;
    this.trace = trace;
    this.paused = false;
    this.behind = false; // paused, but not yet shown as it was then
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.callOff = source.wait(this.#look, 0);
  }

  /** @param {boolean} paused what comes meanwhile waits at its source; what was recorded before is still taken */
  setPaused(paused) {
    this.paused = paused;
    this.behind = paused;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** What is shown stays. */
  stop() {
    if (this.trace.live !== this) return;
    this.trace.live = null;
    this.callOff();
    this.source.close();
  }

  #look = async () => {
    const began = performance.now();
    const isDue = !this.paused || this.behind;
    this.behind = false;
    if (isDue) await this.#take().catch((error) => this.#failed(error));
    if (this.trace.live === this) this.callOff = this.source.wait(this.#look, performance.now() - began);
  };

  async #take() {
    const { segment, last } = await this.source.next();
    if (this.trace.live !== this) return; // it was closed meanwhile
    if (segment) {
      const overview = await this.client.call('extend', [segment], { transfer: [segment.buffer] });
      const { title, notes } = this.trace.overview;
      this.trace.overview = { ...overview, title, notes };
    }
    if (last) this.stop();
    if (segment || last) this.#tell();
  }

  /** @param {Error} error */
  #failed(error) {
    if (error.name === 'AbortError') return;
    this.stop();
    const { overview } = this.trace;
    this.trace.overview = { ...overview, notes: [...overview.notes, `The trace is no longer followed; this is its last known state: ${error.message}`] };
    this.#tell();
  }

  #tell() {
    for (const listener of this.listeners) listener();
  }
}
