/**
 * Statistics by name of the events that are shown, within the selected range if there is one: what ringscope counts by
 * itself is of the whole recording, and other tools count nothing.
 */
import { html, nothing } from 'lit';
import { formatCount, formatNumber, formatTime } from '../timeline/format.js';
import { ask, telling } from '../element/work.js';
import { filterOf } from '../element/settings.js';
import { StatisticsTable } from './operations.js';

/** @typedef {import('../element/inspector.js').Inspector} Inspector @typedef {import('../trace/types.js').Trace} Trace */

export class NameStatistics {
  /** @param {Inspector} page */
  constructor(page) {
    this.page = page;
    this.table = new StatisticsTable(page, 'statistics');
    /** What the rows are of, and them; null: they are being counted. @type {{ trace: Trace, filter: string, rows: any[] | null } | null} */
    this.counted = null;
  }

  /** Counted when it is looked at, and anew when others are shown. @param {Trace} trace */
  render(trace) {
    const { range, settings, shown } = this.page;
    const filter = JSON.stringify([filterOf(settings), range]);
    if (this.counted?.trace !== trace || this.counted.filter !== filter) this.#count({ trace, filter, rows: null });
    const rows = this.counted?.rows;
    if (!rows) return html`<p class="pad quiet">Counting …</p>`;
    const of = `${formatCount(shown)} of ${formatNumber(trace.overview.events, 'event')} pass the filters`;
    const within = range ? `; of those, the part from ${formatTime(range.fromNs, 1e3)} to ${formatTime(range.toNs, 1e3)} is counted` : '';
    const words = shown < trace.overview.events || range ? html`<p class="pad quiet">${of}${within}.</p>` : nothing;
    return html`${words}${this.table.render(rows, 'Statistics by name', ({ longest }) => this.page.select(longest))}`;
  }

  /** @param {{ trace: Trace, filter: string, rows: any[] | null }} counted */
  async #count(counted) {
    const { trace } = counted, { names, categories, durationNs } = trace.overview;
    const { range } = this.page;
    this.counted = counted;
    const rows = await ask(this.page, telling(this.page, 'Computing statistics', trace.statistics(Math.floor(range?.fromNs ?? 0), Math.ceil(range?.toNs ?? durationNs), 'name')));
    if (this.counted !== counted) return;
    if (!rows) this.counted = null; // asked anew meanwhile, for a range: counted when it is looked at again
    counted.rows = rows?.map((each) => ({ ...each, name: names[each.key], hue: categories[each.category].hue })) ?? null;
    this.page.requestUpdate();
  }
}
