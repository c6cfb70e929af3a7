/** The selection: an event, or a range of time, and the ways from one event to the next. */
import { formatDuration, formatTime } from '../timeline/format.js';
import { ask, telling } from './work.js';

/** @typedef {import('./inspector.js').Inspector} Inspector @typedef {import('../trace/types.js').EventDetails} EventDetails @typedef {import('../trace/types.js').Overview} Overview */

const FAILED = 1;

/** What is said of an event to who cannot see it. @param {Overview} overview @param {EventDetails} event */
function spokenOf({ tracks, processes, resolutionNs }, event) {
  const { name, tid, process } = tracks[event.track];
  const lasted = event.kind === 'span' ? formatDuration(event.durationNs, resolutionNs) : `at ${formatTime(event.startNs, 1e3)}`;
  const who = [processes[process]?.name, name || `thread ${tid}`].filter((word, at, all) => word && all.indexOf(word) === at);
  return [event.name, lasted, event.flags & FAILED ? 'failed' : '', ...who].filter(Boolean).join(', ');
}

/** @param {Inspector} page @param {string} words */
function speak(page, words) {
  page.spoken = words;
  page.requestUpdate();
}

/** @param {Inspector} page @param {number} event -1: none */
export async function select(page, event) {
  const { trace } = page;
  const details = event < 0 || !trace ? null : ((await ask(page, trace.event(event))) ?? null);
  if (trace !== page.trace) return;
  if (details && trace?.live && !trace.live.paused) page.pauseLive(); // or it would move away
  page.selected = details;
  page.view?.setSelectedEvent(details);
  if (details) page.view?.revealEvent(details);
  if (details && page.range) selectRange(page, null);
  if (details && page.settings.tab !== 'events') page.settings.tab = 'selection';
  if (details && page.settings.tab === 'events') page.events.reveal(event);
  speak(page, details && trace ? spokenOf(trace.overview, details) : '');
  page.address.remember();
}

/** @param {Inspector} page @param {-1 | 1} direction @param {'row' | 'track' | 'name'} [among] */
export async function step(page, direction, among = 'track') {
  const { trace, selected } = page;
  if (!trace || !selected) return selectFirst(page);
  const event = (await ask(page, trace.neighbour(selected.event, among, direction))) ?? -1;
  if (event >= 0) return select(page, event);
  const where = among === 'name' ? `called ${selected.name}` : 'in this track';
  speak(page, `No ${direction > 0 ? 'later' : 'earlier'} event ${where}.`);
}

/** The nearest event at the same time in the next row above or below that has one in the window, whatever its track. @param {Inspector} page @param {-1 | 1} direction */
export async function stepAcross(page, direction) {
  const { trace, selected, view } = page;
  if (!trace || !selected || !view) return selectFirst(page);
  const { fromNs, toNs } = view.window;
  const begin = Math.max(selected.startNs, fromNs), end = Math.min(selected.startNs + selected.durationNs, toNs);
  const timeNs = Math.floor(begin <= end ? (begin + end) / 2 : selected.startNs);
  const rows = view.rowsInOrder();
  for (let at = rows.indexOf(selected.row) + direction; rows[at] !== undefined; at += direction) {
    const event = (await ask(page, trace.hit(rows[at], timeNs, toNs - fromNs))) ?? -1;
    if (page.selected !== selected || page.trace !== trace) return; // it has been moved meanwhile
    if (event >= 0) return select(page, event);
  }
  speak(page, `Nothing ${direction > 0 ? 'below' : 'above'} in this window.`);
}

/** Of those that are seen of the current track, or of the first one. @param {Inspector} page */
async function selectFirst(page) {
  const { trace, view } = page;
  if (!trace || !view) return;
  const { fromNs, toNs } = view.window, tracks = trace.overview.tracks;
  const track = tracks[view.track] ?? tracks.find(({ counter }) => counter === null);
  if (!track || track.counter !== null) return;
  const event = (await ask(page, trace.hit(track.firstRow, Math.max(0, fromNs), toNs - fromNs))) ?? -1;
  if (event >= 0) await select(page, event);
}

/** @param {Inspector} page @param {{ fromNs: number, toNs: number } | null} range */
export async function selectRange(page, range) {
  page.range = range;
  page.statistics = null;
  page.view?.setSelection(range);
  if (range) page.settings.tab = 'selection';
  page.requestUpdate();
  if (range) await countBy(page, page.byCategory);
}

/** The time of the selected event becomes the range. @param {Inspector} page */
export function mark(page) {
  const { selected } = page;
  if (selected) selectRange(page, { fromNs: selected.startNs, toNs: selected.startNs + Math.max(1, selected.durationNs) });
}

/** @param {Inspector} page @param {boolean} byCategory */
export async function countBy(page, byCategory) {
  const { trace, range } = page;
  page.byCategory = byCategory;
  if (!trace || !range) return;
  const by = byCategory ? 'category' : 'name';
  const counting = trace.statistics(Math.floor(range.fromNs), Math.ceil(range.toNs), by);
  const statistics = await ask(page, telling(page, 'Computing statistics', counting));
  if (!statistics || range !== page.range || trace !== page.trace) return;
  const { names, categories } = trace.overview;
  page.statistics = statistics.map((each) => ({ ...each, hue: categories[each.category].hue, name: byCategory ? categories[each.key].name : names[each.key] }));
  page.requestUpdate();
}
