/**
 * Reads the timeline module's results: rows of numbers with texts, and columns, copied out of its
 * memory.
 */

/** @typedef {import('../../module/memory.js').Memory} Memory */
/** @typedef {Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array} Column */

const decoder = new TextDecoder();
const BYTES_PER_NUMBER = 8;

/**
 * The numbers that a call left, by name.
 * @template {string} Name
 * @param {Memory} memory @param {Name[]} names @returns {Record<Name, number>}
 */
export function numbers(memory, names) {
  const at = memory.exchange + memory.constants.exchange.numbers;
  const values = new Float64Array(
    memory.memory.buffer.slice(at, at + names.length * BYTES_PER_NUMBER),
  );
  const found = names.map((name, i) => [name, values[i]]);
  return /** @type {Record<Name, number>} */ (Object.fromEntries(found));
}

/**
 * @param {Float64Array} values row by row @param {string[]} columns
 * @returns {Record<string, number>[]}
 */
export function rowsOf(values, columns) {
  const rows = [];
  const width = columns.length;
  for (let at = 0; width > 0 && at < values.length; at += width) {
    /** @type {Record<string, number>} */
    const row = {}; // all alike, so that they share their shape
    for (let i = 0; i < width; i++) row[columns[i]] = values[at + i];
    rows.push(row);
  }
  return rows;
}

/**
 * Copies a table as it is, and frees it: the numbers row by row, and one text, in which each row's
 * texts end in NUL.
 * @param {Memory} memory @param {number} address returned by the call @param {string[]} columns
 */
export function takeColumns(memory, address, columns) {
  const { count, text, bytes } = numbers(memory, ['count', 'text', 'bytes']);
  const values = new Float64Array(memory.memory.buffer, address, count * columns.length).slice();
  const texts = decoder.decode(memory.view().subarray(text, text + bytes));
  memory.free(address);
  memory.free(text);
  return { values, texts };
}

/**
 * The same as an object per row. Texts are in row order.
 * @param {Memory} memory @param {number} address returned by the call @param {string[]} columns
 * @returns {{ rows: Record<string, number>[], texts: string[] }}
 */
export function takeTable(memory, address, columns) {
  const { values, texts } = takeColumns(memory, address, columns);
  return { rows: rowsOf(values, columns), texts: texts.split('\0').slice(0, -1) };
}

const TYPES = { Float64Array, Float32Array, Uint32Array, Uint16Array, Uint8Array };

/** @param {string} type */
const typeOf = (type) => TYPES[/** @type {keyof typeof TYPES} */ (type)];

/**
 * Copies consecutive columns, those with the largest elements first, into one buffer.
 * @param {Memory} memory @param {number} address @param {number} count
 * @param {readonly (readonly [string, string])[]} columns names and types
 * @param {ArrayBuffer} [room] taken if it is large enough: the first touch of new memory takes
 *   several times as long as the copy
 * @returns {Record<string, Column>}
 */
export function copyColumns(memory, address, count, columns, room) {
  const from = /** @type {ArrayBuffer} */ (memory.memory.buffer);
  const rowBytes = columns.reduce((sum, [, type]) => sum + typeOf(type).BYTES_PER_ELEMENT, 0);
  const bytes = count * rowBytes;
  const reused = room && room.byteLength >= bytes;
  if (reused) new Uint8Array(room).set(new Uint8Array(from, address, bytes));
  const buffer = reused ? room : from.slice(address, address + bytes);
  /** @type {Record<string, Column>} */
  const copies = {};
  let at = 0;
  for (const [name, type] of columns) {
    const column = new (typeOf(type))(buffer, at, count);
    copies[name] = column;
    at += column.byteLength;
  }
  return copies;
}
