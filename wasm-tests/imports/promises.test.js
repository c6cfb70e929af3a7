/** An import that returns a promise is a span until the promise settles. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceImports } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';

/** A promise, and the functions that settle it. */
function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

test('the span ends when the promise settles, which stays the very same', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const { promise, resolve } = deferred();
  const { f, g } = traceImports({ env: { f: () => promise, g: () => ((clock.ms = 2), 1) } }, tracer).env;
  assert.equal(f(), promise);
  assert.deepEqual(tracer.openSpans().map(({ name, async }) => [name, async]), [['f', true]]);
  g();
  clock.ms = 50;
  resolve(3);
  assert.equal(await promise, 3);
  assert.deepEqual(tracer.events().map(({ name, duration }) => [name, duration]), [['g', 2], ['f', 50]]);
  assert.deepEqual([tracer.stats().f.total_time, tracer.openSpans()], [50, []]);
});

test('a rejection fails, an errno is one when it comes, and arguments are those of the call', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 }), bytes = new Uint8Array(memory.buffer);
  bytes.set(new TextEncoder().encode('before'), 100);
  const { promise, resolve } = deferred();
  const traced = traceImports({ wasi_snapshot_preview1: { path_unlink_file: () => promise, fd_close: async () => { throw new Error('gone'); } } }, tracer, { memory }).wasi_snapshot_preview1;
  traced.path_unlink_file(3, 100, 6);
  bytes.set(new TextEncoder().encode('after!'), 100);
  resolve(44);
  await promise;
  await assert.rejects(traced.fd_close(4), /gone/);
  assert.deepEqual(tracer.events().map(({ detail, failed }) => [detail, failed]), [['before = ENOENT', true], ['4', true]]);
  assert.deepEqual([tracer.stats().path_unlink_file.errors, tracer.stats().fd_close.errors], [1, 1]);
});

test('what merely looks like a promise is left alone', async (t) => {
  const { tracer } = await fakeTracer(t);
  let called = 0;
  const lazy = { then: () => called++ }, proxy = new Proxy(Promise.resolve(1), {}), evil = new Proxy({}, { getPrototypeOf() { throw new Error('asked'); } });
  const env = { lazy: () => lazy, proxy: () => proxy, evil: () => evil };
  const traced = traceImports({ env }, tracer).env;
  for (const name of Object.keys(env)) assert.equal(traced[name](), env[name]());
  assert.deepEqual([called, tracer.events().map((event) => event.name), tracer.openSpans()], [0, ['lazy', 'proxy', 'evil'], []]);
});

test('a tracer that is disposed before the promise settles is no matter', async (t) => {
  const { tracer } = await fakeTracer(t);
  const { promise, resolve } = deferred();
  const { f } = traceImports({ env: { f: () => promise } }, tracer).env;
  const result = f();
  tracer.dispose();
  resolve(1);
  assert.equal(await result, 1);
});
