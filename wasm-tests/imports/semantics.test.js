/** A module behaves the same with its imports traced as without, whatever kind of import they are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiateTraced, traceImports, traceWebAssembly } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';
import { assemble } from '../support/wat.js';

const CALLS_F = '(module (import "host" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))';
const names = (tracer) => tracer.events().map((event) => event.name);

/** The module's exports with its imports untouched, traced by hand, by instantiateTraced() and by a patched realm. */
const WAYS = {
  plain: async (bytes, imports) => (await WebAssembly.instantiate(bytes, imports)).instance.exports,
  traceImports: async (bytes, imports, tracer) => (await WebAssembly.instantiate(bytes, traceImports(imports, tracer))).instance.exports,
  instantiateTraced: async (bytes, imports, tracer) => (await instantiateTraced(bytes, imports, tracer)).exports,
  traceWebAssembly: async (bytes, imports, tracer) => {
    const undo = traceWebAssembly(tracer);
    try {
      return (await WebAssembly.instantiate(bytes, imports)).instance.exports;
    } finally {
      undo();
    }
  },
  'new WebAssembly.Instance': async (bytes, imports, tracer) => {
    const undo = traceWebAssembly(tracer);
    try {
      return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
    } finally {
      undo();
    }
  },
};

class Host {
  f() {
    return 7;
  }
}

/** Imports that lead to a function f that returns 7. @type {Record<string, () => any>} */
const PLACES = {
  'a class instance, whose methods are on its prototype': () => ({ host: new Host() }),
  'a Proxy that has nothing of its own': () => ({ host: new Proxy({}, { get: (_, key) => (key === 'f' ? () => 7 : undefined) }) }),
  'a Proxy of modules': () => new Proxy({}, { get: () => ({ f: () => 7 }) }),
  'a property that is not enumerable': () => ({ host: Object.defineProperty({}, 'f', { value: () => 7 }) }),
  'an object that is frozen': () => Object.freeze({ host: Object.freeze({ f: () => 7 }) }),
  'a getter': () => ({ host: { get f() { return () => 7; } } }),
  'an object with a getter that throws, which nobody reads': () => ({ host: { f: () => 7, get lazy() { throw new Error('read'); } } }),
  'a function with properties': () => ({ host: Object.assign(() => {}, { f: () => 7 }) }),
  'imports with a module that is undefined': () => ({ host: { f: () => 7 }, unused: undefined }),
  'an object without a prototype': () => ({ host: Object.assign(Object.create(null), { f: () => 7 }) }),
  'a function of arrows in an inherited object': () => ({ host: Object.create({ f: () => 7 }) }),
};

for (const [place, make] of Object.entries(PLACES)) {
  test(`an import in ${place} is called and seen`, async (t) => {
    for (const [way, run] of Object.entries(WAYS)) {
      const { tracer } = await fakeTracer(t);
      const { g } = await run(assemble(CALLS_F), make(), tracer);
      assert.equal(g(), 7, way);
      assert.deepEqual(names(tracer), way === 'plain' ? [] : ['f'], way);
    }
  });
}

test('what is wrong with imports is reported as without tracing', async (t) => {
  const { tracer } = await fakeTracer(t);
  const broken = [undefined, {}, { host: undefined }, { host: 5 }, { host: {} }, { host: { f: undefined } }, { host: { f: 5 } },
    { host: { get f() { throw new RangeError('from the getter'); } } }, new Proxy({}, { get() { throw new SyntaxError('from the Proxy'); } })];
  for (const imports of broken) {
    const said = [];
    for (const run of Object.values(WAYS).slice(0, 4)) said.push(await run(assemble(CALLS_F), imports, tracer).then(() => 'linked', (error) => `${error.name} ${error.message}`));
    assert.deepEqual(new Set(said).size, 1, said.join('\n'));
  }
});

test('values cross as they are: 64 bits, several results, references', async (t) => {
  const { tracer } = await fakeTracer(t);
  const run = async (text, f) => (await WAYS.traceImports(assemble(`(module ${text})`), { a: { f } }, tracer)).g;
  const wide = await run('(import "a" "f" (func $f (param i64) (result i64))) (func (export "g") (param i64) (result i64) (call $f (local.get 0)))', (x) => x * 2n);
  assert.equal(wide(2n ** 62n - 1n), 2n ** 63n - 2n);
  const several = await run('(import "a" "f" (func $f (result i32 f64))) (func (export "g") (result i32 f64) (call $f))', function* () {
    yield 1;
    yield 2.5;
  });
  assert.deepEqual(several(), [1, 2.5]);
  const reference = await run('(import "a" "f" (func $f (param externref) (result externref))) (func (export "g") (param externref) (result externref) (call $f (local.get 0)))', (x) => x);
  for (const value of [{}, Promise.resolve(1), Symbol('s'), () => 0, new Proxy({}, {})]) assert.equal(reference(value), value);
  const bare = await run('(import "a" "f" (func $f (param i64))) (func (export "g") (call $f (i64.const 1)))', function () {
    return this;
  });
  assert.equal(bare(), undefined);
});

