/**
 * Numbers as a person would say them: durations with three significant digits, counts with
 * separated thousands. Pure.
 */

const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const UNITS = /** @type {const} */ ([
  ['ns', 1],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
]);
const MINUTE_NS = 60e9;
const HOUR_NS = 3600e9;

/** @param {number} count */
export function formatCount(count) {
  return COUNT.format(count);
}

/** "1 event", "2 events". @param {number} count @param {string} one @param {string} [many] */
export function formatNumber(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** @param {number} value below 1000 */
function threeDigits(value) {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {number} ns at least two minutes @returns {string} */
function formatLong(ns) {
  const [unit, name, below, part] =
    ns < 2 * HOUR_NS - 0.5e9 ? [MINUTE_NS, 'min', 1e9, 's'] : [HOUR_NS, 'h', MINUTE_NS, 'min'];
  const parts = Math.round(ns / below);
  const each = unit / below;
  const whole = COUNT.format(Math.floor(parts / each));
  return `${whole} ${name} ${String(parts % each).padStart(2, '0')} ${part}`;
}

/**
 * "842 ns", "1.30 ms", "2.41 s", "2 min 05 s".
 * @param {number} ns
 * @param {number} [resolutionNs] of the clock: below it, only "≤ 1.00 µs" is known
 * @returns {string}
 */
export function formatDuration(ns, resolutionNs = 0) {
  if (ns < 0) return `−${formatDuration(-ns)}`;
  if (ns < resolutionNs) return `≤ ${formatDuration(resolutionNs)}`;
  if (ns < 999.5)
    return `${Number.isInteger(ns) || ns >= 100 ? ns.toFixed(0) : threeDigits(ns)} ns`;
  for (const [name, unit] of UNITS.slice(1)) {
    if (ns / unit < 999.5 && (name !== 's' || ns < 2 * MINUTE_NS))
      return `${threeDigits(ns / unit)} ${name}`;
  }
  return formatLong(ns);
}

/** "2 min", "1 h 05 min". @param {number} minutes an integer */
function formatMinutes(minutes) {
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return `${COUNT.format(hours)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/**
 * A moment with as many digits as the time step needs: "12.400 31 s" is 12 s 400 ms 310 µs, to 10
 * µs; late ones with minutes and hours: "1 h 05 min 12.4 s".
 * @param {number} ns @param {number} stepNs @returns {string}
 */
export function formatTime(ns, stepNs) {
  const digits = Math.min(
    9,
    Math.max(0, -Math.floor(Math.log10(Math.max(stepNs, 1) / 1e9) + 1e-9)),
  );
  const [whole, fraction = ''] = Math.abs(ns / 1e9)
    .toFixed(digits)
    .split('.');
  const sign = ns < 0 && Number(`${whole}.${fraction}`) !== 0 ? '−' : '';
  const groups = fraction.replace(/(\d{3})(?=\d)/g, '$1\u2009');
  const part = groups ? `.${groups}` : '';
  const minutes = Math.floor(Number(whole) / 60);
  if (minutes < (stepNs >= MINUTE_NS ? 1 : 2)) return `${sign}${whole}${part} s`;
  const seconds = Number(whole) % 60;
  const words = `${sign}${formatMinutes(minutes)}`;
  if (stepNs >= MINUTE_NS && seconds === 0) return words;
  return `${words} ${String(seconds).padStart(2, '0')}${part} s`;
}

/** A counter's value, without useless digits. @param {number} value @returns {string} */
export function formatValue(value) {
  const format = Number.isInteger(value) ? COUNT : DIGITS;
  return format.format(value + 0).replace('-', '−'); // 0 instead of -0
}
