/**
 * Adds to each function of a module the increment of an exported global of its own: the reference that its calls are
 * compared with. Has its own module reader, and shares nothing with the code under test.
 */

const PREFIX = 'calls of ';
const FUNCTION = 0, TABLE = 1, MEMORY = 2, GLOBAL = 3;
const encoder = new TextEncoder();

/** @param {number} value @returns {number[]} */
const leb = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);

/** Reads numbers one after another. */
class Bytes {
  /** @param {Uint8Array} bytes @param {number} [at] */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() { return this.bytes[this.at++]; }
  number() {
    let value = 0, shift = 0, byte;
    do {
      byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte & 128);
    return value;
  }
  skip(/** @type {number} */ count) { this.at += count; }
  /** A reference to a type defined in the module has a number after its first byte. */
  valueType() { if ([0x63, 0x64].includes(this.byte())) this.number(); }
  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

/** The numbers of imported functions and globals. @param {Uint8Array | undefined} section */
function imported(section) {
  const counts = [0, 0, 0, 0, 0], reader = new Bytes(section ?? Uint8Array.of(0));
  for (let left = reader.number(); left > 0; left--) {
    reader.skip(reader.number());
    reader.skip(reader.number());
    const kind = reader.byte();
    counts[kind]++;
    if (kind === FUNCTION) reader.number();
    else if (kind === TABLE) reader.valueType(), reader.limits();
    else if (kind === MEMORY) reader.limits();
    else if (kind === GLOBAL) reader.valueType(), reader.byte();
    else reader.byte(), reader.number();
  }
  return counts;
}

/** @param {Uint8Array} body @param {number} global */
function counting(body, global) {
  const reader = new Bytes(body);
  for (let groups = reader.number(); groups > 0; groups--) {
    reader.number();
    reader.valueType();
  }
  const added = [0x23, ...leb(global), 0x42, 1, 0x7c, 0x24, ...leb(global)]; // global.get, i64.const 1, i64.add, global.set
  const parts = [Uint8Array.from(leb(body.length + added.length)), body.subarray(0, reader.at), Uint8Array.from(added), body.subarray(reader.at)];
  return Buffer.concat(parts);
}

/** @param {Uint8Array | undefined} section a vector @param {number[][]} more @returns {Buffer} with more at its end */
function extended(section, more) {
  const reader = new Bytes(section ?? Uint8Array.of(0)), count = reader.number();
  return Buffer.concat([Uint8Array.from(leb(count + more.length)), reader.bytes.subarray(reader.at), ...more.map((each) => Uint8Array.from(each))]);
}

/** @param {Uint8Array} bytes @returns {Uint8Array} */
export function countCalls(bytes) {
  const reader = new Bytes(bytes, 8), sections = [];
  while (reader.at < bytes.length) {
    const id = reader.byte(), size = reader.number();
    sections.push({ id, body: bytes.subarray(reader.at, reader.at + size) });
    reader.skip(size);
  }
  const find = (/** @type {number} */ id) => sections.find((section) => section.id === id)?.body;
  const code = find(10);
  if (!code) return bytes;
  const { [FUNCTION]: functions, [GLOBAL]: globals } = imported(find(2));
  const first = globals + new Bytes(find(6) ?? Uint8Array.of(0)).number();
  const bodies = new Bytes(code), count = bodies.number(), counted = [];
  for (let i = 0; i < count; i++) {
    const size = bodies.number();
    counted.push(counting(code.subarray(bodies.at, bodies.at + size), first + i));
    bodies.skip(size);
  }
  const names = counted.map((_, i) => [...encoder.encode(`${PREFIX}${functions + i}`)]);
  const made = new Map([
    [6, extended(find(6), counted.map(() => [0x7e, 1, 0x42, 0, 0x0b]))],
    [7, extended(find(7), names.map((name, i) => [...leb(name.length), ...name, GLOBAL, ...leb(first + i)]))],
    [10, Buffer.concat([Uint8Array.from(leb(count)), ...counted])],
  ]);
  const order = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
  for (const id of made.keys())
    if (!find(id)) sections.splice(sections.findIndex((section) => order.indexOf(section.id) > order.indexOf(id)), 0, { id, body: Uint8Array.of() });
  return Buffer.concat([bytes.subarray(0, 8), ...sections.flatMap(({ id, body }) => {
    const now = made.get(id) ?? body;
    return [Uint8Array.from([id, ...leb(now.length)]), now];
  })]);
}

/** The number of calls so far, by function index. @param {WebAssembly.Instance} instance
 * @returns {Map<number, number>} */
export function callsOf(instance) {
  const counts = new Map();
  for (const [name, value] of Object.entries(instance.exports))
    if (name.startsWith(PREFIX)) counts.set(Number(name.slice(PREFIX.length)), Number(/** @type {any} */ (value).value));
  return counts;
}
