/**
 * ringscope in JavaScript: a tracer of one's own, one that is linked into another module, and images
 * that were saved. Times are milliseconds.
 *
 *     const tracer = await Tracer.load();
 *     tracer.enable();
 *     tracer.event('FILE', 'open', '/etc/passwd');
 *     tracer.span('FILE', 'load config', () => loadConfig());
 *     console.log(String(tracer.summary()));
 */
import { exportsOf } from './module/attach.js';
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

/** @typedef {import('./record/category.js').Category} Category */
/** @typedef {import('./read/reader.js').TraceEvent} TraceEvent */

/**
 * @typedef {object} TracerOptions
 * @property {number} [capacityEvents] how many events are kept, 1000
 * @property {number} [detailBytes] text kept, 64 for each event
 * @property {number} [lanes] concurrent writers: 1, and 16 of a tracer that is shared
 * @property {number} [names] distinct names
 * @property {number} [operations] distinct operations
 * @property {number} [tracks] distinct tracks
 * @property {number} [histograms] operations that have percentiles
 * @property {boolean} [withoutDetails] details may hold secrets: keep none
 * @property {() => number} [clock] the program's own time, in ms
 * @property {import('./module/load.js').WasmSource} [wasm] instead of the ringscope.wasm beside this file
 */

/** @param {Memory} memory @param {TracerOptions} options @param {number} cell */
function create(memory, options, cell) {
  /** @type {Record<string, number>} */
  const numbers = {};
  for (const name of memory.constants.create) {
    const key = /** @type {keyof TracerOptions} */ (name.replace(/_(.)/g, (/** @type {string} */ _, /** @type {string} */ c) => c.toUpperCase()));
    numbers[name] = Number(options[key] ?? (name === 'lanes' ? 1 : 0));
  }
  memory.setArguments(memory.constants.create, numbers);
  return memory.call('tracer_wasm_create', cell);
}

export class Tracer extends Recorder {
  /** Whether the tracer ends with this object. */
  ours = false;
  /** Of a tracer that is shared. @type {WebAssembly.Module | undefined} */
  module;
  /** Memory of workers. @type {number[]} */
  blocks = [];

  /** A tracer of one's own. @param {TracerOptions} [options] */
  static async load(options = {}) {
    return Tracer.createAt(await loadMemory(options.wasm), options);
  }

  /** A tracer that workers can join: see share(). @param {TracerOptions} [options] */
  static async loadShared(options = {}) {
    const { memory, module } = await loadSharedMemory(options.wasm);
    const tracer = Tracer.createAt(memory, { lanes: LANES_SHARED, ...options });
    tracer.module = module;
    return tracer;
  }

  /**
   * What a worker needs to record into this tracer, for WorkerTracer.join(): to be posted to one worker,
   * which may have a name, and needs more memory for the names of the functions that it traces.
   * @param {string} [name] @param {number} [moreBytes]
   * @returns {import('./workers/shared.js').Shared}
   */
  share(name, moreBytes = 0) {
    const { memory, scratchBytes } = this;
    const tracer = this.live();
    if (!this.module) throw new TypeError('only a tracer of Tracer.loadShared() can be shared');
    const block = allocateBlock(memory, scratchBytes + moreBytes);
    this.blocks.push(block.start);
    const shared = /** @type {WebAssembly.Memory} */ (memory.memory);
    return { module: this.module, memory: shared, tracer, constants: memory.constants, scratchBytes, block, name };
  }

  /**
   * A tracer of one's own in the memory of a module that ringscope is linked into.
   * @param {WebAssembly.Instance | object} module @param {TracerOptions} [options]
   */
  static createIn(module, options = {}) {
    const { exports, memory } = exportsOf(module);
    return Tracer.createAt(new Memory(exports, memory), options);
  }

  /** @param {Memory} memory @param {TracerOptions} options */
  static createAt(memory, options) {
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

  /** A saved image. @param {Uint8Array | ArrayBuffer} bytes @param {TracerOptions} [options] @returns {Promise<ImageReader>} */
  static async open(bytes, options = {}) {
    const memory = await loadMemory(options.wasm);
    const image = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
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

  /** Records only these; none: all. @param {Category[]} categories */
  setFilter(categories) {
    this.memory.exports.tracer_set_filter(this.live(), categoryMask(this.memory, categories));
  }

  /** The time from which uptime counts. @param {number} ms */
  setStartTime(ms) {
    this.memory.checkPlain(this.memory.exports.tracer_set_start_time(this.live(), ms));
  }

  /** The tracer's time in ms. @returns {number} */
  now() {
    return this.memory.exports.tracer_now(this.live());
  }

  /* ------------------------------------------------------------- the image */

  /** The bytes of the live image: a view, which memory growth ends. Copy what is to stay: image().slice(). */
  image() {
    const tracer = this.live();
    const { exports } = this.memory;
    const address = exports.tracer_wasm_image(tracer) >>> 0;
    return this.memory.view().subarray(address, address + exports.tracer_wasm_image_bytes(tracer));
  }

  /**
   * Shows what is held in the browser's own tools, as tracks of the panel Performance, at its past times: call it while that
   * records, in Chromium 134 and later. In slices, so that the page goes on meanwhile.
   * @param {import('./read/devtools.js').DevToolsOptions} [options]
   * @returns {Promise<{ events: number, left_out: number, missing: string }>} how many are shown; samples and flows are left out
   */
  async toDevTools(options = {}) {
    this.live();
    return replay(this, options);
  }

  /**
   * The image as the bytes of a .ring file, which the command `ringscope` and Tracer.open() read.
   * @param {{ without_details?: boolean }} [options] details, arguments and results are left out, names stay
   */
  save({ without_details = false } = {}) {
    const address = this.memory.call('tracer_wasm_save', this.live(), Number(without_details));
    const bytes = this.memory.resultBytes(address).slice();
    this.memory.free(address);
    return bytes;
  }

  /** Ends a tracer of one's own, which no worker records into any more; what was attached to lives on. */
  [Symbol.dispose]() {
    this.dispose();
  }
}
