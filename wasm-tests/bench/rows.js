/** The rows that are measured both in Node and in Chromium. */
import { Tracer, traceImports, tracerImports } from '../../build/web/ringscope.js';
import { callRows } from './calls.js';
import { functionRows } from './functions.js';
import { compare, compareOnce } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

const DETAIL = '/etc/passwd'; // 11 bytes
const MARKS_BETWEEN_CLEARS = 1000;

/** @param {any} source of bench.wasm */
export async function loadLoops(source) {
  const imports = tracerImports();
  Object.assign(imports.env, { bench_emscripten_now: () => performance.now(), bench_constant: () => 1 });
  const { exports } = /** @type {any} */ (await WebAssembly.instantiate(await WebAssembly.compile(source), imports));
  exports._initialize();
  exports.bench_init();
  return exports;
}

/** @param {any} loops @param {any} loop */
function enabled(loops, loop) {
  return (/** @type {number} */ count) => {
    loops.bench_enable(true);
    loop(count);
    loops.bench_enable(false);
  };
}

/** In C, inside a module. @param {any} loops @param {{ chromium: boolean }} where @returns {Row[]} */
function moduleRows(loops, { chromium }) {
  const event = enabled(loops, loops.bench_event);
  const ns = 'ns';
  return [
    { bench: 'import.constant', unit: ns, measure: () => compare(loops.bench_constant_import) },
    { bench: 'clock.bare', unit: ns, measure: () => compare(loops.bench_bare_clock) },
    { bench: 'clock.emscripten', unit: ns, measure: () => compare(loops.bench_emscripten_clock) },
    { bench: 'clock.recorder', unit: ns, of: 'clock.emscripten', measure: () => compare(loops.bench_recorder_clock, loops.bench_emscripten_clock),
      ...(chromium && { bound: 'ratio', limit: 0.55 }) },
    { bench: 'record.event', unit: ns, of: 'clock.bare', bound: 'excess', limit: 5, measure: () => compare(event, loops.bench_bare_clock) },
    { bench: 'record.detail', unit: ns, of: 'clock.bare', measure: () => compare(enabled(loops, loops.bench_event_detail), loops.bench_bare_clock) },
    { bench: 'record.span', unit: ns, of: 'clock.bare', measure: () => compare(enabled(loops, loops.bench_span), loops.bench_bare_clock) },
    { bench: 'kernel_time.event', unit: ns, of: 'plain ring', bound: 'ratio', limit: 6, measure: () => compare(loops.bench_own_clock_event, loops.bench_plain_ring) },
    { bench: 'site.disabled', unit: ns, of: 'plain site', bound: 'ratio', limit: 2, measure: () => compare(loops.bench_event, loops.bench_plain_site) },
  ];
}

/** @param {any} [detail] */
function marks(detail) {
  const options = detail && { detail };
  return (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) {
      performance.mark('open', options);
      if (i % MARKS_BETWEEN_CLEARS === 0) performance.clearMarks();
    }
    performance.clearMarks();
  };
}

/** From JavaScript. @param {Tracer} tracer @param {{ chromium: boolean }} where @returns {Row[]} */
function glueRows(tracer, { chromium }) {
  const event = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) tracer.event('FILE', 'open');
  };
  const detailed = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) tracer.event('FILE', 'open', DETAIL);
  };
  const span = (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) tracer.span('FILE', 'open').end();
  };
  return [
    { bench: 'mark', unit: 'ns', measure: () => compare(marks()) },
    { bench: 'glue.event', unit: 'ns', of: 'mark', bound: 'cheaper', limit: chromium ? 30 : 3.5, measure: () => compare(event, marks()) },
    { bench: 'glue.detail', unit: 'ns', of: 'mark with a detail', bound: 'cheaper', limit: chromium ? 30 : 5,
      measure: () => compare(detailed, marks(DETAIL)) },
    { bench: 'glue.span', unit: 'ns', measure: () => compare(span) },
  ];
}

/** Calls an import that many times, with an fd, an address and a size. @param {any} imports */
function callingLoop(imports) {
  const call = imports.wasi_snapshot_preview1.path_create_directory;
  return (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) call(3, 64, DETAIL.length);
  };
}

/** The obvious wrapper: the time before and after, and the path as a text. @param {any} imports
 * @param {WebAssembly.Memory} memory @param {boolean} details */
function wrappedPlainly(imports, memory, details) {
  const { path_create_directory: call } = imports.wasi_snapshot_preview1, decoder = new TextDecoder();
  /** @type {any[]} */ const ring = [];
  let head = 0;
  return { wasi_snapshot_preview1: { path_create_directory: (/** @type {number} */ fd, /** @type {number} */ at, /** @type {number} */ size) => {
    const start = performance.now(), result = call(fd, at, size), durationMs = performance.now() - start;
    const detail = details ? decoder.decode(new Uint8Array(memory.buffer, at, size)) : '';
    ring[head++ % 1000] = { name: 'path_create_directory', start, durationMs, result, detail };
    return result;
  } } };
}

/** A traced call. @param {Tracer} tracer @returns {Row[]} */
function importRows(tracer) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new TextEncoder().encodeInto(DETAIL, new Uint8Array(memory.buffer, 64, 11));
  const imports = { wasi_snapshot_preview1: { path_create_directory: () => 0 } };
  const loop = (/** @type {any} */ options) => callingLoop(traceImports(imports, tracer, { memory, ...options }));
  const plainly = (/** @type {boolean} */ details) => callingLoop(wrappedPlainly(imports, memory, details));
  return [
    { bench: 'imports.plain', unit: 'ns', of: 'a plain wrapper', bound: 'ratio', limit: 3, measure: () => compare(loop({ details: false }), plainly(false)) },
    { bench: 'imports.detail', unit: 'ns', of: 'a plain wrapper', bound: 'ratio', limit: 2, measure: () => compare(loop({}), plainly(true)) },
  ];
}

/** @param {Tracer} tracer @returns {Row[]} */
function readRows(tracer) {
  for (let i = 0; i < 1000; i++) tracer.event('FILE', 'open', `/etc/passwd.${i}`);
  return [
    { bench: 'read.events.1000', unit: 'ms', of: 'JSON.parse', bound: 'ratio', limit: 10, measure: () => {
      const text = JSON.stringify(tracer.events({ last: 1000 }));
      return compareOnce(() => tracer.events({ last: 1000 }), () => JSON.parse(text));
    } },
    { bench: 'read.columns.1m', unit: 'ms', of: 'a copy of them', bound: 'ratio', limit: 4, measure: async () => {
      const large = await Tracer.load({ capacityEvents: 1 << 20 });
      large.enable();
      for (let i = 0; i < 1 << 20; i++) large.event('FILE', 'open');
      const columns = Object.values(large.columns()).filter(ArrayBuffer.isView);
      const result = await compareOnce(() => large.columns(), () => columns.forEach((column) => /** @type {any} */ (column).slice()));
      large.dispose();
      return result;
    } },
  ];
}

/** @param {any} source of bench.wasm @param {{ chromium: boolean }} where */
export async function allRows(source, where) {
  const loops = await loadLoops(source);
  const tracer = await Tracer.load({ capacityEvents: 4096 });
  tracer.enable();
  const disabled = await Tracer.load();
  return [...moduleRows(loops, where), ...glueRows(tracer, where), ...importRows(tracer), ...callRows(tracer, disabled, where), ...functionRows(tracer, loops), ...readRows(tracer)];
}
