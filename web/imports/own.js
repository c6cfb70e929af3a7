/**
 * What a table has under a name that others chose: toString is in no table, but in every object.
 * @template T
 * @param {Record<string, T>} table @param {string} name
 * @returns {T | undefined}
 */
export function own(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
