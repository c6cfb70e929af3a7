/**
 * The panel for a range: its contents by name; for a gap, the events around it and those that ran
 * meanwhile.
 */
import { html, nothing } from 'lit';
import { COMPARED_COLUMNS, compared } from '../panels/compare.js';
import { COLUMNS } from '../panels/groups.js';
import { renderGap } from '../panels/gap.js';
import { meanwhileList } from '../panels/parts.js';
import { renderRange } from '../panels/range.js';
import { renderTable } from '../panels/table.js';
import { linksTo, meanwhileOf } from './relatives.js';
import { counting } from './counting.js';
import { countIn, findOf, isGivenUp, rowsOf, threadName } from './tables.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../panels/table.js').Row} Row */

/**
 * What is in the range, by name.
 * @param {App} app @param {Actions} actions
 */
function table(app, actions) {
  const { trace, settings } = app.state;
  const rows = rowsOf(app, 'range', 'name');
  if (!trace || !rows)
    return html`<p class="pad quiet">${counting(isGivenUp(app, 'range', 'name'), actions)}</p>`;
  if (rows.length === 0) return html`<p class="pad quiet">Nothing.</p>`;
  return renderTable({
    ...{ label: 'Statistics of the selection', columns: COLUMNS, rows, sort: settings.sort },
    onSort: (sort) => actions.set({ sort }),
    use: {
      onRow: (row) => actions.find(findOf(trace, 'name', row)),
      onMax: ({ longest }) => actions.zoomTo(longest),
      resolutionNs: trace.overview.resolutionNs,
    },
  });
}

/** Both ranges by name; undefined: still counting. @param {App} app @returns {Row[] | undefined} */
export function comparedRows(app) {
  const rows = rowsOf(app, 'range', 'name');
  const others = rowsOf(app, 'other', 'name');
  return rows && others && compared(rows, others);
}

/** @param {App} app @param {Actions} actions */
function comparison(app, actions) {
  const { trace, comparedBy } = app.state;
  const rows = comparedRows(app);
  if (!trace || !rows) {
    const givenUp = isGivenUp(app, 'range', 'name') || isGivenUp(app, 'other', 'name');
    return html`<p class="pad quiet">${counting(givenUp, actions)}</p>`;
  }
  return renderTable({
    ...{ label: 'Comparison', columns: COMPARED_COLUMNS, rows },
    sort: comparedBy,
    onSort: actions.compareBy,
    use: { onRow: (row) => actions.find(findOf(trace, 'name', row)) },
  });
}

/**
 * The thread's time in each state, longest first, with the longest stretch in it.
 * @param {import('../element/gaps.js').EventDetails[]} states
 */
const statesOf = (states) =>
  [...new Set(states.map(({ name }) => name))]
    .map((words) => {
      const all = states.filter(({ name }) => name === words);
      const { event, detail } = all.toSorted((a, b) => b.durationNs - a.durationNs)[0];
      const ns = all.reduce((sum, { durationNs }) => sum + durationNs, 0);
      return { event, words, ns, detail: detail ?? '' };
    })
    .sort((a, b) => b.ns - a.ns);

/** @param {App} app @param {Actions} actions */
function gapPart(app, actions) {
  const { trace, gap, range, version, applied, shown } = app.state;
  if (!trace || !range || !gap || gap.under !== applied) return nothing;
  const { track, before, after } = gap;
  const link = (/** @type {import('../element/gaps.js').EventDetails | null} */ event) =>
    event && { event: event.event, words: event.name };
  const woken = app.answers.of('gap', `${version} ${after?.event}`, () =>
    linksTo(trace, after?.comesFrom),
  );
  const words = renderGap(
    {
      ...{ thread: threadName(trace.overview, track), durationNs: range.toNs - range.fromNs },
      filtered: shown < trace.overview.events,
      ...{ before: link(before), after: link(after), wokenBy: woken.value ?? [] },
      states: statesOf(gap.states ?? []),
    },
    actions.select,
  );
  const meanwhile = meanwhileOf(app, trace, track, range);
  return html`${words}
    ${
      meanwhile
        ? html`<div class="pad">
            ${meanwhileList('What others did meanwhile', meanwhile, actions.select)}
          </div>`
        : html`<p class="pad quiet">${counting(false, actions)}</p>`
    }
    <h2 class="part pad">Everything by name</h2>`;
}

/** @param {App} app @param {Actions} actions */
export function rangePanel(app, actions) {
  const { trace, range, settings } = app.state;
  if (!range) return nothing;
  return renderRange(
    {
      other: settings.other,
      ...{ range, count: countIn(app, 'range'), gap: gapPart(app, actions) },
      table: settings.other ? comparison(app, actions) : table(app, actions),
    },
    {
      range: actions.selectRange,
      zoom: () => actions.view()?.zoomToSelection(),
      note: actions.addNote,
      compare: () => (settings.other ? actions.compareWith(null) : actions.keepForComparing()),
      // while a trace grows, its times are not the image's
      save: trace?.live ? null : actions.saveRange,
      clear: () => actions.selectRange(null),
    },
  );
}
