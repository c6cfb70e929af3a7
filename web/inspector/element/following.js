/**
 * A trace that grows while it is shown: its events get new numbers, its window moves along, its
 * panels follow.
 */
import { dress } from './watching.js';
import { ask } from './work.js';

/** @typedef {import('./app.js').App} App @typedef {import('./state.js').Trace} Trace */
/** @typedef {import('./state.js').EventDetails} EventDetails */

const PANELS_EVERY_MS = 250;
const WINDOW_NS = 2e9; // shown until somebody zooms

/**
 * Finds an event again under its new number.
 * @param {App} app @param {Trace} trace @param {EventDetails} before
 */
async function findAgain(app, trace, before) {
  const event = (await ask(app, trace.hit(before.row, before.startNs, 0))) ?? -1;
  const now = event < 0 ? null : await ask(app, trace.event(event));
  if (app.state.selected !== before || trace !== app.state.trace) return;
  const same = now && now.startNs === before.startNs && now.name === before.name;
  app.update({ selected: same ? now : null });
  app.view?.setSelectedEvent(app.state.selected);
}

/** @param {App} app @param {Trace} trace */
function moveAlong(app, trace) {
  const { view, state } = app;
  if (!view) return;
  const { fromNs, toNs } = view.window;
  const { beginNs, durationNs } = trace.overview;
  const { limits } = view;
  const following = toNs >= limits.durationNs;
  const spanNs = fromNs <= limits.beginNs && following ? WINDOW_NS : toNs - fromNs;
  view.refresh();
  const pins = [...view.state.pinned]; // tracks have new numbers now
  if (pins.join() !== state.settings.pins.join()) app.set({ pins });
  if (state.settings.order !== 'start') dress(view, state); // processes have new places now
  if (following) view.setWindow(Math.max(beginNs, durationNs - spanNs), durationNs);
}

/** @param {App} app @param {Trace} trace */
export function follow(app, trace) {
  let refreshed = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting;
  const refresh = () => {
    refreshed = performance.now();
    if (trace === app.state.trace) app.changed();
  };
  trace.live?.onChange(() => {
    const { selected } = app.state;
    if (trace !== app.state.trace) return;
    moveAlong(app, trace);
    if (selected) findAgain(app, trace, selected);
    const { shown, search } = trace.overview;
    const { settings, hits } = app.state;
    const found = search && search.text === settings.find && search.text !== '';
    app.update({ shown, hits: found ? { ...hits, hits: search.hits, done: true } : hits });
    clearTimeout(waiting);
    const dueMs = refreshed + PANELS_EVERY_MS - performance.now();
    if (dueMs > 0) waiting = setTimeout(refresh, dueMs);
    else refresh();
  });
}

/** @param {App} app @returns {boolean} false: the trace does not grow */
export function pauseLive(app) {
  const { trace, toy } = app.state;
  if (!trace?.live) return false;
  const paused = !trace.live.paused;
  trace.live.setPaused(paused);
  if (toy) toy.running = !paused && !toy.ended;
  app.changed();
  return true;
}

/** Jumps to the newest event. @param {App} app */
export function jumpToNow({ view }) {
  if (!view) return;
  const { fromNs, toNs } = view.window;
  const { durationNs } = view.limits;
  view.setWindow(durationNs - (toNs - fromNs), durationNs);
}
