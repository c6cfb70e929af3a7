/** What a call's end says: some exceptions are how programs go on, and no failure. */

/** Functions that go on by an exception, of whatever kind: exits, longjmp, and C++'s throw. */
const LEAVING = new Set(['exit', '_exit', '__exit', '_Exit', 'quick_exit', 'exit_group', 'proc_exit', 'emscripten_force_exit',
  'longjmp', 'emscripten_longjmp', '_emscripten_throw_longjmp', '__emscripten_throw_longjmp', 'emscripten_throw_longjmp',
  '__cxa_throw', '__cxa_rethrow', '__cxa_rethrow_primary_exception', '__resumeException', '__throw_exception_with_stack_trace']);

/** Emscripten's own exceptions, which pass through other imports too: an exit, a longjmp, C++'s. */
const PASSING = new Set(['ExitStatus', 'EmscriptenSjLj', 'EmscriptenEH', 'CppException']);

/** @param {string} name of an import */
export const leaves = (name) => LEAVING.has(name);

/** Whether a function that leaves did not: built without exceptions, __cxa_throw aborts. @param {unknown} thrown */
export const isAbort = (thrown) => thrown instanceof WebAssembly.RuntimeError;

const FIRST_ADDRESS = 1024, ALIGNMENT = 8;

/** What C++ throws in older builds is the exception's address, and in shortened ones nothing else tells it. @param {number} thrown */
const isException = (thrown) => thrown === Infinity || (thrown >= FIRST_ADDRESS && thrown % ALIGNMENT === 0);

/** Whether what was thrown is no error: Emscripten's "unwind" to the event loop, its exit, longjmp, and C++'s. @param {unknown} thrown */
export function isNormal(thrown) {
  if (typeof thrown === 'number') return isException(thrown);
  if (typeof thrown !== 'object' || thrown === null) return thrown === 'unwind' || thrown === 'longjmp';
  try {
    const { name, constructor } = /** @type {any} */ (thrown);
    return PASSING.has(name) || PASSING.has(constructor?.name);
  } catch {
    return false; // what is thrown may be anything, and may throw when it is looked at
  }
}
