/** Rounds, medians, and rows as native-tests/bench prints them. Runs in Node and in browsers. */

const ROUNDS = 101;
const BATCH_MS = 2; // well above the resolution that browsers give performance.now()

/** @typedef {(count: number) => void} Loop does something count times */

/** Their median and interquartile range. @param {number[]} samples */
export function conclude(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.floor((sorted.length - 1) * part)];
  return { value: at(0.5), spread: at(0.75) - at(0.25) };
}

/** ns per iteration. @param {Loop} loop @param {number} count */
function time(loop, count) {
  const start = performance.now();
  loop(count);
  return ((performance.now() - start) * 1e6) / count;
}

/** The number of iterations that fill a batch; warms the loop up on the way. @param {Loop} loop */
function batchSize(loop) {
  let count = 100;
  for (;;) {
    const ns = time(loop, count) * count;
    if (ns > BATCH_MS * 1e6) break;
    count = Math.ceil(count * Math.min(10, Math.max(1.5, (BATCH_MS * 1e6) / Math.max(ns, 1000))));
  }
  for (let i = 0; i < 10; i++) time(loop, count);
  return count;
}

/**
 * Alternates batches of the loop and its base, so that a neighbour on the machine does not decide the result. ratio:
 * base over value, how many times cheaper; otherwise value over base.
 * @param {Loop} loop @param {Loop} [base]
 */
export function compare(loop, base) {
  const count = batchSize(loop), baseCount = base ? batchSize(base) : 0;
  /** @type {number[]} */ const values = [];
  /** @type {number[]} */ const bases = [];
  for (let round = 0; round < ROUNDS; round++) {
    values.push(time(loop, count));
    if (base) bases.push(time(base, baseCount));
  }
  const result = conclude(values);
  if (!base) return { ...result, excess: 0, ratio: 0, cheaper: 0 };
  const each = (/** @type {(value: number, base: number) => number} */ of) => conclude(values.map((value, i) => of(value, bases[i]))).value;
  return { ...result, excess: each((v, b) => v - b), ratio: each((v, b) => v / b), cheaper: each((v, b) => b / v) };
}

/** @param {number} number */
export const rounded = (number) => Number(number.toPrecision(4));

/**
 * @typedef {object} Row
 * @property {string} bench
 * @property {string} unit
 * @property {() => Promise<any> | any} measure
 * @property {'size' | 'excess' | 'ratio' | 'cheaper' | 'least'} [bound] what the limit bounds: a size, or a ratio to
 *   something measured in the same run (cheaper and least: at least that), because a time says more about the machine
 *   than about us
 * @property {number} [limit]
 * @property {string} [of]
 */

/** @param {string} bound */
export const atLeast = (bound) => bound === 'cheaper' || bound === 'least';

/** @param {Row} row @param {any} result */
function report(row, result) {
  const { bench, unit, bound, limit, of } = row;
  const value = bound === 'excess' ? result.excess : result.value;
  const bounded = !bound ? 0 : bound === 'size' ? result.value : result[bound];
  const ok = !bound || (atLeast(bound) ? bounded >= Number(limit) : bounded <= Number(limit));
  const ratio = bound === 'ratio' || (bound && atLeast(bound)) ? { ratio: rounded(bounded) } : {};
  return { bench, value: rounded(value), spread: rounded(result.spread ?? 0), unit, ...ratio, ...(of && { of }),
    ...(bound && { limit, bound }), ok };
}

/** @param {Row[]} rows @param {(line: any) => void} print */
export async function run(rows, print) {
  let ok = true;
  for (const row of rows) {
    const line = report(row, await row.measure());
    ok &&= line.ok;
    print(line);
  }
  return ok;
}
