/** The one file that handles addresses: passes text, numbers and errors between JavaScript and C. */
import { heap } from './allocator.js';
import { TracerError } from './error.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const SHORT_TEXT = 64; // up to here a loop over the characters is faster than encodeInto()
const BYTES_PER_CODE_UNIT = 3;

/** @typedef {Record<string, (...args: any[]) => any>} Exports */
/** @typedef {{ readonly buffer: ArrayBufferLike }} Growable */

/** @param {Growable} memory */
const arraysOf = ({ buffer }) => ({ numbers: new Float64Array(buffer), words: new Uint32Array(buffer) });

/** The memory of one instance that contains the tracer. */
export class Memory {
  /**
   * @param {Exports} exports @param {Growable} memory
   * @param {{ constants?: any, allocator?: import('./allocator.js').Allocator }} [given] in a worker
   */
  constructor(exports, memory, { constants, allocator = heap(exports) } = {}) {
    this.exports = exports;
    this.memory = memory;
    /** Where C's stack begins, in a module of ours; else 0. */
    this.stackTop = 0;
    this.allocator = allocator;
    this.bytes = new Uint8Array(memory.buffer);
    this.dataView = new DataView(memory.buffer);
    this.numbered = arraysOf(memory);
    /** All constants that JavaScript needs from C. @type {any} */
    this.constants = constants ?? JSON.parse(this.takeString(exports.tracer_wasm_describe()));
    this.exchange = this.allocate(this.constants.exchange.bytes);
    /** @type {Map<string, number>} */
    this.categoryCodes = new Map();
    this.constants.categories.forEach((/** @type {any} */ category, /** @type {number} */ code) => {
      for (const name of [category.name, category.long]) this.categoryCodes.set(name.toUpperCase(), code);
      for (const name of [category.name, category.long]) this.categoryCodes.set(name, code);
    });
  }

  /** Resets C's stack after an exception that went through it. Only in a module of ours, because no other code is running in it. */
  recover() {
    if (this.stackTop) this.exports.stackRestore(this.stackTop);
  }

  /** A current view of the bytes: growth detaches older views. */
  view() {
    if (this.bytes.length === 0 || this.bytes.buffer !== this.memory.buffer) this.bytes = new Uint8Array(this.memory.buffer);
    return this.bytes;
  }

  /** The same, as 8-byte numbers and 4-byte words. */
  arrays() {
    if (this.numbered.numbers.buffer !== this.memory.buffer) this.numbered = arraysOf(this.memory);
    return this.numbered;
  }

  data() {
    if (this.dataView.buffer !== this.memory.buffer) this.dataView = new DataView(this.memory.buffer);
    return this.dataView;
  }

  /** @param {number} size */
  allocate(size) {
    const address = this.allocator.allocate(size);
    if (!address) throw new TracerError('ERROR_MEMORY', `not enough memory for ${size} bytes`);
    this.view().fill(0, address, address + size);
    return address;
  }

  /** @param {number} address */
  free(address) {
    this.allocator.free(address);
  }

  /** @param {number} address @param {number} size */
  decode(address, size) {
    const bytes = this.view().subarray(address, address + size);
    const shared = !(bytes.buffer instanceof ArrayBuffer); // browsers do not decode shared memory
    return decoder.decode(shared ? bytes.slice() : bytes);
  }

  /** A C string, which ends in NUL. @param {number} address */
  string(address) {
    return this.decode(address, this.view().indexOf(0, address) - address);
  }

  /** The same, and frees it. @param {number} address */
  takeString(address) {
    if (!address) throw new TracerError('ERROR_MEMORY', 'not enough memory');
    const text = this.string(address);
    this.free(address);
    return text;
  }

