/** Filters and search: which events are shown, and which are looked for. */
import { select } from './selecting.js';
import { filterOf, noFilters } from './settings.js';
import { ask, tellingOf } from './work.js';

/** @typedef {import('./app.js').App} App @typedef {import('./settings.js').Settings} Settings */

/** @param {App} app */
export async function applyFilter(app) {
  await filter(app);
  const { find: text } = app.state.settings;
  if (text) await find(app, text);
}

/** @param {App} app */
async function filter(app) {
  const { trace, settings } = app.state;
  if (!trace) return;
  const wanted = filterOf(settings);
  const { hidden, only, failed, find } = settings;
  const cancel = new AbortController();
  const work = (/** @type {(share: number) => void} */ progress) =>
    trace.filter(wanted, { signal: cancel.signal, report: ({ share }) => progress(share) });
  const passed = await ask(app, tellingOf(app, 'Filtering', cancel, work));
  if (trace !== app.state.trace) return;
  if (!passed && cancel.signal.aborted) return takeBack(app);
  if (!passed) return;
  app.update({ shown: passed.events, applied: { hidden, only, failed, find } });
  app.view?.refresh();
  app.changed();
}

/** A person gave a filter up: shows the filter that is still in force. @param {App} app */
function takeBack(app) {
  const { hidden, only, failed, find } = app.state.applied;
  app.set({ hidden, only, failed, ...(only ? { find } : {}) });
}

/** @param {App} app @param {Partial<Settings>} change */
export function change(app, change) {
  app.set(change);
  return applyFilter(app);
}

/** @param {App} app */
export const showAll = (app) => change(app, noFilters());

/**
 * Categories that have a chip: those that occur.
 * @param {import('./state.js').Trace | null} trace
 */
export const chipsOf = (trace) =>
  (trace?.overview.categories ?? []).filter(({ count }) => count > 0);

/** @param {App} app @param {string} name @param {boolean} alone */
export function toggleCategory(app, name, alone) {
  const { hidden: before } = app.state.settings;
  const names = chipsOf(app.state.trace).map((category) => category.name);
  const others = names.filter((other) => other !== name);
  const isAlone = others.every((other) => before.has(other)) && !before.has(name);
  const hidden = new Set(alone ? (isAlone ? [] : others) : before);
  if (!alone && !hidden.delete(name)) hidden.add(name);
  return change(app, { hidden });
}

/** @param {App} app @param {string} text */
export async function find(app, text) {
  const { trace } = app.state;
  const filters = app.state.settings.only && text !== app.state.settings.find;
  app.set({ find: text });
  const wrong = trace && text ? await ask(app, trace.check(text)) : null;
  if (wrong === undefined || text !== app.state.settings.find) return; // typing went on
  app.update({ wrong: wrong?.message ?? '' });
  if (wrong) return app.update({ hits: { hits: 0, done: true, rank: -1 } });
  if (filters) await filter(app);
  if (text !== app.state.settings.find) return; // it was given up
  app.update({ hits: { hits: 0, done: text === '', rank: -1 } });
  app.view?.setSearching(text !== '');
  const tell = (/** @type {import('../trace/types.js').SearchState} */ state) =>
    app.update({ hits: { ...app.state.hits, ...state } });
  const state = trace && (await ask(app, trace.search(text, tell)));
  if (!state || app.state.settings.find !== text || trace !== app.state.trace) return;
  tell(state);
  app.view?.refresh();
  app.changed();
}

/** Shows only the hits, or everything again. @param {App} app @param {boolean} only */
export const setOnly = (app, only) => change(app, { only });

/**
 * Goes to the next hit; the first one is the first after the window's start.
 * @param {App} app @param {-1 | 1} direction
 */
export async function nextHit(app, direction) {
  await app.searching; // a quick hand presses Enter before there are hits
  const { trace, selected } = app.state;
  const from = selected
    ? { event: selected.event }
    : { timeNs: Math.floor(app.view?.window.fromNs ?? 0) };
  const found = trace && (await ask(app, trace.nextHit(from, direction)));
  if (!found || found.event < 0) return;
  app.update({ hits: { ...app.state.hits, rank: found.rank } });
  await select(app, found.event);
}
