/** Reads numbers and texts from the memory of the traced module. */

const SHORT_TEXT = 64; // up to here a loop is faster than TextDecoder
const TEXTS_KEPT = 256; // a power of two
const LONGEST_TEXT = 1 << 20; // more of a text than any trace keeps
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const wideDecoder = new TextDecoder('utf-16le', { ignoreBOM: true });

/** Thrown if there is no memory, or none at that address: the caller leaves out the value. */
export const UNREADABLE = { message: 'this address leads nowhere' };

/** @typedef {number | bigint} Address a BigInt in a 64-bit memory */

/** @param {Address} address */
const whole = (address) => (typeof address === 'bigint' ? Number(BigInt.asUintN(64, address)) : address >>> 0);

/** Whether the bytes equal a text, which is ASCII. @param {string} text @param {Uint8Array} bytes @param {number} at @param {number} length */
function isText(text, bytes, at, length) {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (text.charCodeAt(i) !== bytes[at + i]) return false;
  }
  return true;
}

export class Guest {
  /** @param {() => WebAssembly.Memory | undefined} find returns the memory, once the module exists */
  constructor(find) {
    this.find = find;
    this.bytes = new Uint8Array(0);
    /** A hash table of short ASCII texts, because programs use a few paths many times. @type {string[]} */
    this.texts = new Array(TEXTS_KEPT).fill('');
    this.lastAt = -1;
    this.lastLength = 0;
    this.lastText = '';
  }

  /** Begins to describe another call: memory may have changed, so the last text must be read again. */
  begin() {
    this.lastAt = -1;
  }

  /** A view of memory that reaches at least to `end`: growth empties older views, or leaves them too short. @param {number} end */
  view(end) {
    return end <= this.bytes.length ? this.bytes : this.renew(end);
  }

  /** @param {number} end */
  renew(end) {
    const memory = this.find();
    if (!memory) throw UNREADABLE;
    this.bytes = new Uint8Array(memory.buffer);
    if (!(end <= this.bytes.length)) throw UNREADABLE;
    return this.bytes;
  }

  /** @param {Address} address */
  u8(address) {
    const at = whole(address);
    return this.view(at + 1)[at];
  }

  /** @param {Address} address */
  u32(address) {
    return this.word(whole(address));
  }

  /** @param {number} at */
  word(at) {
    const bytes = this.view(at + 4);
    return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  }

  /** Exact below 2^53. @param {Address} address */
  u64(address) {
    const at = whole(address);
    return this.word(at) + this.word(at + 4) * 2 ** 32;
  }

  /** A size_t of C, as wide as an address. @param {Address} address */
  size(address) {
    return typeof address === 'bigint' ? this.u64(address) : this.u32(address);
  }

  /** @param {Address} address @param {Address} size */
  text(address, size) {
    const at = whole(address), length = whole(size);
    if (at === this.lastAt && length === this.lastLength) return this.lastText;
    const text = this.part(this.view(at + length), at, length);
    this.lastAt = at;
    this.lastLength = length;
    return (this.lastText = text);
  }

  /** @param {Uint8Array} bytes @param {number} at @param {number} length */
  part(bytes, at, length) {
    if (length > SHORT_TEXT || length === 0) return this.long(bytes, at, length);
    const place = (bytes[at + length - 1] + 31 * (bytes[at + (length >> 1)] + 31 * length)) & (TEXTS_KEPT - 1), known = this.texts[place];
    return isText(known, bytes, at, length) ? known : this.short(bytes, at, length, place);
  }

  /** @param {Uint8Array} bytes @param {number} at @param {number} length @param {number} place */
  short(bytes, at, length, place) {
    let text = '';
    for (let i = at; i < at + length; i++) {
      const byte = bytes[i];
      if (byte > 0x7f) return this.long(bytes, at, length);
      text += String.fromCharCode(byte);
    }
    return (this.texts[place] = text);
  }

  /** @param {Uint8Array} bytes @param {number} at @param {number} length */
  long(bytes, at, length) {
    const part = bytes.subarray(at, at + Math.min(length, LONGEST_TEXT));
    return decoder.decode(part.buffer instanceof ArrayBuffer ? part : part.slice()); // browsers do not decode shared memory
  }

  /** An AssemblyScript string, preceded by its size in bytes; address 0: none. @param {number} address */
  utf16(address) {
    const at = whole(address);
    if (at === 0) return '';
    const length = this.word(at - 4), bytes = this.view(at + length);
    if (length > LONGEST_TEXT) throw UNREADABLE;
    return wideDecoder.decode(bytes.slice(at, at + length));
  }

  /** A text that ends in NUL. @param {Address} address */
  string(address) {
    const at = whole(address), bytes = this.view(at + 1);
    const end = bytes.subarray(at, at + LONGEST_TEXT).indexOf(0);
    if (end < 0) throw UNREADABLE;
    return this.part(bytes, at, end);
  }
}