  /**
   * Writes as much of the text as fits, and a NUL; returns the bytes written, without the NUL. Short
   * texts are nearly always ASCII, which is written without creating an object.
   * @param {string} text @param {number} address @param {number} size
   */
  write(text, address, size) {
    let bytes = this.bytes;
    if (bytes.length === 0) bytes = this.view();
    const length = text.length;
    if (length > SHORT_TEXT || length >= size) return this.encode(text, address, size);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return this.encode(text, address, size);
      bytes[address + i] = unit;
    }
    bytes[address + length] = 0;
    return length;
  }

  /** @param {string} text @param {number} address @param {number} size */
  encode(text, address, size) {
    const bytes = this.view();
    const room = bytes.subarray(address, address + size - 1);
    let written;
    if (room.buffer instanceof ArrayBuffer) {
      written = encoder.encodeInto(text, room).written;
    } else {
      const copy = encoder.encode(text).subarray(0, room.length); // encodeInto() refuses shared memory
      room.set(copy);
      written = copy.length;
    }
    bytes[address + written] = 0;
    return written;
  }

  /** A copy of the text in new memory, after `offset` zero bytes. @param {string} text @param {number} offset */
  allocateText(text, offset) {
    const size = text.length * BYTES_PER_CODE_UNIT + 1;
    const address = this.allocate(offset + size);
    return { address, bytes: this.write(text, address + offset, size) };
  }

  /** @param {string} text */
  copyText(text) {
    return this.allocateText(text, 0);
  }

  /** @param {Uint8Array} from */
  copyBytes(from) {
    const address = this.allocate(Math.max(from.length, 1));
    this.view().set(from, address);
    return address;
  }

  /** @param {number} address @param {number} value */
  setDouble(address, value) {
    this.data().setFloat64(address, value, true);
  }

  /**
   * Puts the listed numbers into the exchange block: from `more`, else from `numbers`, else 0.
   * @param {string[]} names @param {Record<string, any>} numbers @param {Record<string, number>} [more]
   */
  setNumbers(names, numbers, more = {}) {
    const data = this.data(), at = this.exchange + this.constants.exchange.numbers;
    for (let i = 0; i < names.length; i++) data.setFloat64(at + 8 * i, more[names[i]] ?? numbers[names[i]] ?? 0, true);
  }

  /** Puts a reference to a text in C's memory into the exchange block. @param {number} index @param {number} address @param {number} bytes */
  setText(index, address, bytes) {
    const { exchange } = this.constants, data = this.data();
    data.setUint32(this.exchange + exchange.texts + 4 * index, address, true);
    data.setUint32(this.exchange + exchange.text_bytes + 4 * index, bytes, true);
  }

  /**
   * Puts arguments into the exchange block: the listed numbers, and texts.
   * @param {string[]} names @param {Record<string, number>} numbers @param {(string | undefined)[]} [texts]
   */
  setArguments(names, numbers, texts = []) {
    const copies = texts.map((text) => (text === undefined ? { address: 0, bytes: 0 } : this.copyText(text)));
    this.setNumbers(names, numbers);
    for (let i = 0; i < this.constants.exchange.text_slots; i++) this.setText(i, copies[i]?.address ?? 0, copies[i]?.bytes ?? 0);
    return () => copies.reverse().forEach(({ address }) => address && this.free(address));
  }

  /** The first number returned. */
  number() {
    return this.numbers(1)[0];
  }

  /** The first `count` numbers returned. @param {number} count */
  numbers(count) {
    const data = this.data(), at = this.exchange + this.constants.exchange.numbers;
    return Array.from({ length: count }, (_, i) => data.getFloat64(at + 8 * i, true));
  }

  /** The texts returned, which are borrowed. */
  texts() {
    const data = this.data(), at = this.exchange + this.constants.exchange.texts;
    return [0, 1].map((i) => this.string(data.getUint32(at + 4 * i, true)));
  }

  /**
   * Calls a function that returns an error code and takes the exchange block as its last argument; returns its handle.
   * @param {string} name @param {...number} args
   * @returns {number}
   */
  call(name, ...args) {
    const { result, message } = this.constants.exchange;
    this.view()[this.exchange + message] = 0;
    this.check(this.exports[name](...args, this.exchange));
    return this.data().getUint32(this.exchange + result, true);
  }

  /** The bytes of a call's result, borrowed. @param {number} address */
  resultBytes(address) {
    const size = this.data().getUint32(this.exchange + this.constants.exchange.result_bytes, true);
    return this.view().subarray(address, address + size);
  }

  /** The text that a call returns. @param {string} name @param {...number} args */
  callText(name, ...args) {
    const address = this.call(name, ...args);
    const bytes = this.resultBytes(address);
    const text = this.decode(address, bytes.length);
    this.free(address);
    return text;
  }

  /** Throws the error of a call's error code, with its message. @param {number} error */
  check(error) {
    if (error === 0) return;
    const said = this.string(this.exchange + this.constants.exchange.message);
    throw new TracerError(this.constants.errors[error], said);
  }

  /** The same for a function that leaves no message. @param {number} error */
  checkPlain(error) {
    if (error === 0) return;
    throw new TracerError(this.constants.errors[error], this.string(this.exports.tracer_error_text(error)));
  }
}
