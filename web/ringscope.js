/**
 * ringscope in JavaScript: creates a tracer, attaches to one that is linked into another module, and
 * reads saved images. Times are milliseconds.
 *
 *     const tracer = await Tracer.load();
 *     tracer.enable();
 *     tracer.event('FILE', 'open', '/etc/passwd');
 *     tracer.span('FILE', 'load config', () => loadConfig());
 *     console.log(String(tracer.summary()));
 */
import { exportsOf } from './module/attach.js';
import { bytesGiven, integer, refuse } from './module/checked.js';
import { loadMemory } from './module/load.js';
import { Memory } from './module/memory.js';
import { replay } from './read/devtools.js';
import { ImageReader } from './read/reader.js';
import { categoryMask } from './record/category.js';
import { Recorder } from './record/recorder.js';
import { Span } from './record/span.js';
import { allocateBlock, loadSharedMemory } from './workers/shared.js';

export { instantiateTraced, traceImports } from './imports/trace_imports.js';
export { traceWebAssembly } from './imports/trace_web_assembly.js';
export { instrument } from './functions/instrument.js';
export { instrumentedFunctions, traceFunctions } from './functions/trace_functions.js';
export { tracerImports } from './module/load.js';
export { TracerError } from './module/error.js';
export { mergeImages } from './read/join.js';
export { mergeEvents } from './read/merge.js';
export { tracePerformance } from './record/performance.js';
export { WorkerTracer } from './workers/worker_tracer.js';
export { ImageReader, Memory, Span };

const LANES_SHARED = 16;
const FLAGS = ['without_details', 'prefault'];

/** @typedef {import('./record/category.js').Category} Category */
/** @typedef {import('./read/reader.js').TraceEvent} TraceEvent */

/**
 * @typedef {object} TracerOptions
 * @property {number} [capacityEvents] how many events are kept. Default: 1000
 * @property {number} [detailBytes] bytes for details. Default: 64 per event
 * @property {number} [lanes] concurrent writers. Default: 1, or 16 for a shared tracer
 * @property {number} [names] distinct names
 * @property {number} [operations] distinct operations
 * @property {number} [tracks] distinct tracks
 * @property {number} [histograms] operations with percentiles
 * @property {boolean} [withoutDetails] keeps no details, because they may hold secrets
 * @property {() => number} [clock] returns the program's own time, in ms
 * @property {import('./module/load.js').WasmSource} [wasm] used instead of the ringscope.wasm beside this file
 */

/** @param {Memory} memory @param {TracerOptions} options @param {number} cell */
function create(memory, options, cell) {
  /** @type {Record<string, number>} */
  const numbers = {};
  for (const name of memory.constants.create) {
    const key = /** @type {keyof TracerOptions} */ (name.replace(/_(.)/g, (/** @type {string} */ _, /** @type {string} */ c) => c.toUpperCase()));
    const given = options[key] ?? (name === 'lanes' ? 1 : 0);
    numbers[name] = FLAGS.includes(name) ? Number(given) : integer(key, given);
  }
  memory.setArguments(memory.constants.create, numbers);
  try {
    return memory.call('tracer_wasm_create', cell);
  } catch (error) {
    const what = /** @type {import('./module/error.js').TracerError} */ (error);
    if (['ERROR_ARGUMENT', 'ERROR_TOO_LARGE'].includes(what.code)) what.message += `: ${JSON.stringify(options)}`;
    throw what;
  }
}

export class Tracer extends Recorder {
  /** Whether this object owns the tracer and destroys it. */
  ours = false;
  /** The module, for a shared tracer. @type {WebAssembly.Module | undefined} */
  module;
  /** Addresses of the workers' memory. @type {number[]} */
  blocks = [];

  /** Creates a tracer. @param {TracerOptions} [options] */
  static async load(options = {}) {
    return Tracer.createAt(await loadMemory(options.wasm), options);
  }

  /** Creates a tracer that workers can join: see share(). @param {TracerOptions} [options] */
  static async loadShared(options = {}) {
    const { memory, module } = await loadSharedMemory(options.wasm);
    const tracer = Tracer.createAt(memory, { lanes: LANES_SHARED, ...options });
    tracer.module = module;
    return tracer;
  }

  /**
   * Everything a worker needs to record into this tracer: post it to one worker, for WorkerTracer.join(). The worker
   * may get a name, and needs more memory if it traces functions, for their names.
   * @param {string} [name] @param {number} [moreBytes]
   * @returns {import('./workers/shared.js').Shared}
   */
  share(name, moreBytes = 0) {
    const { memory, scratchBytes } = this;
    const tracer = this.live();
    if (!this.module) throw new TypeError('only a tracer from Tracer.loadShared() can be shared');
    const block = allocateBlock(memory, scratchBytes + moreBytes);
    this.blocks.push(block.start);
    const shared = /** @type {WebAssembly.Memory} */ (memory.memory);
    return { module: this.module, memory: shared, tracer, constants: memory.constants, scratchBytes, block, name };
  }

