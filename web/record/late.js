/**
 * What could not be recorded for want of stack: a function that is near its end may throw anywhere, also within the
 * recorder. Whoever records next makes up for it, before anything else.
 *
 * Where it is noted, neither a function can be called nor an object be made, so that it is done in place:
 *
 *     late.items[late.count++] = token;
 *     late.any = true;
 */

/** @typedef {import('./span.js').Span} Span */
/** @typedef {number | Span | null} Ended the end of a call by its token, below 0 if it failed; or of a span */

const ITEMS = 256; // of which nobody has seen a quarter; an array grows

export class Late {
  /** Whether there is anything, or an exception went through C, which then still has some of its stack in use. */
  any = false;
  /** Where a span stands that is about to begin, and that nobody else knows of; 0: none. */
  begun = 0;
  /** Ends in the order in which they should have been recorded. @type {Ended[]} */
  items = new Array(ITEMS).fill(null);
  count = 0;
  done = 0;

  /** One after the other, each forgotten when it is done: this may be interrupted, too. @param {(ended: Ended) => void} end */
  endAll(end) {
    for (; this.done < this.count; this.done++) {
      end(this.items[this.done]);
      this.items[this.done] = null;
    }
    this.done = this.count = 0;
  }
}
