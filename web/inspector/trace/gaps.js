/**
 * The longest stretches of threads in which no event that passes the filter runs: found in
 * geometry, whose runs of merged events hide no gap longer than two of its pixels. A thread in
 * state "running" can have a gap, too: the scheduler's states do not count as events here.
 */

import { isState } from './states.js';

/** @typedef {import('./types.js').Gap} Gap */
/**
 * @typedef {Pick<import('./types.js').Overview, 'tracks' | 'processes' | 'beginNs' | 'durationNs'
 *   | 'names' | 'categories'>} Lists
 */

const WIDTH_PX = 1000;
const LEAST_PX = 2;
const ROWS_AT_ONCE = 64;
const MOST = 6;

/**
 * Batches of tracks to ask for at once.
 * @param {import('./types.js').Track[]} tracks @returns {number[][]}
 */
function batchesOf(tracks) {
  /** @type {number[][]} */
  const batches = [];
  let rows = ROWS_AT_ONCE;
  tracks.forEach((track, at) => {
    if (track.counter !== null || track.sampled || track.count < 2) return; // no gap is possible
    if (rows + track.rows > ROWS_AT_ONCE) {
      batches.push([]);
      rows = 0;
    }
    rows += track.rows;
    batches[batches.length - 1].push(at);
  });
  return batches;
}

/**
 * The longest gap between a track's events; null: there is none.
 * @param {number} track @param {[number, number][]} runs starts and ends
 */
function longestOf(track, runs) {
  /** @type {Gap | null} */
  let longest = null;
  let endNs = Infinity;
  for (const [fromNs, toNs] of runs.sort(([a], [b]) => a - b)) {
    if (fromNs - endNs > (longest ? longest.toNs - longest.fromNs : 0))
      longest = { track, fromNs: endNs, toNs: fromNs };
    endNs = endNs === Infinity ? toNs : Math.max(endNs, toNs);
  }
  return longest;
}

/**
 * @param {import('./module.js').TraceModule} module @param {Lists} lists @param {number[]} batch
 * @returns {Gap[]}
 */
function gapsIn(module, { tracks, beginNs, durationNs, names, categories }, batch) {
  const rows = /** @type {[number, number][]} */ (
    batch.map((track) => [tracks[track].firstRow, tracks[track].rows])
  );
  const toNs = durationNs + 1;
  const whole = { fromNs: beginNs, toNs, widthPx: WIDTH_PX, rows, counters: [] };
  const { count, row, startNs, durationNs: lasts, name, category } = module.window(whole);
  const trackOf = new Map(
    batch.flatMap((track) =>
      Array.from({ length: tracks[track].rows }, (_, at) => [tracks[track].firstRow + at, track]),
    ),
  );
  /** @type {Map<number, [number, number][]>} */
  const runs = new Map(batch.map((track) => [track, []]));
  for (let at = 0; at < count; at++) {
    if (isState(names[name[at]], categories[category[at]].name)) continue;
    runs
      .get(trackOf.get(row[at]) ?? -1)
      ?.push([beginNs + startNs[at], beginNs + startNs[at] + lasts[at]]);
  }
  return [...runs].flatMap(([track, of]) => longestOf(track, of) ?? []);
}

/**
 * The longest gap of each thread, for the threads with the longest ones.
 * @param {import('./module.js').TraceModule} module @param {Lists} lists
 * @param {() => Promise<void>} pause between parts of the work
 */
export async function longestGaps(module, lists, pause) {
  const leastNs = (LEAST_PX * (lists.durationNs - lists.beginNs)) / WIDTH_PX;
  /** @type {Gap[]} */
  let found = [];
  for (const batch of batchesOf(lists.tracks)) {
    const more = gapsIn(module, lists, batch).filter(({ fromNs, toNs }) => toNs - fromNs > leastNs);
    found = [...found, ...more].sort((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs));
    found = found.slice(0, MOST);
    await pause();
  }
  return found;
}
