/** ./dev bench wasm, in Node: prints one row per line; --json prints objects. Words select rows. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { gzipSync } from 'node:zlib';
import { inPackage, inProject } from '../support/paths.js';
import { run } from './harness.js';
import { garbageRows } from './garbage.js';
import { printer } from './print.js';
import { nativeRows } from './beside_native.js';
import { allRows, loadLoops } from './rows.js';
import { sqliteRows } from './sqlite.js';

const print = printer('node', process.argv.includes('--json'));
const where = { chromium: false };
print.heading(`${cpus()[0].model}, ${cpus().length} processors; Node ${process.version}, V8 ${process.versions.v8}`);
const size = { bench: 'ringscope.wasm.gzip', unit: 'KiB', bound: /** @type {const} */ ('size'), limit: 60,
  measure: () => ({ value: gzipSync(readFileSync(inPackage('ringscope.wasm')), { level: 9 }).length / 1024 }) };
const module = readFileSync(inProject('build/wasm/tests/bench.wasm'));
const rows = [size, ...(await allRows(module, where)), ...nativeRows(await loadLoops(module)), ...garbageRows(), ...sqliteRows()];
const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const ok = await run(rows.filter(({ bench }) => !only.length || only.some((word) => bench.startsWith(word))), print.row);
process.exitCode = ok ? 0 : 1;
