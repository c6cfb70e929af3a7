/** Bytes of a file, read in a worker: anywhere in it at once, or from its beginning to its end. */

const BLOCK_BYTES = 512 << 10; // what one read costs is the call, not the bytes
// an image's lanes and details are read side by side, each from its end to its beginning
const BLOCKS = 32;

/** Reads anywhere in a file, synchronously, which only workers may. */
export class BlobBytes {
  /** @param {Blob} blob */
  constructor(blob) {
    this.blob = blob;
    this.reader = new /** @type {any} */ (globalThis).FileReaderSync();
    /** The blocks that were read last, by number. @type {Map<number, Uint8Array>} */
    this.blocks = new Map();
  }

  /**
   * Fills `to` from there on; false: the file does not reach so far, or cannot be read any more.
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
    this.blocks.set(number, block); // the newest comes last
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
 * How a file is read, by its first bytes. Which format a stream has is the module's to recognise.
 * @param {Uint8Array} bytes @returns {'gzip' | 'image' | 'stream'}
 */
export function wayOf(bytes) {
  if (beginsWith(bytes, GZIP)) return 'gzip';
  return beginsWith(bytes, RINGSCOPE) ? 'image' : 'stream';
}
