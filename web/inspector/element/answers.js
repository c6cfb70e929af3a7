/**
 * Answers of the trace that a panel shows: asked for when they are first looked at, and anew when
 * what they depend on has changed. Until the new answer is there, the panel may show the last one.
 */

/**
 * @typedef {object} Held
 * @property {string} key
 * @property {any} value
 * @property {any} last
 * @property {AbortController} stop of the question, once nobody waits for it
 * @property {boolean} givenUp by a person: it is not asked anew by itself
 *
 * @typedef {object} How
 * @property {(part: any) => void} report shows what is known so far
 * @property {(share: number) => void} progress says how far it is
 * @property {AbortSignal} signal
 */

export class Answers {
  /** @type {Map<string, Held>} */ #held = new Map();
  #ask;
  #changed;
  #telling;

  /**
   * @param {<T>(answer: Promise<T>) => Promise<T | undefined>} ask undefined: not answered
   * @param {() => void} changed
   * @param {<T>(what: string, cancel: AbortController, work: (progress: (share: number) => void) =>
   *   Promise<T>) => Promise<T>} telling of work that takes long, with a button to cancel it
   */
  constructor(ask, changed, telling) {
    this.#ask = ask;
    this.#changed = changed;
    this.#telling = telling;
  }

  /**
   * @template T
   * @param {string} name of the question
   * @param {string} key what the answer depends on
   * @param {(how: How) => Promise<T>} question which may say what it knows already, and be given up
   * @param {string} [what] is said, with how far it is and a way to cancel, if it takes long
   * @returns {{ value: T | undefined, last: T | undefined, givenUp: boolean }} value: undefined
   *   until it is known
   */
  of(name, key, question, what = '') {
    const before = this.#held.get(name);
    if (before?.key === key) return before;
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
    return held;
  }

  /**
   * @param {string} name @param {Held} held @param {(how: How) => Promise<any>} question
   * @param {string} what
   */
  async #take(name, held, question, what) {
    const report = (/** @type {any} */ part) => {
      if (this.#held.get(name) !== held) return;
      held.last = part;
      this.#changed();
    };
    const { signal } = held.stop;
    /** @param {(share: number) => void} [progress] */
    const work = (progress = () => {}) => question({ report, progress, signal });
    const value = await this.#ask(what ? this.#telling(what, held.stop, work) : work());
    if (this.#held.get(name) !== held) return; // asked anew for something else
    if (value === undefined && signal.aborted) held.givenUp = true;
    else if (value === undefined) this.#held.set(name, { ...held, key: '' });
    else held.value = value;
    this.#changed();
  }

  /** What a person gave up is asked after all. */
  again() {
    for (const [name, { givenUp }] of this.#held) if (givenUp) this.#held.delete(name);
    this.#changed();
  }

  /** Nothing of the answer is of use any more. @param {string} name */
  drop(name) {
    this.#held.get(name)?.stop.abort();
    this.#held.delete(name);
  }

  /** The trace is closed. */
  forget() {
    this.#held.clear();
  }
}
