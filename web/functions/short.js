/**
 * Finds functions that cannot take long: without loops, and without calls but of such functions, so that each of their
 * instructions runs at most once. Whoever wants no short calls need not read the clock for theirs.
 */

/** @typedef {import('./instructions.js').Traits} Traits */

/** More than compilers without optimizations need on old processors: to call a long function short would be wrong. */
const NS_PER_INSTRUCTION = 2;
const INSTRUCTIONS_MAX = 10000; // however long a call may be: bounds the search, too

/**
 * @param {Traits[]} traits of the functions that the module defines @param {number} imported the number of those before them
 * @param {number} minNs
 * @returns {boolean[]} for each, whether its calls take less than minNs
 */
export function findShort(traits, imported, minNs) {
  const limit = Math.min(minNs / NS_PER_INSTRUCTION, INSTRUCTIONS_MAX);
  /** Infinity: beyond the limit, or being looked at, as in a recursion. @type {number[]} */
  const known = [];
  const cost = (/** @type {number} */ i) => {
    if (known[i] !== undefined) return known[i];
    known[i] = Infinity;
    if (!traits[i].bounded) return Infinity;
    let sum = traits[i].instructions;
    for (const callee of traits[i].calls) {
      if (sum >= limit) return Infinity;
      sum += callee < imported ? Infinity : cost(callee - imported);
    }
    if (sum < limit) known[i] = sum;
    return known[i];
  };
  return traits.map((_, i) => cost(i) < limit);
}