test('`this` of an import stays what it is', async (t) => {
  const { tracer } = await fakeTracer(t);
  let self = 'nobody';
  const imports = { host: { f() { self = this; return 1; } } };
  (await WAYS.traceImports(assemble(CALLS_F), imports, tracer)).g();
  assert.equal(self, undefined);
  traceImports(imports, tracer).host.f();
  assert.equal(self, imports.host);
});

test('functions of other instances are linked as they are, and not counted', async (t) => {
  const { tracer } = await fakeTracer(t);
  const vector = new WebAssembly.Instance(new WebAssembly.Module(assemble('(module (func (export "f") (param v128) (result v128) (local.get 0)))')));
  const user = '(module (import "b" "f" (func $f (param v128) (result v128))) (func (export "g") (result i32) (i32x4.extract_lane 0 (call $f (i32x4.splat (i32.const 5))))))';
  assert.equal((await WAYS.traceImports(assemble(user), { b: vector.exports }, tracer)).g(), 5);
  const other = '(module (import "b" "f" (func $f (param i32))) (func (export "g") (call $f (i32.const 1))))';
  await assert.rejects(WAYS.traceImports(assemble(other), { b: vector.exports }, tracer), WebAssembly.LinkError);
  assert.deepEqual(tracer.stats(), {});
});

test('length, name and properties of a function are those it has', async (t) => {
  const { tracer } = await fakeTracer(t);
  const original = Object.assign(function compute(a, b) { return a + b; }, { sig: 'iii' });
  Object.defineProperty(original, 'hidden', { value: 3 });
  const { f, g } = traceImports({ host: { f: original, g: (...rest) => rest.length } }, tracer).host;
  for (const key of ['length', 'name', 'sig', 'hidden', 'prototype'])
    assert.deepEqual(Object.getOwnPropertyDescriptor(f, key), Object.getOwnPropertyDescriptor(original, key), key);
  assert.deepEqual([g.length, g.name], [0, 'g']);
  assert.equal(f.constructor, Function);
});

test('what is read twice is the same; what has two names is told so', async (t) => {
  const { tracer } = await fakeTracer(t);
  const noop = () => 0, traced = traceImports({ a: { f: noop, g: noop }, b: { h: noop } }, tracer);
  assert.equal(traced.a, traced.a);
  assert.equal(traced.a.f, traced.a.f);
  assert.equal(traced.a.f, traced.a.g);
  traced.a.g();
  assert.deepEqual(names(tracer), ['f|g']);
  // Only the module sees these, so each has its own.
  const text = '(module (import "a" "f" (func $f (result i32))) (import "a" "g" (func $g (result i32))) (func (export "run") (drop (call $f)) (drop (call $g)) (drop (call $g))))';
  (await WAYS.instantiateTraced(assemble(text), { a: { f: noop, g: noop } }, tracer)).run();
  assert.deepEqual([tracer.stats().f.count, tracer.stats().g.count], [1, 2]);
});

test('the traced imports can be listed, copied, and written to', async (t) => {
  const { tracer } = await fakeTracer(t);
  const imports = { env: { f: () => 1, ['__proto__']: () => 2, constant: 5 } };
  Object.defineProperty(imports.env, '__proto__', { value: () => 2, enumerable: true });
  const { env } = traceImports(imports, tracer);
  assert.deepEqual(Object.keys(env), Object.keys(imports.env));
  assert.equal('f' in env, true);
  const copy = { ...env };
  assert.equal(copy.f(), 1);
  assert.equal(Object.getOwnPropertyDescriptor(env, '__proto__').value(), 2);
  env.added = () => 3;
  assert.equal(imports.env.added(), 3);
  assert.equal(env.added(), 3);
  assert.deepEqual(names(tracer), ['f', '__proto__', 'added']);
  assert.equal(traceImports(traceImports(imports, tracer), tracer).env.f(), 1);
  assert.equal(names(tracer).filter((name) => name === 'f').length, 2, 'wrapped once');
});

