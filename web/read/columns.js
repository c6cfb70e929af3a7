/** The events of an image as columns, which C fills: no call and no object per event. */

/** @typedef {import('../module/memory.js').Memory} Memory */

/** @type {[string, any][]} in C's order, the widest first */
const ARRAYS = [
  ['time_ns', Float64Array], // since time 0; the start of a span
  ['duration_ns', Float64Array], // of spans, else 0
  ['value', Float64Array], // of counter samples, else 0
  ['name', Uint32Array], // ids of the image's tables
  ['track', Uint16Array],
  ['lane', Uint16Array],
  ['category', Uint8Array],
  ['kind', Uint8Array], // index into the list of kinds
];

/**
 * @typedef {object} Columns of count events, in the order in which they were completed
 * @property {number} count
 * @property {Float64Array} time_ns @property {Float64Array} duration_ns @property {Float64Array} value
 * @property {Uint32Array} name @property {Uint16Array} track @property {Uint16Array} lane
 * @property {Uint8Array} category @property {Uint8Array} kind
 */

/** @param {Memory} memory @param {number} reader @returns {Columns} */
export function columns(memory, reader) {
  const block = memory.call('tracer_wasm_columns', reader);
  const [room, first] = memory.numbers(2), { buffer } = memory.view();
  /** @type {Record<string, any>} */
  const result = { count: room - first };
  let at = block;
  for (const [name, Type] of ARRAYS) {
    result[name] = new Type(buffer, at, room).slice(first);
    at += room * Type.BYTES_PER_ELEMENT;
  }
  memory.free(block);
  return /** @type {Columns} */ (result);
}
