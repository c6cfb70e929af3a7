/** A trace in the worker as files: decompressed, saved as an image, exported. */
import { load, plainOf } from './load.js';
import { TraceModule } from './module.js';

export class SavedTrace {
  /**
   * @param {TraceModule} module @param {WebAssembly.Module} compiled what it was instantiated from
   */
  constructor(module, compiled) {
    this.module = module;
    this.compiled = compiled;
  }

  /**
   * A file's contents, decompressed by a module of its own: this one holds the trace.
   * @param {Blob} blob
   */
  async plain(blob) {
    return plainOf(await TraceModule.create(this.compiled), blob);
  }

  /**
   * The events in another tool's format; for a trace that grows, those of its image at this moment.
   * @param {Blob | null} image @param {import('./types.js').ExportFormat} format
   */
  async exportAs(image, format) {
    const module = await this.#holding(image);
    return this.#written(
      module,
      format === 'chrome' ? 'application/json' : 'application/octet-stream',
      () => module.exportAs(format),
    );
  }

  /**
   * The trace as an image, with or without details; for a trace that grows, at this moment.
   * @param {Blob | null} image @param {boolean} withoutDetails
   */
  async saveImage(image, withoutDetails) {
    const module = await this.#holding(image);
    return this.#written(module, 'application/octet-stream', () =>
      module.saveImage(withoutDetails),
    );
  }

  /** Events that reach into a range, as an image. @param {number} fromNs @param {number} toNs */
  async saveRange(fromNs, toNs) {
    const { module } = this;
    return this.#written(module, 'application/octet-stream', () => module.saveRange(fromNs, toNs));
  }

  /**
   * A module that holds the image; without an image, the trace's own.
   * @param {Blob | null} image
   */
  async #holding(image) {
    if (!image) return this.module;
    const module = await TraceModule.create(this.compiled);
    await load(module, image, () => {});
    return module;
  }

  /** @param {TraceModule} module @param {string} type @param {() => void} write */
  #written(module, type, write) {
    /** @type {BlobPart[]} */
    const parts = [];
    module.write = (bytes) => parts.push(/** @type {BlobPart} */ (bytes.slice()));
    write();
    module.write = () => {};
    return new Blob(parts, { type });
  }
}
