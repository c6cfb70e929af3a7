/** The imports as the module sees them: equivalent objects whose functions are wrapped when they are read. */
import { subjectOf } from './calls.js';
import { noticeLinked, numbered } from './components.js';
import { Subject, wrap } from './wrap.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./wrap.js').AnyFunction} AnyFunction */

const { apply, get, getOwnPropertyDescriptor } = Reflect;

/** The object behind a view, for `this` and for writing. @type {WeakMap<object, object>} */
const sources = new WeakMap();
const sourceOf = (/** @type {any} */ self) => sources.get(self) ?? self;
const SEVERAL = 4; // this many functions with names of one or two letters: a single one may really have such a name
/** The tracer of imports and functions, so that one tracer does not trace them twice. @type {WeakMap<object, object>} */
const tracedBy = new WeakMap();

/** A table, which accepts only functions exported by an instance. @type {WebAssembly.Table | undefined} */
let table;

/** Whether a function is exported by another instance: it is linked unwrapped, to keep its type and vector values. @param {any} item */
function isExported(item) {
  table ??= new WebAssembly.Table({ element: 'anyfunc', initial: 1 });
  try {
    table.set(0, item);
  } catch {
    return false;
  }
  table.set(0, null);
  return true;
}

/**
 * An object that shows another one through `read`. It is not a Proxy of that object itself: if that is frozen, its Proxy
 * must not show different values.
 * @param {any} source @param {(key: string | symbol, value: any) => any} read
 */
function view(source, read) {
  const shown = (/** @type {string | symbol} */ key) => read(key, get(source, key));
  const described = (/** @type {string | symbol} */ key) => {
    const descriptor = getOwnPropertyDescriptor(source, key);
    if (!descriptor) return undefined;
    const rest = { enumerable: descriptor.enumerable, configurable: true };
    return 'value' in descriptor
      ? { ...rest, value: read(key, descriptor.value), writable: true }
      : { ...rest, get: descriptor.get && (() => shown(key)), set: descriptor.set };
  };
  const proxy = new Proxy(typeof source === 'function' ? () => {} : {}, {
    get: (_, key) => shown(key),
    getOwnPropertyDescriptor: (_, key) => described(key),
    has: (_, key) => Reflect.has(source, key),
    set: (_, key, value) => Reflect.set(source, key, sourceOf(value)),
    deleteProperty: (_, key) => Reflect.deleteProperty(source, key),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(source, key, descriptor),
    ownKeys: () => Reflect.ownKeys(source),
    getPrototypeOf: () => Reflect.getPrototypeOf(source),
    preventExtensions: () => false,
    apply: (_, self, args) => apply(source, sourceOf(self), args),
  });
  sources.set(proxy, source);
  return proxy;
}

/** @param {any} value */
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

/** The views of one module's imports. */
export class Views {
  /** @param {Session} session @param {boolean} byName whether a function with two names is wrapped twice */
  constructor(session, byName) {
    this.session = session;
    this.byName = byName;
    /** @type {any} */
    this.imports = undefined;
    this.minified = 0;
    /** The views by module name and object. @type {Map<string, Map<any, any>>} */
    this.modules = new Map();
    /** @type {Map<AnyFunction, { wrapper: AnyFunction, subject: Subject }>} */
    this.wrapped = new Map();
  }

  /** @template T @param {T} imports @returns {T} */
  of(imports) {
    if (!isObject(imports) || tracedBy.get(/** @type {any} */ (imports)) === this.session.tracer) return imports;
    this.imports = imports;
    const shown = /** @type {any} */ (view)(imports, (/** @type {string | symbol} */ key, /** @type {any} */ value) => (typeof key === 'string' && isObject(value) ? this.#module(key, value) : value));
    tracedBy.set(shown, this.session.tracer);
    return shown;
  }

  /** @param {string} name @param {any} items */
  #module(name, items) {
    const known = this.modules.get(name) ?? new Map();
    this.modules.set(name, known);
    const found = known.get(items);
    if (found) return found;
    const shown = view(items, (key, value) => (typeof key === 'string' ? this.#item(name, items, key, value) : value));
    known.set(items, shown);
    return shown;
  }

  /** @param {string} module @param {object} items @param {string} key @param {any} item */
  #item(module, items, key, item) {
    try {
      if (typeof item === 'function') return tracedBy.get(item) === this.session.tracer ? item : this.#function(module, items, key, item);
      this.session.finder.notice(item);
      const { suspendings } = this.session.options;
      return suspendings ? suspendings.traced(item, (suspended) => this.#function(module, items, key, suspended)) : item;
    } catch {
      return item; // it cannot be inspected
    }
  }

  /** @param {string} module @param {object} items @param {string} key @param {AnyFunction} item */
  #function(module, items, key, item) {
    const { session } = this;
    if (isExported(item)) {
      noticeLinked(item, { module, key, session });
      return item;
    }
    const as = numbered(session.tracer, this.imports, key), about = subjectOf(as?.module ?? module, items, as?.key ?? key, item, (from, name) => session.described(from, name));
    if (about === null) return item;
    if (about.minified && ++this.minified === SEVERAL) session.sayMinified();
    const found = this.byName ? undefined : this.wrapped.get(item);
    if (!found) return this.#wrap(item, new Subject(about.name, about.call), as?.session ?? session);
    found.subject.also(about.name, about.call);
    return found.wrapper;
  }

  /** @param {AnyFunction} item @param {Subject} subject @param {Session} session of the module whose memory the arguments refer to */
  #wrap(item, subject, session) {
    const wrapper = wrap(item, subject, session, sourceOf);
    tracedBy.set(wrapper, this.session.tracer);
    if (!this.byName) this.wrapped.set(item, { wrapper, subject });
    return wrapper;
  }
}
