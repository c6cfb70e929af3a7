/** The rows of the table: counted by the trace, named here. */
import { operationRows, withShares } from '../panels/groups.js';

/** @typedef {import('../element/app.js').App} App @typedef {import('../element/settings.js').Scope} Scope */
/** @typedef {import('../panels/table.js').Row} Row @typedef {import('../element/state.js').Trace} Trace */

/** @param {App} app @param {Scope} scope @returns {{ fromNs: number, toNs: number }} whole nanoseconds */
export function scopeRange(app, scope) {
  const { trace, window, range } = app.state;
  const durationNs = trace?.overview.durationNs ?? 0;
  const all = { fromNs: 0, toNs: durationNs };
  const given =
    scope === 'range' ? range : scope === 'window' ? (window ?? app.view?.window) : null;
  const { fromNs, toNs } = given ?? all;
  return { fromNs: Math.floor(Math.max(0, fromNs)), toNs: Math.ceil(toNs) };
}

/** What groups of events are called. @param {Trace} trace @param {string} group @param {number} key */
function nameOf({ overview }, group, key) {
  return group === 'category' ? overview.categories[key].name : overview.names[key];
}

/** @param {Trace} trace @param {string} group @param {Row[]} rows */
const named = (trace, group, rows) =>
  withShares(
    rows.map((row) => ({
      ...row,
      name: nameOf(trace, group, row.key),
      hue: trace.overview.categories[row.category].hue,
    })),
  );

/** @param {App} app @param {Scope} scope @param {string} [group] @returns {Row[] | undefined} undefined: being counted, for the first time */
export function rowsOf(app, scope, group = app.state.settings.group) {
  const { trace, version } = app.state;
  if (!trace) return [];
  if (group === 'operation') return operationRows(trace.overview.operations);
  const { fromNs, toNs } = scopeRange(app, scope);
  const by = group === 'category' ? 'category' : 'name';
  const key = `${version} ${by} ${fromNs} ${toNs}`;
  const { value, last } = app.answers.of(`table ${scope} ${by}`, key, async () =>
    named(trace, by, await trace.statistics(fromNs, toNs, by)),
  );
  return value ?? last;
}

/** How many events a scope has. @param {App} app @param {Scope} scope */
export function countIn(app, scope) {
  return rowsOf(app, scope, 'category')?.reduce((sum, { count }) => sum + count, 0);
}
