/**
 * Answers of the trace that a panel shows: asked for when they are first looked at, and anew when what they depend on
 * has changed. Until the new answer is there, the panel may show the last one.
 */

/** @typedef {{ key: string, value: any, last: any }} Held */

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
   * @param {() => Promise<T>} question
   * @returns {{ value: T | undefined, last: T | undefined }} value: undefined until it is known
   */
  of(name, key, question) {
    const before = this.#held.get(name);
    if (before?.key === key) return before;
    /** @type {Held} */
    const held = { key, value: undefined, last: before?.value ?? before?.last };
    this.#held.set(name, held);
    this.#take(name, held, question);
    return held;
  }

  /** @param {string} name @param {Held} held @param {() => Promise<any>} question */
  async #take(name, held, question) {
    const value = await this.#ask(question());
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
