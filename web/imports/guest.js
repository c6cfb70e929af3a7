/** Reads the memory of the module that is traced: numbers and texts behind addresses. */

const SHORT_TEXT = 64; // up to here a loop is faster than TextDecoder
const decoder = new TextDecoder();

export class Guest {
  /** @param {() => WebAssembly.Memory | undefined} find the memory, which is there once the module is */
  constructor(find) {
    this.find = find;
    this.bytes = new Uint8Array(0);
  }

  /** The memory as it is now; growth empties older views, or leaves them short. @param {number} end */
  view(end) {
    if (end > this.bytes.length) this.bytes = new Uint8Array(this.find()?.buffer ?? new ArrayBuffer(0));
    return this.bytes;
  }

  /** @param {number} address */
  u32(address) {
    const at = address >>> 0, bytes = this.view(at + 4);
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }

  /** Exact below 2^53. @param {number} address */
  u64(address) {
    return this.u32(address) + this.u32(address + 4) * 2 ** 32;
  }

  /** @param {number} address @param {number} size */
  text(address, size) {
    const at = address >>> 0, length = size >>> 0, bytes = this.view(at + length);
    if (length > SHORT_TEXT) return this.long(bytes, at, length);
    let text = '';
    for (let i = at; i < at + length; i++) {
      const byte = bytes[i];
      if (byte > 0x7f) return this.long(bytes, at, length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** @param {Uint8Array} bytes @param {number} at @param {number} length */
  long(bytes, at, length) {
    const part = bytes.subarray(at, at + length);
    return decoder.decode(part.buffer instanceof ArrayBuffer ? part : part.slice()); // browsers decode no shared memory
  }

  /** A text that ends in NUL. @param {number} address */
  string(address) {
    const at = address >>> 0, end = this.view(at + 1).indexOf(0, at);
    return end < 0 ? '' : this.text(at, end - at);
  }
}
