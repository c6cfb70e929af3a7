/** Filters, and the search: what of the trace is shown, and what of it is looked for. */
import { placesOf } from '../trace/filter.js';
import { filterOf } from './settings.js';
import { ask, telling } from './work.js';

/** @typedef {import('./inspector.js').Inspector} Inspector @typedef {import('./settings.js').Settings} Settings */

/** @param {Inspector} page */
export async function applyFilter(page) {
  const { trace } = page;
  if (!trace) return;
  const filter = filterOf(page.settings);
  page.view?.setHidden(placesOf(filter, trace.overview).hiddenTracks);
  const passed = await ask(page, telling(page, 'Filtering', trace.filter(filter)));
  if (!passed || trace !== page.trace) return;
  page.shown = passed.events;
  page.view?.refresh();
  if (page.range) page.countBy(page.byCategory);
  page.refreshPanels();
  if (page.settings.find) page.find(page.settings.find);
  page.address.remember();
}

/** @param {Inspector} page @param {Partial<Settings>} change */
export function change(page, change) {
  Object.assign(page.settings, change);
  page.requestUpdate();
  return applyFilter(page);
}

/** Categories that have a chip: those that occur. @param {Inspector} page */
export const chipsOf = (page) => (page.trace?.overview.categories ?? []).filter(({ count }) => count > 0);

/** @param {Inspector} page @param {string} name @param {boolean} alone */
export function toggleCategory(page, name, alone) {
  const others = chipsOf(page).map((category) => category.name).filter((other) => other !== name);
  const isAlone = others.every((other) => page.settings.hidden.has(other)) && !page.settings.hidden.has(name);
  const hidden = new Set(alone ? (isAlone ? [] : others) : page.settings.hidden);
  if (!alone && !hidden.delete(name)) hidden.add(name);
  change(page, { hidden });
}

/** @param {Inspector} page @param {string} text */
export async function find(page, text) {
  const { trace } = page;
  page.settings.find = text;
  page.hits = { hits: 0, done: false, rank: -1 };
  page.view?.setSearching(text !== '');
  const tell = (/** @type {import('../trace/types.js').SearchState} */ state) => {
    page.hits = { ...page.hits, ...state };
    page.requestUpdate();
  };
  const state = trace && (await ask(page, trace.search(text, tell)));
  if (!state || page.settings.find !== text || trace !== page.trace) return;
  tell(state);
  page.view?.refresh();
  page.address.remember();
}

/** @param {Inspector} page @param {-1 | 1} direction */
export async function nextHit(page, direction) {
  const from = page.selected ? { event: page.selected.event } : { timeNs: page.view?.window.fromNs ?? 0 };
  const found = page.trace && (await ask(page, page.trace.nextHit(from, direction)));
  if (!found || found.event < 0) return;
  page.hits = { ...page.hits, rank: found.rank };
  await page.select(found.event);
}
