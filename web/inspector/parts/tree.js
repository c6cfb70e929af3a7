/** The Tree: its data, and what a click on a cell does. */
import { html, nothing } from 'lit';
import { callTree, cellAt, listed } from '../panels/call_tree.js';
import { renderTree } from '../panels/tree.js';
import { treeRows } from '../panels/tree_table.js';
import { counting } from './counting.js';
import { scopeOf, scopeRange, scopesOf, takesTime } from './tables.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/** @typedef {import('../panels/call_tree.js').Cell} Cell */
/**
 * @typedef {{ label: string, focus: Cell, upwards?: boolean, from?: number }} Part one tree shown
 */

/** The sandwich's name, or -1. @param {App} app */
function nameOf({ state: { trace, settings } }) {
  return settings.of === '' || !trace ? -1 : trace.overview.names.indexOf(settings.of);
}

/** The trace's answer or, until it arrives, the part there is. @param {App} app */
function nodesOf(app) {
  const { trace, version, settings } = app.state;
  if (!trace) return undefined;
  const { tree: way, threads } = settings;
  const scope = scopeOf(app);
  const name = nameOf(app);
  if (way === 'sandwich' && name < 0) return undefined;
  const { fromNs, toNs } = scopeRange(app, scope);
  const perThread = threads && way !== 'sandwich';
  const asked = way === 'sandwich' ? name : undefined;
  const hits = scope === 'hits';
  const only = /** @type {import('../trace/types.js').Only} */ (
    !trace.overview.hasSamples ? 'all' : settings.samples ? 'samples' : 'calls'
  );
  const request = { fromNs, toNs, perThread, way, name: asked, hits, only };
  const search = hits ? `${settings.find} ${app.state.hits.done}` : '';
  const key = `${version} ${JSON.stringify(request)} ${search}`;
  const held = app.answers.of(
    `tree ${way} ${request.name}`,
    key,
    ({ signal, report, progress }) => {
      /** @param {{ share: number, nodes?: import('../trace/types.js').TreeNode[] }} part */
      const tell = (part) => {
        progress(part.share);
        report(part);
      };
      return trace.tree(request, { signal, report: tell });
    },
    takesTime(trace, 'Building the tree'),
  );
  if (held.givenUp) return { givenUp: true };
  return { ...(held.value ?? held.last), givenUp: false };
}

/**
 * The trees to show; undefined while nothing is known of them.
 * @param {App} app @returns {Part[] | undefined}
 */
export function partsOf(app) {
  const { trace, settings, treeFocus } = app.state;
  const answer = trace && nodesOf(app);
  if (!answer) return undefined;
  const { overview } = trace;
  if (settings.tree === 'sandwich') {
    const { callers, callees } = answer;
    if (!callers || !callees) return undefined;
    const above = callTree(callers, overview, { inverted: true, weight: 'totalNs' })?.children[0];
    const below = callTree(callees, overview, { inverted: false, weight: 'totalNs' })?.children[0];
    if (!above || !below) return [];
    return [
      { label: `Callers of ${settings.of}`, focus: above, upwards: true, from: 1 },
      { label: `What ${settings.of} called`, focus: below, from: 2 },
    ];
  }
  if (!answer.nodes) return undefined;
  const inverted = settings.tree === 'inverted';
  const weight = inverted ? 'selfNs' : 'totalNs';
  const root = callTree(answer.nodes, overview, { inverted, weight });
  const label = inverted ? 'Callers by name' : 'Calls by path';
  return root ? [{ label, focus: cellAt(root, treeFocus) }] : [];
}

/** Names with a hit in the scope. @param {App} app @returns {ReadonlySet<number>} */
function foundIn(app) {
  const { trace, version, settings, hits } = app.state;
  if (!trace || settings.find === '' || hits.hits === 0) return new Set();
  const { fromNs, toNs } = scopeRange(app, scopeOf(app));
  const key = `${version} ${settings.find} ${fromNs} ${toNs}`;
  const { value } = app.answers.of('tree hits', key, async () => {
    const rows = await trace.statistics(fromNs, toNs, 'name', { hits: true });
    return new Set(rows.map((row) => row.key));
  });
  return value ?? new Set();
}

/**
 * The message in place of a tree, or ''.
 * @param {App} app @param {Actions} actions @param {Part[] | undefined} parts
 */
function wordsOf(app, actions, parts) {
  if (app.state.settings.tree === 'sandwich' && nameOf(app) < 0)
    return 'Type a name, or focus a cell of another tree and ask for its callers and callees.';
  if (parts === undefined) return counting(nodesOf(app)?.givenUp === true, actions);
  return parts.length === 0 ? 'There are no spans here.' : '';
}

/** @param {App} app @param {Actions} actions */
export function treePanel(app, actions) {
  const { trace, settings, treeClosed } = app.state;
  if (!trace) return nothing;
  const parts = partsOf(app);
  /**
   * Also resets focus and closed rows: their keys mean something else in another tree.
   * @param {Partial<import('../element/settings.js').Settings>} change
   */
  const set = (change) => {
    if ('tree' in change || 'threads' in change || 'samples' in change)
      app.update({ treeFocus: '', treeClosed: new Set() });
    actions.set(change);
  };
  const sandwich = (/** @type {string} */ of) => set({ tree: 'sandwich', of });
  const nameAt = (/** @type {string} */ key) => trace.overview.names[Number(key.split('/').at(-1))];
  const given = {
    ...{
      way: settings.tree,
      threads: settings.threads,
      samples: trace.overview.hasSamples ? settings.samples : undefined,
      asTable: settings.asTable,
      scopes: scopesOf(app),
    },
    ...{ scope: scopeOf(app), of: settings.of, names: trace.overview.names, parts },
    ...{ words: wordsOf(app, actions, parts), found: foundIn(app), closed: treeClosed },
  };
  return html`${renderTree(given, {
    set,
    sandwich,
    cell: (key) => {
      if (settings.tree !== 'sandwich') app.update({ treeFocus: key });
      else if (nameAt(key) !== undefined) sandwich(nameAt(key));
    },
    close: (key) => {
      const closed = new Set(treeClosed);
      if (!closed.delete(key)) closed.add(key);
      app.update({ treeClosed: closed });
    },
    longest: ({ longest }) => actions.zoomTo(longest),
  })}`;
}

/** The visible tree, for copying. @param {App} app @param {boolean} indented */
export function copiedTree(app, indented) {
  const parts = partsOf(app) ?? [];
  const several = parts.length > 1;
  return parts.flatMap(({ label, focus }) => treeRows(focus, indented, several ? { label } : {}));
}

/** Whether there is anything to copy. @param {App} app */
export const hasTree = (app) => (partsOf(app) ?? []).some(({ focus }) => listed(focus).length > 0);
