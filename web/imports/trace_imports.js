/** strace for WebAssembly: wraps what a module imports, so that each call is a span and is counted. */
import { compile } from '../module/load.js';
import { noticeShim } from './components.js';
import { Session } from './session.js';
import { Views } from './views.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */
/** @typedef {import('./wasi.js').Call} Call */
/** @typedef {import('./memory.js').HasMemory} HasMemory */

/**
 * @typedef {object} TraceOptions
 * @property {HasMemory | (() => HasMemory)} [memory] of the module, if it does not import one: the memory, or the instance
 *   that exports it under any name
 * @property {boolean} [details] decode arguments and results: true
 * @property {(module: string, name: string) => Partial<Call> | null | undefined} [describe] what a function is about;
 *   null leaves it alone
 * @property {import('./suspending.js').Suspendings} [suspendings] of traceWebAssembly()
 * @property {(message: string) => void} [warn] hears, once, what cannot be shown: console.warn
 */

/**
 * The same imports, with every function traced as it is read. What they do and return stays as it is. A function that
 * is imported by two names stays one function, which is traced under both: "one|other".
 * @template {WebAssembly.Imports} T
 * @param {T} imports @param {Recorder} tracer @param {TraceOptions} [options]
 * @returns {T}
 */
export function traceImports(imports, tracer, options = {}) {
  return new Views(new Session(imports, tracer, options), false).of(imports);
}

/**
 * The same for an instance that is made at once: nobody sees the imports but the module, so that each name is traced
 * as itself.
 * @template T
 * @param {T} imports @param {Recorder} tracer @param {TraceOptions} options
 * @returns {T}
 */
export function tracedOnce(imports, tracer, options) {
  return new Views(new Session(Object(imports), tracer, options), true).of(imports);
}

/** A module that is asked for its memory before it exists. @returns {never} */
function tooEarly() {
  throw new Error('the instance does not exist yet');
}

/**
 * Instantiates by `instantiate` with the imports traced, where the instance is found by itself.
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
 * Instantiates a module with its imports traced, and finds its memory by itself.
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
