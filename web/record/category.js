/** Categories as people write them: printed or long names, in any case; and names of one's own. */

/** As they are printed. @typedef {'SYSCALL' | 'PROCESS' | 'MEMORY' | 'TIMER' | 'SIGNAL' | 'SCHED' | 'FILE' | 'IPC' | 'COMP' | 'CUSTOM'} CategoryName */
/** @typedef {CategoryName | 'SCHEDULER' | 'COMPOSITOR'} LongName */
/** A name as in CONTRACT.md, in upper or lower case or with a capital, or its number. @typedef {LongName | Lowercase<LongName> | Capitalize<Lowercase<LongName>> | number} Category */
/**
 * A category of one's own, such as "http" or "render": events are CUSTOM, with it as their label. One with capitals alone is
 * taken for a mistake.
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
  throw new RangeError(`category: ${given} is none of ${memory.constants.categories.map((/** @type {any} */ one) => one.name).join(', ')}${hint}`);
}

/** @param {Memory} memory @param {Category} category @returns {number} */
export function categoryCode(memory, category) {
  return typeof category === 'number' ? category : (known(memory, category) ?? refuse(memory, category));
}

/**
 * The code, and the label of one's own category: empty for the others.
 * @param {Memory} memory @param {string | number} category @returns {{ code: number, label: string }}
 */
export function codeAndLabel(memory, category) {
  const code = typeof category === 'number' ? category : known(memory, category);
  if (code !== undefined) return { code, label: '' };
  if (typeof category !== 'string' || category === category.toUpperCase())
    refuse(memory, category, typeof category === 'string' && category ? '; a category of your own has small letters' : '');
  return { code: categoryCode(memory, OWN), label: category };
}

/** The set of several. @param {Memory} memory @param {Category | Category[]} categories */
export function categoryMask(memory, categories) {
  const list = Array.isArray(categories) ? categories : [categories];
  return list.reduce((/** @type {number} */ mask, category) => mask | (1 << categoryCode(memory, category)), 0);
}
