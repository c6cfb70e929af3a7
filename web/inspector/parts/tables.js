/** The table's rows: counted by the trace, named here. */
import { term } from '../element/terms.js';
import { shortName } from '../timeline/names.js';
import { isWaiting } from '../trace/waiting.js';
import { operationRows, withShares } from '../panels/groups.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/settings.js').Scope} Scope
 */
/**
 * @typedef {import('../panels/table.js').Row} Row
 * @typedef {import('../trace/types.js').Statistic} Statistic
 * @typedef {import('../trace/types.js').Only} Only
 * @typedef {import('../element/state.js').Trace} Trace
 */

/** other: the second range, for comparison @typedef {Scope | 'other'} Part */

/**
 * @param {App} app @param {Part} scope
 * @returns {{ fromNs: number, toNs: number }} whole nanoseconds
 */
export function scopeRange(app, scope) {
  const { trace, window, range, settings } = app.state;
  const given =
    scope === 'other'
      ? settings.other
      : scope === 'range'
        ? range
        : scope === 'window'
          ? (window ?? app.view?.window)
          : null;
  return wholeNs(given, trace);
}

/**
 * In whole nanoseconds; of the whole trace if none is given.
 * @param {{ fromNs: number, toNs: number } | null | undefined} range @param {Trace | null} trace
 */
export function wholeNs(range, trace) {
  const { fromNs, toNs } = range ?? { fromNs: 0, toNs: trace?.overview.durationNs ?? 0 };
  return { fromNs: Math.floor(Math.max(0, fromNs)), toNs: Math.ceil(toNs) };
}

/**
 * The effective scope: one that does not exist falls back to all.
 * @param {App} app @returns {Scope}
 */
export function scopeOf({ state: { settings, range, wrong } }) {
  const { scope, find } = settings;
  if (scope === 'range' && !range) return 'all';
  return scope === 'hits' && (find === '' || wrong !== '') ? 'all' : scope;
}

/** The possible scopes, each with its number of events. @param {App} app */
export function scopesOf(app) {
  const { range, settings, wrong } = app.state;
  const possible = {
    all: true,
    window: true,
    range: range !== null,
    hits: settings.find !== '' && wrong === '',
  };
  return /** @type {Scope[]} */ (Object.keys(possible)).map((id) => {
    const enabled = possible[id];
    return { id, words: id, enabled, count: enabled ? countIn(app, id) : undefined };
  });
}

/**
 * The trace's own number for it, or '' where the trace uses words instead.
 * @param {{ numbered: boolean }} given @param {number} number
 */
const numberOf = ({ numbered }, number) => (numbered ? String(number) : '');

/** The name of a group. @param {Trace} trace @param {string} group @param {Statistic} row */
function nameOf({ overview }, group, { key, text }) {
  const { categories, names, processes } = overview;
  if (group === 'category') return categories[key].name;
  if (group === 'name') return names[key];
  if (group === 'work') return names[key >> 1];
  if (group === 'process') {
    const process = processes[key];
    return `${shortName(text) || 'process'} ${numberOf(process, process.pid)}`.trim();
  }
  return group === 'thread' ? threadName(overview, key) : text;
}

/**
 * "worker 4217 · server".
 * @param {import('../trace/types.js').Overview} overview @param {number} at of its track
 */
export function threadName({ processes, tracks }, at) {
  const track = tracks[at];
  const process = processes[track.process]?.name ?? '';
  const whose = process === '' || track.name === process ? '' : ` · ${shortName(process)}`;
  return `${shortName(track.name) || 'thread'} ${numberOf(track, track.tid)}`.trim() + whose;
}

/**
 * A search for the events of one error.
 * @param {string} [error] "(failed)": without a name; '': they did not fail
 */
const failureTerm = (error = '') =>
  !error ? '-failed' : error.startsWith('E') ? `failed "= -1 ${error}"` : 'failed';

/**
 * The search that a click on a row starts; '': none.
 * @param {Trace} trace @param {string} group @param {Pick<Row, 'name' | 'key' | 'text'>} row
 */
export function findOf({ overview: { processes, tracks } }, group, { name, key, text }) {
  if (group === 'name') return term('name', name);
  if (group === 'detail') return text && term('detail', text);
  if (group === 'process') {
    const process = processes[key];
    return process.numbered ? `pid:${process.pid}` : term('process', process.name);
  }
  if (group === 'error') return failureTerm(text);
  if (group !== 'thread') return '';
  const track = tracks[key];
  return track.numbered ? `pid:${track.pid} tid:${track.tid}` : term('thread', track.name);
}

const COLOURED = ['name', 'category'];
const GROUPS = ['name', 'category', 'process', 'thread', 'work', 'detail', 'error'];

/** @param {Trace} trace @param {string} group @param {Statistic[]} rows */
const named = (trace, group, rows) =>
  withShares(
    rows.map((row) => {
      const name = nameOf(trace, group, row);
      return {
        ...row,
        name,
        waits: group === 'work' && (row.key % 2 === 1 || isWaiting(name)),
        ...(COLOURED.includes(group) ? { hue: trace.overview.categories[row.category].hue } : {}),
      };
    }),
  );

/**
 * @param {App} app @param {Part} scope @param {string} [group] @param {Only} [only]
 * @returns {Row[] | undefined} undefined: being counted for the first time, or given up
 */
export function rowsOf(app, scope, group = app.state.settings.group, only = 'all') {
  const { trace } = app.state;
  if (!trace) return [];
  if (group === 'operation') return operationRows(trace.overview.operations);
  const { value, last, givenUp } = answerOf(app, trace, scope, group, only);
  return givenUp ? undefined : (value ?? last);
}

/**
 * Whether a person gave up counting it.
 * @param {App} app @param {Part} scope @param {string} [group] @param {Only} [only]
 */
export function isGivenUp(app, scope, group = app.state.settings.group, only = 'all') {
  const { trace } = app.state;
  return Boolean(
    trace && group !== 'operation' && answerOf(app, trace, scope, group, only).givenUp,
  );
}

/**
 * The message for long work; '' in a trace that grows, where it restarts with every step.
 * @param {Trace} trace @param {string} what
 */
export const takesTime = ({ live }, what) => (live && !live.paused ? '' : what);

/**
 * @param {App} app @param {Trace} trace @param {Part} scope @param {string} group
 * @param {Only} [only]
 */
function answerOf(app, trace, scope, group, only = 'all') {
  const { version, settings, hits: found } = app.state;
  const { fromNs, toNs } = scopeRange(app, scope);
  const by = /** @type {import('../trace/types.js').GroupKey} */ (
    GROUPS.includes(group) ? group : 'name'
  );
  const hits = scope === 'hits';
  const search = hits ? `${settings.find} ${found.done}` : '';
  const key = `${version} ${by} ${fromNs} ${toNs} ${search}`;
  return app.answers.of(
    `table ${scope} ${by} ${only}`,
    key,
    async ({ signal, progress }) => {
      const report = (/** @type {{ share: number }} */ { share }) => progress(share);
      const how = { hits, only, signal, report };
      return named(trace, by, await trace.statistics(fromNs, toNs, by, how));
    },
    takesTime(trace, 'Counting'),
  );
}

/** The number of events in a scope. @param {App} app @param {Part} scope */
export function countIn(app, scope) {
  return rowsOf(app, scope, 'category')?.reduce((sum, { count }) => sum + count, 0);
}
