/** Wraps one imported function: each call becomes a span and is counted, and the module sees no difference. */
import { argsOf, countBytes, detailOf, errorOf, givenOf, resultOf, sighted } from './describe.js';
import { isAbort, isNormal } from './outcome.js';
import { shape } from './shapes.js';
import { Traced } from './traced.js';

/** @typedef {import('./wasi.js').Call} Call */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {(...args: any[]) => any} AnyFunction */
/** @typedef {{ text: string | undefined, args: import('../record/fields.js').Fields | undefined }} Given the arguments, as text and as fields */

const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { then } = Promise.prototype;
/** @type {Given} */
const UNKNOWN = { text: undefined, args: undefined };

/** One function with the names under which it was imported. */
export class Subject {
  /** Its operation in the tracer, once it has been called. @type {import('../record/recorder.js').Operation | null} */
  operation = null;
  /** Whether its memory was missing the last time it was looked for. */
  blind = false;

  /** @param {string} name @param {Call} call */
  constructor(name, call) {
    this.names = new Set([name]);
    this.call = call;
    this.know(call);
  }

  /** @param {Call} call */
  know(call) {
    this.call = call;
    this.hasBytes = Boolean(call.read || call.written);
    this.hasDetail = Boolean(call.given || call.answer || call.error || call.failed || call.params);
    this.hasMore = this.hasDetail || this.hasBytes;
  }

  /**
   * Adds a name. A call's name is then ambiguous, so all names are recorded, and only the parts of their descriptions that
   * agree.
   * @param {string} name @param {Call} call
   */
  also(name, call) {
    if (this.names.has(name)) return;
    this.names.add(name);
    this.operation = null;
    const mine = this.call, same = (/** @type {keyof Call} */ key) => mine[key] === call[key];
    const category = same('category') ? call.category : 'CUSTOM', leaves = Boolean(call.leaves && mine.leaves);
    this.know({ category, leaves, error: same('error') ? call.error : undefined, failed: same('failed') ? call.failed : undefined, given: same('given') ? call.given : undefined, params: same('params') ? call.params : undefined, early: Boolean(call.early && mine.early) });
  }

  /** Its operation in the tracer. @param {import('../record/recorder.js').Recorder} tracer */
  locate(tracer) {
    return (this.operation = tracer.operation(this.call.category, [...this.names].join('|')));
  }

  /** Whether a call's detail is wanted and can be read. @param {Session} session @param {number} token */
  detailed(session, token) {
    return session.details && this.hasDetail && !(token & 1) && sighted(session, this);
  }

  /** @param {Session} session @param {number} token @param {any[]} args @param {any} result @param {Given} [before] */
  returned(session, token, args, result, before) {
    const { call } = this;
    let failure, probe;
    try {
      failure = call.error ? call.error(result) : call.failed?.(session.guest, args);
      probe = failure === undefined ? undefined : call.probe?.(result, args);
    } catch {
      failure = undefined; // the caller's description threw, or the error code cannot be read
    }
    const ok = failure === undefined || probe !== undefined, bad = probe ?? failure;
    // The end comes last, so an exception before it, for lack of stack, means that the call has not been ended.
    if (this.hasBytes && failure === undefined && sighted(session, this)) countBytes(session, this, args, result);
    if (!this.detailed(session, token)) return session.tracer.endCall(token, ok);
    const detail = before && before.text === undefined ? undefined : detailOf(session, this, args, result, bad, before?.text);
    session.tracer.endCall(token, ok, detail, before ? before.args : argsOf(session, this, args), resultOf(session, this, args, result, bad));
  }

  /** @param {Session} session @param {number} token @param {any[]} args @param {unknown} thrown @param {Given} [before] */
  threw(session, token, args, thrown, before) {
    const ok = this.call.leaves ? !isAbort(thrown) : isNormal(thrown);
    if (!this.detailed(session, token)) return session.tracer.endCall(token, ok);
    const { text, args: given } = before ?? this.given(session, args);
    session.tracer.endCall(token, ok, this.call.given ? text : undefined, given, ok ? undefined : errorOf(thrown));
  }

  /** The arguments of a call that must be read before it is made. @param {Session} session @param {number} token @param {any[]} args @returns {Given | undefined} */
  early(session, token, args) {
    if (!this.call.early) return undefined;
    return this.detailed(session, token) ? this.given(session, args) : UNKNOWN;
  }

  /** The arguments, as known before the call. @param {Session} session @param {any[]} args @returns {Given} */
  given(session, args) {
    return { text: givenOf(session, this, args), args: argsOf(session, this, args) };
  }

  /**
   * The call continues until a promise settles. The caller gets that same promise.
   * @param {Session} session @param {number} token @param {any[]} args @param {Promise<any>} promise @param {Given} [early]
   */
  promised(session, token, args, promise, early) {
    // The module may overwrite its arguments while it waits.
    const before = early ?? (this.detailed(session, token) ? this.given(session, args) : undefined);
    session.tracer.detachCall(token); // first: once the promise is awaited, only it may end the call
    try {
      then.call(promise, (value) => this.returned(session, token, args, value, before), (reason) => this.threw(session, token, args, reason, before));
    } catch {
      this.returned(session, token, args, promise); // it only looks like a promise
    }
  }
}

/** Makes a function look like another: name, length, and any other own properties. @param {AnyFunction} wrapper @param {AnyFunction} original */
function disguise(wrapper, original) {
  for (const key of ownKeys(original)) {
    const descriptor = getOwnPropertyDescriptor(original, key);
    if (descriptor) defineProperty(wrapper, key, descriptor);
  }
  const prototype = Object.getPrototypeOf(original);
  if (prototype !== Function.prototype) Object.setPrototypeOf(wrapper, prototype);
  return wrapper;
}

/**
 * @param {AnyFunction} original @param {Subject} subject @param {Session} session
 * @param {(self: any) => any} sourceOf maps `this` to the object it would be without tracing
 * @returns {AnyFunction}
 */
export function wrap(original, subject, session, sourceOf) {
  const { watch } = session.tracer, { arity } = subject.call, own = getOwnPropertyDescriptor(original, 'length')?.value;
  const traced = new Traced(original, subject, session, sourceOf);
  return disguise(shape(original, traced, watch, subject.call.early ? undefined : arity ?? own), original);
}
