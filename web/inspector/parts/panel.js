/** The data and callbacks that each panel gets. */
import { html, nothing } from 'lit';
import { and, term } from '../element/terms.js';
import { renderGroups } from '../panels/groups.js';
import { renderNotes } from '../panels/notes.js';
import { wordsOfB } from '../panels/range.js';
import { renderOverview } from '../panels/overview.js';
import { renderEvent } from '../panels/selection.js';
import { innermostOf, slowestOf } from '../panels/slowest.js';
import { renderTicks, tickName } from '../panels/ticks.js';
import { hasStates, isState } from '../trace/states.js';
import { busiest, longestGaps } from './busy.js';
import { filesPanel } from './files.js';
import { rangePanel } from './range.js';
import { relativesOf } from './relatives.js';
import { counting } from './counting.js';
import { findOf, isGivenUp, rowsOf, scopeOf, scopesOf, threadName } from './tables.js';
import { treePanel } from './tree.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../panels/table.js').Row} Row */

/**
 * How times of a group include some that are beside others, or ''.
 * @param {import('../trace/types.js').Overview} overview @param {string} group
 */
const besideWords = ({ categories }, group) =>
  hasStates(categories) && (group === 'process' || group === 'thread')
    ? 'Times are those of the calls and of the scheduler’s states, which run beside them.'
    : '';

/**
 * The slowest names; undefined: not known yet.
 * @param {App} app @param {Row[]} names @returns {Row[] | undefined}
 */
function slowestIn({ answers, state: { trace, version } }, names) {
  const rows = slowestOf(names);
  if (!trace || trace.live) return rows; // in a trace that grows they change with every step
  const events = rows.map(({ longest }) => longest);
  const { value, last } = answers.of('slowest', `${version} ${events}`, async () =>
    innermostOf(rows, await Promise.all(events.map((event) => trace.event(event)))),
  );
  return value ?? last;
}

/** @param {App} app @param {Actions} actions */
function overviewPanel(app, actions) {
  const { trace } = app.state;
  if (!trace) return nothing;
  const { overview } = trace;
  const tick = tickName(overview);
  const series =
    tick < 0
      ? undefined
      : app.answers.of('ticks', `${app.state.version} ${tick}`, () => trace.series(tick, true));
  const ticks = series?.value ?? series?.last;
  const only = overview.hasSamples ? 'calls' : 'all';
  const all = rowsOf(app, 'all', 'work', only);
  const isOfScheduler = (/** @type {Row} */ { name, category }) =>
    isState(name, overview.categories[category ?? 0].name);
  const names = all?.filter((row) => !isOfScheduler(row));
  const hasFailed = !trace.live && names?.some(({ errors }) => errors > 0);
  return renderOverview(
    {
      ...{ overview, shown: app.state.shown },
      names,
      errors: (hasFailed && rowsOf(app, 'all', 'error', only)) || [],
      states: all?.filter(isOfScheduler) ?? [],
      sampled: (overview.hasSamples && rowsOf(app, 'all', 'name', 'samples')) || [],
      slow: (names && slowestIn(app, names)) ?? [],
      where: ({ track }) => threadName(overview, track),
      counting: counting(isGivenUp(app, 'all', 'work', only), actions),
      ticks: ticks?.values.some((ns) => ns > 0) ? renderTicks(ticks, overview) : nothing,
      more: [busiest(app, actions), longestGaps(app, actions)],
    },
    {
      select: actions.zoomTo,
      find: (name) => actions.find(term('name', name)),
      table: () => actions.showTab('table'),
      failed: (name) => {
        actions.change({ find: term('name', name), only: true, failed: true, tab: 'events' });
      },
      copySummary: () => actions.copyText(overview.summaryText ?? '', 'Summary'),
    },
  );
}

