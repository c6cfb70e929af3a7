/** Rounds, sittings, medians, and rows as native-tests/bench prints them. Runs in Node and in browsers. */

const ROUNDS = 31;
const BATCH_MS = 2; // well above the resolution that browsers give performance.now()
const PAIRS = 9; // of work that takes longer than a batch by itself

const SITTINGS_MIN = 5;
const SITTINGS_MAX = 40;
const SITTINGS_AGREE = 1.01;
const BETWEEN_SITTINGS_MS = 100;
const LONGEST_MS = 60_000; // no more sittings after that, so that a row's time is bounded

/** @typedef {(count: number) => void} Loop does something count times */
/** @typedef {{ value: number, spread: number, excess: number, ratio: number, cheaper: number }} Result */

/** Their median and interquartile range. @param {number[]} samples */
function conclude(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.floor((sorted.length - 1) * part)];
  return { value: at(0.5), spread: at(0.75) - at(0.25) };
}

/** ratio: value over base; cheaper: base over value. @param {number[]} values @param {number[]} bases each beside its value; or empty @returns {Result} */
export function concludePairs(values, bases) {
  const each = (/** @type {(value: number, base: number) => number} */ of) => (bases.length ? conclude(values.map((value, i) => of(value, bases[i]))).value : 0);
  return { ...conclude(values), excess: each((v, b) => v - b), ratio: each((v, b) => v / b), cheaper: each((v, b) => b / v) };
}

/**
 * The sitting in which the subject was fastest. A neighbour on the processor core's other hardware thread slows code,
 * but not the clock, for seconds, so that a single sitting says little, and other load can only add to a time. They end
 * when the two fastest agree: a single one may have been fast by chance.
 * @param {() => Result | Promise<Result>} sit
 */
export async function settled(sit) {
  const until = performance.now() + LONGEST_MS;
  let best = await sit(), second = Infinity;
  for (let count = 1; count < SITTINGS_MIN || (second > best.value * SITTINGS_AGREE && count < SITTINGS_MAX && performance.now() < until); count++) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_SITTINGS_MS));
    const now = await sit();
    second = Math.min(second, Math.max(now.value, best.value));
    if (now.value < best.value) best = now;
  }
  return best;
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

/** Alternates batches of the loop and its base. @param {Loop} loop @param {Loop} [base] */
export function compare(loop, base) {
  const count = batchSize(loop), baseCount = base ? batchSize(base) : 0;
  return settled(() => {
    /** @type {number[]} */ const values = [];
    /** @type {number[]} */ const bases = [];
    for (let round = 0; round < ROUNDS; round++) {
      values.push(time(loop, count));
      if (base) bases.push(time(base, baseCount));
    }
    return concludePairs(values, bases);
  });
}

/** The same in ms, for work that is long enough by itself. @param {() => void} work @param {() => void} base */
export function compareOnce(work, base) {
  const ms = (/** @type {() => void} */ what) => time(what, 1) / 1e6;
  for (let i = 0; i < 3; i++) [work, base].forEach(ms);
  return settled(() => {
    const pairs = Array.from({ length: PAIRS }, () => [ms(work), ms(base)]);
    return concludePairs(pairs.map(([value]) => value), pairs.map(([, value]) => value));
  });
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
