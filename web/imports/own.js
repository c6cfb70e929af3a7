/**
 * Looks up a name that comes from outside: every object inherits toString, but no table has such an entry.
 * @template T
 * @param {Record<string, T>} table @param {string} name
 * @returns {T | undefined}
 */
export function own(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
