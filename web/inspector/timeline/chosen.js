/**
 * A person's collapsed and pinned tracks, found again in the lists of a trace that has grown. Pure.
 *
 * @typedef {import('./layout.js').Lists} Lists
 * @typedef {import('./layout.js').LayoutState} LayoutState
 * @typedef {Pick<LayoutState, 'collapsed' | 'collapsedProcesses' | 'pinned'>} Chosen
 */

/** @param {import('../trace/types.js').Track} track */
const keyOfTrack = ({ pid, tid, counter }) => `${pid} ${tid} ${counter}`;
/** @param {{ pid: number }} process */
const keyOfProcess = ({ pid }) => String(pid);

/**
 * @template T @param {ReadonlySet<number>} places @param {T[]} before @param {T[]} after
 * @param {(each: T) => string} keyOf
 */
function moved(places, before, after, keyOf) {
  const now = new Map(after.map((each, at) => [keyOf(each), at]));
  return new Set([...places].map((at) => now.get(keyOf(before[at])) ?? -1).filter((at) => at >= 0));
}

/**
 * The same choices as indices into the new lists of a live trace.
 * @param {Chosen} chosen @param {Lists} before @param {Lists} after @returns {Chosen}
 */
export const chosenAmong = ({ collapsed, collapsedProcesses, pinned }, before, after) => ({
  collapsed: moved(collapsed, before.tracks, after.tracks, keyOfTrack),
  collapsedProcesses: moved(collapsedProcesses, before.processes, after.processes, keyOfProcess),
  pinned: moved(pinned, before.tracks, after.tracks, keyOfTrack),
});
