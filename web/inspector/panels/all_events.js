/** All rows of the events table, for copying. */
import { unlessAborted } from '../element/work.js';
import { valuesOf } from './event_columns.js';

const AT_ONCE = 20_000; // rows per question

/**
 * Rows in the table's order; undefined: the order changed meanwhile.
 * @param {import('../element/app.js').App} app @param {import('./event_order.js').EventOrder} order
 * @returns {Promise<Record<string, unknown>[] | undefined>}
 */
export async function allRows(app, order) {
  const { trace, version } = app.state;
  if (!trace) return undefined;
  const { made } = order;
  const rows = [];
  let some;
  do {
    some = await unlessAborted(trace.rows(rows.length, AT_ONCE));
    if (!some) return undefined;
    rows.push(...some);
  } while (some.length === AT_ONCE);
  const isMixed = version !== app.state.version || made !== order.made;
  if (isMixed && rows.length > AT_ONCE) return undefined;
  return rows.map((row) => valuesOf(row, trace.overview));
}
