/**
 * Memory of open spans and calls, and how they nest. C keeps a few words per span; if too many spans are open at once,
 * further ones keep their words in JavaScript, which takes no memory of C's.
 */

/** @typedef {import('../module/memory.js').Memory} Memory */

export class Slots {
  /** @param {Memory} memory @param {number} max */
  constructor(memory, max) {
    this.memory = memory;
    this.max = max;
    this.size = memory.constants.sizes.span;
    /** All slots, and those not in use. @type {number[]} */
    this.all = [];
    /** @type {number[]} */
    this.free = [];
    /** Slots of nested open spans, outermost first. @type {number[]} */
    this.nested = [];
    /** The slot of a span that is kept in JavaScript, while C begins or ends it. */
    this.passing = 0;
    /** The bytes of a span that has not begun. */
    this.blank = new Uint8Array(this.size);
  }

  /** A slot for a new span; 0: it must be kept in JavaScript. */
  take() {
    const { free } = this;
    if (free.length > 0) return /** @type {number} */ (free.pop());
    return this.all.length < this.max ? this.add() : 0;
  }

  /** The same for a call, which cannot be kept in JavaScript. */
  add() {
    const slot = this.memory.allocate(this.size);
    this.all.push(slot);
    return slot;
  }

  /** @param {number} slot */
  give(slot) {
    this.free.push(slot);
  }

  /** A temporary slot filled with the words of a span that is kept in JavaScript. @param {Uint8Array} [words] */
  pass(words) {
    if (!this.passing) this.passing = this.memory.allocate(this.size);
    if (words) this.memory.view().set(words, this.passing);
    return this.passing;
  }

  /** A copy of the temporary slot. */
  passed() {
    return this.memory.view().slice(this.passing, this.passing + this.size);
  }

  /**
   * Spans that began inside one that now ends continue without it: for C, they are on no stack.
   * @param {number} slot
   */
  leave(slot) {
    const { nested } = this;
    if (nested[nested.length - 1] === slot) nested.pop();
    else this.#leaveEarly(slot);
  }

  /** @param {number} slot */
  #leaveEarly(slot) {
    const { nested } = this, at = nested.lastIndexOf(slot);
    if (at < 0) return;
    for (let inner = nested.length - 1; inner > at; inner--) {
      this.memory.exports.tracer_wasm_span_detach(nested[inner]); // may be interrupted: then the loop starts again here
      nested.pop();
    }
    nested.pop();
  }

  dispose() {
    for (const slot of this.all) this.memory.free(slot);
    if (this.passing) this.memory.free(this.passing);
  }
}
