/** Traces every module of a realm, whoever instantiates it, by patching WebAssembly; can be undone. */
import { traceRealmFunctions } from '../functions/realm.js';
import { selection } from '../functions/select.js';
import { tracerGiven } from '../module/checked.js';
import { isUntraced } from '../module/untraced.js';
import { noticeShim } from './components.js';
import { Patches } from './patches.js';
import { Suspendings } from './suspending.js';
import { instantiating } from './trace_imports.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./trace_imports.js').TraceOptions} TraceOptions */

const { apply, construct } = Reflect;

/** WebAssembly.instantiate() resolves to an instance, or to a module and an instance. @param {any} result @returns {WebAssembly.Instance} */
const instanceOf = (result) => (result instanceof WebAssembly.Instance ? result : result.instance);

/** An instance without imports may be a shim through which others reach the host. @param {any} result @param {WebAssembly.Instance} instance */
function noticed(result, instance) {
  noticeShim(instance);
  return result;
}

class Realm extends Patches {
  /** The replacement of WebAssembly.Instance. @type {any} */
  instanceProxy;

  /** @param {Recorder} tracer @param {TraceOptions} options */
  constructor(tracer, options) {
    super();
    this.tracer = tracer;
    this.options = options;
    this.suspendings = new Suspendings();
  }

  /** instantiate() and instantiateStreaming(). @param {any} original */
  instantiate(original) {
    return new Proxy(original, {
      apply: (target, self, args) => {
        const [source, imports, ...rest] = args;
        if (!this.active || isUntraced(imports)) return apply(target, self, args);
        if (args.length < 2) return apply(target, self, args).then((/** @type {any} */ result) => noticed(result, instanceOf(result)));
        return instantiating(imports, this.tracer, this.#options(), (traced, made) =>
          apply(target, self, [source, traced, ...rest]).then((/** @type {any} */ result) => {
            made(instanceOf(result));
            return result;
          }));
      },
    });
  }

  /** new WebAssembly.Instance(). @param {any} original */
  instance(original) {
    return new Proxy(original, {
      construct: (target, args, newTarget) => {
        const [module, imports, ...rest] = args, as = newTarget === this.instanceProxy ? target : newTarget;
        if (!this.active || isUntraced(imports)) return construct(target, args, as);
        if (args.length < 2) {
          const instance = construct(target, args, as);
          return noticed(instance, instance);
        }
        return instantiating(imports, this.tracer, this.#options(), (traced, made) => {
          const instance = construct(target, [module, traced, ...rest], as);
          made(instance);
          return instance;
        });
      },
    });
  }

  /** new WebAssembly.Suspending(): its function can be seen only here. @param {any} original */
  suspending(original) {
    return new Proxy(original, {
      construct: (target, args, newTarget) => this.suspendings.remember(construct(target, args, newTarget), args[0]),
    });
  }

  #options() {
    return { ...this.options, suspendings: this.suspendings };
  }
}

/**
 * From now on, traces the imports of every module that is instantiated in this realm by WebAssembly.instantiate(),
 * instantiateStreaming() or new WebAssembly.Instance(), until the returned function is called. Existing instances are not
 * affected, and instances that are already traced stay so after undoing. With `functions`, calls of the modules' own
 * functions whose names match are recorded, too.
 * @param {Recorder} tracer
 * @param {TraceOptions & { functions?: string } & import('../functions/trace_functions.js').FunctionOptions} [options]
 * @returns {() => void}
 */
export function traceWebAssembly(tracer, options = {}) {
  const { functions } = options;
  tracerGiven(tracer);
  if (functions !== undefined) selection(functions); // throws for invalid patterns, before anything is patched
  const realm = new Realm(tracer, options), host = WebAssembly;
  realm.patch(host, 'instantiate', (original) => realm.instantiate(original));
  realm.patch(host, 'instantiateStreaming', (original) => realm.instantiate(original));
  realm.patch(host, 'Instance', (original) => (realm.instanceProxy = realm.instance(original)));
  realm.patch(host.Instance.prototype, 'constructor', () => realm.instanceProxy);
  realm.patch(host, 'Suspending', (original) => realm.suspending(original));
  const stop = functions === undefined ? () => {} : traceRealmFunctions(tracer, functions, options);
  return () => {
    stop();
    realm.undo();
  };
}
