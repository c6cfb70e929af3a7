/** The cost of tracing for a module that calls its imports, and of record() compared with event(). Measured against
 * bare calls, in one run. */
import { Tracer, traceImports } from '../../build/web/ringscope.js';
import { compare } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

// (module (import "a" "f" (func $f (param i32) (result i32)))
//   (func (export "loop") (param i32) (loop $again (drop (call $f (local.get 0)))
//     (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
const CALLS_IN_A_LOOP = [0, 97, 115, 109, 1, 0, 0, 0, 1, 10, 2, 96, 1, 127, 1, 127, 96, 1, 127, 0, 2, 7, 1, 1, 97, 1, 102, 0, 0, 3, 2, 1, 1, 7, 8, 1, 4, 108, 111,
  111, 112, 0, 1, 10, 21, 1, 19, 0, 3, 64, 32, 0, 16, 0, 26, 32, 0, 65, 1, 107, 34, 0, 13, 0, 11, 11];
// (module (import "a" "f" (func (param i32))) (func (export "g") (param i32) (call 0 (local.get 0))))
const CALLS_ONCE = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 127, 0, 2, 7, 1, 1, 97, 1, 102, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 103, 0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11];
const PATH = '/etc/passwd';
const DIVES = 40;

/** @param {number[]} bytes @param {any} imports @returns {any} */
const instantiated = (bytes, imports) => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), imports).exports;
const trivial = () => ({ a: { f: (/** @type {number} */ x) => x | 1 } });
const quiet = { warn: () => {} };

/** The pair of readings that any measurement takes. @param {number} count */
function clockPairs(count) {
  const clock = performance;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += clock.now() - clock.now();
  return sum;
}

/** A WASI call with a path. @param {Tracer} tracer @param {any} options */
function pathCalls(tracer, options) {
  const imports = { wasi_snapshot_preview1: { path_create_directory: () => 0 } };
  const call = traceImports(imports, tracer, { ...quiet, ...options }).wasi_snapshot_preview1.path_create_directory;
  return (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) /** @type {any} */ (call)(3, 64, PATH.length);
  };
}

/** The depth to which a module and its import can call each other. @param {(imports: any) => any} traced */
function depth(traced) {
  let deepest = 0, g = (/** @type {number} */ _) => {};
  const imports = { a: { f: (/** @type {number} */ at) => {
    deepest = Math.max(deepest, at);
    g(at + 1);
  } } };
  ({ g } = instantiated(CALLS_ONCE, traced(imports)));
  for (let i = 0; i < DIVES; i++) {
    try {
      g(1);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // the end of the stack is what this looks for
    }
  }
  return deepest;
}

/** @param {Tracer} tracer enabled @param {Tracer} disabled @param {{ chromium: boolean }} where @returns {Row[]} */
export function callRows(tracer, disabled, { chromium }) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new TextEncoder().encodeInto(PATH, new Uint8Array(memory.buffer, 64, PATH.length));
  const event = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) tracer.event('FILE', 'open');
  };
  const whole = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) tracer.record({ category: 'FILE', name: 'open' });
  };
  const stamps = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) /** @type {any} */ (console).timeStamp('open', i, i, 'bench');
  };
  /** @type {Row[]} */
  const rows = [
    { bench: 'record.whole', unit: 'ns', of: 'event()', bound: 'ratio', limit: 10, measure: () => compare(whole, event) },
    { bench: 'imports.no_detail', unit: 'ns', of: 'a pair of clock readings', bound: 'ratio', limit: 1.6, measure: () => compare(pathCalls(tracer, { memory, details: false }), clockPairs) },
    { bench: 'imports.path', unit: 'ns', of: 'a pair of clock readings', bound: 'ratio', limit: 5, measure: () => compare(pathCalls(tracer, { memory }), clockPairs) },
    { bench: 'imports.no_memory', unit: 'ns', of: 'a pair of clock readings', bound: 'ratio', limit: 2, measure: () => compare(pathCalls(tracer, {}), clockPairs) },
    { bench: 'imports.disabled', unit: 'ns', of: 'the bare call', bound: 'ratio', limit: 1.15, measure: () =>
      compare(instantiated(CALLS_IN_A_LOOP, traceImports(trivial(), disabled, quiet)).loop, instantiated(CALLS_IN_A_LOOP, trivial()).loop) },
    { bench: 'imports.recursion', unit: 'levels', of: 'untraced', bound: 'least', limit: 0.75, measure: () => {
      const bare = depth((imports) => imports), value = depth((imports) => traceImports(imports, tracer, quiet));
      return { value, least: value / bare };
    } },
  ];
  if (chromium) rows.push({ bench: 'glue.timeStamp', unit: 'ns', of: 'console.timeStamp', bound: 'ratio', limit: 1.5, measure: () => compare(event, stamps) });
  return rows;
}
