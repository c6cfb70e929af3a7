/** Finds the tracer's functions and the memory in a module that ringscope is linked into. */

/** @typedef {import('./memory.js').Exports} Exports */
/** @typedef {import('./memory.js').Growable} Growable */

/**
 * The instance's own exports are the fastest to call. If Emscripten has shortened their names, Module
 * has a C function f as _f.
 * @param {any} module @returns {Exports}
 */
function emscriptenExports(module) {
  for (const exports of [module.wasmExports, module.asm]) if (exports?.tracer_wasm_describe) return exports;
  return new Proxy({}, { get: (_, name) => module[`_${String(name)}`] });
}

/** @param {any} module @returns {Growable} */
function emscriptenMemory(module) {
  if (module.wasmMemory) return module.wasmMemory;
  return {
    get buffer() {
      return module.HEAPU8.buffer;
    },
  };
}

/** @param {any} module @returns {{ exports: Exports, memory: Growable }} */
export function exportsOf(module) {
  const ofInstance = module instanceof WebAssembly.Instance;
  const exports = ofInstance ? module.exports : emscriptenExports(module);
  if (typeof exports.tracer_wasm_describe !== 'function')
    throw new TypeError('this module does not export the tracer: link it with @ringscope.rsp, or with ringscope::wasm in CMake');
  const memory = ofInstance ? /** @type {any} */ (exports).memory : emscriptenMemory(module);
  return { exports: /** @type {Exports} */ (exports), memory };
}
