/**
 * How long threads and processes worked: by the scheduler's slices where a trace has them, else by
 * the processes' ends where these say it. Pure.
 */
import { isWaiting } from './waiting.js';
import { hasStates, isState } from './states.js';

/**
 * @typedef {import('./types.js').Overview} Overview
 * @typedef {import('./types.js').TreeNode} TreeNode
 */
/** @typedef {import('./types.js').Work} Work */

const BY_CALLS = 'in calls that do not wait; between calls it is unknown';
const BY_SLICES = 'on processors';
const BY_ENDS = `${BY_SLICES}; of a process whose end does not say that, ${BY_CALLS}`;

const MOST_OF_IT = 0.9;

/**
 * @typedef {(row: number, timeNs: number) => import('./types.js').EventDetails | null} EventAt
 */
/** @typedef {Pick<Overview, 'names' | 'tracks' | 'processes' | 'categories' | 'beginNs'>} Lists */

/**
 * What the ends of processes say, for those that lived within the trace: the kernel counts from a
 * process's begin, which comes a moment before its first event.
 * @param {Lists} lists @param {EventAt} eventAt
 */
function endsOf({ tracks, processes, beginNs }, eventAt) {
  return processes.flatMap(({ firstTrack, tracks: count, startNs = NaN, endNs = NaN }, process) => {
    if (!(endNs - beginNs >= MOST_OF_IT * (endNs - startNs))) return [];
    for (const { firstRow, rows, ticks } of tracks.slice(firstTrack, firstTrack + count)) {
      for (let row = firstRow; row < firstRow + rows + ticks; row++) {
        const end = eventAt(row, endNs);
        const { cpu_ns: ns = 0 } = /** @type {{ cpu_ns?: number }} */ (end?.arguments ?? {});
        if (end && ns > 0) return [{ process, ns, longest: end.event }];
      }
    }
    return [];
  });
}

/**
 * The self time of calls, without those that wait; where the scheduler's states of the threads are
 * among the nodes, the time on processors. States and samples are beside calls: counting both would
 * count the time twice.
 * @param {TreeNode[]} nodes of a tree per thread
 * @param {Lists} lists
 * @param {'process' | 'thread'} by
 * @param {EventAt} eventAt
 * @returns {Work}
 */
export function workOf(nodes, lists, by, eventAt) {
  const { names, tracks, categories } = lists;
  const isScheduled = hasStates(categories);
  const states = names.map((name) => isScheduled && isState(name, 'SCHED'));
  const waits = names.map(isWaiting);
  const slices = nodes.some(({ name }) => name >= 0 && states[name]);
  const trackOf = new Int32Array(nodes.length);
  /** @type {Map<number, { ns: number, mostNs: number, longest: number }>} */
  const work = new Map();
  nodes.forEach(({ parent, track, name, longest, ...node }, at) => {
    const selfNs = Math.max(0, node.selfNs - node.waitNs);
    trackOf[at] = track >= 0 || parent < 0 ? track : trackOf[parent];
    const place = tracks[trackOf[at]];
    if (!place || place.sampled || name < 0 || waits[name] || (slices && !states[name])) return;
    const key = by === 'process' ? place.process : trackOf[at];
    const sum = work.get(key) ?? { ns: 0, mostNs: -1, longest: -1 };
    if (selfNs > sum.mostNs) Object.assign(sum, { mostNs: selfNs, longest });
    sum.ns += selfNs;
    work.set(key, sum);
  });
  const ends = by === 'process' && !slices ? endsOf(lists, eventAt) : [];
  for (const { process, ns, longest } of ends) work.set(process, { ns, mostNs: ns, longest });
  const found = [...work].filter(([, { ns }]) => ns > 0);
  return {
    words: slices ? BY_SLICES : ends.length > 0 ? BY_ENDS : BY_CALLS,
    keys: Uint32Array.from(found, ([key]) => key),
    ns: Float64Array.from(found, ([, { ns }]) => ns),
    longest: Uint32Array.from(found, ([, { longest }]) => longest),
  };
}

/** The most, first. @param {Work} work @param {number} most @returns {number[]} places in it */
export function mostOf({ ns }, most) {
  /** @type {number[]} */
  const found = [];
  ns.forEach((each, at) => {
    if (found.length === most && each <= ns[found[most - 1]]) return;
    const before = found.findIndex((other) => ns[other] < each);
    found.splice(before < 0 ? found.length : before, 0, at);
    found.length = Math.min(found.length, most);
  });
  return found;
}
