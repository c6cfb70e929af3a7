/**
 * How long threads and processes worked: by the scheduler's slices where a trace has them. Pure.
 */
import { isWaiting } from '../panels/waiting.js';
import { isState } from '../trace/states.js';

/**
 * @typedef {import('../trace/types.js').Overview} Overview
 * @typedef {import('../trace/types.js').TreeNode} TreeNode
 */
/** @typedef {{ ns: number, longest: number }} Work longest: an event of its longest part */

const BY_CALLS = 'in calls, without waiting';
const BY_SLICES = 'on processors';

/**
 * Adds a node's own time to the work of its key.
 * @param {Map<number, Work & { mostNs: number }>} to @param {number} key @param {TreeNode} node
 */
function add(to, key, { selfNs, longest }) {
  const { ns, mostNs, ...before } = to.get(key) ?? { ns: 0, mostNs: -1, longest: -1 };
  const more = selfNs > mostNs ? { mostNs: selfNs, longest } : { mostNs, ...before };
  to.set(key, { ns: ns + selfNs, ...more });
}

/**
 * The self time of calls, without those that wait; where the scheduler's states of the threads are
 * among the nodes, the time on processors. States and samples are beside calls: counting both would
 * count the time twice.
 * @param {TreeNode[]} nodes of a tree per thread
 * @param {Pick<Overview, 'names' | 'tracks' | 'categories'>} overview
 * @param {(track: number) => number} keyOf
 * @returns {{ work: ReadonlyMap<number, Work>, words: string }}
 */
export function workOf(nodes, { names, tracks, categories }, keyOf) {
  const isScheduled = categories.some(({ count, name }) => count > 0 && isState('running', name));
  const state = (/** @type {number} */ name) => isScheduled && isState(names[name], 'SCHED');
  const slices = nodes.some(({ name }) => name >= 0 && state(name));
  /** @type {number[]} */
  const trackOf = [];
  /** @type {Map<number, Work & { mostNs: number }>} */
  const work = new Map();
  nodes.forEach((node, at) => {
    const { parent, track, name } = node;
    trackOf[at] = track >= 0 ? track : (trackOf[parent] ?? -1);
    const sampled = tracks[trackOf[at]]?.sampled ?? true;
    if (sampled || name < 0 || isWaiting(names[name])) return;
    if (slices && !state(name)) return;
    add(work, keyOf(trackOf[at]), node);
  });
  return { work, words: slices ? BY_SLICES : BY_CALLS };
}
