/**
 * Compares two ranges or traces by name: what took more in one than in the other. Pure, except for
 * the columns' texts.
 */

/** @typedef {import('./table.js').Column} Column @typedef {import('./table.js').Row} Row */

/** @type {Column[]} */
export const COMPARED_COLUMNS = [
  { id: 'name', title: 'name', kind: 'text' },
  { id: 'count', title: 'count', kind: 'count' },
  { id: 'countB', title: 'count B', kind: 'count' },
  { id: 'errors', title: 'failed', kind: 'count' },
  { id: 'errorsB', title: 'failed B', kind: 'count' },
  { id: 'totalNs', title: 'total', kind: 'time' },
  { id: 'totalNsB', title: 'total B', kind: 'time' },
  { id: 'delta', title: 'Δ', kind: 'change', help: 'Total B minus total; sorted by its size' },
  { id: 'part', title: 'Δ %', kind: 'percent', help: 'Change relative to the first total' },
];

/**
 * A row for each name that occurs in either.
 * @param {Row[]} rows @param {Row[]} others
 * @param {(row: Row) => unknown} [same] the key that pairs rows of both; not a number if they are
 *   of two traces
 * @returns {Row[]}
 */
export function compared(rows, others, same = ({ key }) => key) {
  const first = new Map(rows.map((row) => [same(row), row]));
  const second = new Map(others.map((row) => [same(row), row]));
  return [...new Set([...first.keys(), ...second.keys()])].map((key) => {
    const a = first.get(key);
    const b = second.get(key);
    const { key: number, name, hue, category } = /** @type {Row} */ (a ?? b);
    const { count = 0, errors = 0, totalNs = 0 } = a ?? {};
    const { count: countB = 0, errors: errorsB = 0, totalNs: totalNsB = 0 } = b ?? {};
    const delta = totalNsB - totalNs;
    const part = totalNs > 0 ? (100 * delta) / totalNs : null;
    return /** @type {Row} */ ({
      ...{ key: number, name, hue, category, count, countB, errors, errorsB, totalNs, totalNsB },
      ...{ delta, part, longest: -1 },
    });
  });
}
