/**
 * An event's relatives: those around it, those it called, those that woke it, and others with its
 * name.
 */
import { eventWaits } from '../trace/waiting.js';
import { threadName } from './tables.js';
import { mostOf } from '../trace/worked.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/state.js').Trace} Trace
 */
/** @typedef {import('../trace/types.js').EventDetails} EventDetails */
/** @typedef {{ event: number, words: string }} Link */

const BINS = 400;
const ANCESTORS_MOST = 64;
const CHILDREN_MOST = 20;
const LOOKED_AT_MOST = 200; // events inside it, among which its direct children are sought
const FLOWS_MOST = 12;
const MEANWHILE_MOST = 8;

/** Outermost first. @param {Trace} trace @param {EventDetails} event */
async function ancestorsOf(trace, event) {
  /** @type {EventDetails[]} */
  const found = [];
  for (let at = event.parent; at >= 0 && found.length < ANCESTORS_MOST; at = found[0].parent)
    found.unshift(await trace.event(at));
  return found;
}

/**
 * The first direct children, by time; more: there may be others.
 * @param {Trace} trace @param {EventDetails} event
 */
async function childrenOf(trace, event) {
  /** @type {EventDetails[]} */
  const found = [];
  const endNs = event.startNs + event.durationNs;
  let at = event.event;
  for (let looked = 0; looked < LOOKED_AT_MOST; looked++) {
    at = await trace.neighbour(at, 'track', 1);
    const each = at < 0 ? null : await trace.event(at);
    if (!each || each.startNs >= endNs) return { found, more: false };
    if (each.parent !== event.event) continue;
    if (found.length === CHILDREN_MOST) break;
    found.push(each);
  }
  return { found, more: true };
}

/** @param {Trace} trace @param {number[]} [events] @returns {Promise<Link[]>} */
export async function linksTo(trace, events = []) {
  const links = [];
  for (const event of events.slice(0, FLOWS_MOST)) {
    const { name, track } = await trace.event(event);
    links.push({ event, words: `${name} in ${threadName(trace.overview, track)}` });
  }
  return links;
}

/**
 * The events that a wait ended with: those that flows name, or else the end of the child that
 * wait4() returned.
 * @param {Trace} trace @param {EventDetails} event @returns {Promise<Link[]>}
 */
async function wakersOf(trace, { name, detail, track, startNs, durationNs, comesFrom = [] }) {
  const { processes, tracks } = trace.overview;
  const returned = Number(/^wait4 .* = (\d+)$/s.exec(`${name} ${detail}`)?.[1]);
  const child = processes.find(
    ({ pid, parent, endNs = NaN }) =>
      pid === returned &&
      parent === tracks[track].process &&
      endNs >= startNs &&
      endNs <= startNs + durationNs,
  );
  if (comesFrom.length > 0 || !child) return linksTo(trace, comesFrom);
  const { firstRow, rows, ticks } = tracks[child.firstTrack];
  for (let row = firstRow; row < firstRow + rows + ticks; row++) {
    const end = await trace.hit(row, child.endNs ?? 0, 0);
    if (end >= 0 && (await trace.event(end)).name === 'exit') return linksTo(trace, [end]);
  }
  return []; // filtered out
}

/**
 * The other threads that worked within a range, the busiest first.
 * @param {Trace} trace @param {number} track
 * @param {{ fromNs: number, toNs: number }} range
 * @param {AbortSignal} signal
 */
async function meanwhile(trace, track, range, signal) {
  const { overview } = trace;
  const work = await trace.work({ ...range, by: 'thread' }, { signal });
  const parts = mostOf(work, MEANWHILE_MOST + 1)
    .filter((at) => work.keys[at] !== track)
    .slice(0, MEANWHILE_MOST)
    .map((at) => ({
      ...{ event: work.longest[at], durationNs: work.ns[at] },
      name: threadName(overview, work.keys[at]),
    }));
  return { parts, words: work.words };
}

/**
 * What other threads did meanwhile; undefined: still counting.
 * @param {App} app @param {Trace} trace @param {number} track
 * @param {{ fromNs: number, toNs: number }} range
 * @returns {import('../panels/parts.js').Meanwhile | undefined}
 */
export function meanwhileOf({ answers, state }, trace, track, { fromNs, toNs }) {
  const key = `${state.version} ${track} ${fromNs} ${toNs}`;
  const ask = (/** @type {{ signal: AbortSignal }} */ { signal }) =>
    meanwhile(trace, track, { fromNs, toNs }, signal);
  return answers.of('meanwhile', key, ask).value;
}

/** @param {App} app @param {Trace} trace @param {EventDetails} event */
export function relativesOf(app, trace, event) {
  const { answers, state } = app;
  const key = `${state.version} ${event.event}`;
  const name = trace.overview.names.indexOf(event.name);
  const ancestors = answers.of('ancestors', key, () => ancestorsOf(trace, event));
  const children = answers.of('children', key, () => childrenOf(trace, event));
  const histogram = answers.of('histogram', `${state.version} ${name}`, () =>
    trace.histogram(name, BINS),
  );
  const { startNs, durationNs } = event;
  const waits = event.kind === 'span' && durationNs > 0 && eventWaits(event);
  const range = { fromNs: startNs, toNs: startNs + durationNs };
  return {
    ancestors: ancestors.value ?? [],
    children: children.value ?? { found: [], more: false },
    wokenBy: answers.of('woken by', key, () => wakersOf(trace, event)).value ?? [],
    wakes: answers.of('wakes', key, () => linksTo(trace, event.leadsTo)).value ?? [],
    meanwhile: waits ? meanwhileOf(app, trace, event.track, range) : undefined,
    histogram: histogram.value,
    stack: answers.of('stack', key, () => trace.stack(event.event)).value ?? [],
  };
}
