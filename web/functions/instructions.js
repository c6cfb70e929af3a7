/** Skips the instructions of a function: https://webassembly.github.io/spec/core/appendix/index-instructions.html */
import { Reader } from './bytes.js';
import { skipHeapType, skipValueType } from './types.js';

/** @typedef {(reader: Reader) => void} Immediate */

/** @type {Immediate} */
const none = () => {};
/** @type {Immediate} */
const index = (reader) => reader.skipNumber();
/** @type {Immediate} */
const twoIndexes = (reader) => (reader.skipNumber(), reader.skipNumber());
/** @param {number} count @returns {Immediate} */
const bytes = (count) => (reader) => reader.skip(count);
/** @param {Immediate} one @returns {Immediate} */
const many = (one) => (reader) => {
  for (let left = reader.number(); left > 0; left--) one(reader);
};
/** Alignment, which may announce a memory index, and offset. @type {Immediate} */
const memory = (reader) => {
  if (reader.number() & 0x40) reader.skipNumber();
  reader.skipNumber();
};
/** @type {Immediate} */
const memoryAndLane = (reader) => (memory(reader), reader.skip(1));
/** Empty, a value type, or a type index. @type {Immediate} */
const blockType = (reader) => {
  const byte = reader.bytes[reader.at];
  if (byte === 0x63 || byte === 0x64) skipValueType(reader);
  else reader.skipNumber();
};
/** @type {Immediate} */
const tryTable = (reader) => {
  blockType(reader);
  many((each) => (each.byte() < 2 ? twoIndexes(each) : index(each)))(reader);
};
/** @type {Immediate} */
const branchOnCast = (reader) => (reader.skip(1), reader.skipNumber(), skipHeapType(reader), skipHeapType(reader));

/** @type {Immediate[]} */
const PLAIN = [];
/** @type {Immediate[]} */
const GARBAGE_COLLECTION = [];
/** @type {Immediate[]} */
const MISCELLANEOUS = [];
/** @type {Immediate[]} */
const VECTORS = [];
/** @type {Immediate[]} */
const ATOMICS = [];

/** @param {Immediate[]} table @param {number} from @param {number} to @param {Immediate} immediate */
const fill = (table, from, to, immediate) => {
  for (let opcode = from; opcode <= to; opcode++) table[opcode] = immediate;
};

for (const opcode of [0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1, 0xd3, 0xd4]) PLAIN[opcode] = none;
for (const opcode of [0x02, 0x03, 0x04, 0x06]) PLAIN[opcode] = blockType;
for (const opcode of [0x07, 0x08, 0x09, 0x0c, 0x0d, 0x10, 0x12, 0x14, 0x15, 0x18, 0x3f, 0x40, 0x41, 0x42, 0xd2, 0xd5, 0xd6]) PLAIN[opcode] = index;
PLAIN[0x0e] = (reader) => (many(index)(reader), index(reader));
PLAIN[0x11] = PLAIN[0x13] = twoIndexes;
PLAIN[0x1c] = many(skipValueType);
PLAIN[0x1f] = tryTable;
fill(PLAIN, 0x20, 0x26, index);
fill(PLAIN, 0x28, 0x3e, memory);
PLAIN[0x43] = bytes(4);
PLAIN[0x44] = bytes(8);
fill(PLAIN, 0x45, 0xc4, none);
PLAIN[0xd0] = skipHeapType;

fill(GARBAGE_COLLECTION, 0, 1, index);
fill(GARBAGE_COLLECTION, 2, 5, twoIndexes);
fill(GARBAGE_COLLECTION, 6, 7, index);
fill(GARBAGE_COLLECTION, 8, 10, twoIndexes);
fill(GARBAGE_COLLECTION, 11, 14, index);
GARBAGE_COLLECTION[15] = none;
GARBAGE_COLLECTION[16] = index;
fill(GARBAGE_COLLECTION, 17, 19, twoIndexes);
fill(GARBAGE_COLLECTION, 20, 23, skipHeapType);
fill(GARBAGE_COLLECTION, 24, 25, branchOnCast);
fill(GARBAGE_COLLECTION, 26, 30, none);

fill(MISCELLANEOUS, 0, 7, none);
for (const opcode of [8, 10, 12, 14]) MISCELLANEOUS[opcode] = twoIndexes;
for (const opcode of [9, 11, 13, 15, 16, 17, 18]) MISCELLANEOUS[opcode] = index;
fill(MISCELLANEOUS, 19, 22, none); // wide arithmetic

