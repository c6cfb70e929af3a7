/**
 * The busiest processes and the longest gaps: cards of the overview, and the shares shown beside
 * the processes' names.
 */
import { nothing } from 'lit';
import { durations } from '../panels/overview.js';
import { formatCount, formatTime } from '../timeline/format.js';
import { lifeOf } from '../timeline/lives.js';
import { shortName } from '../timeline/names.js';
import { findOf, takesTime, threadName } from './tables.js';
import { mostOf } from '../trace/worked.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 * @typedef {import('../element/state.js').Trace} Trace
 * @typedef {import('../trace/types.js').Overview} Overview
 * @typedef {import('../trace/types.js').Work} Work
 */

const SHOWN = 6;
const VERSIONS_HELD = 8; // of a trace that grows: for two seconds

/** False for a trace that grows: it changes with every step. @param {Trace} trace */
const stands = ({ live }) => !live || live.paused;

/** A key that changes slowly in a growing trace. @param {App} app @param {Trace} trace */
const keyOf = ({ state: { version } }, trace) =>
  stands(trace) ? `${version}` : `live ${Math.floor(version / VERSIONS_HELD)}`;

/**
 * "busy 41 %" of its lifetime, as far as that is known; with several threads it may exceed 100 %.
 * @param {number | undefined} ns @param {number} process @param {Overview} overview
 */
function shareWords(ns, process, { processes, beginNs, durationNs }) {
  if (!ns) return '';
  const { tracks } = processes[process];
  const { fromNs = 0, toNs = durationNs } = lifeOf(processes[process], durationNs) ?? {};
  const lifeNs = Math.min(toNs, durationNs) - Math.max(fromNs, beginNs);
  // the kernel works on for a moment after a process's end
  const percent = Math.min(100 * tracks, (100 * ns) / Math.max(lifeNs, 1));
  return `busy ${percent < 1 ? '<1' : formatCount(percent)} %`;
}

/** Each process's time, by index. @param {Work} work @param {Overview} overview */
function timesOf({ keys, ns }, { processes }) {
  const times = new Float64Array(processes.length);
  keys.forEach((process, at) => (times[process] = ns[at]));
  return times;
}

/**
 * Processes, each with those it spawned, the busiest first.
 * @param {Float64Array} times by process @param {Overview} overview
 */
function orderOf(times, { processes }) {
  const all = new Float64Array(times.length);
  times.forEach((ns, process) => {
    const seen = new Set();
    for (let at = process; ns > 0 && at in all && !seen.has(at); at = processes[at].parent ?? -1) {
      all[at] += ns;
      seen.add(at);
    }
  });
  return [...processes.keys()].sort((a, b) => all[b] - all[a]);
}

/** @param {Work} work @param {Trace} trace its numbers may change with the next step */
function busyAmong(work, trace) {
  const { overview } = trace;
  const times = timesOf(work, overview);
  /** @type {number[] | undefined} */
  let order;
  return {
    words: work.words,
    order: () => (order ??= orderOf(times, overview)),
    share: (/** @type {number} */ process) => shareWords(times[process], process, overview),
    top: mostOf(work, SHOWN).map((at) => {
      const process = work.keys[at];
      const { name, pid, numbered, firstTrack } = overview.processes[process];
      const find = findOf(trace, 'process', { key: process, name, text: name });
      const called = `${shortName(name) || 'process'} ${numbered ? pid : ''}`.trim();
      return { name: called, words: name, ns: work.ns[at], find, firstTrack };
    }),
  };
}

/** @param {App} app @param {Trace} trace */
function busyOf(app, trace) {
  const { durationNs } = trace.overview;
  return app.answers.of(
    'busiest',
    keyOf(app, trace),
    async ({ signal, progress }) => {
      const report = (/** @type {{ share: number }} */ { share }) => progress(share);
      const whole = /** @type {const} */ ({ fromNs: 0, toNs: durationNs + 1, by: 'process' });
      return busyAmong(await trace.work(whole, { signal, report }), trace);
    },
    takesTime(trace, 'Counting'),
  );
}

/**
 * How busy each process was, for its label, and their order by it; null while a trace grows,
 * because its processes change places with every step.
 * @param {App} app @returns {import('../timeline/state.js').Busy | null}
 */
export function busyInView(app) {
  const { trace } = app.state;
  return (trace && stands(trace) && busyOf(app, trace).value) || null;
}

/** @param {App} app @param {Actions} actions */
export function busiest(app, actions) {
  const { trace } = app.state;
  if (!trace || trace.overview.processes.length < 2) return nothing;
  const { value, last } = busyOf(app, trace);
  const busy = value ?? last;
  const rows = (busy?.top ?? []).map(({ find, firstTrack, ...row }) => ({
    ...row,
    act: () => {
      actions.find(find);
      if (stands(trace)) actions.showTrack(firstTrack);
    },
  }));
  return durations('Busiest processes', rows, `Their time ${busy?.words}.`);
}

/** @param {App} app @param {Actions} actions */
export function longestGaps(app, actions) {
  const { trace } = app.state;
  if (!trace) return nothing;
  const { value, last } = app.answers.of('gaps', keyOf(app, trace), async () => {
    const { overview } = trace;
    const gaps = await trace.gaps();
    return gaps.map(({ track, fromNs, toNs }) => ({
      name: threadName(overview, track),
      ns: toNs - fromNs,
      words: `from ${formatTime(fromNs, overview.resolutionNs)}`,
      thread: overview.tracks[track],
      timeNs: (fromNs + toNs) / 2,
    }));
  });
  const rows = (value ?? last ?? []).map(({ thread, timeNs, ...row }) => ({
    ...row,
    act: () => {
      const track = placeOf(trace, thread);
      actions.showTrack(track);
      actions.gapAt({ track, timeNs });
    },
  }));
  return durations('Longest gaps', rows, 'Stretches in which a thread has no event.');
}

/**
 * A thread's present index. @param {Trace} trace @param {import('../trace/types.js').Track} thread
 */
const placeOf = ({ overview }, { pid, tid }) =>
  overview.tracks.findIndex(
    (track) => track.counter === null && track.pid === pid && track.tid === tid,
  );
