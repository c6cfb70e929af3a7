/** Reactions to changes of the state, wherever they were made. */

/** @typedef {import('./state.js').State} State */

/** @param {import('./inspector.js').Inspector} host */
export function watch(host) {
  const { app } = host;
  let before = app.state;
  app.store.subscribe(() => {
    const now = app.state;
    host.requestUpdate();
    if (now.settings !== before.settings) host.address.remember();
    if (now.trace !== before.trace) host.events.forget();
    if (now.selected !== before.selected && now.selected && now.settings.tab === 'events')
      host.events.reveal(now.selected.event);
    toView(app.view, now, before);
    before = now;
  });
}

/**
 * The order of processes; the order by busy time is requested elsewhere (parts/timeline.js).
 * @param {import('./settings.js').TrackOrder} order
 * @param {import('./state.js').Trace | null} trace
 * @returns {{ order?: number[] | null }} null: the trace's own order
 */
function processOrder(order, trace) {
  if (order === 'busy') return {};
  if (order === 'start' || !trace) return { order: null };
  const { processes, tracks } = trace.overview;
  const names = processes.map(({ name, firstTrack }) => name || tracks[firstTrack]?.name || '');
  const byName = (/** @type {number} */ a, /** @type {number} */ b) =>
    names[a].localeCompare(names[b], 'en') || processes[a].pid - processes[b].pid;
  return { order: [...processes.keys()].sort(byName) };
}

/**
 * Sets how the timeline draws.
 * @param {import('../timeline/timeline_view.js').TimelineView} view @param {State} state
 */
export function dress(view, { settings, trace }) {
  const { colour, order, notes, rows, other } = settings;
  view.setLook({ colour, rowPx: rows, ...processOrder(order, trace) });
  view.setNotes(notes);
  view.setOther(other);
}

const LOOKS = /** @type {const} */ (['colour', 'order', 'notes', 'rows', 'other']);

/**
 * @param {import('../timeline/timeline_view.js').TimelineView | null} view @param {State} now
 * @param {State} before
 */
function toView(view, now, before) {
  if (!view) return;
  const grown = now.trace?.overview !== before.trace?.overview;
  if (grown || LOOKS.some((look) => now.settings[look] !== before.settings[look])) dress(view, now);
}
