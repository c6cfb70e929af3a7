/** Cards of the overview: which processes worked most, and where nothing ran for longest. */
import { nothing } from 'lit';
import { durations } from '../panels/overview.js';
import { isWaiting } from '../panels/waiting.js';
import { formatTime } from '../timeline/format.js';
import { shortName } from '../timeline/names.js';
import { findOf, takesTime, threadName } from './tables.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 * @typedef {import('../element/state.js').Trace} Trace
 */

const SHOWN = 6;

/** A trace that grows has other ones with every step. @param {Trace | null} trace */
const stands = (trace) => trace !== null && (!trace.live || trace.live.paused);

/**
 * The time of its own of each process's calls, but of those that wait.
 * @param {import('../trace/types.js').TreeNode[]} nodes of a tree per thread
 * @param {import('../trace/types.js').Overview} overview @returns {Map<number, number>}
 */
export function workOf(nodes, { names, tracks }) {
  /** @type {number[]} */
  const trackOf = [];
  /** @type {Map<number, number>} */
  const work = new Map();
  nodes.forEach(({ parent, track, name, selfNs }, at) => {
    trackOf[at] = track >= 0 ? track : (trackOf[parent] ?? -1);
    const process = tracks[trackOf[at]]?.process;
    if (process === undefined || name < 0 || isWaiting(names[name])) return;
    work.set(process, (work.get(process) ?? 0) + selfNs);
  });
  return work;
}

/** @param {App} app @param {Actions} actions */
export function busiest(app, actions) {
  const { trace, version } = app.state;
  if (!trace || !stands(trace) || trace.overview.processes.length < 2) return nothing;
  const { overview } = trace;
  const scope = { fromNs: 0, toNs: overview.durationNs + 1, perThread: true };
  const { value } = app.answers.of(
    'busiest',
    `${version}`,
    async ({ signal, progress }) => {
      const report = (/** @type {{ share: number }} */ { share }) => progress(share);
      const { nodes = [] } = await trace.tree(scope, { signal, report });
      return [...workOf(nodes, overview)].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
    },
    takesTime(trace, 'Counting'),
  );
  const found = (value ?? []).filter(([, ns]) => ns > 0);
  const rows = found.map(([process, ns]) => {
    const { name, pid, numbered, firstTrack } = overview.processes[process];
    const row = { key: process, name, text: name };
    return {
      name: `${shortName(name) || 'process'} ${numbered ? pid : ''}`.trim(),
      ns,
      words: name,
      act: () => {
        actions.find(findOf(trace, 'process', row));
        actions.showTrack(firstTrack);
      },
    };
  });
  return durations('Busiest processes', rows, 'Self time of their calls; waiting is left out.');
}

/** @param {App} app @param {Actions} actions */
export function longestGaps(app, actions) {
  const { trace, version } = app.state;
  if (!trace || !stands(trace)) return nothing;
  const { overview } = trace;
  const { value } = app.answers.of('gaps', `${version}`, () => trace.gaps());
  const rows = (value ?? []).map(({ track, fromNs, toNs }) => ({
    name: threadName(overview, track),
    ns: toNs - fromNs,
    words: `from ${formatTime(fromNs, overview.resolutionNs)}`,
    act: () => actions.gapAt({ track, timeNs: (fromNs + toNs) / 2 }),
  }));
  return durations('Longest gaps', rows, 'In which a thread has no event.');
}