fill(VECTORS, 0, 0x113, none); // includes relaxed ones
fill(VECTORS, 0, 11, memory);
fill(VECTORS, 12, 13, bytes(16));
fill(VECTORS, 21, 34, bytes(1));
fill(VECTORS, 84, 91, memoryAndLane);
fill(VECTORS, 92, 93, memory);

fill(ATOMICS, 0, 2, memory);
ATOMICS[3] = bytes(1);
fill(ATOMICS, 0x10, 0x4e, memory);

/** @type {Record<number, Immediate[]>} */
const PREFIXED = { 0xfb: GARBAGE_COLLECTION, 0xfc: MISCELLANEOUS, 0xfd: VECTORS, 0xfe: ATOMICS };

const LOOP = 0x03, CALL = 0x10, TRY_TABLE = 0x1f, THROW_REFERENCE = 0x0a;
const TAIL_CALLS = [0x12, 0x13, 0x15];
/** How long they take is not known: throwing, calls through tables and references, memory.grow. */
const UNBOUNDED = [LOOP, 0x08, 0x09, THROW_REFERENCE, 0x11, 0x14, 0x40, ...TAIL_CALLS];
/** Of those with a prefix: whole arrays, memories and tables; waiting. */
const UNBOUNDED_FROM = new Map([[0xfb, 6], [0xfc, 8], [0xfe, 1]]), BOUNDED_FROM = new Map([[0xfb, 20], [0xfc, 19], [0xfe, 3]]);

const OTHER = 0, NOTHING = 1, PLACE = 3;
/** For instructions without traits, which nearly all are: one more than the count of the numbers that follow. */
const FREQUENT = Uint8Array.from({ length: 256 }, (_, opcode) => {
  if (opcode === CALL || opcode === TRY_TABLE || UNBOUNDED.includes(opcode)) return OTHER;
  return Math.max(OTHER, [none, index, memory].indexOf(PLAIN[opcode]) + NOTHING);
});

/** Skips instructions up to the first that is not frequent; their number. @param {Reader} reader */
function skipFrequent(reader) {
  const { bytes: code, end } = reader;
  let { at } = reader, count = 0;
  for (; at < end; count++) {
    let kind = FREQUENT[code[at]];
    if (kind === OTHER || (kind === PLACE && code[at + 1] & 0x40)) break;
    for (at++; kind > NOTHING; kind--) while (code[at++] & 0x80);
  }
  reader.skip(at - reader.at);
  return count;
}

/**
 * @typedef {object} Traits of a function
 * @property {boolean} known all instructions are
 * @property {boolean} tailCalls
 * @property {boolean} references to exceptions
 * @property {boolean} bounded each instruction runs at most once, apart from calls, and takes little time
 * @property {number} instructions their number
 * @property {number[]} calls the functions called directly
 */

/** Skips the declarations of locals. @param {Reader} reader at the body, after its size */
export function skipLocals(reader) {
  for (let left = reader.number(); left > 0; left--) {
    reader.skipNumber();
    skipValueType(reader);
  }
}

/** @param {number} opcode @param {number | undefined} second after a prefix */
function isBounded(opcode, second) {
  if (second === undefined) return !UNBOUNDED.includes(opcode);
  return second < (UNBOUNDED_FROM.get(opcode) ?? Infinity) || second >= (BOUNDED_FROM.get(opcode) ?? 0);
}

/**
 * The traits of a function's body that matter for tracing it.
 * @param {Reader} reader at the body, after its size
 * @returns {Traits}
 */
export function traitsOf(reader) {
  const traits = { known: true, tailCalls: false, references: false, bounded: true, instructions: 0, calls: /** @type {number[]} */ ([]) };
  skipLocals(reader);
  for (;; traits.instructions++) {
    traits.instructions += skipFrequent(reader);
    if (reader.done) return traits;
    const opcode = reader.byte(), table = PREFIXED[opcode], second = table && reader.number();
    if (opcode === CALL) {
      traits.calls.push(reader.number());
      continue;
    }
    const immediate = table ? table[second] : PLAIN[opcode];
    if (!immediate) return { ...traits, known: false, bounded: false };
    immediate(reader);
    if (!isBounded(opcode, second)) traits.bounded = false;
    if (TAIL_CALLS.includes(opcode)) traits.tailCalls = true;
    if (opcode === TRY_TABLE || opcode === THROW_REFERENCE) traits.references = true;
  }
}
