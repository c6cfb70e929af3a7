/** Instruments every module of a realm as it is compiled, and traces the functions of its instances. */
import { Patches } from '../imports/patches.js';
import { isUntraced } from '../module/untraced.js';
import { instrument } from './instrument.js';
import { instrumentedFunctions, traceCalls } from './trace_functions.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./trace_functions.js').FunctionOptions & { warn?: (message: string) => void }} Options */

const { apply, construct } = Reflect;

/** A copy of the bytes, because the caller may change them afterwards. @param {any} source */
function bytesOf(source) {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  return source instanceof ArrayBuffer || Object.prototype.toString.call(source) === '[object ArrayBuffer]' ? new Uint8Array(source).slice() : undefined;
}

/** Whether the browser would compile it; what it would reject is passed on for it to reject. @param {any} response */
const isModule = (response) => typeof Response === 'function' && response instanceof Response && response.ok && !response.bodyUsed &&
  /^application\/wasm$/i.test(response.headers.get('Content-Type')?.trim() ?? '');

class FunctionsRealm extends Patches {
  /** The replacements of WebAssembly.Module and Instance. @type {Record<string, any>} */
  proxies = {};
  /** Whether a call may have been suspended. */
  suspends = false;

  /** @param {Recorder} tracer @param {string} functions @param {Options} options */
  constructor(tracer, functions, options) {
    super();
    this.tracer = tracer;
    this.functions = functions;
    this.options = options;
  }

  /** @param {any} source @returns {any} the instrumented module; the source itself if it is not a module or cannot be instrumented */
  prepare(source) {
    const bytes = this.active && !isUntraced(source) ? bytesOf(source) : undefined;
    if (!bytes || !WebAssembly.validate(bytes)) return source;
    try {
      const made = instrument(bytes, this.functions, this.options);
      return made.names.length ? made.bytes : source;
    } catch (error) {
      this.warn(error);
      return source;
    }
  }

  /** An object that is not a WebAssembly.Instance has no exports to hook into. @param {WebAssembly.Module} module @param {WebAssembly.Instance} instance */
  attach(module, instance) {
    try {
      if (this.active && instance instanceof WebAssembly.Instance && instrumentedFunctions(module)) traceCalls(this.tracer, module, instance, this.options, () => this.suspends);
    } catch (error) {
      this.warn(error);
    }
    return instance;
  }

  /** @param {any} error */
  warn(error) {
    (this.options.warn ?? console.warn)(`ringscope: the functions of a module are not traced: ${error?.message ?? error}`);
  }

  /** promising(), which exists where there is JSPI. @param {any} original */
  promising(original) {
    return new Proxy(original, {
      apply: (target, self, args) => {
        this.suspends = true;
        return apply(target, self, args);
      },
    });
  }

  /** compile(). @param {any} original */
  compile(original) {
    return new Proxy(original, { apply: (target, self, args) => apply(target, self, [this.prepare(args[0]), ...args.slice(1)]) });
  }

  /** instantiate(). @param {any} original */
  instantiate(original) {
    return new Proxy(original, {
      apply: (target, self, args) => {
        const [source, imports] = args;
        if (!this.active || isUntraced(imports)) return apply(target, self, args);
        return apply(target, self, [this.prepare(source), ...args.slice(1)]).then((/** @type {any} */ result) => {
          if (source instanceof WebAssembly.Module) return this.attach(source, result);
          this.attach(result.module, result.instance);
          return result;
        });
      },
    });
  }

  /** A function that takes a response, replaced by the one that takes bytes. @param {any} original @param {any} ofBytes */
  streaming(original, ofBytes) {
    return new Proxy(original, {
      apply: async (target, self, args) => {
        if (!this.active || isUntraced(args[1])) return apply(target, self, args);
        const response = await args[0];
        if (!isModule(response)) return apply(target, self, [response, ...args.slice(1)]);
        return apply(ofBytes, self, [await response.arrayBuffer(), ...args.slice(1)]);
      },
    });
  }

  /** new WebAssembly.Module(), new WebAssembly.Instance(). @param {string} name @param {any} original @param {(args: any[]) => any[]} prepare @param {(made: any, args: any[]) => any} made */
  class(name, original, prepare, made) {
    this.proxies[name] = new Proxy(original, {
      construct: (target, args, newTarget) => {
        const as = newTarget === this.proxies[name] ? target : newTarget;
        if (!this.active || isUntraced(args[1])) return construct(target, args, as);
        return made(construct(target, prepare(args), as), args);
      },
    });
    return this.proxies[name];
  }
}

/**
 * @param {Recorder} tracer @param {string} functions patterns: see selection() @param {Options} options
 * @returns {() => void}
 */
export function traceRealmFunctions(tracer, functions, options) {
  const realm = new FunctionsRealm(tracer, functions, options), host = WebAssembly;
  realm.patch(host, 'compile', (original) => realm.compile(original));
  realm.patch(host, 'instantiate', (original) => realm.instantiate(original));
  const { compile, instantiate } = host;
  realm.patch(host, 'compileStreaming', (original) => realm.streaming(original, compile));
  realm.patch(host, 'instantiateStreaming', (original) => realm.streaming(original, instantiate));
  realm.patch(host, 'promising', (original) => realm.promising(original));
  realm.patch(host, 'Module', (original) => realm.class('Module', original, ([source, ...rest]) => [realm.prepare(source), ...rest], (made) => made));
  realm.patch(host.Module.prototype, 'constructor', () => realm.proxies.Module);
  realm.patch(host, 'Instance', (original) => realm.class('Instance', original, (args) => args, (made, [module]) => realm.attach(module, made)));
  realm.patch(host.Instance.prototype, 'constructor', () => realm.proxies.Instance);
  return () => realm.undo();
}
