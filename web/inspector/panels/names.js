/** Statistics by name of a trace that has no operations, such as those of other tools: of all events that are shown. */
import { html } from 'lit';
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
    const filter = JSON.stringify(filterOf(this.page.settings));
    if (this.counted?.trace !== trace || this.counted.filter !== filter) this.#count({ trace, filter, rows: null });
    const rows = this.counted?.rows;
    return rows ? this.table.render(rows, 'Statistics by name', ({ longest }) => this.page.select(longest)) : html`<p class="pad quiet">Counting …</p>`;
  }

  /** @param {{ trace: Trace, filter: string, rows: any[] | null }} counted */
  async #count(counted) {
    const { trace } = counted, { names, categories, durationNs } = trace.overview;
    this.counted = counted;
    const rows = await ask(this.page, telling(this.page, 'Computing statistics', trace.statistics(0, durationNs, 'name')));
    if (this.counted !== counted) return;
    if (!rows) this.counted = null; // asked anew meanwhile, for a range: counted when it is looked at again
    counted.rows = rows?.map((each) => ({ ...each, name: names[each.key], hue: categories[each.category].hue })) ?? null;
    this.page.requestUpdate();
  }
}
