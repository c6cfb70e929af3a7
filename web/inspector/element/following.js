/** A trace that grows while it is shown: its events get other numbers, its window moves along, its panels follow. */
import { placesOf } from '../trace/filter.js';
import { filterOf } from './settings.js';
import { ask } from './work.js';

/** @typedef {import('./inspector.js').Inspector} Inspector @typedef {import('../trace/types.js').Trace} Trace @typedef {import('../trace/types.js').EventDetails} EventDetails */

const PANELS_EVERY_MS = 250;
const WINDOW_NS = 2e9; // what is seen until somebody zooms

/** An event under its new number. @param {Inspector} page @param {Trace} trace @param {EventDetails} before */
async function findAgain(page, trace, before) {
  const event = (await ask(page, trace.hit(before.row, before.startNs, 0))) ?? -1;
  const now = event < 0 ? null : await ask(page, trace.event(event));
  if (page.selected !== before || trace !== page.trace) return;
  page.selected = now && now.startNs === before.startNs && now.name === before.name ? now : null;
  page.view?.setSelectedEvent(page.selected);
  page.requestUpdate();
}

/** @param {Inspector} page @param {Trace} trace */
function moveAlong(page, trace) {
  const { view } = page;
  if (!view) return;
  const { fromNs, toNs } = view.window, { durationNs } = trace.overview;
  const following = toNs >= view.limits.durationNs, all = fromNs <= 0 && following;
  const spanNs = all ? WINDOW_NS : toNs - fromNs;
  view.refresh();
  view.setHidden(placesOf(filterOf(page.settings), trace.overview).hiddenTracks);
  if (following) view.setWindow(Math.max(0, durationNs - spanNs), durationNs);
}

/** @param {Inspector} page @param {Trace} trace */
export function follow(page, trace) {
  let refreshed = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting;
  const refresh = () => {
    refreshed = performance.now();
    if (trace === page.trace) page.refreshPanels();
  };
  trace.live?.onChange(() => {
    if (trace !== page.trace) return;
    moveAlong(page, trace);
    if (page.selected) findAgain(page, trace, page.selected);
    page.shown = trace.overview.shown;
    clearTimeout(waiting);
    const dueMs = refreshed + PANELS_EVERY_MS - performance.now();
    if (dueMs > 0) waiting = setTimeout(refresh, dueMs);
    else refresh();
  });
}
