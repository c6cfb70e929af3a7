/**
 * Memory of spans and calls that are open, and which of them are inside of which. What C keeps of a span are a few
 * words; beyond a number of spans that are open at once, these wait in JavaScript, where nothing is used up.
 */

/** @typedef {import('../module/memory.js').Memory} Memory */

export class Slots {
  /** @param {Memory} memory @param {number} max */
  constructor(memory, max) {
    this.memory = memory;
    this.max = max;
    this.size = memory.constants.sizes.span;
    /** All there are, and those that are not in use. @type {number[]} */
    this.all = [];
    /** @type {number[]} */
    this.free = [];
    /** Those that are open in each other, outermost first. @type {number[]} */
    this.nested = [];
    /** Where a span stands that waits in JavaScript, while C begins or ends it. */
    this.passing = 0;
    /** A span that has not begun. */
    this.blank = new Uint8Array(this.size);
  }

  /** Memory for a span that begins; 0: it is to wait in JavaScript. */
  take() {
    const { free } = this;
    if (free.length > 0) return /** @type {number} */ (free.pop());
    return this.all.length < this.max ? this.add() : 0;
  }

  /** The same for what cannot wait elsewhere. */
  add() {
    const slot = this.memory.allocate(this.size);
    this.all.push(slot);
    return slot;
  }

  /** @param {number} slot */
  give(slot) {
    this.free.push(slot);
  }

  /** A slot for a moment, with what it had: for a span that waits. @param {Uint8Array} [words] */
  pass(words) {
    if (!this.passing) this.passing = this.memory.allocate(this.size);
    if (words) this.memory.view().set(words, this.passing);
    return this.passing;
  }

  /** A copy of what passed. */
  passed() {
    return this.memory.view().slice(this.passing, this.passing + this.size);
  }

  /**
   * What began in a span that now ends goes on without it: as C sees it, on no stack.
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
      this.memory.exports.tracer_wasm_span_detach(nested[inner]); // may be interrupted: then this begins anew, here
      nested.pop();
    }
    nested.pop();
  }

  dispose() {
    for (const slot of this.all) this.memory.free(slot);
    if (this.passing) this.memory.free(this.passing);
  }
}
