/** Categories as people write them: printed or long names, in any case. */

/** @typedef {string | number} Category a name as in CONTRACT.md, in any case, or its number */
/** @typedef {import('../module/memory.js').Memory} Memory */

/** @param {Memory} memory @param {Category} category @returns {number} */
export function categoryCode(memory, category) {
  if (typeof category === 'number') return category;
  const code = memory.categoryCodes.get(category) ?? memory.categoryCodes.get(String(category).toUpperCase());
  if (code === undefined) throw new RangeError(`no category ${category}`);
  memory.categoryCodes.set(category, code);
  return code;
}

/** The set of several. @param {Memory} memory @param {Category | Category[]} categories */
export function categoryMask(memory, categories) {
  const list = Array.isArray(categories) ? categories : [categories];
  return list.reduce((/** @type {number} */ mask, category) => mask | (1 << categoryCode(memory, category)), 0);
}
