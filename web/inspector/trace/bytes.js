/**
 * A file's bytes, read in a worker: from beginning to end, or anywhere.
 *
 * Two things cost more than the bytes: a synchronous read (a millisecond for each 100 KiB in
 * Chromium), and memory that is touched for the first time. So most is read asynchronously, into
 * memory that is used again and again.
 */

const BLOCK_BYTES = 512 << 10;
const BLOCKS = 48; // held at most
const AHEAD = 16; // blocks that are read at once, because each such read costs 13 ms

/**
 * The worker's, which the page's types do not have.
 * @typedef {{ FileReaderSync: new () => { readAsArrayBuffer: (blob: Blob) => ArrayBuffer } }}
 *   WorkerScope
 */

/**
 * Streams that are being read: browsers collect others as garbage, and with them who waits for
 * their bytes.
 * @type {Set<ReadableStream>}
 */
const streams = new Set();

/**
 * Reads a blob one room after the other.
 * @param {Blob} blob
 * @param {() => ArrayBuffer} roomFor where the next bytes go; it is given away, and comes back as
 *   the buffer of a piece
 * @returns {AsyncGenerator<Uint8Array>} pieces that fill their rooms, but for the last
 */
export async function* filled(blob, roomFor) {
  const stream = blob.stream();
  streams.add(stream);
  const reader = readerOf(stream);
  try {
    for (let at = 0; at < blob.size;) {
      const room = roomFor(),
        bytes = Math.min(room.byteLength, blob.size - at);
      yield reader
        ? await fill(reader, new Uint8Array(room, 0, bytes))
        : new Uint8Array(await blob.slice(at, at + bytes).arrayBuffer());
      at += bytes;
    }
  } finally {
    await (reader ?? stream).cancel().finally(() => streams.delete(stream));
  }
}

/**
 * Null: the stream takes no rooms, as in older Safaris.
 * @param {ReadableStream} stream @returns {ReadableStreamBYOBReader | null}
 */
function readerOf(stream) {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** @param {ReadableStreamBYOBReader} reader @param {Uint8Array<ArrayBuffer>} to */
async function fill(reader, to) {
  const { length } = to;
  for (let done = 0; done < length;) {
    const { value } = await reader.read(to.subarray(done));
    if (!value?.byteLength)
      throw new DOMException('the file has become shorter', 'NotReadableError');
    done += value.byteLength;
    to = new Uint8Array(value.buffer, 0, length);
  }
  return to;
}

/** Reads anywhere in a file, synchronously, which is allowed only in workers. */
export class BlobBytes {
  /** @param {Blob} blob */
  constructor(blob) {
    this.blob = blob;
    this.reader = new /** @type {WorkerScope} */ (
      /** @type {unknown} */ (globalThis)
    ).FileReaderSync();
    /** Blocks that have been used, the newest last. @type {Map<number, Uint8Array>} */
    this.used = new Map();
    /** Blocks that will be. @type {Map<number, Uint8Array>} */
    this.next = new Map();
    /** Those used since ahead(). @type {Set<number>} */
    this.recent = new Set();
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

  /**
   * Reads the blocks that will be wanted next: an image's lanes and details are read at the same
   * time, each from end to beginning. What cannot be read now is left to read().
   */
  async ahead() {
    const lowest = [...this.recent].filter((number) => !this.recent.has(number - 1));
    const most = Math.min(AHEAD, Math.floor(BLOCKS / 2 / lowest.length));
    this.recent.clear();
    for (const number of lowest) {
      const from = Math.max(0, number - most);
      let to = number;
      while (to > from && this.#holds(to - 1)) to--;
      if (to - from > most / 2 || (from === 0 && to > 0)) await this.#readAhead(from, to);
    }
  }

  /** @param {number} number */
  #holds(number) {
    return this.next.has(number) || this.used.has(number);
  }

  /** @param {number} from a block's number @param {number} to */
  async #readAhead(from, to) {
    const blob = this.blob.slice(from * BLOCK_BYTES, to * BLOCK_BYTES);
    try {
      for await (const block of filled(blob, () => this.#room())) this.next.set(from++, block);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** The memory of the block whose use is longest ago, or new memory. */
  #room() {
    const [number, block] = this.used.entries().next().value ?? [-1, null];
    if (!block || this.used.size + this.next.size < BLOCKS) return new ArrayBuffer(BLOCK_BYTES);
    this.used.delete(number);
    return block.buffer.byteLength === BLOCK_BYTES
      ? /** @type {ArrayBuffer} */ (block.buffer)
      : new ArrayBuffer(BLOCK_BYTES);
  }

  /** @param {number} number */
  #block(number) {
    const block = this.used.get(number) ?? this.next.get(number) ?? this.#readNow(number);
    this.used.delete(number);
    this.next.delete(number);
    this.used.set(number, block);
    this.recent.add(number);
    return block;
  }

  /** @param {number} number */
  #readNow(number) {
    const begin = number * BLOCK_BYTES;
    if (this.used.size + this.next.size >= BLOCKS && this.used.size)
      this.used.delete(/** @type {number} */ (this.used.keys().next().value));
    return new Uint8Array(
      this.reader.readAsArrayBuffer(this.blob.slice(begin, begin + BLOCK_BYTES)),
    );
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
