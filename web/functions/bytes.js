/** Reads and writes the binary format of WebAssembly: numbers, names, sections. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Reader {
  /** @param {Uint8Array} bytes @param {number} [at] @param {number} [end] */
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done() {
    return this.at >= this.end;
  }

  byte() {
    if (this.at >= this.end) throw new RangeError(`the module ends unexpectedly, at byte ${this.at}`);
    return this.bytes[this.at++];
  }

  /** An unsigned LEB128 number of up to 53 bits. */
  number() {
    let value = 0, scale = 1, byte;
    do {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte & 0x80);
    return value;
  }

  /** Skips any LEB128 number. */
  skipNumber() {
    while (this.byte() & 0x80);
  }

  /** @param {number} count */
  skip(count) {
    if (count > this.end - this.at) throw new RangeError(`the module ends unexpectedly, at byte ${this.at}`);
    this.at += count;
  }

  /** Bytes that are preceded by their count. */
  block() {
    const size = this.number(), from = this.at;
    this.skip(size);
    return new Reader(this.bytes, from, this.at);
  }

  text() {
    return decoder.decode(this.block().rest());
  }

  /** The remaining bytes, without a copy. */
  rest() {
    return this.bytes.subarray(this.at, this.end);
  }
}

/** A growing array of bytes. */
export class Writer {
  size = 0;

  /** @param {number} [room] for the bytes expected */
  constructor(room = 1024) {
    this.bytes = new Uint8Array(room);
  }

  /** @param {number} count */
  #reserve(count) {
    if (this.size + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.size + count));
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
  }

  /** @param {...number} bytes */
  put(...bytes) {
    this.#reserve(bytes.length);
    for (const byte of bytes) this.bytes[this.size++] = byte;
    return this;
  }

  /** @param {number} value */
  number(value) {
    for (; value >= 128; value = Math.floor(value / 128)) this.put(value % 128 | 0x80);
    return this.put(value);
  }

  /** A non-negative number, in signed LEB128. @param {number} value */
  signed(value) {
    for (; value >= 64; value = Math.floor(value / 128)) this.put(value % 128 | 0x80);
    return this.put(value);
  }

  /** i32.const @param {number} value */
  constant(value) {
    return this.put(0x41).signed(value);
  }

  /** @param {Uint8Array} bytes */
  all(bytes) {
    this.#reserve(bytes.length);
    this.bytes.set(bytes, this.size);
    this.size += bytes.length;
    return this;
  }

  /** Bytes, preceded by their count. @param {Uint8Array} bytes */
  block(bytes) {
    return this.number(bytes.length).all(bytes);
  }

  /** @param {string} text */
  text(text) {
    return this.block(encoder.encode(text));
  }

  /** What has been taken before is overwritten. */
  clear() {
    this.size = 0;
    return this;
  }

  take() {
    return this.bytes.subarray(0, this.size);
  }
}

/** The order of sections; custom ones (0) may be anywhere. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
export const SECTION = Object.freeze({ custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, element: 9, code: 10 });

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

const SECTION_HEADER = 11; // bytes, at most

/** @typedef {{ id: number, body: Uint8Array }} Section */

/** @param {Uint8Array} bytes of a module @returns {Section[]} */
export function readSections(bytes) {
  if (HEADER.some((byte, i) => bytes[i] !== byte))
    throw new TypeError(bytes[4] === 0x0d ? 'this is a component: instrument the core modules inside it' : 'this is not a WebAssembly module of version 1');
  const reader = new Reader(bytes, HEADER.length), sections = [];
  while (!reader.done) sections.push({ id: reader.byte(), body: reader.block().rest() });
  return sections;
}

/** @param {Section[]} sections @returns {Uint8Array<ArrayBuffer>} */
export function writeSections(sections) {
  const writer = new Writer(sections.reduce((sum, { body }) => sum + body.length + SECTION_HEADER, HEADER.length)).put(...HEADER);
  for (const { id, body } of sections) writer.put(id).block(body);
  return writer.take();
}

/** Replaces a section, or inserts a new one where it belongs. @param {Section[]} sections @param {number} id @param {Uint8Array} body */
export function setSection(sections, id, body) {
  const at = sections.findIndex((section) => section.id === id);
  if (at >= 0) {
    sections[at] = { id, body };
    return;
  }
  const later = ORDER.slice(ORDER.indexOf(id) + 1), next = sections.findIndex((section) => later.includes(section.id));
  sections.splice(next < 0 ? sections.length : next, 0, { id, body });
}

/** The number of a section's entries, and a reader positioned at the first. @param {Section[]} sections @param {number} id */
export function entries(sections, id) {
  const reader = new Reader(sections.find((section) => section.id === id)?.body ?? Uint8Array.of(0));
  return { count: reader.number(), reader };
}

/** Adds entries after those of a section. @param {Section[]} sections @param {number} id @param {number} more @param {Uint8Array} bytes */
export function append(sections, id, more, bytes) {
  const { count, reader } = entries(sections, id);
  setSection(sections, id, new Writer().number(count + more).all(reader.rest()).all(bytes).take());
}
