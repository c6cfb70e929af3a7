/** Rows as a table for people, or as one object per line for programs. */
import { atLeast } from './harness.js';

/** @param {string} engine @param {boolean} json */
export function printer(engine, json) {
  return {
    /** @param {string} text */
    heading: (text) => (json ? undefined : console.log(`\n${engine}: ${text}`)),
    /** @param {any} line */
    row: (line) => console.log(json ? JSON.stringify({ ...line, bench: `${engine}.${line.bench}` }) : table(line)),
  };
}

/** @param {any} line */
function table({ bench, value, spread, unit, ratio, of, limit, bound, ok }) {
  const relation = of ? ` of ${of}` : '';
  const factor = ratio === undefined ? '' : ` ${bound === 'cheaper' ? `${ratio} × cheaper than ${of}` : `${ratio} ×${relation}`}`;
  const sign = bound && atLeast(bound) ? '≥' : '≤';
  const verdict = bound ? ` (${sign} ${limit}${bound === 'excess' ? ` above ${of}` : ''}) ${ok ? 'ok' : 'MISSED'}` : '';
  return `${bench.padEnd(24)} ${String(value).padStart(9)} ${unit} ± ${spread}${factor}${verdict}`;
}
