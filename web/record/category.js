/** Categories as people write them: printed or long names, in any case. */

/** As they are printed. @typedef {'SYSCALL' | 'PROCESS' | 'MEMORY' | 'TIMER' | 'SIGNAL' | 'SCHED' | 'FILE' | 'IPC' | 'COMP' | 'CUSTOM'} CategoryName */
/** @typedef {CategoryName | 'SCHEDULER' | 'COMPOSITOR'} LongName */
/** A name as in CONTRACT.md, in upper or lower case or with a capital, or its number. @typedef {LongName | Lowercase<LongName> | Capitalize<Lowercase<LongName>> | number} Category */
/** @typedef {import('../module/memory.js').Memory} Memory */

/** @param {Memory} memory @param {Category} category @returns {number} */
export function categoryCode(memory, category) {
  if (typeof category === 'number') return category;
  const code = memory.categoryCodes.get(category) ?? memory.categoryCodes.get(String(category).toUpperCase());
  if (code === undefined) throw new RangeError(`category: ${JSON.stringify(category) ?? typeof category} is none of ${memory.constants.categories.map((/** @type {any} */ one) => one.name).join(', ')}`);
  memory.categoryCodes.set(category, code);
  return code;
}

/** The set of several. @param {Memory} memory @param {Category | Category[]} categories */
export function categoryMask(memory, categories) {
  const list = Array.isArray(categories) ? categories : [categories];
  return list.reduce((/** @type {number} */ mask, category) => mask | (1 << categoryCode(memory, category)), 0);
}
