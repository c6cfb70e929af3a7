/** Selects functions by patterns: "sqlite3*,!*Mutex*". */

/** @param {string} pattern * stands for any text */
const matcher = (pattern) => new RegExp(`^${pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('.*')}$`, 's');

/**
 * Patterns separated by commas; those after ! exclude functions. If all patterns exclude, the rest is selected.
 * @param {string} patterns
 * @returns {(name: string) => boolean}
 */
export function selection(patterns) {
  if (typeof patterns !== 'string') throw new TypeError(`functions: must be patterns such as 'sqlite3*,!*Mutex*', not ${typeof patterns}`);
  const words = patterns.split(',').map((word) => word.trim()).filter(Boolean);
  const not = words.filter((word) => word.startsWith('!')).map((word) => matcher(word.slice(1)));
  const wanted = words.filter((word) => !word.startsWith('!')).map(matcher);
  return (name) => (wanted.length === 0 || wanted.some((each) => each.test(name))) && !not.some((each) => each.test(name));
}
