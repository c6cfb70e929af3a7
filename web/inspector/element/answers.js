/**
 * Answers of the trace that a panel shows: asked for when they are first looked at, and anew when what they depend on
 * has changed. Until the new answer is there, the panel may show the last one.
 */

/** stop: of the question, once nobody waits for it @typedef {{ key: string, value: any, last: any, stop: AbortController }} Held */
/** report: shows what is known so far @typedef {{ report: (part: any) => void, signal: AbortSignal }} How */

export class Answers {
  /** @type {Map<string, Held>} */ #held = new Map();
  #ask;
  #changed;

  /** @param {<T>(answer: Promise<T>) => Promise<T | undefined>} ask undefined: not answered @param {() => void} changed */
  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
  }

  /**
   * @template T
   * @param {string} name of the question
   * @param {string} key what the answer depends on
   * @param {(how: How) => Promise<T>} question which may say what it knows already, and be given up
   * @returns {{ value: T | undefined, last: T | undefined }} value: undefined until it is known
   */
  of(name, key, question) {
    const before = this.#held.get(name);
    if (before?.key === key) return before;
    /** @type {Held} */
    const held = {
      key,
      value: undefined,
      last: before?.value ?? before?.last,
      stop: new AbortController(),
    };
    before?.stop.abort();
    this.#held.set(name, held);
    this.#take(name, held, question);
    return held;
  }

  /** @param {string} name @param {Held} held @param {(how: How) => Promise<any>} question */
  async #take(name, held, question) {
    const report = (/** @type {any} */ part) => {
      if (this.#held.get(name) !== held) return;
      held.last = part;
      this.#changed();
    };
    const value = await this.#ask(question({ report, signal: held.stop.signal }));
    if (this.#held.get(name) !== held) return; // asked anew for something else
    if (value === undefined) this.#held.set(name, { ...held, key: '' });
    else held.value = value;
    this.#changed();
  }

  /** The trace is closed. */
  forget() {
    this.#held.clear();
  }
}
