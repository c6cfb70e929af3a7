/** A span that has begun: ended by end(), by `using`, or by leaving a callback. */
import { runAsPart } from './contexts.js';

/** @typedef {import('./recorder.js').Recorder} Recorder */

export class Span {
  ended = false;
  /** Whether it is to fail when it ends, which it could not be made to. */
  failing = false;
  /** By which others say that they are a part of it; 0: nobody has. @type {number} */
  known = 0;

  /** @param {Recorder} tracer @param {number} slot its memory; 0: it waits in words @param {Uint8Array} [words] */
  constructor(tracer, slot, words) {
    this.tracer = tracer;
    this.slot = slot;
    this.words = words;
  }

  /** Its id, which events that belong to it have as `parent`: { parent: span } where the engine does not follow awaits. */
  get id() {
    if (!this.known && !this.ended) this.known = this.tracer.identify(this);
    return this.known;
  }

  /** Records the span; harmless when it has ended. @param {string | null} [detail] @param {number} [pid] whom it is about */
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

  /** Says that what the span stands for failed; it is recorded so when it ends. */
  fail() {
    if (!this.ended) this.tracer.failSpan(this);
  }

  /** Where an engine has no such symbol, it is merely a method that nobody calls. */
  [Symbol.dispose]() {
    this.end();
  }
}

/** @param {unknown} value @returns {value is PromiseLike<unknown>} */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** It goes on without those that begin and end meanwhile. @param {Span} span @param {PromiseLike<unknown>} result */
function endWith(span, result) {
  span.tracer.detachSpan(span);
  return Promise.resolve(result).then((value) => (endIn(span, true), value), (reason) => {
    endIn(span, false);
    throw reason;
  });
}

/** Where it cannot end now, it does when there is something to record next. @param {Span} span @param {boolean} ok */
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
 * Runs work inside the span, and ends it when work has ended: returned, thrown, or settled. Nothing else is thrown than by
 * work, though there may be too little stack for anything.
 * @template T
 * @param {Span} span that late has as begun @param {(span: Span) => T} work
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
