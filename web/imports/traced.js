/** What a wrapper does beside the call: it begins a call, and ends it in one of three ways. None of it throws into the module. */

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./wrap.js').Subject} Subject @typedef {import('./wrap.js').Given} Given */
/** @typedef {import('./wrap.js').AnyFunction} AnyFunction */

const { apply } = Reflect;
const NO_ARGS = /** @type {any[]} */ ([]);

/** @param {any} value */
function isPromise(value) {
  try {
    return value instanceof Promise;
  } catch {
    return false; // a Proxy may throw
  }
}

export class Traced {
  /** @param {AnyFunction} original @param {Subject} subject @param {Session} session @param {(self: any) => any} sourceOf */
  constructor(original, subject, session, sourceOf) {
    this.original = original;
    this.subject = subject;
    this.session = session;
    this.late = session.tracer.late;
    this.sourceOf = sourceOf;
  }

  /** In few frames, for there may be little stack left. Throws where there is none; 0: not to be recorded. @returns {number} */
  begin() {
    const { subject, session: { tracer } } = this;
    return tracer.beginCall(subject.operation ?? subject.locate(tracer));
  }

  /** Whether nothing is looked at but how the call ends: then nobody needs its arguments. @param {any} result */
  isPlain(result) {
    return !this.subject.hasMore && (typeof result !== 'object' || result === null);
  }

  /** @param {number} token */
  ended(token) {
    this.session.tracer.endCall(token, true);
  }

  /** @param {number} token @param {any} result @param {any[]} args @param {Given} [early] */
  returned(token, result, args, early) {
    if (typeof result === 'object' && result !== null && isPromise(result)) this.subject.promised(this.session, token, args, result, early);
    else this.subject.returned(this.session, token, args, result, early);
  }

  /** @param {number} token @param {unknown} error @param {any[]} [args] @param {Given} [early] */
  threw(token, error, args = NO_ARGS, early) {
    this.subject.threw(this.session, token, args, error, early);
  }

  /** A call with any number of arguments, or with a `this`, which JavaScript makes. @param {any} self @param {any[] | IArguments} list */
  any(self, list) {
    const args = [...list], { late } = this;
    let token = 0, early, result;
    try {
      token = this.begin();
      if (token !== 0) early = this.subject.early(this.session, token, args);
    } catch {
      late.any = true; // the call is made all the same
    }
    if (token === 0) return apply(this.original, this.sourceOf(self), args);
    try {
      result = apply(this.original, this.sourceOf(self), args);
    } catch (error) {
      try {
        this.threw(token, error, args, early);
      } catch {
        late.items[late.count++] = -token;
        late.any = true;
      }
      throw error;
    }
    try {
      this.returned(token, result, args, early);
    } catch {
      late.items[late.count++] = token;
      late.any = true;
    }
    return result;
  }
}
