/** The selection: an event, a range of time or a gap, and the steps from one event to the next. */
import { endComparing } from './comparing.js';
import { spokenOf } from './speaking.js';
import { ask } from './work.js';

/** @typedef {import('./app.js').App} App @typedef {import('./state.js').Range} Range */

const BACK_MOST = 20;

/** @param {App} app @param {string} words */
function speak(app, words) {
  app.update({ spoken: words });
}

/**
 * @param {App} app @param {number} event -1: none
 * @param {boolean} [reveal] moves the window to it
 */
export async function select(app, event, reveal = true) {
  const { trace } = app.state;
  const choice = ++app.choices;
  const given = event < 0 || !trace ? null : await ask(app, trace.event(event));
  if (given === undefined || trace !== app.state.trace) return;
  if (choice !== app.choices) return; // something else has been chosen since
  const live = given ? trace?.live : null;
  if (live && !live.paused) live.setPaused(true); // or the event would move away
  if (live && app.state.toy) app.state.toy.running = false;
  const { settings, range, back } = app.state;
  const keepsTab = !given || settings.tab === 'events';
  app.update({
    selected: given,
    range: given ? null : range, // going back restores it
    gap: given ? null : app.state.gap,
    back: given && range ? [...back, range].slice(-BACK_MOST) : back,
    spoken: given && trace ? spokenOf(trace.overview, given) : '',
    settings: {
      ...settings,
      event,
      ...(given ? { range: null } : {}),
      tab: keepsTab ? settings.tab : 'selection',
    },
  });
  app.view?.setSelectedEvent(given);
  if (given && range) app.view?.setSelection(null);
  if (given && reveal) app.view?.revealEvent(given);
}

/** @param {App} app @param {-1 | 1} direction @param {'row' | 'track' | 'name'} [among] */
export async function step(app, direction, among = 'track') {
  const { trace, selected } = app.state;
  if (!trace || !selected) return selectFirst(app);
  const event = (await ask(app, trace.neighbour(selected.event, among, direction))) ?? -1;
  if (event >= 0) return select(app, event);
  const where = among === 'name' ? `called ${selected.name}` : 'in this track';
  speak(app, `No ${direction > 0 ? 'later' : 'earlier'} event ${where}.`);
}

/**
 * Selects the nearest event at the same time in the next row above or below that has one in the
 * window, whatever its track.
 * @param {App} app @param {-1 | 1} direction
 */
export async function stepAcross(app, direction) {
  const { view } = app;
  const { trace, selected } = app.state;
  if (!trace || !selected || !view) return selectFirst(app);
  const { fromNs, toNs } = view.window;
  const begin = Math.max(selected.startNs, fromNs);
  const end = Math.min(selected.startNs + selected.durationNs, toNs);
  const timeNs = Math.floor(begin <= end ? (begin + end) / 2 : selected.startNs);
  const rows = view.rowsInOrder();
  const first = rows.indexOf(selected.row) + direction;
  for (let at = first; rows[at] !== undefined; at += direction) {
    const event = (await ask(app, trace.hit(rows[at], timeNs, toNs - fromNs))) ?? -1;
    // the selection changed meanwhile
    if (app.state.selected !== selected || app.state.trace !== trace) return;
    if (event >= 0) return select(app, event);
  }
  speak(app, `Nothing ${direction > 0 ? 'below' : 'above'} in this window.`);
}

/** The first visible event of the current track, or of the first track. @param {App} app */
async function selectFirst(app) {
  const { view } = app;
  const { trace } = app.state;
  if (!trace || !view) return;
  const { fromNs, toNs } = view.window;
  const { tracks } = trace.overview;
  const track = tracks[view.track] ?? tracks.find(({ counter }) => counter === null);
  if (!track || track.counter !== null) return;
  const begin = Math.floor(Math.max(0, fromNs));
  const event = (await ask(app, trace.hit(track.firstRow, begin, toNs - fromNs))) ?? -1;
  if (event >= 0) await select(app, event);
}

/** @param {App} app @param {Range | null} range */
export function selectRange(app, range) {
  const { settings, selected } = app.state;
  app.choices++;
  app.view?.setSelection(range);
  if (range && selected) app.view?.setSelectedEvent(null);
  app.update({
    range,
    gap: null,
    selected: range ? null : selected,
    settings: {
      ...settings,
      range,
      event: range ? -1 : settings.event,
      scope: range ? 'range' : settings.scope === 'range' ? 'all' : settings.scope,
      tab:
        range && settings.tab !== 'table' && settings.tab !== 'tree' ? 'selection' : settings.tab,
    },
  });
}

/**
 * Sets a second range to compare with; without a first range it becomes the first.
 * @param {App} app @param {Range | null} other
 */
export function compareWith(app, other) {
  if (other && !app.state.range) return selectRange(app, other);
  app.set({ other, tab: other ? 'selection' : app.state.settings.tab });
}

/** Keeps the range to compare the next one with it. @param {App} app */
export function keepForComparing(app) {
  const { range } = app.state;
  if (!range) return app.say('Select a range first, to keep it as B.');
  selectRange(app, null);
  app.set({ other: range });
  app.update({ spoken: 'Kept as B. Select a range to compare it with.' });
}

/** Returns to the previous range. @param {App} app */
export function goBack(app) {
  const { back, settings } = app.state;
  const range = back.at(-1);
  if (!range) return;
  selectRange(app, range);
  app.update({ back: back.slice(0, -1) });
  app.set({ tab: settings.tab === 'selection' ? 'table' : settings.tab });
}

/** The selected event's time becomes the range. @param {App} app */
export function mark(app) {
  const { selected } = app.state;
  if (!selected) return;
  const { startNs, durationNs } = selected;
  selectRange(app, { fromNs: startNs, toNs: startNs + Math.max(1, durationNs) });
}

/** @param {App} app @param {number} event */
export async function zoomTo(app, event) {
  await select(app, event);
  if (app.state.selected?.event === event) app.view?.zoomToEvent(app.state.selected);
}

/**
 * Esc: closes what is open; then drops selections, the latest first; false: there was nothing.
 * @param {App} app
 */
export function clear(app, endSearch = () => {}) {
  const { progress, message, range, selected, settings } = app.state;
  if (progress?.cancel) progress.cancel.abort();
  else if (message) app.update({ message: null });
  else if (settings.other) app.set({ other: null });
  else if (app.state.otherTrace && settings.tab === 'table') endComparing(app);
  else if (range) selectRange(app, null);
  else if (selected) select(app, -1);
  else if (settings.find) endSearch();
  else return false;
  return true;
}
