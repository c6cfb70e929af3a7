/**
 * Reads the timeline module's results: rows of numbers with texts, and columns, copied out of its
 * memory.
 */

/** @typedef {import('../../module/memory.js').Memory} Memory */

const decoder = new TextDecoder();
const BYTES_PER_NUMBER = 8;

/**
 * The numbers that a call left, by name.
 * @param {Memory} memory @param {string[]} names @returns {Record<string, any>}
 */
export function numbers(memory, names) {
  const at = memory.exchange + memory.constants.exchange.numbers;
  const values = new Float64Array(
    memory.memory.buffer.slice(at, at + names.length * BYTES_PER_NUMBER),
  );
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/**
 * Copies a table, and frees it. Texts are in row order.
 * @param {Memory} memory @param {number} address returned by the call @param {string[]} columns
 * @returns {{ rows: Record<string, any>[], texts: string[] }}
 */
export function takeTable(memory, address, columns) {
  const { count, text, bytes } = numbers(memory, ['count', 'text', 'bytes']);
  const values = new Float64Array(memory.memory.buffer, address, count * columns.length);
  const rows = Array.from({ length: columns.length ? count : 0 }, (_, row) =>
    Object.fromEntries(columns.map((name, i) => [name, values[row * columns.length + i]])),
  );
  const texts = decoder.decode(memory.view().subarray(text, text + bytes)).split('\0');
  texts.pop(); // each text ends in NUL
  memory.free(address);
  memory.free(text);
  return { rows, texts };
}

/** @type {Record<string, any>} */
const TYPES = { Float64Array, Float32Array, Uint32Array, Uint16Array, Uint8Array };

/**
 * Copies consecutive columns.
 * @param {Memory} memory @param {number} address @param {number} count
 * @param {[string, string][]} columns names and types
 * @returns {Record<string, any>}
 */
export function copyColumns(memory, address, count, columns) {
  /** @type {Record<string, any>} */
  const copies = {};
  let at = address;
  for (const [name, type] of columns) {
    const bytes = count * TYPES[type].BYTES_PER_ELEMENT;
    copies[name] = new TYPES[type](memory.memory.buffer.slice(at, at + bytes));
    at += bytes;
  }
  return copies;
}
