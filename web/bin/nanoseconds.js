/** The value of --min-ns. */

/** @param {string | undefined} text @returns {number | undefined} undefined if it is not given */
export function nanoseconds(text) {
  if (text === undefined) return undefined;
  const ns = Number(text);
  if (!(Number.isSafeInteger(ns) && ns >= 0)) throw new Error(`--min-ns ${text}: not a whole number of nanoseconds`);
  return ns;
}
