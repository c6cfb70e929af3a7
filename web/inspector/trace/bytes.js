/** A file's bytes, read in a worker: either random access, or from beginning to end. */

const BLOCK_BYTES = 512 << 10; // a read costs its call, not its bytes
// an image's lanes and details are read concurrently, each from end to beginning
const BLOCKS = 32;

/**
 * The worker's, which the page's types do not have.
 * @typedef {{ FileReaderSync: new () => { readAsArrayBuffer: (blob: Blob) => ArrayBuffer } }}
 *   WorkerScope
 */

/** Reads anywhere in a file, synchronously, which is allowed only in workers. */
export class BlobBytes {
  /** @param {Blob} blob */
  constructor(blob) {
    this.blob = blob;
    this.reader = new /** @type {WorkerScope} */ (
      /** @type {unknown} */ (globalThis)
    ).FileReaderSync();
    /** The most recently read blocks, by number. @type {Map<number, Uint8Array>} */
    this.blocks = new Map();
  }

  /**
   * Fills `to` from this offset; false: the file is too short, or can no longer be read.
   * @param {number} offset @param {Uint8Array} to
   */
  read(offset, to) {
    if (offset + to.length > this.blob.size) return false;
    try {
      for (let done = 0; done < to.length;) {
        const number = Math.floor((offset + done) / BLOCK_BYTES),
          within = offset + done - number * BLOCK_BYTES;
        const from = this.#block(number).subarray(within, within + to.length - done);
        to.set(from, done);
        done += from.length;
      }
      return true;
    } catch (error) {
      if (error instanceof DOMException) return false; // the file has changed, or is gone
      throw error;
    }
  }

  /** @param {number} number */
  #block(number) {
    const known = this.blocks.get(number);
    this.blocks.delete(number);
    const begin = number * BLOCK_BYTES;
    const block =
      known ??
      new Uint8Array(this.reader.readAsArrayBuffer(this.blob.slice(begin, begin + BLOCK_BYTES)));
    this.blocks.set(number, block); // newest last
    if (this.blocks.size > BLOCKS)
      this.blocks.delete(/** @type {number} */ (this.blocks.keys().next().value));
    return block;
  }
}

const GZIP = [0x1f, 0x8b];
const RINGSCOPE = [...new TextEncoder().encode('RINGSCP\0')];

/** @param {Uint8Array} bytes @param {number[]} start */
const beginsWith = (bytes, start) => start.every((byte, i) => bytes[i] === byte);

/**
 * How to read a file, by its first bytes. The module recognizes which format a stream has.
 * @param {Uint8Array} bytes @returns {'gzip' | 'image' | 'stream'}
 */
export function wayOf(bytes) {
  if (beginsWith(bytes, GZIP)) return 'gzip';
  return beginsWith(bytes, RINGSCOPE) ? 'image' : 'stream';
}
