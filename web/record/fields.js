/** Writes arguments and results as JSON straight into C's memory, which saves building a string only to copy it. */

/** @typedef {import('../module/memory.js').Memory} Memory */
/** @typedef {{ key: string, bytes?: Uint8Array }} Key with its quotes and colon, and the same as bytes */
/** @typedef {{ keys: Key[], values: any[] }} Fields an object: its keys in order, and their values */

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const BEGIN = 0x7b;
const END = 0x7d;
const ASCII_END = 0x7f;
const BYTES_PER_CODE_UNIT = 3;
const encoder = new TextEncoder();

/** Any value as JSON. @param {any} value */
export function asJson(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value) ?? 'null';
}

/** Writes a text as a whole, or not at all. @param {Memory} memory @param {string} text @param {number} at @param {number} end @returns {number} where it ends; 0: it may not fit */
export function putText(memory, text, at, end) {
  return text.length * BYTES_PER_CODE_UNIT + 1 <= end - at ? at + memory.write(text, at, end - at) : 0;
}

/** @param {Memory} memory @param {string} text @param {number} at @param {number} end */
function putQuoted(memory, text, at, end) {
  const { bytes } = memory, { length } = text;
  if (length + 2 > end - at) return 0;
  bytes[at] = QUOTE;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit >= ASCII_END || unit === QUOTE || unit === BACKSLASH) return putText(memory, JSON.stringify(text), at, end);
    bytes[at + 1 + i] = unit;
  }
  bytes[at + 1 + length] = QUOTE;
  return at + length + 2;
}

/** @param {Memory} memory @param {any} value @param {number} at @param {number} end */
function putValue(memory, value, at, end) {
  if (typeof value === 'string') return putQuoted(memory, value, at, end);
  if (typeof value !== 'number' || !(value >= 0 && value < 10 && Number.isInteger(value))) return putText(memory, asJson(value), at, end);
  memory.bytes[at] = ZERO + value;
  return at + 1;
}

/** @param {Memory} memory @param {Key} key @param {number} at @param {number} end */
function putKey(memory, key, at, end) {
  const { bytes } = memory, name = (key.bytes ??= encoder.encode(key.key)), { length } = name;
  if (length + 1 > end - at) return 0;
  for (let i = 0; i < length; i++) bytes[at + i] = name[i];
  return at + length;
}

/**
 * Writes an object, followed by a NUL.
 * @param {Memory} memory @param {Fields} fields @param {number} at @param {number} end
 * @returns {number} where the NUL is; 0: there is no room for all of it
 */
export function putFields(memory, { keys, values }, at, end) {
  const last = end - 2, bytes = memory.bytes.length === 0 ? memory.view() : memory.bytes;
  let to = at;
  for (let i = 0; i < values.length; i++) {
    if (to >= last) return 0;
    bytes[to] = i === 0 ? BEGIN : COMMA;
    to = putKey(memory, keys[i], to + 1, last);
    if (to !== 0) to = putValue(memory, values[i], to, last);
    if (to === 0) return 0;
  }
  if (to >= last) return 0;
  if (to === at) bytes[to++] = BEGIN;
  bytes[to] = END;
  bytes[to + 1] = 0;
  return to + 1;
}
