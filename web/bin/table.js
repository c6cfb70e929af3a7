/** The calls that were made, most frequent first, as text. */

const COLUMNS = ['calls', 'errors', 'total ms', 'mean ms', 'max ms'];
const WIDTH = 10;

/** @param {Record<string, import('../read/types.js').OperationStats>} stats as Tracer.stats() has them */
export function callTable(stats) {
  const calls = Object.values(stats).filter(({ count }) => count > 0).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  if (calls.length === 0) return '';
  const longest = Math.max(...calls.map(({ name }) => name.length));
  const row = (/** @type {string} */ name, /** @type {(string | number)[]} */ cells) => `${name.padEnd(longest)}${cells.map((cell) => String(cell).padStart(WIDTH)).join('')}\n`;
  const rows = calls.map(({ name, count, errors, total_time: total, avg_time: mean, max_time: max }) =>
    row(name, [count, errors, ...[total, mean, max].map((ms) => ms.toFixed(3))]));
  return `\n--- Calls ---\n${row('', COLUMNS)}${rows.join('')}`;
}
