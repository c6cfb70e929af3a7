/**
 * The categories and tracks that a filter hides: a filter uses names and ids, which stay the same
 * while a live trace grows; indices into lists do not. Pure.
 */

/**
 * @typedef {import('./types.js').Filter} Filter
 * @typedef {import('./types.js').HiddenPlaces} HiddenPlaces
 */

/** @type {Filter} hides nothing */
export const EVERYTHING = { hidden: [], who: '', minDurationNs: 0, text: '', query: '' };

/** @param {Filter} one @param {Filter} other */
export const isSame = (one, other) =>
  one.minDurationNs === other.minDurationNs &&
  one.text === other.text &&
  (one.query ?? '') === (other.query ?? '') &&
  one.who === other.who &&
  String(one.hidden) === String(other.hidden);

/**
 * @param {Filter} filter
 * @param {Pick<import('./types.js').Overview, 'categories' | 'tracks'>} overview
 * @returns {HiddenPlaces}
 */
export function placesOf({ hidden, who }, { categories, tracks }) {
  const isShown = (/** @type {import('./types.js').Track} */ { pid, tid }) =>
    !who || who === `p${pid}` || who === `t${pid}.${tid}`;
  return {
    hiddenCategories: categories.flatMap(({ name }, at) => (hidden.includes(name) ? [at] : [])),
    hiddenTracks: tracks.flatMap((track, at) => (isShown(track) ? [] : [at])),
  };
}
