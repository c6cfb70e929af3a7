/** traceImports(): a module's calls of its host are recorded, and nothing else changes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { traceImports } from '../build/web/ringscope.js';
import { inPackage, inProject } from './support/paths.js';
import { Tracer, fakeTracer } from './support/tracer.js';

const require = createRequire(import.meta.url);
const shape = (events) => events.map(({ category, name, detail, duration }) => [category, name, detail, duration]);

test('a call is a span and one call of an operation; arguments, result and the rest stay', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const object = {};
  const imports = { host: { add: (a, b) => ((clock.ms += 2), a + b), memory, constant: 5, object: () => object } };
  const traced = traceImports(imports, tracer);
  assert.equal(traced.host.add(2, 3), 5);
  assert.equal(traced.host.object(), object);
  assert.equal(traced.host.memory, memory);
  assert.equal(traced.host.constant, 5);
  assert.deepEqual(shape(tracer.events()), [['CUSTOM', 'add', undefined, 2], ['CUSTOM', 'object', undefined, 0]]);
  assert.deepEqual([tracer.stats().add.count, tracer.stats().add.total_time, tracer.summary().syscall_count], [1, 2, 2]);
});

test('calls nest, and exceptions unwind them', async (t) => {
  const { tracer } = await fakeTracer(t);
  const traced = traceImports({ env: {
    outer: () => traced.env.inner(),
    inner: () => {
      throw new Error('from within');
    },
    exit: () => {
      throw new Error('leaves');
    },
  } }, tracer);
  assert.throws(() => traced.env.outer(), /from within/);
  assert.throws(() => traced.env.exit(3), /leaves/);
  assert.deepEqual(tracer.openSpans(), []);
  assert.deepEqual(shape(tracer.events()).map(([category, name, detail]) => [category, name, detail]),
    [['CUSTOM', 'inner', undefined], ['CUSTOM', 'outer', undefined], ['PROCESS', 'exit', '3']]);
  const { inner, outer, exit } = tracer.stats();
  assert.deepEqual([inner.errors, outer.errors, exit.errors], [1, 1, 0]);
});

test('WASI calls are decoded, counted with errors and bytes', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer).set(new TextEncoder().encode('etc/pässwd'), 100);
  const results = { path_open: 44, fd_read: 0, fd_seek: 0 };
  const wasi = Object.fromEntries(Object.keys(results).map((name) => [name, () => results[name]]));
  const { wasi_snapshot_preview1: traced } = traceImports({ wasi_snapshot_preview1: wasi }, tracer, { memory });
  assert.equal(traced.path_open(3, 0, 100, 11, 0, 0n, 0n, 0, 200), 44);
  results.path_open = 0;
  view.setUint32(200, 4, true);
  traced.path_open(3, 0, 100, 3, 0, 0n, 0n, 0, 200);
  view.setUint32(200, 4096, true);
  traced.fd_read(4, 0, 1, 200);
  view.setUint32(204, 1, true);
  traced.fd_seek(4, -8n, 2, 200);
  assert.deepEqual(shape(tracer.events()).map(([category, name, detail]) => [category, name, detail]), [
    ['FILE', 'path_open', 'etc/pässwd = ENOENT'], ['FILE', 'path_open', 'etc = 4'], ['FILE', 'fd_read', '4 = 4096'],
    ['FILE', 'fd_seek', '4 END -8 = 4294971392']]);
  const { bytes_read, syscall_count, syscall_errors } = tracer.summary();
  assert.deepEqual([bytes_read, syscall_count, syscall_errors], [4096, 4, 1]);
});

test('addresses that lead nowhere do no harm', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { wasi_unstable: traced } = traceImports({ wasi_unstable: { path_open: () => 0, fd_read: () => 0 } }, tracer, { memory });
  assert.equal(traced.path_open(3, 0, 0xfffffff0, 0x7fffffff, 0, 0n, 0n, 0, 0xffffffff), 0);
  assert.equal(traced.fd_read(4, 0, 1, -4), 0);
  assert.equal(tracer.events().length, 2);
});

test('without a memory, and without details, calls are still seen', async (t) => {
  const { tracer } = await fakeTracer(t);
  const wasi = { path_open: () => 44 };
  traceImports({ wasi_snapshot_preview1: wasi }, tracer).wasi_snapshot_preview1.path_open(3, 0, 100, 11, 0, 0n, 0n, 0, 200);
  traceImports({ wasi_snapshot_preview1: wasi }, tracer, { details: false }).wasi_snapshot_preview1.path_open(3, 0, 100, 11);
  assert.equal(tracer.events()[1].detail, undefined);
  assert.equal(tracer.summary().syscall_errors, 2);
});

test('a caller may describe its own functions, or leave them alone', async (t) => {
  const { tracer } = await fakeTracer(t);
  const imports = { game: { draw: (x) => x, tick: () => 0 } };
  const traced = traceImports(imports, tracer, {
    describe: (module, name) => (name === 'tick' ? null : { category: 'COMP', given: (_, args) => `x ${args[0]}` }),
  });
  traced.game.draw(7);
  assert.equal(traced.game.tick, imports.game.tick);
  assert.deepEqual(shape(tracer.events()), [['COMP', 'draw', 'x 7', 0]]);
});

test('what is wrong in a description is said once, and no call is lost', async (t) => {
  const bad = { NONE: /"NONE" is not one of/, 99: /category 99, which does not exist/, '-1': /category -1/, '': /"" is not one of/ };
  for (const [given, message] of Object.entries(bad)) {
    const { tracer } = await fakeTracer(t), warnings = [], category = /\d/.test(given) ? Number(given) : given;
    const { game } = traceImports({ game: { draw: (x) => x, tick: () => 0 } }, tracer, { describe: () => ({ category }), warn: (text) => warnings.push(text) });
    assert.deepEqual([game.draw(7), game.tick(), game.draw(8)], [7, 0, 8]);
    assert.deepEqual(shape(tracer.events()).map(([as, name]) => [as, name]), [['CUSTOM', 'draw'], ['CUSTOM', 'tick'], ['CUSTOM', 'draw']], given);
    assert.equal(warnings.length, 1, given);
    assert.match(warnings[0], message);
  }
});

test('a description that throws, or says nothing of the category, leaves what the tables know', async (t) => {
  const throws = () => {
    throw new Error('from describe');
  };
  for (const [describe, said] of [[throws, 1], [() => ({ category: undefined }), 0], [() => 'FILE', 0]]) {
    const { tracer } = await fakeTracer(t), warnings = [];
    const imports = { wasi_snapshot_preview1: { fd_close: () => 0, fd_sync: () => 0 } };
    const { fd_close, fd_sync } = traceImports(imports, tracer, { describe, warn: (text) => warnings.push(text) }).wasi_snapshot_preview1;
    fd_close(3);
    fd_sync(3);
    assert.deepEqual(shape(tracer.events()).map(([as, name]) => [as, name]), [['FILE', 'fd_close'], ['FILE', 'fd_sync']]);
    assert.equal(warnings.length, said);
    if (said) assert.match(warnings[0], /describe\(\) threw: from describe/);
  }
});

test('plain calls while disabled, and after disposal', async (t) => {
  const { tracer } = await fakeTracer(t);
  const { env: { add, list } } = traceImports({ env: { add: (a, b) => a + b, list: (...all) => all } }, tracer);
  const calls = () => [add(1, 2), add.call({}, 1, 2, 3), list(1, 2)];
  tracer.disable();
  assert.deepEqual(calls(), [3, 3, [1, 2]]);
  assert.deepEqual([tracer.stats(), tracer.events()], [{}, []]);
  tracer.enable();
  for (let i = 0; i < 100; i++) await Tracer.load({ capacityEvents: 10000 }).then((other) => other.dispose()); // its memory grows
  assert.deepEqual(calls(), [3, 3, [1, 2]]);
  assert.deepEqual([tracer.stats().add.count, tracer.stats().list.count], [2, 1]);
  tracer.dispose();
  assert.deepEqual(calls(), [3, 3, [1, 2]]);
});

test('calls carry arguments, results and errors as fields', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 }), view = new DataView(memory.buffer);
  new TextEncoder().encodeInto('a"b.txt', new Uint8Array(memory.buffer, 100));
  let result = 0;
  const imports = { wasi_snapshot_preview1: { path_open: () => result, fd_close: () => { throw new Error('broken'); } },
    env: { __syscall_openat: () => -44, own: (x) => x } };
  const { wasi_snapshot_preview1: wasi, env } = traceImports(imports, tracer, { memory });
  view.setUint32(200, 4, true);
  wasi.path_open(3, 1, 100, 7, 9, 5n, 6n, 0, 200);
  result = 44;
  wasi.path_open(3, 1, 100, 7, 9, 5n, 6n, 0, 200);
  assert.throws(() => wasi.fd_close(7), /broken/);
  env.__syscall_openat(-100, 100, 0, 0);
  env.own(1);
  const args = { fd: 3, dirflags: 1, path: 'a"b.txt', oflags: 9, rights_base: 5, rights_inheriting: 6, fdflags: 0 };
  assert.deepEqual(tracer.events().map(({ name, args: given, result: came, error, failed }) => [name, given, came, error, failed]), [
    ['path_open', args, 4, undefined, undefined], ['path_open', args, undefined, 'ENOENT', true],
    ['fd_close', { fd: 7 }, undefined, 'broken', true],
    ['__syscall_openat', { dirfd: -100, path: 'a"b.txt', flags: 0 }, undefined, 'ENOENT', true], ['own', undefined, undefined, undefined, undefined]]);
  const secret = await Tracer.open(tracer.save({ without_details: true }));
  assert.equal(secret.events()[0].args, undefined);
  secret.dispose();
});

test('a tracer disposed in the middle of a call lets it end', async (t) => {
  const { tracer } = await fakeTracer(t);
  const traced = traceImports({ env: { last: () => (tracer.dispose(), 'fine') } }, tracer);
  assert.equal(traced.env.last(), 'fine');
});

/** An Emscripten application with its imports traced, following the README. */
async function loadApp(tracer, name) {
  const bytes = readFileSync(inProject(`build/wasm/tests/${name}.wasm`));
  return require(inProject(`build/wasm/tests/${name}.js`))({
    instantiateWasm(imports, done) {
      let instance;
      const traced = traceImports(imports, tracer, { memory: () => instance });
      WebAssembly.instantiate(bytes, traced).then((result) => done((instance = result.instance), result.module));
      return {};
    },
  });
}

