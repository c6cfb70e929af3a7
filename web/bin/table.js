/** A table of the calls, as text. */
import { printable } from '../read/printable.js';

/** @typedef {import('../read/types.js').OperationStats} OperationStats */

const COLUMNS = ['calls', 'errors', 'total ms', 'mean ms', 'p99 ms', 'max ms'];
const WIDTH = 10;

/** The keys to sort a table by, highest value first. @type {Record<string, (stats: OperationStats) => number>} */
export const SORT_KEYS = {
  total: (stats) => stats.total_time,
  count: (stats) => stats.count,
  errors: (stats) => stats.errors,
  max: (stats) => stats.max_time,
  p99: (stats) => stats.p99 ?? -1,
};

/** @param {Record<string, OperationStats>} stats from Tracer.stats() @param {string} [key] of SORT_KEYS */
export function callTable(stats, key = 'count') {
  const value = SORT_KEYS[key];
  const calls = Object.values(stats).filter(({ count }) => count > 0).sort((a, b) => value(b) - value(a) || (a.name < b.name ? -1 : 1));
  if (calls.length === 0) return '';
  const names = calls.map(({ name }) => printable(name)), longest = Math.max(...names.map((name) => name.length));
  const row = (/** @type {string} */ name, /** @type {(string | number)[]} */ cells) => `${name.padEnd(longest)}${cells.map((cell) => String(cell).padStart(WIDTH)).join('')}\n`;
  const rows = calls.map(({ count, errors, total_time: total, avg_time: mean, p99, max_time: max }, i) =>
    row(names[i], [count, errors, ...[total, mean, p99, max].map((ms) => ms?.toFixed(3) ?? '-')]));
  return `${row('', COLUMNS)}${rows.join('')}`;
}
