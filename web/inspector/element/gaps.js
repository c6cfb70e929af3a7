/**
 * A gap: a stretch of a track in which no event that passes the filter runs, and the events around
 * it.
 */
import { isState } from '../trace/states.js';
import { selectRange, step, zoomTo } from './selecting.js';
import { ask } from './work.js';

/** @typedef {import('./app.js').App} App @typedef {import('./state.js').Trace} Trace */
/** @typedef {import('../trace/types.js').EventDetails} EventDetails */
/**
 * @typedef {object} Gap
 * @property {number} track
 * @property {EventDetails | null} before the last one that ends before it; null: the gap begins
 *   with the trace
 * @property {EventDetails | null} after the first one that begins after it
 * @property {number} stateRow row of the scheduler's states of the thread; -1: none
 * @property {EventDetails[]} [states] the scheduler's states during the gap
 * @property {import('./state.js').State['applied']} [under] the filters under which it is a gap
 */
/**
 * The surroundings of a time in a track; busy: an event that runs then.
 * @typedef {Gap & { busy: EventDetails | null }} Around
 */

const NO_GAP = 'No gap follows in this track.';
const STEPS_MOST = 1000; // from one event to the next that follows it without a gap

/** @param {EventDetails} event */
const endOf = ({ startNs, durationNs }) => startNs + durationNs;

/**
 * The events of a row around a time.
 * @param {Trace} trace @param {number} row @param {number} timeNs
 */
async function aroundInRow(trace, row, timeNs) {
  const found = await trace.hit(row, timeNs, trace.overview.durationNs);
  if (found < 0) return { busy: null, before: null, after: null };
  const event = await trace.event(found);
  if (isState(event.name, trace.overview.categories[event.category].name))
    return { busy: null, before: null, after: null, stateRow: row };
  if (event.startNs <= timeNs && timeNs < endOf(event))
    return { busy: event, before: null, after: null };
  const isBefore = event.startNs <= timeNs;
  const other = await trace.neighbour(found, 'row', isBefore ? 1 : -1);
  const beyond = other < 0 ? null : await trace.event(other);
  return { busy: null, before: isBefore ? event : beyond, after: isBefore ? beyond : event };
}

/** @param {Trace} trace @param {number} track @param {number} timeNs @returns {Promise<Around>} */
export async function around(trace, track, timeNs) {
  const { firstRow, rows } = trace.overview.tracks[track];
  /** @type {Around} */
  const found = { track, busy: null, before: null, after: null, stateRow: -1 };
  for (let row = firstRow; row < firstRow + rows; row++) {
    const { busy, before, after, stateRow } = await aroundInRow(trace, row, timeNs);
    if (stateRow !== undefined) found.stateRow = stateRow;
    if (busy) return { ...found, busy };
    if (before && (!found.before || endOf(before) > endOf(found.before))) found.before = before;
    if (after && (!found.after || after.startNs < found.after.startNs)) found.after = after;
  }
  return found;
}

/**
 * The first gap at or after a time; null: there is none nearby.
 * @param {Trace} trace @param {number} track @param {number} timeNs @returns {Promise<Gap | null>}
 */
async function gapFrom(trace, track, timeNs) {
  let at = timeNs;
  for (let steps = 0; steps < STEPS_MOST; steps++) {
    const { busy, ...gap } = await around(trace, track, at);
    if (!busy) return gap;
    at = endOf(busy);
  }
  return null;
}

/**
 * The scheduler's states within a stretch of a thread, each clipped to it.
 * @param {Trace} trace @param {number} row @param {number} fromNs @param {number} toNs
 */
async function statesIn(trace, row, fromNs, toNs) {
  /** @type {EventDetails[]} */
  const found = [];
  let at = row < 0 ? -1 : await trace.hit(row, fromNs, trace.overview.durationNs);
  for (let steps = 0; at >= 0 && steps < STEPS_MOST; steps++) {
    const event = await trace.event(at);
    const startNs = Math.max(event.startNs, fromNs);
    if (startNs >= toNs) break;
    const durationNs = Math.min(endOf(event), toNs) - startNs;
    if (durationNs > 0) found.push({ ...event, startNs, durationNs });
    at = await trace.neighbour(at, 'row', 1);
  }
  return found;
}

/** @param {App} app @param {number} track @param {number} timeNs */
async function showGap(app, track, timeNs) {
  const { trace } = app.state;
  const gap = trace && (await ask(app, gapFrom(trace, track, timeNs)));
  if (!trace || gap === undefined || trace !== app.state.trace) return;
  const fromNs = gap?.before ? endOf(gap.before) : 0;
  const toNs = gap?.after ? gap.after.startNs : trace.overview.durationNs;
  if (!gap || toNs <= fromNs) return app.update({ spoken: NO_GAP });
  const states = await ask(app, statesIn(trace, gap.stateRow, fromNs, toNs));
  if (trace !== app.state.trace) return;
  app.set({ tab: 'selection' });
  selectRange(app, { fromNs, toNs });
  app.update({
    gap: { ...gap, states, under: app.state.applied },
    spoken: `A gap after ${gap.before?.name ?? 'the beginning'}.`,
  });
}

/** Pauses a trace that grows: otherwise the gap would move away. @param {App} app */
function holdStill({ state: { trace } }) {
  if (trace?.live && !trace.live.paused) trace.live.setPaused(true);
}

/**
 * Shows the gap at a place of a track; if something closer by runs there, shows that.
 * @param {App} app @param {{ track: number, timeNs: number }} place
 */
export async function gapAt(app, { track, timeNs }) {
  const { trace } = app.state;
  if (!trace || trace.overview.tracks[track]?.counter !== null) return;
  holdStill(app);
  const at = Math.floor(timeNs);
  const found = await ask(app, around(trace, track, at));
  if (!found || trace !== app.state.trace) return;
  return found.busy ? zoomTo(app, found.busy.event) : showGap(app, track, at);
}

/**
 * Goes to the next gap in the track of the selection or, without one, of the visible events.
 * @param {App} app
 */
export async function nextGap(app) {
  holdStill(app);
  if (!app.state.gap && !app.state.selected) await step(app, 1); // to the first visible one
  const { selected, gap } = app.state;
  if (gap?.after) return showGap(app, gap.track, endOf(gap.after));
  if (!gap && selected) return showGap(app, selected.track, endOf(selected));
  return app.update({ spoken: NO_GAP });
}
