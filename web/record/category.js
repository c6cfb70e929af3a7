/** Categories as users write them: printed or long names, in any case, and categories of the program's own. */

/** As they are printed. @typedef {'SYSCALL' | 'PROCESS' | 'MEMORY' | 'TIMER' | 'SIGNAL' | 'SCHED' | 'FILE' | 'IPC' | 'COMP' | 'CUSTOM'} CategoryName */
/** @typedef {CategoryName | 'SCHEDULER' | 'COMPOSITOR'} LongName */
/** A name as in CONTRACT.md, in upper or lower case or with a capital, or its number. @typedef {LongName | Lowercase<LongName> | Capitalize<Lowercase<LongName>> | number} Category */
/**
 * A category of the program's own, such as "http" or "render": its events are CUSTOM, with it as their label. A name in
 * capitals only is taken for a mistake.
 * @template {string} T
 * @typedef {T extends Uppercase<T> ? never : T} OwnCategory
 */
/** @typedef {import('../module/memory.js').Memory} Memory */

const OWN = 'CUSTOM';

/** @param {Memory} memory @param {unknown} category */
function known(memory, category) {
  if (typeof category !== 'string') return undefined;
  return memory.categoryCodes.get(category) ?? inCapitals(memory, category);
}

/** @param {Memory} memory @param {string} category */
function inCapitals(memory, category) {
  const code = memory.categoryCodes.get(category.toUpperCase());
  if (code !== undefined) memory.categoryCodes.set(category, code);
  return code;
}

/** @param {Memory} memory @param {unknown} category @param {string} [hint] @returns {never} */
function refuse(memory, category, hint = '') {
  const given = JSON.stringify(category) ?? typeof category;
  throw new RangeError(`category: ${given} is not one of ${memory.constants.categories.map((/** @type {any} */ one) => one.name).join(', ')}${hint}`);
}

/** @param {Memory} memory @param {Category} category @returns {number} */
export function categoryCode(memory, category) {
  return typeof category === 'number' ? category : (known(memory, category) ?? refuse(memory, category));
}

/**
 * The category's code, and the label if it is the program's own, else an empty one.
 * @param {Memory} memory @param {string | number} category @returns {{ code: number, label: string }}
 */
export function codeAndLabel(memory, category) {
  const code = typeof category === 'number' ? category : known(memory, category);
  if (code !== undefined) return { code, label: '' };
  if (typeof category !== 'string' || category === category.toUpperCase())
    refuse(memory, category, typeof category === 'string' && category ? '; write a category of your own in lower case' : '');
  return { code: categoryCode(memory, OWN), label: category };
}

/** The bit mask of one or several categories. @param {Memory} memory @param {Category | Category[]} categories */
export function categoryMask(memory, categories) {
  const list = Array.isArray(categories) ? categories : [categories];
  return list.reduce((/** @type {number} */ mask, category) => mask | (1 << categoryCode(memory, category)), 0);
}
