/** strace for WebAssembly: wraps what a module imports, so that each call is a span and is counted. */
import { compile } from '../module/load.js';
import { LEFT_ALONE, emscriptenCall } from './emscripten.js';
import { Guest } from './guest.js';
import { isWasi, wasiCall } from './wasi.js';

/** @typedef {import('../ringscope.js').Tracer} Tracer */
/** @typedef {import('./wasi.js').Call} Call */

/**
 * @typedef {object} TraceOptions
 * @property {WebAssembly.Memory | (() => WebAssembly.Memory | undefined)} [memory] of the module, if it does not import one
 * @property {boolean} [details] decode arguments and results: true
 * @property {(module: string, name: string) => Partial<Call> | null | undefined} [describe] what a function is about;
 *   null leaves it alone
 */

/** @param {any} imports @returns {WebAssembly.Memory | undefined} */
function importedMemory(imports) {
  for (const module of Object.values(imports))
    for (const item of Object.values(module)) if (item instanceof WebAssembly.Memory) return item;
  return undefined;
}

/** @param {any} imports @param {TraceOptions} options */
function findMemory(imports, { memory }) {
  const imported = importedMemory(imports);
  if (typeof memory === 'function') return () => memory() ?? imported;
  return () => memory ?? imported;
}

/** What a function is called. Emscripten shortens names of imports, but seldom those of its functions. */
function nameOf(/** @type {string} */ name, /** @type {Function} */ item) {
  return name.length <= 2 && item.name.length > 2 ? item.name.replace(/^_(?=[a-z])/, '') : name;
}

/** @param {string} module @param {string} name @param {TraceOptions} options @returns {Call | null} */
function callOf(module, name, { describe }) {
  const described = describe?.(module, name);
  if (described === null || LEFT_ALONE.test(name)) return null;
  const known = module.startsWith('wasi_') || isWasi(name) ? wasiCall(name) : emscriptenCall(name);
  return { category: 'CUSTOM', ...known, ...described };
}

/** @param {Call} call @param {Guest} guest @param {any[]} args @param {any} result @param {string | undefined} failure */
function describeCall(call, guest, args, result, failure) {
  try {
    const given = call.given?.(guest, args) ?? '';
    const answer = failure ?? call.answer?.(guest, args, result);
    return answer === undefined ? given : given ? `${given} = ${answer}` : `= ${answer}`;
  } catch {
    return undefined; // what the module passes may be anything
  }
}

/** @param {Tracer} tracer @param {Call} call @param {Guest} guest @param {any[]} args @param {any} result */
function countBytes(tracer, call, guest, args, result) {
  const bytesRead = call.read ? call.read(guest, args, result) : 0;
  const bytesWritten = call.written ? call.written(guest, args, result) : 0;
  if (bytesRead > 0 || bytesWritten > 0) tracer.io(bytesRead, bytesWritten);
}

/**
 * @param {(...args: any[]) => any} original @param {string} name @param {Call} call
 * @param {{ tracer: Tracer, guest: Guest, details: boolean }} tracing
 */
function wrap(original, name, call, { tracer, guest, details }) {
  const begin = tracer.callBeginner(call.category, name);
  const hasBytes = Boolean(call.read || call.written);
  const hasDetail = details && Boolean(call.given || call.answer || call.error);
  return (/** @type {any[]} */ ...args) => {
    const token = begin();
    if (token === 0) return original(...args);
    let result, failure, returned = false;
    try {
      result = original(...args);
      returned = true;
      return result;
    } finally {
      if (returned) failure = call.error?.(result);
      const ok = returned ? failure === undefined : call.leaves === true;
      const detail = hasDetail && !(token & 1) ? describeCall(call, guest, args, result, failure) : undefined;
      tracer.endCall(token, ok, detail);
      if (hasBytes && returned && ok) countBytes(tracer, call, guest, args, result);
    }
  };
}

/**
 * The same imports, with every function traced. What they do and answer stays as it is.
 * @template {WebAssembly.Imports} T
 * @param {T} imports @param {Tracer} tracer @param {TraceOptions} [options]
 * @returns {T}
 */
export function traceImports(imports, tracer, options = {}) {
  const guest = new Guest(findMemory(imports, options));
  const tracing = { tracer, guest, details: options.details ?? true };
  /** @type {any} */
  const traced = {};
  for (const [module, items] of Object.entries(imports)) {
    traced[module] = {};
    for (const [name, item] of Object.entries(items)) {
      const called = typeof item === 'function' ? nameOf(name, item) : name;
      const call = typeof item === 'function' ? callOf(module, called, options) : null;
      traced[module][name] = call ? wrap(/** @type {any} */ (item), called, call, tracing) : item;
    }
  }
  return traced;
}

/**
 * Instantiates a module with its imports traced, and finds its memory by itself.
 * @param {import('../module/load.js').WasmSource} source @param {WebAssembly.Imports} imports
 * @param {Tracer} tracer @param {TraceOptions} [options]
 */
export async function instantiateTraced(source, imports, tracer, options = {}) {
  /** @type {WebAssembly.Instance | undefined} */
  let instance;
  const memory = options.memory ?? (() => /** @type {WebAssembly.Memory | undefined} */ (instance?.exports.memory));
  instance = await WebAssembly.instantiate(await compile(source), traceImports(imports, tracer, { ...options, memory }));
  return instance;
}
