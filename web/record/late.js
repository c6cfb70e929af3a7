/**
 * Recordings that failed because the stack was used up: with little stack left, a function may throw anywhere, even inside
 * the recorder. The next recording first makes up for them.
 *
 * Where they are noted, there is no stack to call a function or create an object, so it is done in place:
 *
 *     late.items[late.count++] = token;
 *     late.any = true;
 */

/** @typedef {import('./span.js').Span} Span */
/** @typedef {number | Span | null} Ended the end of a call by its token, below 0 if it failed; or of a span */

const ITEMS = 256; // four times more than ever observed; the array grows anyway

export class Late {
  /** Whether anything is pending, or an exception went through C, which left some of C's stack in use. */
  any = false;
  /** The slot of a span that is about to begin and is known nowhere else; 0: none. */
  begun = 0;
  /** Ends in the order in which they should have been recorded. @type {Ended[]} */
  items = new Array(ITEMS).fill(null);
  count = 0;
  done = 0;

  /** One after the other, each forgotten once it is done, because this may be interrupted as well. @param {(ended: Ended) => void} end */
  endAll(end) {
    for (; this.done < this.count; this.done++) {
      end(this.items[this.done]);
      this.items[this.done] = null;
    }
    this.done = this.count = 0;
  }
}
