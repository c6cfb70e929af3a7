/** Records the calls of an instrumented module's functions: replaces its empty hooks with ours. */
import { integer, tracerGiven } from '../module/checked.js';
import { AT, COUNTED, HOOKS, NAMES } from './instrument.js';

/** @typedef {import('../record/recorder.js').Recorder} Recorder */

/**
 * @typedef {object} FunctionOptions
 * @property {number} [minNs] shorter calls are not recorded; the nearest recorded caller says how many there were. Default:
 *   that with which the module was instrumented
 * @property {number} [depth] deeper calls are not recorded either. Default: 1024
 */

const DEPTH = 1024;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** What instrument() has noted in a module. @param {WebAssembly.Module} module @returns {{ names: string[], minNs: number } | undefined} */
function instrumented(module) {
  const [section] = WebAssembly.Module.customSections(module, NAMES);
  return section && JSON.parse(decoder.decode(section));
}

/** The names of a module's wrapped functions, by number; undefined if it is not instrumented. @param {WebAssembly.Module} module @returns {string[] | undefined} */
export const instrumentedFunctions = (module) => instrumented(module)?.names;

/** @param {Recorder} tracer @param {string[]} names @param {Required<FunctionOptions> & { counted: number }} options counted: the module's count so far */
function create({ memory, tracer }, names, { minNs, depth, counted }) {
  integer('minNs', minNs);
  integer('depth', depth, 1);
  const text = encoder.encode(names.map((name) => `${name.replaceAll('\0', '\ufffd')}\0`).join(''));
  const size = memory.exports.tracer_wasm_functions_bytes(names.length, depth, text.length), address = memory.allocate(size);
  memory.view().set(text, address + size - text.length);
  memory.exports.tracer_wasm_functions_init(address, tracer, names.length, minNs, depth, counted);
  return address;
}

/**
 * From now on, the calls of an instance's wrapped functions are spans of the category FUNCTION, until the returned function
 * is called. A worker does this for its own instance, with its own tracer.
 * @param {Recorder} tracer @param {WebAssembly.Module} module @param {WebAssembly.Instance} instance @param {FunctionOptions} [options]
 * @returns {() => void}
 */
export function traceFunctions(tracer, module, instance, options = {}) {
  tracerGiven(tracer);
  const found = instrumented(module);
  if (!found) throw new TypeError('this module has not been instrumented: see instrument(), or ringscope-wasm instrument');
  const { [HOOKS]: hooks, [AT]: at, [COUNTED]: counter } = /** @type {{ [HOOKS]: WebAssembly.Table, [AT]: WebAssembly.Global, [COUNTED]?: WebAssembly.Global }} */ (/** @type {unknown} */ (instance.exports));
  const { exports } = tracer.memory, idle = [hooks.get(0), hooks.get(1)];
  const { minNs = found.minNs, depth = DEPTH } = options, functions = create(tracer, found.names, { minNs, depth, counted: counter?.value ?? 0 });
  at.value = functions;
  hooks.set(1, exports.tracer_wasm_function_exit);
  hooks.set(0, exports.tracer_wasm_function_enter);
  return () => {
    if (at.value !== functions) return;
    hooks.set(0, idle[0]);
    hooks.set(1, idle[1]);
    at.value = 0;
    tracer.memory.free(functions);
  };
}
