/** The events of an image as columns, which C fills without a call or an object per event. */

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
 * @typedef {object} Columns one entry per event, in order of completion
 * @property {number} count
 * @property {Float64Array} time_ns @property {Float64Array} duration_ns @property {Float64Array} value
 * @property {Uint32Array} name @property {Uint16Array} track @property {Uint16Array} lane
 * @property {Uint8Array} category @property {Uint8Array} kind
 * @property {(id: number) => string} nameOf for the column `name`; empty if the table of names was full
 * @property {(id: number) => string} labelOf a name's category of the program's own, or empty
 * @property {(id: number) => { pid: number, tid: number, name: string }} trackOf for the column `track`
 */

/** Splits NUL-terminated parts into groups of `size`. @param {string} text @param {number} size @returns {string[][]} */
function groups(text, size) {
  const parts = text.split('\0'), found = [];
  for (let i = 0; i + size < parts.length; i += size) found.push(parts.slice(i, i + size));
  return found;
}

/** All tracks by id; the first is none. @param {Memory} memory @param {number} reader @returns {{ pid: number, tid: number, name: string }[]} */
export const tracksOf = (memory, reader) =>
  groups(memory.callText('tracer_wasm_tracks', reader), 3).map(([pid, tid, name]) => ({ pid: Number(pid), tid: Number(tid), name }));

/** The tables, read on first use. @param {Memory} memory @param {() => number} reader throws once it is closed */
function tables(memory, reader) {
  /** @type {string[][] | undefined} */ let names;
  /** @type {ReturnType<typeof tracksOf> | undefined} */ let tracks;
  const named = () => (names ??= groups(memory.callText('tracer_wasm_names', reader()), 2));
  return {
    nameOf: (/** @type {number} */ id) => named()[id]?.[0] ?? '',
    labelOf: (/** @type {number} */ id) => named()[id]?.[1] ?? '',
    trackOf: (/** @type {number} */ id) => (tracks ??= tracksOf(memory, reader()))[id] ?? { pid: 0, tid: 0, name: '' },
  };
}

/** @param {Memory} memory @param {number} reader @param {() => number} still returns the reader later, or throws once it is closed @returns {Columns} */
export function columns(memory, reader, still) {
  const block = memory.call('tracer_wasm_columns', reader);
  const [room, first] = memory.numbers(2), { buffer } = memory.view();
  /** @type {Record<string, any>} */
  const result = { count: room - first, ...tables(memory, still) };
  let at = block;
  for (const [name, Type] of ARRAYS) {
    result[name] = new Type(buffer, at, room).slice(first);
    at += room * Type.BYTES_PER_ELEMENT;
  }
  memory.free(block);
  return /** @type {Columns} */ (result);
}
