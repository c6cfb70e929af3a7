/** An open span: ended by end(), by `using`, or when a callback returns. */
import { runAsPart } from './contexts.js';

/** @typedef {import('./recorder.js').Recorder} Recorder */

export class Span {
  ended = false;
  /** Whether it must fail when it ends, because it failed when there was too little stack. */
  failing = false;
  /** The id by which others name it as their parent; 0: not assigned yet. @type {number} */
  known = 0;

  /** @param {Recorder} tracer @param {number} slot its memory; 0: it is kept in words @param {Uint8Array} [words] */
  constructor(tracer, slot, words) {
    this.tracer = tracer;
    this.slot = slot;
    this.words = words;
  }

  /** Its id, the `parent` of events that belong to it. Use { parent: span } if the engine does not track awaits. */
  get id() {
    if (!this.known && !this.ended) this.known = this.tracer.identify(this);
    return this.known;
  }

  /** Records the span; harmless when it has ended. @param {string | null} [detail] @param {number} [pid] the process it is about */
  end(detail, pid) {
    if (this.ended) return;
    const { tracer } = this, { late } = tracer;
    try {
      tracer.endSpan(this, detail, pid);
      this.ended = true;
    } catch (error) {
      late.items[late.count++] = this;
      late.any = true;
      throw error;
    }
  }

  /** Marks the span as failed, which is recorded when it ends. */
  fail() {
    if (!this.ended) this.tracer.failSpan(this);
  }

  /** In an engine without this symbol, it is merely a method that nobody calls. */
  [Symbol.dispose]() {
    this.end();
  }
}

/** @param {unknown} value @returns {value is PromiseLike<unknown>} */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** The span continues until the promise settles; spans that begin meanwhile do not nest in it. @param {Span} span @param {PromiseLike<unknown>} result */
function endWith(span, result) {
  span.tracer.detachSpan(span);
  return Promise.resolve(result).then((value) => (endIn(span, true), value), (reason) => {
    endIn(span, false);
    throw reason;
  });
}

/** Ends the span; if there is too little stack now, it ends at the next recording. @param {Span} span @param {boolean} ok */
function endIn(span, ok) {
  const { late } = span.tracer;
  try {
    if (!ok) span.fail();
    span.end();
  } catch {
    span.failing = !ok;
    late.items[late.count++] = span;
    late.any = true;
  }
}

/**
 * Runs work inside the span, and ends the span when the work has returned, thrown, or settled. Throws only what the work
 * throws, even if there is too little stack to record anything.
 * @template T
 * @param {Span} span the one in late.begun @param {(span: Span) => T} work
 * @returns {T}
 */
export function runInSpan(span, work) {
  const { late } = span.tracer;
  let result;
  try {
    late.begun = 0;
    late.any = false;
    result = runAsPart(span, () => work(span));
  } catch (error) {
    try {
      endIn(span, false);
    } catch {
      span.failing = true;
      late.items[late.count++] = span;
      late.any = true;
    }
    throw error;
  }
  try {
    if (isThenable(result)) return /** @type {T} */ (endWith(span, result));
    endIn(span, true);
  } catch {
    late.items[late.count++] = span;
    late.any = true;
  }
  return result;
}
