/** Memory for the JavaScript glue: from C's heap, or from a block that one worker owns. */
import { TracerError } from './error.js';

const ALIGNMENT = 16;

/** @typedef {{ allocate(size: number): number, free(address: number): void }} Allocator Address 0: out of memory. */

/** @param {import('./memory.js').Exports} exports @returns {Allocator} */
export function heap(exports) {
  return { allocate: (size) => exports.tracer_wasm_allocate(size) >>> 0, free: (address) => exports.tracer_wasm_free(address) };
}

/**
 * For a worker, because C's malloc() here is not thread-safe. Only the last allocation can be freed.
 * @param {number} start @param {number} size @returns {Allocator}
 */
export function arena(start, size) {
  let top = start;
  /** @type {number[]} */
  const taken = [];
  return {
    allocate(bytes) {
      const aligned = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      if (top + aligned > start + size) throw new TracerError('ERROR_MEMORY', `the worker's ${size} bytes are used up`);
      taken.push(top);
      top += aligned;
      return top - aligned;
    },
    free(address) {
      if (taken.at(-1) === address) top = /** @type {number} */ (taken.pop());
    },
  };
}
