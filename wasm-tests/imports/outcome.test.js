/** Normal results are not failures; real failures are. Names are only recognized where they have that meaning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceImports } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';

/** Calls each function, whatever it throws; returns the errors counted by name. */
function errorsOf(tracer, env, module = 'env') {
  const traced = traceImports({ [module]: env }, tracer, { memory: new WebAssembly.Memory({ initial: 1 }) })[module];
  for (const name of Object.keys(env)) {
    try {
      traced[name](3, 0, 0, 8);
    } catch (error) {
      assert.equal(env[name].thrown, error, `${name} threw something else`);
    }
  }
  return Object.fromEntries(Object.entries(tracer.stats()).map(([name, { errors }]) => [name, errors]));
}
const throwing = (thrown) => Object.assign(() => { throw thrown; }, { thrown });
class ExitStatus { name = 'ExitStatus'; status = 0; }
class EmscriptenSjLj extends Error {}
class CppException extends Error {}

test('unwinding, exiting, longjmp and C++ exceptions are how programs go on', async (t) => {
  const { tracer } = await fakeTracer(t);
  const normal = { emscripten_exit_with_live_runtime: throwing('unwind'), emscripten_set_main_loop: throwing('unwind'), emscripten_unwind_to_js_event_loop: throwing('unwind'),
    __cxa_throw: throwing(5264), __cxa_rethrow: throwing(new CppException()), _emscripten_throw_longjmp: throwing(Infinity), exit: throwing(new ExitStatus()),
    proc_exit: throwing(Symbol('exit')), callback: throwing(new EmscriptenSjLj()), passes: throwing(new CppException()), leaves: throwing(new ExitStatus()), b: throwing(9322904), c: throwing(Infinity) };
  const errors = errorsOf(tracer, normal);
  assert.deepEqual(errors, Object.fromEntries(Object.keys(normal).map((name) => [name, 0])));
  assert.deepEqual(tracer.events({ failed: true }), []);
  assert.deepEqual(tracer.openSpans(), []);
});

test('any other exception is a failure of the call', async (t) => {
  const { tracer } = await fakeTracer(t);
  const evil = new Proxy({}, { get() { throw new Error('looked at'); } });
  const failing = { a: throwing(new Error('e')), b: throwing('text'), c: throwing(undefined), d: throwing(evil), emscripten_set_main_loop: throwing(new TypeError('no')), abort: throwing(new Error('abort')),
    status: throwing(404), code: throwing(-8), ratio: throwing(1024.5), f: throwing(NaN), __cxa_throw: throwing(new WebAssembly.RuntimeError('Aborted')) };
  const errors = errorsOf(tracer, failing), count = Object.keys(failing).length;
  assert.deepEqual(errors, Object.fromEntries(Object.keys(failing).map((name) => [name, 1])));
  assert.equal(tracer.events({ failed: true }).length, count);
});

test('the end of the list of preopened directories is a probe, and no error', async (t) => {
  const { tracer } = await fakeTracer(t);
  const results = [0, 8, 28];
  const traced = traceImports({ wasi_snapshot_preview1: { fd_prestat_get: () => results.shift(), fd_close: () => 8 } }, tracer).wasi_snapshot_preview1;
  for (const fd of [3, 4, 5]) traced.fd_prestat_get(fd, 0);
  traced.fd_close(9);
  assert.deepEqual(tracer.events().map(({ detail, failed }) => [detail, failed]), [['3', undefined], ['4 = EBADF (probe)', undefined], ['5 = EINVAL', true], ['9 = EBADF', true]]);
  assert.deepEqual([tracer.stats().fd_prestat_get.errors, tracer.stats().fd_prestat_get.count, tracer.summary().syscall_errors], [1, 3, 2]);
});

test('asking whether a file is a terminal is a probe, and no error; asking for more is', async (t) => {
  const { tracer } = await fakeTracer(t);
  const env = traceImports({ env: { __syscall_ioctl: (fd) => (fd === 9 ? -8 : -59) } }, tracer).env;
  for (const [fd, request] of [[3, 0x5413], [4, 0x5401], [9, 0x5413]]) env.__syscall_ioctl(fd, request, 0);
  assert.deepEqual(tracer.events().map(({ detail, failed }) => [detail, failed]), [['3 = ENOTTY (probe)', undefined], ['4 = ENOTTY', true], ['9 = EBADF', true]]);
  assert.equal(tracer.stats().__syscall_ioctl.errors, 2);
});

