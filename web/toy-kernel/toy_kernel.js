/** The toy kernel: a small, fully traced operating system in WebAssembly, run step by step. */
import { instantiateModule } from '../module/load.js';
import { Tracer } from '../ringscope.js';

export class ToyKernel {
  /** Use ToyKernel.boot(). @param {WebAssembly.Instance} instance @param {Tracer} tracer @param {number} kernel */
  constructor(instance, tracer, kernel) {
    this.instance = instance;
    this.exports = /** @type {any} */ (instance.exports);
    /** Records the kernel's events; disabled at first. */
    this.tracer = tracer;
    this.kernel = kernel;
  }

  /**
   * A freshly booted kernel. The same seed gives the same run everywhere.
   * @param {{ seed?: number, wasm?: import('../module/load.js').WasmSource } & import('../ringscope.js').TracerOptions} [options]
   */
  static async boot({ seed = 1, wasm = new URL('../toy_kernel.wasm', import.meta.url), ...options } = {}) {
    const instance = await instantiateModule(wasm);
    const tracer = Tracer.createIn(instance, options);
    const { exports } = /** @type {any} */ (instance);
    const kernel = exports.toy_wasm_create(tracer.tracer, seed);
    if (!kernel) throw new RangeError('not enough memory for a kernel');
    return new ToyKernel(instance, tracer, kernel);
  }

  /** Runs one tick; false once every program has ended. @returns {boolean} */
  step() {
    return Boolean(this.exports.toy_wasm_step(this.kernel));
  }

  /** Kernel time, ms since boot. @returns {number} */
  now() {
    return this.exports.toy_wasm_now(this.kernel);
  }

  /** Everything that the programs have printed. */
  console() {
    return this.tracer.memory.string(this.exports.toy_wasm_console(this.kernel));
  }

  /** Harmless when called twice. */
  dispose() {
    if (!this.kernel) return;
    this.tracer.dispose(); // first: its clock is the kernel's
    this.exports.toy_wasm_destroy(this.kernel);
    this.kernel = 0;
  }
}
