/** A wrapper's work around the call: it begins a call, and ends it in one of three ways. It never throws into the module. */

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

  /** Uses few frames, because there may be little stack left. Throws if there is none; 0: do not record. @returns {number} */
  begin() {
    const { subject, session: { tracer } } = this;
    return tracer.beginCall(subject.operation ?? subject.locate(tracer));
  }

  /** Whether only success or failure is recorded, so that the arguments are not needed. @param {any} result */
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

  /** A call from JavaScript, with a `this`, or with any number of arguments. @param {any} self @param {any[] | IArguments} list */
  any(self, list) {
    const args = [...list], { late } = this;
    let token = 0, early, result;
    try {
      token = this.begin();
      if (token !== 0) early = this.subject.early(this.session, token, args);
    } catch {
      late.any = true; // the call is made anyway
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