test('asking whether a path is a link is a probe, and no error; that there is no such path is', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 });
  new Uint8Array(memory.buffer).set(new TextEncoder().encode('/home\0/none'), 16);
  const { env, wasi_snapshot_preview1: wasi } = traceImports({ env: { __syscall_readlinkat: (_, at) => (at === 16 ? -28 : -44) }, wasi_snapshot_preview1: { path_readlink: (_, at) => (at === 16 ? 28 : 44) } }, tracer, { memory });
  for (const at of [16, 22]) {
    env.__syscall_readlinkat(-100, at, 64, 20);
    wasi.path_readlink(3, at, 5, 64, 20, 8);
  }
  assert.deepEqual(tracer.events().map(({ detail, failed }) => [detail, failed]), [['/home = EINVAL (probe)', undefined], ['/home = EINVAL (probe)', undefined],
    ['/none = ENOENT', true], ['/none = ENOENT', true]]);
});

test('names that every object has are no calls of WASI or Emscripten', async (t) => {
  const { tracer } = await fakeTracer(t);
  const inherited = ['toString', 'constructor', 'hasOwnProperty', 'valueOf', '__syscall_constructor', '__syscall_toString'];
  const errors = errorsOf(tracer, Object.fromEntries(inherited.map((name) => [name, () => 5])));
  assert.deepEqual(errors, Object.fromEntries(inherited.map((name) => [name, 0])));
  const other = await fakeTracer(t);
  assert.deepEqual(errorsOf(other.tracer, { toString: () => 5, fd_close: () => 8 }, 'wasi_snapshot_preview1'), { toString: 0, fd_close: 1 });
  assert.deepEqual(other.tracer.events().map((event) => event.category), ['CUSTOM', 'FILE']);
});

test('a module’s own functions are its own, whatever they are called', async (t) => {
  const { tracer } = await fakeTracer(t);
  const errors = errorsOf(tracer, { fd_read: () => 5, random_get: () => 5, __syscall_open: () => -2, exit: () => 0 }, 'game');
  assert.deepEqual(errors, { fd_read: 0, random_get: 0, __syscall_open: 0, exit: 0 });
  assert.deepEqual(tracer.events().map(({ category, detail }) => [category, detail]), Array(4).fill(['CUSTOM', undefined]));
  assert.equal(tracer.summary().bytes_read, 0);
});

test('shortened names are told by the functions of Emscripten’s loader, less one underscore', async (t) => {
  const { tracer } = await fakeTracer(t), warnings = [];
  const named = (name, f) => Object.defineProperty(f, 'name', { value: name });
  const env = { a: named('___syscall_openat', () => -44), b: named('_fd_close', () => 0), c: named('__emscripten_init', () => 0), d: named('invoke_vii', () => 0), e: named('of_EM_JS', () => 0) };
  const memory = new WebAssembly.Memory({ initial: 1 });
  const traced = traceImports({ a: env }, tracer, { memory, warn: (message) => warnings.push(message) }).a;
  for (const name of Object.keys(env)) traced[name](3);
  assert.deepEqual(tracer.events().map((event) => event.name), ['__syscall_openat', 'fd_close', '_emscripten_init', 'of_EM_JS']);
  assert.equal(traced.d, env.d);
  assert.deepEqual([tracer.stats().__syscall_openat.errors, warnings], [1, []]);
  const own = traceImports({ a: { f: named('compute', () => 0) } }, tracer);
  own.a.f();
  assert.equal(tracer.events().at(-1).name, 'f', 'of no loader');
  const short = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, named('', () => 0)]));
  const shortened = traceImports({ a: short }, tracer, { warn: (message) => warnings.push(message) }).a;
  for (const name of Object.keys(short)) shortened[name]();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /-O2/);
});

test('names of wasm-bindgen are told without prefix and hash', async (t) => {
  const { tracer } = await fakeTracer(t);
  const names = ['__wbg_getElementById_cc0cb74d3b7c7d0a', '__wbg_new_0123456789abcdef', '__wbg_new_fedcba9876543210', '__wbindgen_throw', '__wbg_short_ab'];
  errorsOf(tracer, Object.fromEntries(names.map((name) => [name, () => 0])), 'wbg');
  assert.deepEqual(tracer.events().map((event) => event.name), ['getElementById', 'new', 'new', '__wbindgen_throw', '__wbg_short_ab']);
  assert.equal(tracer.stats().new.count, 2);
});

test('wasi_unstable counts whence from CUR, and has a file’s size elsewhere', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 });
  new DataView(memory.buffer).setBigUint64(100 + 24, 1234n, true);
  const calls = traceImports({ wasi_unstable: { fd_seek: () => 0, fd_filestat_get: () => 0 } }, tracer, { memory }).wasi_unstable;
  calls.fd_seek(4, 0n, 2, 200);
  calls.fd_filestat_get(4, 100);
  assert.deepEqual(tracer.events().map((event) => event.detail), ['4 SET 0 = 0', '4 = 1234']);
});
