/** Whether an exception means failure: some are a program's normal flow of control. */

/** Functions that end by throwing, whatever they throw: exits, longjmp, and C++'s throw. */
const LEAVING = new Set(['exit', '_exit', '__exit', '_Exit', 'quick_exit', 'exit_group', 'proc_exit', 'emscripten_force_exit',
  'longjmp', 'emscripten_longjmp', '_emscripten_throw_longjmp', '__emscripten_throw_longjmp', 'emscripten_throw_longjmp',
  '__cxa_throw', '__cxa_rethrow', '__cxa_rethrow_primary_exception', '__resumeException', '__throw_exception_with_stack_trace']);

/** Emscripten's own exceptions, which also pass through other imports: an exit, a longjmp, C++ exceptions. */
const PASSING = new Set(['ExitStatus', 'EmscriptenSjLj', 'EmscriptenEH', 'CppException']);

/** @param {string} name of an import */
export const leaves = (name) => LEAVING.has(name);

/** Whether a function that should end by throwing aborted instead: built without exceptions, __cxa_throw does. @param {unknown} thrown */
export const isAbort = (thrown) => thrown instanceof WebAssembly.RuntimeError;

const FIRST_ADDRESS = 1024, ALIGNMENT = 8;

/** Older builds throw a C++ exception's address; in builds with shortened names, that is the only way to recognise it. @param {number} thrown */
const isException = (thrown) => thrown === Infinity || (thrown >= FIRST_ADDRESS && thrown % ALIGNMENT === 0);

/** Whether a thrown value is no error: Emscripten's "unwind" to the event loop, exit, longjmp, or a C++ exception. @param {unknown} thrown */
export function isNormal(thrown) {
  if (typeof thrown === 'number') return isException(thrown);
  if (typeof thrown !== 'object' || thrown === null) return thrown === 'unwind' || thrown === 'longjmp';
  try {
    const { name, constructor } = /** @type {any} */ (thrown);
    return PASSING.has(name) || PASSING.has(constructor?.name);
  } catch {
    return false; // a thrown value may be anything, and may throw when inspected
  }
}
