/** Talks to a worker that holds a trace: questions are messages, answers are promises. */

import { untraced } from '../../module/untraced.js';

/**
 * The files that the page needs besides its script.
 * @typedef {{ worker: () => Worker, timelineWasm: () => Promise<WebAssembly.Module> }} Assets
 */
/**
 * @typedef {{ resolve: (value: unknown) => void, reject: (error: Error) => void, report?:
 *   (progress: unknown) => void }} Waiting
 */

/** @returns {Assets} the files beside this script */
export function filesBeside() {
  return {
    worker: () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
    timelineWasm: async () => {
      const response = await fetch(new URL('./timeline.wasm', import.meta.url));
      if (!response.ok)
        throw new Error(
          `timeline.wasm could not be fetched: ${response.status} ${response.statusText}`,
        );
      return WebAssembly.compile(untraced(await response.arrayBuffer()));
    },
  };
}

const LOST =
  'The browser has ended the worker that held the trace, perhaps because memory ran out. ' +
  'Please open the trace again.';

export const aborted = () => new DOMException('Cancelled.', 'AbortError');

export class Client {
  /** @param {Worker} worker */
  constructor(worker) {
    this.worker = worker;
    this.next = 1;
    this.ended = false;
    /** Why there are no more answers. */
    this.reason = /** @type {Error} */ (aborted());
    /** Called if the worker ends unasked. @type {(reason: Error) => void} */
    this.onlost = () => {};
    this.ending = new AbortController();
    /** Lets a person give up the worker's first task; aborted by begun(). */
    this.beginning = new AbortController();
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = (event) =>
      this.#lose(
        new Error(`The trace's worker failed: ${event.message || 'it could not be started'}`),
      );
  }

  /**
   * Starts a worker.
   * @param {Assets} assets @param {AbortSignal} [signal] ends it, until begun()
   */
  static async start(assets, signal) {
    signal?.throwIfAborted();
    const client = new Client(assets.worker());
    signal?.addEventListener('abort', () => client.end(aborted()), {
      signal: client.beginning.signal,
    });
    try {
      const lock = `ringscope ${Math.random()}`;
      if (await client.call('start', [await assets.timelineWasm(), lock])) client.#watch(lock);
      return client;
    } catch (error) {
      client.end(aborted());
      throw error;
    }
  }

  /**
   * If the browser ends a worker there is no event, but the lock that it holds is released.
   * (Polling it would not do: a working worker is silent as well.)
   * @param {string} lock
   */
  #watch(lock) {
    const { signal } = this.ending;
    navigator.locks
      .request(lock, { signal }, () => this.#lose(new Error(LOST)))
      .catch((error) => {
        if (error.name !== 'AbortError') throw error; // this page ended it
      });
  }

  /**
   * Its trace is open: from now on only dispose() ends the worker, because a later abort of the
   * signal means something else.
   */
  begun() {
    this.beginning.abort();
  }

  /** @param {Error} reason */
  #lose(reason) {
    if (this.ended) return;
    this.end(reason);
    this.onlost(reason);
  }

  /**
   * @template T, Progress
   * @param {string} method @param {unknown[]} args
   * @param {{ report?: (progress: Progress) => void, transfer?: Transferable[], signal?:
   *   AbortSignal }} [how] signal: nobody waits for the answer any more
   * @returns {Promise<T>}
   */
  call(method, args, { report, transfer = [], signal } = {}) {
    if (this.ended || signal?.aborted) return Promise.reject(this.ended ? this.reason : aborted());
    const id = this.next++;
    signal?.addEventListener('abort', () => this.#cancel(id), { once: true });
    return new Promise((resolve, reject) => {
      const waiting = /** @type {Waiting} */ ({ resolve, reject, report });
      this.waiting.set(id, waiting);
      this.worker.postMessage({ id, method, args }, transfer);
    });
  }

  /** @param {number} id */
  #cancel(id) {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    this.worker.postMessage({ id, method: 'cancel', args: [] });
    waiting.reject(aborted());
  }

  /**
   * @param {{ id: number, result?: unknown, error?: { name: string, message: string }, progress?:
   *   unknown }} message
   */
  #take({ id, result, error, progress }) {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if (progress !== undefined) return void waiting.report?.(progress);
    this.waiting.delete(id);
    if (!error) waiting.resolve(result);
    else if (error.name === 'AbortError') waiting.reject(aborted());
    else waiting.reject(Object.assign(new Error(error.message), { name: error.name }));
  }

  /** Ends the worker, at once. @param {Error} reason for those who wait */
  end(reason = aborted()) {
    if (this.ended) return;
    this.ended = true;
    this.reason = reason;
    this.ending.abort();
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