for (const [name, whose] of [['app', 'of its own'], ['app_short', 'that are shortened, as is that of its memory']]) {
  test(`an Emscripten application with names ${whose}: system calls, and a longjmp`, async (t) => {
    const { tracer } = await fakeTracer(t);
    const app = await loadApp(tracer, name);
    tracer.clearEvents();
    assert.equal(app._app_run(), 7);
    assert.deepEqual(shape(tracer.events()).map(([category, name, detail]) => `${category} ${name}: ${detail}`), [
      'FILE __syscall_open: /note.txt = 3',
      'FILE fd_write: 3 = 7',
      'FILE fd_pread: 3 = 7',
      'FILE fd_close: 3',
      'FILE __syscall_open: /absent.txt = ENOENT',
      'PROCESS _emscripten_throw_longjmp: undefined',
    ]);
    assert.deepEqual(tracer.openSpans(), []);
    const { bytes_read, bytes_written, syscall_errors } = tracer.summary();
    assert.deepEqual([bytes_read, bytes_written, syscall_errors], [7, 7, 1]);
  });
}

/** The threads' output, in a process of its own, using a loader that is given this Module. */
const THREADS = `
const { readFileSync } = require('node:fs');
const [file, package_, traced] = process.argv.slice(1), bytes = readFileSync(file + '.wasm');
const lines = [];
const end = (counts) => {
  const events = JSON.parse(lines.join('')).filter((event) => event.name === 'open').length;
  require('node:fs').writeSync(1, JSON.stringify({ events, counts }));
  process.exit(0);
};
(async () => {
  const { Tracer, traceImports } = await import(package_);
  const tracer = await Tracer.load();
  tracer.enable();
  const Module = { print: (line) => lines.push(line), quit: () => end(tracer.stats()) };
  if (traced) Module.instantiateWasm = (imports, done) => {
    let instance;
    const wrapped = traceImports(imports, tracer, { memory: () => instance });
    WebAssembly.instantiate(bytes, wrapped).then((result) => done((instance = result.instance), result.module));
    return {};
  };
  new Function('Module', 'require', '__filename', '__dirname', readFileSync(file + '.js', 'utf8'))(Module, require, file + '.js', '.');
})();`;

test('an application with threads runs them, by the README’s hook', () => {
  const run = (...more) => JSON.parse(execFileSync(process.execPath, ['--no-experimental-fetch', '-e', THREADS,
    './threads', inPackage('ringscope.js'), ...more], { cwd: inProject('build/wasm/tests'), encoding: 'utf8', maxBuffer: 1 << 26 }));
  const plain = run(), traced = run('traced');
  assert.deepEqual([plain.events, traced.events], [6000, 6000]);
  assert.equal(traced.counts.__pthread_create_js.count, 6);
});
