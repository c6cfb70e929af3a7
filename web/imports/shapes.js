/**
 * Wrappers, one for each number of arguments: a stack frame is half as large with named arguments as with a list of them,
 * so a module that calls itself through its imports gets nearly as deep as without tracing. While the tracer is disabled,
 * a call costs one more load and one more comparison.
 *
 * When the stack is used up, any call throws, including those of the tracer: these are caught here, and the module's own
 * exceptions pass.
 */

/** @typedef {import('./traced.js').Traced} Traced */
/** @typedef {import('./wrap.js').AnyFunction} AnyFunction */
/** @typedef {import('../record/recorder.js').Watch} Watch */
/** @typedef {(original: AnyFunction, traced: Traced, parts: { late: import('../record/late.js').Late }, watch: Watch) => AnyFunction} Shape */

/** @type {Shape[]} By the number of arguments. */
const SHAPES = [
  (original, traced, { late }, watch) => ({
    call() {
      if (this !== undefined || arguments.length !== 0) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original();
      let token = -1, result;
      try {
        token = traced.begin();
        result = original();
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original();
        }
        try {
          if (token !== 0) traced.threw(token, error, []);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, []);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a) {
      if (this !== undefined || arguments.length !== 1) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a, /** @type {any} */ b) {
      if (this !== undefined || arguments.length !== 2) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a, b);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a, b);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a, b);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a, b]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a, b]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c) {
      if (this !== undefined || arguments.length !== 3) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a, b, c);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a, b, c);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a, b, c);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a, b, c]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a, b, c]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c, /** @type {any} */ d) {
      if (this !== undefined || arguments.length !== 4) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a, b, c, d);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a, b, c, d);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a, b, c, d);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a, b, c, d]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a, b, c, d]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c, /** @type {any} */ d, /** @type {any} */ e) {
      if (this !== undefined || arguments.length !== 5) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a, b, c, d, e);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a, b, c, d, e);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a, b, c, d, e);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a, b, c, d, e]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a, b, c, d, e]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
  (original, traced, { late }, watch) => ({
    call(/** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c, /** @type {any} */ d, /** @type {any} */ e, /** @type {any} */ f) {
      if (this !== undefined || arguments.length !== 6) return traced.any(this, arguments);
      if (watch.words[watch.at] === 0) return original(a, b, c, d, e, f);
      let token = -1, result;
      try {
        token = traced.begin();
        result = original(a, b, c, d, e, f);
      } catch (error) {
        if (token < 0) {
          late.any = true;
          return original(a, b, c, d, e, f);
        }
        try {
          if (token !== 0) traced.threw(token, error, [a, b, c, d, e, f]);
        } catch {
          late.items[late.count++] = -token;
          late.any = true;
        }
        throw error;
      }
      try {
        if (token === 0) return result;
        if (traced.isPlain(result)) traced.ended(token);
        else traced.returned(token, result, [a, b, c, d, e, f]);
      } catch {
        late.items[late.count++] = token;
        late.any = true;
      }
      return result;
    },
  }).call,
];

/** @type {Shape} */
const any = (original, traced, _, watch) => ({
  call(/** @type {any[]} */ ...args) {
    return watch.words[watch.at] === 0 && this === undefined ? original(...args) : traced.any(this, args);
  },
}).call;

/** A wrapper whose usual number of arguments is `count`, but which takes any number. @param {AnyFunction} original @param {Traced} traced @param {Watch} watch @param {unknown} count */
export function shape(original, traced, watch, count) {
  return (typeof count === 'number' && SHAPES[count] || any)(original, traced, traced, watch);
}
