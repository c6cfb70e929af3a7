/** Wraps one imported function: each call is a span and is counted, and the module sees no difference. */
import { countBytes, detailOf, givenOf, sighted } from './describe.js';
import { isNormal } from './outcome.js';

/** @typedef {import('./wasi.js').Call} Call */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {(...args: any[]) => any} AnyFunction */

const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const { then } = Promise.prototype;

/** One function under the names by which it was imported. */
export class Subject {
  /** Its place in the tracer, once it was called. @type {import('../record/recorder.js').Operation | null} */
  operation = null;
  /** Whether its memory was missing, when it was last looked for. */
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
    this.hasDetail = Boolean(call.given || call.answer || call.error);
  }

  /**
   * A further name: which of them a call goes by can then not be told, so all are said, and only what they agree in.
   * @param {string} name @param {Call} call
   */
  also(name, call) {
    if (this.names.has(name)) return;
    this.names.add(name);
    this.operation = null;
    const mine = this.call, same = (/** @type {keyof Call} */ key) => mine[key] === call[key];
    const category = same('category') ? call.category : 'CUSTOM', leaves = Boolean(call.leaves && mine.leaves);
    this.know({ category, leaves, error: same('error') ? call.error : undefined, given: same('given') ? call.given : undefined });
  }

  /** Throws where there is no memory, no stack, or no tracer any more. @param {Session} session @returns {number} 0: not to be recorded */
  begin({ tracer }) {
    return tracer.beginCall(this.operation ?? (this.operation = tracer.operation(this.call.category, [...this.names].join('|'))));
  }

  /** Whether a call's detail is wanted, and can be had. @param {Session} session @param {number} token */
  detailed(session, token) {
    return session.details && this.hasDetail && !(token & 1) && sighted(session, this);
  }

  /** @param {Session} session @param {number} token @param {any[]} args @param {any} result @param {string} [before] */
  returned(session, token, args, result, before) {
    const { call } = this;
    let failure, probe;
    try {
      failure = call.error?.(result);
      probe = failure === undefined ? undefined : call.probe?.(result);
    } catch {
      failure = undefined; // of a caller's own description
    }
    const detail = this.detailed(session, token) ? detailOf(session, this, args, result, probe ?? failure, before) : undefined;
    session.end(token, failure === undefined || probe !== undefined, detail);
    if (this.hasBytes && failure === undefined && sighted(session, this)) countBytes(session, this, args, result);
  }

  /** @param {Session} session @param {number} token @param {any[]} args @param {unknown} thrown @param {string} [before] */
  threw(session, token, args, thrown, before) {
    const detail = before ?? (this.detailed(session, token) ? givenOf(session, this, args) : undefined);
    session.end(token, this.call.leaves === true || isNormal(thrown), this.call.given ? detail : undefined);
  }

  /**
   * The call goes on in a promise, which stays the caller's own.
   * @param {Session} session @param {number} token @param {any[]} args @param {Promise<any>} promise
   */
  promised(session, token, args, promise) {
    // The module may write over its arguments while it waits.
    const before = this.detailed(session, token) ? givenOf(session, this, args) : undefined;
    try {
      then.call(promise, (value) => this.returned(session, token, args, value, before), (reason) => this.threw(session, token, args, reason, before));
    } catch {
      return this.returned(session, token, args, promise); // it only looks like a promise
    }
    session.tracer.detachCall(token);
  }
}

/** @param {any} value */
function isPromise(value) {
  try {
    return value instanceof Promise;
  } catch {
    return false; // a Proxy may throw
  }
}

/** Makes a function look like another: name, length, and whatever it has of its own. @param {AnyFunction} wrapper @param {AnyFunction} original */
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
 * Where the stack is used up, any call throws, those of tracing too: each is caught where the module's own go on.
 * @param {AnyFunction} original @param {Subject} subject @param {Session} session
 * @param {(self: any) => any} sourceOf what `this` is without tracing
 * @returns {AnyFunction}
 */
export function wrap(original, subject, session, sourceOf) {
  const wrapper = {
    call(/** @type {any[]} */ ...args) {
      let token = 0, result;
      try {
        token = subject.begin(session);
      } catch {
        session.shaken = true; // the call is made all the same
      }
      if (token === 0) return this === undefined ? original(...args) : apply(original, sourceOf(this), args);
      try {
        result = this === undefined ? original(...args) : apply(original, sourceOf(this), args);
      } catch (error) {
        try {
          subject.threw(session, token, args, error);
        } catch {
          session.late = { token, ok: false, next: session.late };
        }
        throw error;
      }
      try {
        if (typeof result === 'object' && result !== null && isPromise(result)) subject.promised(session, token, args, result);
        else subject.returned(session, token, args, result);
      } catch {
        session.late = { token, ok: true, next: session.late };
      }
      return result;
    },
  };
  return disguise(wrapper.call, original);
}
