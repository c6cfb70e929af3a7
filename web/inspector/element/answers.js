/**
 * Answers of the trace that panels show: requested when first looked at, and again when their
 * inputs have changed. Until the new answer arrives, the panel may show the previous one.
 */

/**
 * @typedef {object} Held
 * @property {string} key
 * @property {unknown} value
 * @property {unknown} last
 * @property {AbortController} stop aborts the question once nobody waits for it
 * @property {boolean} givenUp by the person: not asked again automatically
 *
 * @typedef {object} How
 * @property {(part: unknown) => void} report shows partial results
 * @property {(share: number) => void} progress reports how far it has got
 * @property {AbortSignal} signal
 */

/**
 * value: undefined until it is known
 * @template T
 * @typedef {{ value: T | undefined, last: T | undefined, givenUp: boolean }} Answer
 */

export class Answers {
  /** @type {Map<string, Held>} */ #held = new Map();
  #ask;
  #changed;
  #telling;
  #ended;

  /**
   * @param {<T>(answer: Promise<T>) => Promise<T | undefined>} ask undefined: not answered
   * @param {() => void} changed
   * @param {<T>(what: string, cancel: AbortController, work: (progress: (share: number) => void) =>
   *   Promise<T>) => Promise<T>} telling shows the progress of long work, with a button to cancel
   *   it
   * @param {() => boolean} ended the trace answers nothing any more
   */
  constructor(ask, changed, telling, ended) {
    this.#ask = ask;
    this.#changed = changed;
    this.#telling = telling;
    this.#ended = ended;
  }

  /**
   * @template T
   * @param {string} name of the question
   * @param {string} key what the answer depends on
   * @param {(how: How) => Promise<T>} question may report partial results, and may be given up
   * @param {string} [what] shown, with progress and a way to cancel, if it takes long
   * @returns {Answer<T>}
   */
  of(name, key, question, what = '') {
    const before = this.#held.get(name);
    if (before?.key === key) return /** @type {Answer<T>} */ (before);
    /** @type {Held} */
    const held = {
      key,
      value: undefined,
      last: before?.value ?? before?.last,
      stop: new AbortController(),
      givenUp: false,
    };
    before?.stop.abort();
    this.#held.set(name, held);
    this.#take(name, held, question, what);
    return /** @type {Answer<T>} */ (held);
  }

  /**
   * @param {string} name @param {Held} held @param {(how: How) => Promise<unknown>} question
   * @param {string} what
   */
  async #take(name, held, question, what) {
    const report = (/** @type {unknown} */ part) => {
      if (this.#held.get(name) !== held) return;
      held.last = part;
      this.#changed();
    };
    const { signal } = held.stop;
    /** @param {(share: number) => void} [progress] */
    const work = (progress = () => {}) => question({ report, progress, signal });
    const answer = what ? this.#telling(what, held.stop, work) : work();
    let stopped = false; // by another question; one that failed would only fail again
    answer.catch(({ name }) => (stopped = name === 'AbortError'));
    const value = await this.#ask(answer);
    if (this.#held.get(name) !== held) return; // replaced by a newer question
    held.value = value;
    held.givenUp = value === undefined && signal.aborted;
    if (stopped && !held.givenUp && !this.#ended()) this.#held.set(name, { ...held, key: '' });
    this.#changed();
  }

  /** Asks again for what a person gave up. */
  again() {
    for (const [name, { givenUp }] of this.#held) if (givenUp) this.#held.delete(name);
    this.#changed();
  }

  /** Discards an answer that is of no use any more. @param {string} name */
  drop(name) {
    this.#held.get(name)?.stop.abort();
    this.#held.delete(name);
  }

  /** Called when the trace is closed. */
  forget() {
    this.#held.clear();
  }
}
