/** Checks of what programs pass: an error says which argument is wrong, what it must be, and what was given. */
import { TracerError } from './error.js';

const SHOWN = 40;

/** @param {unknown} value as an error shows it */
const shown = (value) => (typeof value === 'string' ? JSON.stringify(value.slice(0, SHOWN)) : String(value));

/** @param {string} what @param {string} must @param {unknown} value @returns {never} */
export function refuse(what, must, value) {
  throw new TracerError('ERROR_ARGUMENT', `${what}: must be ${must}, not ${shown(value)}`);
}

/** @param {string} what @param {unknown} value @param {number} [from] */
export function integer(what, value, from = 0) {
  return Number.isSafeInteger(value) && Number(value) >= from ? Number(value) : refuse(what, `an integer of at least ${from}`, value);
}

/** @param {string} what @param {unknown} value */
export function milliseconds(what, value) {
  if (value !== undefined && !(typeof value === 'number' && value >= -Infinity)) refuse(what, 'a number of ms', value);
}

/** @param {string} what @param {unknown} value @param {readonly string[]} choices */
export function oneOf(what, value, choices) {
  if (!choices.includes(/** @type {string} */ (value))) throw new TracerError('ERROR_UNKNOWN', `${what}: ${shown(value)} is not one of ${choices.join(', ')}`);
}

/** A tracer, also one of another copy of this package. @template T @param {T} tracer @returns {T} */
export function tracerGiven(tracer) {
  return typeof (/** @type {any} */ (tracer)?.beginCall) === 'function' ? tracer : refuse('tracer', 'a Tracer or a WorkerTracer', tracer);
}

/** @param {unknown} bytes @returns {Uint8Array} */
export function bytesGiven(bytes) {
  if (bytes instanceof Uint8Array) return bytes;
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // By its class's name, because it may be shared, or of another realm.
  return /ArrayBuffer\]$/.test(String(bytes)) ? new Uint8Array(/** @type {ArrayBuffer} */ (bytes)) : refuse('bytes', 'a Uint8Array or an ArrayBuffer', bytes);
}
