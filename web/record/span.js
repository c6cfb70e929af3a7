/** A span that has begun: ended by end(), by `using`, or by leaving a callback. */
import { runAsPart } from './contexts.js';

/** @typedef {import('./recorder.js').Recorder} Recorder */

export class Span {
  ended = false;
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
    this.ended = true;
    this.tracer.endSpan(this, detail, pid);
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

/**
 * Runs work inside the span. Work that goes on in a promise takes the span off the stack of open
 * ones, for others will begin and end meanwhile.
 * @template T
 * @param {Span} span @param {(span: Span) => T} work
 * @returns {T}
 */
export function runInSpan(span, work) {
  let result;
  try {
    result = runAsPart(span, () => work(span));
  } catch (error) {
    span.fail();
    span.end();
    throw error;
  }
  if (!isThenable(result)) {
    span.end();
    return result;
  }
  span.tracer.detachSpan(span);
  const failed = (/** @type {unknown} */ reason) => {
    span.fail();
    throw reason;
  };
  return /** @type {T} */ (Promise.resolve(result).catch(failed).finally(() => span.end()));
}
