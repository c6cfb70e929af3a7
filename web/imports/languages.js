/** Imports of the runtimes of other languages: wasm-bindgen, Go and AssemblyScript. */
import { own } from './own.js';
import { paramsOf } from './params.js';

/** @typedef {import('./guest.js').Guest} Guest */
/** @typedef {import('./wasi.js').Call} Call */

const text = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(args[0], args[1]);

/** @type {Record<string, Partial<Call>>} */
const bindgen = {
  __wbindgen_throw: { given: text, ...paramsOf('message~') },
  __wbindgen_string_new: { given: text, ...paramsOf('text~') },
  __wbindgen_error_new: { given: text, ...paramsOf('message~') },
};

/** Go passes only its stack pointer; the arguments follow at that address, 8 bytes each. @param {Guest} guest @param {any[]} args @param {number} index */
const goWord = (guest, args, index) => guest.u64((args[0] >>> 0) + 8 * index);
const goCount = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.u32((args[0] >>> 0) + 24);

/** A call whose second argument is a text, read early because the call may re-enter Go, which moves its stack. @param {string} key @returns {Partial<Call>} */
function goNamed(key) {
  const name = (/** @type {Guest} */ guest, /** @type {any[]} */ args) => guest.text(goWord(guest, args, 2), goWord(guest, args, 3));
  return { early: true, given: name, params: [{ key: `${JSON.stringify(key)}:`, value: name }], arity: 1 };
}

/** @type {Record<string, Partial<Call>>} */
const go = {
  'runtime.wasmExit': { category: 'PROCESS', given: (guest, args) => String(guest.u32((args[0] >>> 0) + 8)) },
  'runtime.wasmWrite': { category: 'FILE', given: (guest, args) => `${goWord(guest, args, 1)} ${goCount(guest, args)} bytes`, written: goCount },
  'runtime.nanotime1': { category: 'TIMER' },
  'runtime.walltime': { category: 'TIMER' },
  'runtime.scheduleTimeoutEvent': { category: 'TIMER', given: (guest, args) => `${goWord(guest, args, 1)} ms` },
  'runtime.clearTimeoutEvent': { category: 'TIMER' },
  'runtime.getRandomData': { category: 'SYSCALL', given: (guest, args) => `${goWord(guest, args, 2)} bytes` },
  'runtime.resetMemoryDataView': { category: 'MEMORY' },
  'syscall/js.valueCall': goNamed('method'),
  'syscall/js.valueGet': goNamed('property'),
  'syscall/js.valueSet': goNamed('property'),
  'syscall/js.valueDelete': goNamed('property'),
  'syscall/js.stringVal': { given: (guest, args) => guest.text(goWord(guest, args, 1), goWord(guest, args, 2)) },
};

const ABORT_ARGUMENTS = 4; // message, file, line, column: Emscripten's has none

/** @type {Partial<Call>} */
const abort = {
  category: 'PROCESS',
  given: (guest, args) => (args.length === ABORT_ARGUMENTS ? `${guest.utf16(args[0])} in ${guest.utf16(args[1])}(${args[2]}:${args[3]})` : ''),
};

/** @param {string} module @param {string} name @returns {Partial<Call> | undefined} */
export function languageCall(module, name) {
  if (module === 'gojs' || module === 'go') return own(go, name);
  if (module === 'env' && name === 'abort') return abort;
  return name.startsWith('__wbindgen_') ? own(bindgen, name.replace(/_[0-9a-f]{16}$/, '')) : undefined;
}
