/** Records the calls of an instrumented module's functions: replaces its empty hooks with ours. */
import { integer, tracerGiven } from '../module/checked.js';
import { untraced } from '../module/untraced.js';
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

/** A table takes functions of WebAssembly only: this module exports the function that it imports, which has three arguments. */
const THROUGH = [0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 127, 127, 127, 1, 127, 2, 7, 1, 1, 101, 1, 101, 0, 0, 7, 5, 1, 1, 101, 0, 0];

/** As they were before anybody replaced them: who instruments every module would instrument this one, and need another. */
const { Module, Instance } = globalThis.WebAssembly ?? {};

/** @param {(address: number, number: number, counted: number) => number} call */
function forTable(call) {
  return new Instance(new Module(untraced(Uint8Array.from(THROUGH))), untraced({ e: { e: call } })).exports.e;
}

/** Whether calls may be suspended (JSPI): then those that are open may be running although JavaScript's stack is empty. */
const maySuspend = () => typeof (/** @type {any} */ (WebAssembly).promising) === 'function';

/**
 * From now on, the calls of an instance's wrapped functions are spans of the category FUNCTION, until the returned function
 * is called. A worker does this for its own instance, with its own tracer.
 * @param {Recorder} tracer @param {WebAssembly.Module} module @param {WebAssembly.Instance} instance @param {FunctionOptions} [options]
 * @returns {() => void}
 */
export const traceFunctions = (tracer, module, instance, options = {}) => traceCalls(tracer, module, instance, options, maySuspend);

/**
 * Nobody reports that a trap has left calls. But when a promise's reaction runs, JavaScript's stack is empty, so of the calls
 * before, none is running any more: the first one after it begins a new stack.
 * @param {Recorder} tracer @param {WebAssembly.Module} module @param {WebAssembly.Instance} instance @param {FunctionOptions} options
 * @param {() => boolean} suspends whether calls may be suspended
 * @returns {() => void}
 */
export function traceCalls(tracer, module, instance, options, suspends) {
  tracerGiven(tracer);
  const found = instrumented(module);
  if (!found) throw new TypeError('this module has not been instrumented: see instrument(), or ringscope-wasm instrument');
  const { [HOOKS]: hooks, [AT]: at, [COUNTED]: counter } = /** @type {{ [HOOKS]: WebAssembly.Table, [AT]: WebAssembly.Global, [COUNTED]?: WebAssembly.Global }} */ (/** @type {unknown} */ (instance.exports));
  const { exports } = tracer.memory, idle = [hooks.get(0), hooks.get(1)], enter = exports.tracer_wasm_function_enter;
  const { minNs = found.minNs, depth = DEPTH } = options, functions = create(tracer, found.names, { minNs, depth, counted: counter?.value ?? 0 });
  const first = forTable((address, number, counted) => {
    hooks.set(0, enter);
    if (!suspends()) {
      exports.tracer_wasm_functions_left(address, counted);
      nextTask();
    }
    return enter(address, number, counted);
  });
  const nextTask = async () => {
    await undefined; // natively, whatever a page has made of Promise
    if (at.value === functions && !suspends()) hooks.set(0, first);
  };
  at.value = functions;
  hooks.set(1, exports.tracer_wasm_function_exit);
  hooks.set(0, first);
  return () => {
    if (at.value !== functions) return;
    hooks.set(0, idle[0]);
    hooks.set(1, idle[1]);
    at.value = 0;
    tracer.memory.free(functions);
  };
}
