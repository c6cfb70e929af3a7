/** The cost of recording calls of a module's functions as spans. The recorder reads the clock twice per call: compared
 * with as many bare readings. */
import { Tracer, instrument, traceFunctions } from '../../build/web/ringscope.js';
import { compare } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

// (module (func $f (export "f") (param i32) (result i32) (local.get 0))
//   (func (export "loop") (param i32) (loop $again (drop (call $f (local.get 0)))
//     (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
const SHORT = [0, 97, 115, 109, 1, 0, 0, 0, 1, 10, 2, 96, 1, 127, 1, 127, 96, 1, 127, 0, 3, 3, 2, 0, 1, 7, 12, 2, 1, 102, 0, 0, 4, 108, 111, 111, 112, 0, 1,
  10, 26, 2, 4, 0, 32, 0, 11, 19, 0, 3, 64, 32, 0, 16, 0, 26, 32, 0, 65, 1, 107, 34, 0, 13, 0, 11, 11];
// The same with (loop) in f, which could be a long one, so that each call is measured.
const MEASURED = [...SHORT.slice(0, 40), 29, 2, 7, 0, 3, 64, 11, ...SHORT.slice(44)];
const FOREVER_NS = 1e12;

/** A loop of calls that are traced. @param {Tracer} tracer @param {number} minNs @param {number[]} [bytes] */
function tracedLoop(tracer, minNs, bytes = MEASURED) {
  const module = new WebAssembly.Module(/** @type {any} */ (instrument(Uint8Array.from(bytes), 'f', { minNs }).bytes)), instance = new WebAssembly.Instance(module);
  traceFunctions(tracer, module, instance);
  return /** @type {any} */ (instance.exports).loop;
}

/** @param {Tracer} tracer that is enabled @param {any} loops of bench.wasm @returns {Row[]} */
export function functionRows(tracer, loops) {
  const of = 'two bare clock readings', bound = /** @type {const} */ ('ratio');
  const twice = (/** @type {number} */ count) => loops.bench_bare_clock(2 * count);
  return [
    { bench: 'functions.call', unit: 'ns', of, bound, limit: 1.3, measure: () => compare(tracedLoop(tracer, 0), twice) },
    { bench: 'functions.not_kept', unit: 'ns', of, bound, limit: 1.15, measure: () => compare(tracedLoop(tracer, FOREVER_NS), twice) },
    { bench: 'functions.counted', unit: 'ns', of, bound, limit: 0.1, measure: () => compare(tracedLoop(tracer, FOREVER_NS, SHORT), twice) },
  ];
}
