/** Which of the ten hues an event gets: by category, name, failure, or duration. Pure. */

/**
 * @typedef {import('../trace/types.js').Overview} Overview
 * @typedef {'category' | 'name' | 'failure' | 'duration'} Colouring
 */

const HUES = 10;
const FAILED = 1;
const FAILED_HUE = 4;
const FINE_HUE = 6;

/**
 * The default: by name if the trace has only one category.
 * @param {Pick<Overview, 'categories'>} overview @returns {Colouring}
 */
export const colouringOf = ({ categories }) =>
  categories.filter(({ count }) => count > 0).length > 1 ? 'category' : 'name';

/** Every trace gives the same name the same hue. @param {string} name */
export function hueOfName(name) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES;
}

/** Shortest first: less than 1 µs, 10 µs, … @type {readonly number[]} */
const DURATION_HUES = [4, 6, 5, 3, 2, 9, 7];

/** @param {number} ns */
export function hueOfDuration(ns) {
  const step = Math.floor(Math.log10(Math.max(ns, 1)) - 2);
  return DURATION_HUES[Math.min(Math.max(step, 0), DURATION_HUES.length - 1)];
}

/**
 * @param {Colouring} by @param {Overview} overview
 * @returns {(geometry: import('../trace/types.js').Geometry, at: number) => number} the hue of an
 *   item
 */
export function colourer(by, { categories, names }) {
  if (by === 'failure') return ({ flags }, at) => (flags[at] & FAILED ? FAILED_HUE : FINE_HUE);
  if (by === 'duration') return ({ durationNs }, at) => hueOfDuration(durationNs[at]);
  if (by === 'category') return ({ category }, at) => categories[category[at]]?.hue ?? 0;
  const hues = new Uint8Array(names.length).fill(HUES);
  return ({ name }, at) => {
    const id = name[at];
    if (hues[id] === HUES) hues[id] = hueOfName(names[id]);
    return hues[id];
  };
}
