/** The trace compared with a second file, by name: both under the filter in force. */
import { html } from 'lit';
import { OF_OTHER } from '../element/comparing.js';
import { filterOf } from '../element/settings.js';
import { COMPARED_COLUMNS, compared } from '../panels/compare.js';
import { scopeButton } from '../panels/groups.js';
import { renderTable } from '../panels/table.js';
import { formatNumber } from '../timeline/format.js';
import { counting } from './counting.js';
import { findOf, rowsOf, scopeOf, scopesOf } from './tables.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../panels/table.js').Row} Row */

/**
 * The second file's events by name.
 * @param {App} app @param {import('../trace/types.js').Trace} otherTrace
 */
function answerOf(app, otherTrace) {
  const { version, settings, applied } = app.state;
  const { overview } = otherTrace;
  return app.answers.of(
    OF_OTHER,
    String(version),
    async ({ signal }) => {
      await otherTrace.filter(filterOf({ ...settings, ...applied }), { signal });
      const rows = await otherTrace.statistics(0, Math.ceil(overview.durationNs), 'name', {
        signal,
      });
      return rows.map((row) => ({
        ...row,
        name: overview.names[row.key],
        hue: overview.categories[row.category].hue,
      }));
    },
    'Counting the other file',
  );
}

/** Undefined: still counting, or given up. @param {App} app @returns {Row[] | undefined} */
export function comparedFiles(app) {
  const { otherTrace } = app.state;
  if (!otherTrace) return undefined;
  const rows = rowsOf(app, scopeOf(app), 'name');
  const { value, last } = answerOf(app, otherTrace);
  const others = value ?? last;
  return rows && others && compared(rows, others, ({ name }) => name);
}

/** @param {App} app @param {Actions} actions */
export function filesPanel(app, actions) {
  const { trace, otherTrace, comparedBy } = app.state;
  if (!trace || !otherTrace) return html``;
  const rows = comparedFiles(app);
  const { title, events } = otherTrace.overview;
  return html`<div class="bar">
      <span class="switch" role="radiogroup" aria-label="Scope">
        ${scopesOf(app).map((each) =>
          scopeButton(each, scopeOf(app), (scope) => actions.set({ scope })),
        )}
      </span>
      <span class="quiet">B: ${title}, ${formatNumber(events, 'event')}</span>
      <button @click=${actions.endComparing}>End comparing</button>
    </div>
    ${
      rows
        ? renderTable({
            ...{ label: 'Comparison', columns: COMPARED_COLUMNS, rows, sort: comparedBy },
            onSort: actions.compareBy,
            use: { onRow: (row) => actions.find(findOf(trace, 'name', row)) },
          })
        : html`<p class="pad quiet">${counting(answerOf(app, otherTrace).givenUp, actions)}</p>`
    }`;
}
