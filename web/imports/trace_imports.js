/** strace for WebAssembly: wraps a module's imports, so that each call becomes a span and is counted. */
import { tracerGiven } from '../module/checked.js';
import { compile } from '../module/load.js';
import { noticeShim } from './components.js';
import { Session } from './session.js';
import { Views } from './views.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./wasi.js').Call} Call */
/** @typedef {import('./memory.js').HasMemory} HasMemory */

/**
 * @typedef {object} TraceOptions
 * @property {HasMemory | (() => HasMemory)} [memory] if the module does not import its memory: the memory, or the instance
 *   that exports it under any name
 * @property {boolean} [details] whether to decode arguments and results. Default: true
 * @property {(module: string, name: string) => Partial<Call> | null | undefined} [describe] describes a function;
 *   null leaves it alone
 * @property {import('./suspending.js').Suspendings} [suspendings] those that traceWebAssembly() has seen
 * @property {(message: string) => void} [warn] is called once if something cannot be shown. Default: console.warn
 */

/**
 * The same imports, with every function wrapped when it is read. Their behaviour and results do not change. A function that
 * is imported under two names remains one function, which is traced under both: "one|other".
 * @template {WebAssembly.Imports} T
 * @param {T} imports @param {Recorder} tracer @param {TraceOptions} [options]
 * @returns {T}
 */
export function traceImports(imports, tracer, options = {}) {
  return new Views(new Session(imports, tracerGiven(tracer), options), false).of(imports);
}

/**
 * The same for an instance that is created immediately: only the module sees the imports, so each name is traced
 * separately.
 * @template T
 * @param {T} imports @param {Recorder} tracer @param {TraceOptions} options
 * @returns {T}
 */
export function tracedOnce(imports, tracer, options) {
  return new Views(new Session(Object(imports), tracer, options), true).of(imports);
}

/** The memory was needed before the instance exists. @returns {never} */
function tooEarly() {
  throw new Error('the instance does not exist yet');
}

/**
 * Calls `instantiate` with the imports traced; the memory is found in the instance that it makes.
 * @template T
 * @param {WebAssembly.Imports | undefined} imports @param {Recorder} tracer @param {TraceOptions} options
 * @param {(imports: WebAssembly.Imports | undefined, made: (instance: WebAssembly.Instance) => void) => T} instantiate
 */
export function instantiating(imports, tracer, options, instantiate) {
  /** @type {WebAssembly.Instance | undefined} */
  let instance;
  const memory = options.memory ?? (() => instance ?? tooEarly());
  return instantiate(tracedOnce(imports, tracer, { ...options, memory }), (made) => {
    noticeShim((instance = made));
  });
}

/**
 * Instantiates a module with its imports traced, and finds its memory without help.
 * @param {import('../module/load.js').WasmSource} source @param {WebAssembly.Imports} imports
 * @param {Recorder} tracer @param {TraceOptions} [options]
 */
export async function instantiateTraced(source, imports, tracer, options = {}) {
  const module = await compile(source);
  return instantiating(imports, tracer, options, async (traced, made) => {
    const instance = await WebAssembly.instantiate(module, traced);
    made(instance);
    return instance;
  });
}
