/**
 * The ruler's ticks: steps of 1, 2 or 5, a unit that depends on the zoom alone, so that nothing
 * jumps while panning. Pure.
 *
 *     12.4 s                        12.401 s            bases: whole thousands of the unit
 *     |    200 µs    400 µs   …     |    200 µs         ticks: from their base on;
 *                                                             whole minutes have none
 */
import { formatTime } from './format.js';

/**
 * @typedef {{ stepNs: number, unit: string, unitNs: number, baseNs: number }} Steps
 * @typedef {{ timeNs: number, label: string }} Tick
 */

const UNITS = /** @type {const} */ ([
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
]);

const VALUE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** Steps of a clock, in minutes; beyond these, whole days. */
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
const MINUTE_NS = 60e9;
const DAY_NS = 1440 * MINUTE_NS;

/** @param {number} leastNs @returns {Steps} */
function longSteps(leastNs) {
  const minutes = MINUTES.find((each) => each * MINUTE_NS >= leastNs);
  const stepNs = minutes ? minutes * MINUTE_NS : Math.ceil(leastNs / DAY_NS) * DAY_NS;
  return { stepNs, unit: 'min', unitNs: MINUTE_NS, baseNs: 0 };
}

/**
 * The smallest step of 1, 2 or 5 that is at least this wide, and never finer than the clock.
 * @param {number} nsPerPx @param {number} leastPx between ticks @param {number} resolutionNs
 * @returns {Steps}
 */
export function chooseSteps(nsPerPx, leastPx, resolutionNs) {
  const least = Math.max(nsPerPx * leastPx, resolutionNs, 1);
  if (least > 50e9) return longSteps(least);
  const power = 10 ** Math.floor(Math.log10(least) + 1e-12);
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  const stepNs = factor * power;
  const [unit, unitNs] = UNITS.find(([, ns]) => stepNs >= ns) ?? UNITS[3];
  return { stepNs, unit, unitNs, baseNs: unit === 's' ? MINUTE_NS : unitNs * 1000 };
}

/**
 * @param {import('./scale.js').TimeWindow} window @param {number} everyNs
 * @returns {number[]} multiples within the window
 */
function multiples(window, everyNs) {
  const result = [];
  const last = Math.floor(window.toNs / everyNs);
  for (let index = Math.ceil(window.fromNs / everyNs); index <= last; index++)
    result.push(index * everyNs);
  return result;
}

/** @param {number} ns @param {Steps} steps */
function tickLabel(ns, { stepNs, unit, unitNs, baseNs }) {
  if (unit === 'min') return formatTime(ns, stepNs);
  // times before the trace count from its beginning
  const shown = baseNs && ns >= 0 ? ns - Math.floor(ns / baseNs) * baseNs : ns;
  const value = Math.round((shown / unitNs) * 1000) / 1000;
  return `${VALUE.format(value)} ${unit}`.replace('-', '−');
}

/** @param {import('./scale.js').TimeWindow} window @param {Steps} steps @returns {Tick[]} */
export function ticksIn(window, steps) {
  return multiples(window, steps.stepNs).map((timeNs) => ({
    timeNs,
    label: tickLabel(timeNs, steps),
  }));
}

/**
 * The bases in the window, preceded by the one that it begins in.
 * @param {import('./scale.js').TimeWindow} window @param {Steps} steps @returns {Tick[]}
 */
export function basesIn(window, { baseNs }) {
  if (!baseNs) return [];
  const first = Math.max(0, Math.floor(window.fromNs / baseNs) * baseNs);
  const times = multiples(window, baseNs).filter((timeNs) => timeNs >= 0);
  if (times[0] !== first) times.unshift(first);
  return times.map((timeNs) => ({ timeNs, label: formatTime(timeNs, baseNs) }));
}

const APART_PX = 12;
const ASIDE_PX = 160; // a text farther from its moment would seem to belong to another

/**
 * Where a text goes: at this place, or where the texts that are there already end, which it joins.
 * Null: that is too far away.
 * @param {number} left @param {number} width @param {[number, number][]} taken from left to right
 */
export function placeText(left, width, taken) {
  let x = left;
  for (const [from, to] of taken) if (x < to && x + width > from) x = to;
  if (x > left + ASIDE_PX) return null;
  taken.push([x, x + width + APART_PX]);
  taken.sort(([a], [b]) => a - b);
  return x;
}
