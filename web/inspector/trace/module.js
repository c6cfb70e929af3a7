/**
 * The timeline module's JavaScript interface: one trace, all calls synchronous. Used by the worker,
 * and by tests and benchmarks without a worker.
 */
import { Memory } from '../../module/memory.js';
import { untraced } from '../../module/untraced.js';
import { unpacked } from './lists.js';
import { ModuleAnswers } from './module_answers.js';
import { overviewOf, summaryOf } from './module_overview.js';

/**
 * The trace's file: fills `to` from this offset; false: it cannot.
 * @typedef {{ read: (offset: number, to: Uint8Array) => boolean }} Source
 */

/** @typedef {import('../../module/memory.js').Exports & { memory: WebAssembly.Memory }} Exported */

/** The module's imports from its environment. @param {() => TraceModule} module */
function imports(module) {
  const at = (/** @type {number} */ address, /** @type {number} */ size) =>
    module()
      .memory.view()
      .subarray(address >>> 0, (address >>> 0) + (size >>> 0));
  return {
    env: {
      tracer_import_now: () => performance.now(),
      tracer_import_time_origin: () => performance.timeOrigin,
      emscripten_notify_memory_growth: () => {},
      timeline_import_read: (
        /** @type {number} */ offset,
        /** @type {number} */ to,
        /** @type {number} */ size,
      ) => module().source?.read(offset, at(to, size)) ?? false,
      timeline_import_progress: (/** @type {number} */ done, /** @type {number} */ total) =>
        module().progress(done, total),
      timeline_import_write: (/** @type {number} */ from, /** @type {number} */ size) => {
        module().write(at(from, size));
        return true;
      },
    },
  };
}

export class TraceModule extends ModuleAnswers {
  /** @param {Memory} memory */
  constructor(memory) {
    super(memory);
    /** The file, for images. @type {Source | undefined} */
    this.source = undefined;
    /**
     * Called during long work; returning false gives it up.
     * @type {(done: number, total: number) => boolean}
     */
    this.progress = () => true;
    /** Takes a piece of an export; the bytes are borrowed. @type {(bytes: Uint8Array) => void} */
    this.write = () => {};
    this.input = { address: 0, bytes: 0 };
  }

  /** @param {WebAssembly.Module} compiled */
  static async create(compiled) {
    /** @type {TraceModule} */
    let module;
    const instance = await WebAssembly.instantiate(compiled, untraced(imports(() => module)));
    const exports = /** @type {Exported} */ (instance.exports);
    exports._initialize();
    module = new TraceModule(new Memory(exports, exports.memory));
    return module;
  }

  /** The trace's memory, in bytes. */
  get bytes() {
    return this.memory.memory.buffer.byteLength;
  }

  // ---------------------------------------------------------------- opening

  /** Begins to load an image, through the environment's read(). @param {number} size */
  loadBegin(size) {
    this.call('load_begin', size);
  }

  /**
   * Loads about this many more events.
   * @param {number} events @returns {boolean} whether all are loaded
   */
  loadStep(events) {
    this.call('load_step', events);
    return this.memory.number() === 1;
  }

  /**
   * Takes the next piece of a trace in any format except ringscope's own. @param {Uint8Array} bytes
   */
  feed(bytes) {
    const { memory, input } = this;
    if (input.bytes < bytes.length) {
      if (input.address) memory.free(input.address);
      this.input = { address: memory.allocate(bytes.length), bytes: bytes.length };
    }
    memory.view().set(bytes, this.input.address);
    memory.call('timeline_wasm_feed', this.handle, this.input.address, bytes.length);
  }

  /**
   * Decompresses a gzip file, which source reads.
   * @param {number} size
   * @param {(bytes: Uint8Array) => void} write takes a piece, which is borrowed
   */
  gunzip(size, write) {
    this.write = write;
    this.memory.call('timeline_wasm_gunzip', this.handle, size);
    this.write = () => {};
  }

  /** Ends feeding: returns the format found. */
  end() {
    this.memory.call('timeline_wasm_end', this.handle);
    if (this.input.address) this.memory.free(this.input.address);
    this.input = { address: 0, bytes: 0 };
    const [format, formatTitle] = this.memory.texts();
    return { format, formatTitle };
  }

  /** Makes the loaded trace one of several; then another can be loaded. @param {string} name */
  addLoaded(name) {
    this.ask({}, [name]);
    this.call('add_loaded');
  }

  /** Begins a trace that grows. @param {number} hold how many of the newest events are kept */
  follow(hold) {
    this.memory.call('timeline_wasm_follow', this.handle, hold);
  }

  /** Adds its next segment. @param {Uint8Array} bytes */
  addSegment(bytes) {
    this.memory.call(
      'timeline_wasm_add_segment',
      this.handle,
      this.memory.copyBytes(bytes),
      bytes.length,
    );
  }

  /** Ends loading, or takes in new segments: afterwards all events are shown. */
  build() {
    this.memory.call('timeline_wasm_build', this.handle);
  }

  /** @see overviewOf */
  overview() {
    return unpacked(overviewOf(this));
  }

  /** @see summaryOf */
  summary() {
    return summaryOf(this);
  }

  // ----------------------------------------------------------------- saving

  /**
   * Writes the events in another tool's format to the environment's write().
   * @param {import('./types.js').ExportFormat} format
   */
  exportAs(format) {
    this.memory.call(
      'timeline_wasm_export',
      this.handle,
      this.memory.constants.formats.indexOf(format) >>> 0,
    );
  }

  /**
   * Writes the trace as a sealed image to the environment's write().
   * @param {boolean} [withoutDetails]
   */
  saveImage(withoutDetails = false) {
    this.memory.call('timeline_wasm_save', this.handle, Number(withoutDetails));
  }

  /** The same for events that reach into a range. @param {number} fromNs @param {number} toNs */
  saveRange(fromNs, toNs) {
    this.ask({ fromNs, toNs });
    this.call('save_range');
  }
}
