/**
 * Data that the page must request for the timeline: which tracks are shown, how busy they are, and
 * the selected event's arrows.
 */
import { chainOf } from '../element/flows.js';
import { busyInView } from './busy.js';
import { wholeNs } from './tables.js';

/** @typedef {import('../element/app.js').App} App */
/** @typedef {import('../element/state.js').Trace} Trace */

/** @type {ReadonlySet<number>} */
const NONE = new Set();

/**
 * Threads without an event in the window, or without a hit; null: not known yet.
 * @param {App} app @returns {ReadonlySet<number> | null}
 */
export function hiddenTracks(app) {
  const { trace, settings, hits } = app.state;
  const { tracks } = settings;
  const searched = settings.find !== '' && app.state.wrong === '' && hits.done;
  // live tracks come and go
  if (!trace || tracks === 'all' || (trace.live && !trace.live.paused)) return NONE;
  if (tracks === 'hits' && !searched) return NONE;
  const { value, last } = answerOf(app, trace, tracks === 'hits');
  return value ?? last ?? null;
}

/** @param {App} app @param {Trace} trace @param {boolean} hits of the search alone */
function answerOf({ answers, state, view }, trace, hits) {
  const { version, settings, hits: found, window } = state;
  const { fromNs, toNs } = wholeNs(hits ? null : (window ?? view?.window), trace);
  const search = hits ? `${settings.find} ${found.done}` : '';
  const key = `${version} ${fromNs} ${toNs} ${search}`;
  return answers.of('hidden tracks', key, async () => {
    const shown = await trace.occupied(fromNs, toNs, hits);
    /** @type {Set<number>} */
    const hidden = new Set();
    trace.overview.tracks.forEach(({ counter }, at) => {
      if (counter === null && !shown[at]) hidden.add(at);
    });
    return /** @type {ReadonlySet<number>} */ (hidden);
  });
}

/** @param {App} app */
function flowsOf({ answers, view, state: { trace, selected, version, settings, window } }) {
  if (trace && settings.arrows) {
    const { fromNs, toNs } = wholeNs(window ?? view?.window, trace);
    const key = `${version} ${fromNs} ${toNs}`;
    const { value, last } = answers.of('arrows', key, () => trace.arrows(fromNs, toNs));
    return value ?? last ?? [];
  }
  if (!trace || !selected || !(selected.leadsTo?.length || selected.comesFrom?.length)) return [];
  const key = `${version} ${selected.event}`;
  return answers.of('chain', key, () => chainOf(trace, selected)).value ?? [];
}

/** @param {App} app */
export function updateTimeline(app) {
  const hidden = hiddenTracks(app);
  if (hidden) app.view?.setHidden(hidden);
  app.view?.setFlows(flowsOf(app));
  const busy = busyInView(app);
  const { order } = app.state.settings;
  app.view?.setLook({ busy, ...(order === 'busy' ? { order: busy?.order() ?? null } : {}) });
}
