/** Copies the visible table, whole. */
import { COLUMNS as EVENT_COLUMNS } from '../panels/event_columns.js';
import { FORMS, tableText } from '../panels/copying.js';
import { COMPARED_COLUMNS } from '../panels/compare.js';
import { comparedFiles } from './files.js';
import { comparedRows } from './range.js';
import { COLUMNS, OPERATION_COLUMNS } from '../panels/groups.js';
import { sorted } from '../panels/table.js';
import { ask } from '../element/work.js';
import { TREE_COLUMNS } from '../panels/tree_table.js';
import { rowsOf, scopeOf } from './tables.js';
import { copiedTree, hasTree } from './tree.js';

/**
 * @typedef {import('../element/app.js').App} App
 * @typedef {import('../element/actions.js').Actions} Actions
 */
/**
 * @typedef {import('../panels/table.js').Column} Column
 * @typedef {import('../panels/table.js').Row} Row
 */
/** @typedef {import('../panels/copying.js').Form} Form */

const MAKING = 'The table is not ready yet: please copy it in a moment.';

/** @param {Row[] | undefined} rows @param {string} sort */
const sortedBy = (rows, sort) => rows && sorted(rows, sort);

/**
 * The visible panel as a table, or null.
 * @param {App} app @param {import('../panels/events.js').EventsPanel} events
 * @returns {((form: Form) => Promise<{ columns: Column[], rows: object[] | undefined }>) | null}
 *   rows: undefined while they are being made
 */
function tableIn(app, events) {
  const { settings, range } = app.state;
  const { tab, group, sort } = settings;
  if (tab === 'events') {
    const columns = EVENT_COLUMNS.map(
      ({ id }) => /** @type {Column} */ ({ id, title: id, kind: 'text' }),
    );
    return async () => ({ columns, rows: await events.all() });
  }
  if (tab === 'tree' && hasTree(app)) {
    const level = /** @type {Column} */ ({ id: 'level', title: 'level', kind: 'count' });
    const label = /** @type {Column} */ ({ id: 'label', title: 'part', kind: 'text' });
    const columns = [...(settings.tree === 'sandwich' ? [label] : []), level, ...TREE_COLUMNS];
    return async (form) => ({ columns, rows: copiedTree(app, form === 'TSV') });
  }
  if (tab === 'table' || (tab === 'selection' && range)) {
    const ranges = tab === 'selection' && settings.other !== null;
    if (ranges || (tab === 'table' && app.state.otherTrace))
      return async () => ({
        columns: COMPARED_COLUMNS,
        rows: sortedBy(ranges ? comparedRows(app) : comparedFiles(app), app.state.comparedBy),
      });
    const by = tab === 'selection' ? 'name' : group;
    const columns = by === 'operation' ? OPERATION_COLUMNS : COLUMNS;
    const scope = tab === 'selection' ? 'range' : scopeOf(app);
    return async () => ({ columns, rows: sortedBy(rowsOf(app, scope, by), sort) });
  }
  return null;
}

/**
 * @param {App} app @param {Actions} actions
 * @param {import('../panels/events.js').EventsPanel} events
 */
export function copyItems(app, actions, events) {
  const table = tableIn(app, events);
  if (!table) return [];
  return FORMS.map((form) => ({
    words: `Copy as ${form}`,
    act: async () => {
      const { trace } = app.state;
      const taken = await ask(app, table(form));
      if (!taken || trace !== app.state.trace) return;
      const { columns, rows } = taken;
      if (rows) await actions.copyText(tableText(columns, rows, form), 'Table');
      else app.say(MAKING, true);
    },
  }));
}
