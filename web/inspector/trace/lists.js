/**
 * The lists of tracks and processes, of which a trace may have a million: they go from the worker
 * to the page as columns and one text, and become objects there.
 */
import { takeColumns } from './tables.js';

/** @typedef {import('./module_calls.js').ModuleCalls} ModuleCalls */
/** @typedef {import('./types.js').Process} Process @typedef {import('./types.js').Track} Track */
/** @typedef {{ values: Float64Array, columns: string[], texts: string }} Packed row by row */
/**
 * wordId: the greatest id that stands for a word
 * @typedef {{ tracks: Packed, processes: Packed, wordId: number }} Lists
 */

/** @param {ModuleCalls} module @returns {Lists} */
export function packedLists(module) {
  const { lists, memory } = module;
  const packed = (/** @type {'tracks' | 'processes'} */ list) => ({
    ...takeColumns(memory, module.call(list), lists[list]),
    columns: lists[list],
  });
  return { tracks: packed('tracks'), processes: packed('processes'), wordId: lists.wordId };
}

/**
 * Makes an object of each row, whose columns are at `base + at`.
 * @template T
 * @param {Packed} packed
 * @param {(values: Float64Array, base: number, at: Record<string, number>, name: string) => T} make
 */
function each({ values, columns, texts }, make) {
  const at = Object.fromEntries(columns.map((column, place) => [column, place]));
  const names = texts.split('\0');
  const rows = [];
  for (let base = 0; base < values.length; base += columns.length)
    rows.push(make(values, base, at, names[rows.length]));
  return rows;
}

/** @param {Lists} lists @param {string[]} names @returns {Track[]} */
export const tracksOf = ({ tracks, wordId }, names) =>
  each(tracks, (values, base, at, name) => ({
    name,
    pid: values[base + at.pid],
    tid: values[base + at.tid],
    numbered: values[base + at.tid] > wordId,
    process: values[base + at.process],
    counter: values[base + at.counter] < 0 ? null : names[values[base + at.counter]],
    firstRow: values[base + at.firstRow],
    rows: values[base + at.rows] - values[base + at.ticks],
    ticks: values[base + at.ticks],
    count: values[base + at.count],
    sampled: values[base + at.sampled] === 1,
  }));

/** @param {Lists} lists @returns {Process[]} */
export const processesOf = ({ processes, wordId }) =>
  each(processes, (values, base, at, name) => ({
    name,
    pid: values[base + at.pid],
    numbered: values[base + at.pid] > wordId,
    firstTrack: values[base + at.firstTrack],
    tracks: values[base + at.tracks],
    parent: values[base + at.parent],
    startNs: values[base + at.startNs],
    endNs: values[base + at.endNs],
  }));

/**
 * An overview as the worker sends it.
 * @typedef {Pick<import('./types.js').Overview, 'tracks' | 'processes' | 'hasSamples'>} Unpacked
 * @typedef {Omit<import('./types.js').Overview, keyof Unpacked> & { lists: Lists }} SentOverview
 */

/**
 * @template {{ lists: Lists, names: string[] }} Sent @param {Sent} sent
 * @returns {Omit<Sent, 'lists'> & Unpacked}
 */
export function unpacked({ lists, ...overview }) {
  const tracks = tracksOf(lists, overview.names);
  const hasSamples = tracks.some(({ sampled }) => sampled);
  const processes = processesOf(lists);
  for (const process of processes) {
    const main = tracks[process.firstTrack];
    if (main?.tid === process.pid) process.name ||= main.name; // as filters have it
  }
  return { ...overview, tracks, hasSamples, processes };
}
