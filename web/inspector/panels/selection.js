/** The selection: all that is known of an event, or the statistics of a range. */
import { html, nothing } from 'lit';
import { formatDuration, formatNumber, formatTime, formatValue } from '../timeline/format.js';

/** @typedef {import('../element/inspector.js').Inspector} Inspector @typedef {import('../trace/types.js').EventDetails} EventDetails */

const FLAGS = /** @type {const} */ ([[1, 'it failed'], [2, 'it never ended: it is drawn to its parent’s end, or the trace’s'], [4, 'asynchronous: it may overlap others'], [8, 'its detail was overwritten before it could be read'], [16, 'it overlaps a neighbour and is drawn in a row of its own']]);

/** A value of an event's arguments. @param {unknown} value */
const shown = (value) => (typeof value === 'object' && value !== null ? html`<pre>${JSON.stringify(value, null, 2)}</pre>` : String(value));

/** Each with its name. @param {any} given @returns {[string, unknown][]} */
const argumentsOf = (given) => (given === null || given === undefined ? [] : typeof given === 'object' && !Array.isArray(given) ? Object.entries(given) : [['arguments', given]]);

/** A button for each end of a flow. @param {Inspector} page @param {number[] | undefined} events @param {string} words */
const arrows = (page, events = [], words) => events.map((event, i) => html`<button @click=${() => page.select(event)}>Go to ${words}${events.length > 1 ? ` (${i + 1})` : ''}</button> `);

/** @param {Inspector} page @param {EventDetails} event */
function renderEvent(page, event) {
  const { overview } = /** @type {import('../trace/types.js').Trace} */ (page.trace);
  const track = overview.tracks[event.track], states = FLAGS.filter(([bit]) => event.flags & bit);
  const field = (/** @type {string} */ name, /** @type {unknown} */ value) => html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<div class="pad"><dl>${field('name', event.name)}${field('category', overview.categories[event.category].name)}
    ${field('thread', `${track.counter ?? (track.name || 'thread')} · pid ${track.pid} · tid ${track.tid}`)}${field('begins', formatTime(event.startNs, 1))}
    ${event.kind === 'span' ? [field('lasts', formatDuration(event.durationNs, overview.resolutionNs)), field('self', `${formatDuration(event.selfNs)}, without its children`)] : nothing}
    ${event.kind === 'sample' ? field('value', formatValue(event.value)) : nothing}${event.detail === null ? nothing : field('detail', event.detail)}
    ${argumentsOf(event.arguments).map(([name, value]) => field(name, shown(value)))}
    ${states.map(([, words]) => field('note', words))}</dl>
    <p><button @click=${() => page.step(-1, 'name')}>‹ previous ${event.name}</button> <button @click=${() => page.step(1, 'name')}>next ${event.name} ›</button>
      <button @click=${() => page.zoomToSelected()}>Zoom to it</button> ${event.parent >= 0 ? html`<button @click=${() => page.select(event.parent)}>Go to parent</button>` : nothing}
      ${arrows(page, event.comesFrom, 'where its flow comes from')} ${arrows(page, event.leadsTo, 'where its flow arrives')}</p></div>`;
}

/** @param {Inspector} page */
export function renderSelection(page) {
  const { range, statistics, selected, statisticsTable } = page;
  if (range && statistics) {
    const count = statistics.reduce((sum, each) => sum + each.count, 0);
    return html`<div class="pad"><b>${formatDuration(range.toNs - range.fromNs)}</b> from ${formatTime(range.fromNs, 1e3)}: ${formatNumber(count, 'event')}
      <label><input type="checkbox" .checked=${page.byCategory} @change=${() => page.countBy(!page.byCategory)}> by category</label></div>
      ${statisticsTable.render(statistics, 'Statistics of the selection', (row) => page.select(row.longest))}`;
  }
  if (selected) return renderEvent(page, selected);
  return html`<p class="pad quiet">Click an event, or drag a range in the ruler (in the timeline, with Shift).</p>`;
}
