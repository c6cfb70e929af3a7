/** Notes on how a trace was read, in words. */

/**
 * @typedef {object} Note
 * @property {string} text a sentence for one occurrence, without its full stop
 * @property {number} count of occurrences
 * @property {string} unit what of the file is numbered: "event", "line", "packet"
 * @property {number} event number of the first affected one, from 1; 0: none
 * @property {number} byte where that begins; -1: none
 */

const grouped = (/** @type {number} */ number) => number.toLocaleString('en');

/**
 * @param {Note} note "An end without a beginning is left out: 3 times, first in event 12 at byte
 *   1,204"
 */
export function noteWords({ text, unit, count, event, byte }) {
  const place = [
    ...(event ? [`in ${unit} ${grouped(event)}`] : []),
    ...(byte < 0 ? [] : [`at byte ${grouped(byte)}`]),
  ].join(' ');
  if (count === 1) return place ? `${text} (${place})` : text;
  return `${text}: ${grouped(count)} times${place ? `, first ${place}` : ''}`;
}
