/** What is measured, in Node and in Chromium alike. */
import { Tracer, traceImports, tracerImports } from '../../build/web/ringscope.js';
import { compare } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

const DETAIL = '/etc/passwd'; // 11 bytes
const MARKS_BETWEEN_CLEARS = 1000;

/** @param {any} source of bench.wasm */
async function loadLoops(source) {
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
    { bench: 'kernel_time.event', unit: ns, bound: 'value', limit: 6, measure: () => compare(loops.bench_own_clock_event) },
    { bench: 'site.disabled', unit: ns, of: 'loop.empty', bound: 'excess', limit: 1, measure: () => compare(loops.bench_event, loops.bench_empty) },
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

/** Calls an import with an fd, an address and a size, so often. @param {any} imports */
function callingLoop(imports) {
  const call = imports.wasi_snapshot_preview1.path_create_directory;
  return (/** @type {number} */ count) => {
    for (let i = 0; i < count; i++) call(3, 64, DETAIL.length);
  };
}

/** What tracing adds to a call. @param {Tracer} tracer @returns {Row[]} */
function importRows(tracer) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new TextEncoder().encodeInto(DETAIL, new Uint8Array(memory.buffer, 64, 11));
  const imports = { wasi_snapshot_preview1: { path_create_directory: () => 0 } };
  const loop = (/** @type {any} */ options) => callingLoop(options ? traceImports(imports, tracer, { memory, ...options }) : imports);
  return [
    { bench: 'imports.plain', unit: 'ns', of: 'the call', bound: 'excess', limit: 300, measure: () => compare(loop({ details: false }), loop(null)) },
    { bench: 'imports.detail', unit: 'ns', of: 'the call', bound: 'excess', limit: 800, measure: () => compare(loop({}), loop(null)) },
  ];
}

/** @param {number[]} samples */
const median = (samples) => samples.toSorted((a, b) => a - b)[samples.length >> 1];

/** ms of work, several times. @param {() => void} work */
function milliseconds(work) {
  const samples = [];
  for (let i = 0; i < 15; i++) {
    const start = performance.now();
    work();
    samples.push(performance.now() - start);
  }
  return { value: median(samples.slice(3)), spread: 0 };
}

/** @param {Tracer} tracer @returns {Row[]} */
function readRows(tracer) {
  for (let i = 0; i < 1000; i++) tracer.event('FILE', 'open', `/etc/passwd.${i}`);
  return [
    { bench: 'read.events.1000', unit: 'ms', bound: 'value', limit: 5, measure: () => milliseconds(() => tracer.events({ last: 1000 })) },
    { bench: 'read.columns.1m', unit: 'ms', bound: 'value', limit: 100, measure: async () => {
      const large = await Tracer.load({ capacityEvents: 1 << 20 });
      large.enable();
      for (let i = 0; i < 1 << 20; i++) large.event('FILE', 'open');
      const result = milliseconds(() => large.columns());
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
  return [...moduleRows(loops, where), ...glueRows(tracer, where), ...importRows(tracer), ...readRows(tracer)];
}