/** @param {App} app @returns {[string, string][]} */
function groupings(app) {
  const operations = app.state.trace?.overview.operations ?? [];
  const counted = operations.some(({ count }) => count > 0);
  const groups = /** @type {[string, string][]} */ ([
    ['name', 'name'],
    ['category', 'category'],
    ['process', 'process'],
    ['thread', 'thread'],
    ['detail', 'detail'],
    ['error', 'error'],
  ]);
  return counted ? [...groups, ['operation', 'counted operation']] : groups;
}

/** @param {App} app @param {Actions} actions */
function onRowOf(app, actions) {
  return (/** @type {Row} */ row) => {
    const { trace, settings } = app.state;
    if (settings.group === 'category') return void actions.toggleCategory(row.name, true);
    const text = trace ? findOf(trace, settings.group, row) : '';
    if (text) actions.find(text);
  };
}

/** @param {App} app @param {Actions} actions */
function tablePanel(app, actions) {
  const { trace, settings, range, back } = app.state;
  if (!trace) return nothing;
  const { group, sort } = settings;
  const scope = scopeOf(app);
  return renderGroups(
    {
      groupings: groupings(app),
      group,
      scopes: scopesOf(app),
      scope,
      rows: rowsOf(app, scope),
      counting: counting(isGivenUp(app, scope), actions),
      sort,
      beside: besideWords(trace.overview, group),
      resolutionNs: trace.overview.resolutionNs,
      canGoBack: range === null && back.length > 0,
    },
    {
      scope: (id) => actions.set({ scope: id }),
      group: (id) => actions.set({ group: id }),
      sort: (order) => actions.set({ sort: order }),
      row: onRowOf(app, actions),
      max: ({ longest }) => actions.zoomTo(longest),
      back: actions.goBack,
      compare: trace.live ? null : actions.chooseOther,
    },
  );
}

/** @param {App} app @param {Actions} actions */
function eventPanel(app, actions) {
  const { trace, selected, settings } = app.state;
  if (!trace || !selected) return nothing;
  const name = selected.name;
  return renderEvent(
    { event: selected, overview: trace.overview, ...relativesOf(app, trace, selected) },
    {
      select: actions.select,
      stepName: (direction) => actions.step(direction, 'name'),
      zoom: () => actions.view()?.zoomToEvent(selected),
      note: actions.addNote,
      copy: actions.copyEvent,
      filterBy: () => actions.change({ find: term('name', name), only: true }),
      hideName: () => {
        const find = and(settings.only ? settings.find : '', `-${term('name', name)}`);
        actions.change({ find, only: true });
      },
    },
  );
}

/** @param {App} app @param {Actions} actions */
function selectionPanel(app, actions) {
  const { range, selected, back, settings } = app.state;
  const again = back.length > 0 && !range;
  const way = again
    ? html`<div class="bar"><button @click=${actions.goBack}>‹ back to the range</button></div>`
    : nothing;
  if (range) return rangePanel(app, actions);
  if (selected) return html`${way}${eventPanel(app, actions)}`;
  return html`${way}
    <p class="pad quiet">
      ${settings.other ? `${wordsOfB(settings.other)}, to compare a range with.` : nothing} Click an
      event, or drag a range in the ruler (in the timeline, with Shift).
    </p>`;
}

/**
 * @param {App} app @param {Actions} actions
 * @param {import('../panels/events.js').EventsPanel} events
 */
export function panelOf(app, actions, events) {
  const { trace, settings } = app.state;
  switch (settings.tab) {
    case 'table':
      return app.state.otherTrace ? filesPanel(app, actions) : tablePanel(app, actions);
    case 'tree':
      return treePanel(app, actions);
    case 'events':
      return events.render();
    case 'selection':
      return selectionPanel(app, actions);
    case 'notes':
      return renderNotes(
        { notes: settings.notes, canAdd: !trace?.live },
        {
          add: actions.addNote,
          rename: actions.renameNote,
          remove: actions.removeNote,
          go: actions.goToNote,
          copyLink: app.host.address.links ? actions.copyLink : null,
        },
      );
    default:
      return overviewPanel(app, actions);
  }
}