  /**
   * Creates a further tracer in the memory of a module that ringscope is linked into.
   * @param {WebAssembly.Instance | object} module @param {TracerOptions} [options]
   */
  static createIn(module, options = {}) {
    const { exports, memory } = exportsOf(module);
    return Tracer.createAt(new Memory(exports, memory), options);
  }

  /** @param {Memory} memory @param {TracerOptions} options */
  static createAt(memory, options) {
    if (options.clock !== undefined && typeof options.clock !== 'function') refuse('clock', 'a function', options.clock);
    const cell = options.clock ? memory.allocate(memory.constants.sizes.clock_cell) : 0;
    try {
      const tracer = new Tracer(memory, create(memory, options, cell), { clock: options.clock, cell });
      tracer.ours = true;
      const { tracer: address, blocks } = tracer;
      tracer.release.add(() => {
        memory.exports.tracer_destroy(address);
        if (cell) memory.free(cell);
        for (const block of blocks) memory.free(block);
      });
      return tracer;
    } catch (error) {
      if (cell) memory.free(cell);
      throw error;
    }
  }

  /**
   * The default tracer, or the one at an address, of a module that ringscope is linked into.
   * @param {WebAssembly.Instance | object} module an instance, or what Emscripten calls Module
   * @param {{ tracer?: number }} [options]
   */
  static attach(module, options = {}) {
    const { exports, memory } = exportsOf(module);
    const tracer = options.tracer ?? exports.trace_default();
    return new Tracer(new Memory(exports, memory), tracer);
  }

  /** Opens a saved image. @param {Uint8Array | ArrayBuffer} bytes @param {TracerOptions} [options] @returns {Promise<ImageReader>} */
  static async open(bytes, options = {}) {
    const image = bytesGiven(bytes), memory = await loadMemory(options.wasm);
    const address = memory.copyBytes(image);
    try {
      return new ImageReader(memory, memory.call('tracer_wasm_reader_open', address, image.length), address);
    } catch (error) {
      memory.free(address);
      throw error;
    }
  }

  /* ------------------------------------------------------------- control */

  enable() {
    this.memory.exports.tracer_enable(this.live());
  }

  disable() {
    this.memory.exports.tracer_disable(this.live());
  }

  get enabled() {
    return Boolean(this.memory.exports.tracer_enabled(this.live()));
  }

  /** Clears events, losses and statistics. */
  reset() {
    this.memory.exports.tracer_reset(this.live());
  }

  clearEvents() {
    this.memory.exports.tracer_clear_events(this.live());
  }

  resetStats() {
    this.memory.exports.tracer_reset_stats(this.live());
  }

  /** Records only these categories; an empty list means all. @param {Category[]} categories */
  setFilter(categories) {
    this.memory.exports.tracer_set_filter(this.live(), categoryMask(this.memory, categories));
  }

  /** Sets the time at which uptime starts. @param {number} ms */
  setStartTime(ms) {
    this.memory.checkPlain(this.memory.exports.tracer_set_start_time(this.live(), ms));
  }

  /** The tracer's time in ms. @returns {number} */
  now() {
    return this.memory.exports.tracer_now(this.live());
  }

  /* ------------------------------------------------------------- the image */

  /** The bytes of the live image: a view that memory growth detaches. To keep them, copy: image().slice(). */
  image() {
    const tracer = this.live();
    const { exports } = this.memory;
    const address = exports.tracer_wasm_image(tracer) >>> 0;
    return this.memory.view().subarray(address, address + exports.tracer_wasm_image_bytes(tracer));
  }

  /**
   * Shows the held events in the browser's own tools, as tracks of the Performance panel, at their past times. Call it
   * while the panel records, in Chromium 134 and later. Works in slices, so that the page stays responsive.
   * @param {import('./read/devtools.js').DevToolsOptions} [options]
   * @returns {Promise<{ events: number, left_out: number, missing: string }>} the number of events shown; samples and flows are left out
   */
  async toDevTools(options = {}) {
    this.live();
    return replay(this, options);
  }

  /**
   * The image as the bytes of a .ring file, for the command `ringscope` and Tracer.open().
   * @param {{ without_details?: boolean }} [options] without_details leaves out details, arguments and results, not names
   */
  save({ without_details = false } = {}) {
    const address = this.memory.call('tracer_wasm_save', this.live(), Number(without_details));
    const bytes = this.memory.resultBytes(address).slice();
    this.memory.free(address);
    return bytes;
  }

  /** Destroys the tracer if this object created it: no worker may record into it any more. An attached tracer lives on. */
  [Symbol.dispose]() {
    this.dispose();
  }
}