test('tables, globals, tags and memories are what they were; exceptions are caught by their tags', async (t) => {
  const { tracer } = await fakeTracer(t);
  const items = { table: new WebAssembly.Table({ element: 'anyfunc', initial: 2 }), global: new WebAssembly.Global({ value: 'i64', mutable: true }, 5n),
    tag: new WebAssembly.Tag({ parameters: ['i32'] }), memory: new WebAssembly.Memory({ initial: 1 }), number: 5 };
  const traced = traceImports({ env: items }, tracer).env;
  for (const key of Object.keys(items)) assert.equal(traced[key], items[key], key);
  const text = '(module (import "env" "tag" (tag $t (param i32))) (import "env" "f" (func $f)) (func (export "g") (result i32) (try (result i32) (do (call $f) (i32.const 0)) (catch $t))))';
  const { g } = await WAYS.traceImports(assemble(text), { env: { ...items, f: () => { throw new WebAssembly.Exception(items.tag, [42]); } } }, tracer);
  assert.equal(g(), 42);
});

const DEEP = '(module (import "a" "f" (func $f (param i32))) (func (export "g") (param i32) (call $f (local.get 0))))';
/** Runs work with that many more frames in use, so that the stack overflows at a different place each time. */
const below = (frames, work) => (frames === 0 ? work() : below(frames - 1, work));

test('a recursion that uses the stack up throws what it throws, and every call is ended and counted', async (t) => {
  const { tracer } = await fakeTracer(t);
  let calls = 0, g;
  const imports = { a: { f: (depth) => { calls++; g(depth + 1); } } };
  ({ g } = await WAYS.traceImports(assemble(DEEP), imports, tracer));
  for (let turn = 0; turn < 60; turn++) assert.throws(() => below(turn, () => g(0)), RangeError);
  imports.a.f = () => {};
  traceImports(imports, tracer).a.f(0);
  const { count } = tracer.stats().f;
  assert.ok(calls > 1000 && Math.abs(count - calls) <= 60 * 2, `${count} counted of ${calls}`);
  assert.deepEqual(tracer.openSpans(), []);
});

/**
 * Uses up the stack, and runs work on the way back, at the given number of frames before the end.
 * @param {number} frames @param {() => any} work
 */
function beforeTheEnd(frames, work) {
  let outcome;
  const dive = () => {
    let left;
    try {
      left = dive();
    } catch {
      left = 0;
    }
    try {
      if (left === frames) outcome = { result: work() };
    } catch (error) {
      outcome = { error };
    }
    return left + 1;
  };
  dive();
  return outcome;
}

/** Recordings that are made with hardly any stack left. @type {Record<string, (tracer: any) => () => any>} */
const AT_THE_END = {
  'a span around work': (tracer) => () => tracer.span('FILE', 'last', () => 7),
  'a span around work that throws': (tracer) => () => {
    try {
      tracer.span('FILE', 'last', () => { throw new RangeError('by work'); });
    } catch (error) {
      if (!(error instanceof RangeError)) throw new TypeError('another one');
    }
  },
  'a span around a promise': (tracer) => () => tracer.span('http', 'last', async () => 7),
  'a span that is ended with a detail': (tracer) => () => tracer.span('FILE', 'last').end('a detail'),
  'a span apart': (tracer) => () => tracer.span('FILE', 'last', { async: true }).end(),
  'an import': (tracer) => traceImports({ env: { f: () => 7 } }, tracer).env.f,
  'an import that returns a promise': (tracer) => traceImports({ env: { f: async () => 7 } }, tracer).env.f,
  'an import with details and bytes': (tracer) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { fd_read: call } = traceImports({ wasi_snapshot_preview1: { fd_read: () => 0 } }, tracer, { memory }).wasi_snapshot_preview1;
    return () => call(3, 64, 1, 32);
  },
};

for (const [what, make] of Object.entries(AT_THE_END)) {
  test(`where the stack ends in ${what}, nothing stays open, and what comes after is recorded`, async (t) => {
    const { tracer } = await fakeTracer(t), record = make(tracer);
    let failed = 0;
    await record(); // the first run compiles, which takes more stack than anything
    for (let frames = 0; frames < 100; frames++) {
      const { result, error } = beforeTheEnd(frames, record);
      await result;
      if (error) failed++;
      assert.ok(error === undefined || error instanceof RangeError, `${error?.stack}`);
      tracer.span('FILE', 'after').end();
      assert.deepEqual([tracer.events({ last: 1 })[0].name, tracer.openSpans()], ['after', []], `${frames} frames before the end`);
    }
    t.diagnostic(`threw ${failed} times of 100`);
  });
}
