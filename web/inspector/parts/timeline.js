/**
 * Data that the page must request for the timeline: which tracks are shown, how busy they are, and
 * the selected event's arrows.
 */
import { chainOf } from '../element/flows.js';
import { busyInView } from './busy.js';
import { rowsOf } from './tables.js';

/** @typedef {import('../element/app.js').App} App */

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
  const rows = rowsOf(app, tracks === 'hits' ? 'hits' : 'window', 'thread');
  if (!rows) return null;
  const shown = new Set(rows.filter(({ count }) => count > 0).map(({ key }) => key));
  const hidden = trace.overview.tracks.flatMap(({ counter }, at) =>
    counter === null && !shown.has(at) ? [at] : [],
  );
  return new Set(hidden);
}

/** @param {App} app */
function flowsOf({ answers, state: { trace, selected, version } }) {
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
  app.view?.setLook({ busy, ...(order === 'busy' ? { order: busy?.order ?? null } : {}) });
}
