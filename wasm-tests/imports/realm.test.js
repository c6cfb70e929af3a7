/** traceWebAssembly(): every module of a realm is traced, until it is undone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceWebAssembly } from '../../build/web/ringscope.js';
import { Tracer, fakeTracer } from '../support/tracer.js';
import { assemble } from '../support/wat.js';

const BYTES = assemble('(module (import "host" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))');
const imports = () => ({ host: { f: () => 7 } });
const names = (tracer) => tracer.events().map((event) => event.name);

test('each way to an instance is traced, and looks as it did', async (t) => {
  const { tracer } = await fakeTracer(t);
  const before = Object.getOwnPropertyDescriptors(WebAssembly), { Instance } = WebAssembly;
  const undo = traceWebAssembly(tracer);
  for (const key of ['instantiate', 'instantiateStreaming', 'Instance']) {
    const now = Object.getOwnPropertyDescriptor(WebAssembly, key);
    assert.deepEqual([now.enumerable, now.value.name, now.value.length], [before[key].enumerable, before[key].value.name, before[key].value.length], key);
  }
  const module = new WebAssembly.Module(BYTES);
  const response = new Response(BYTES, { headers: { 'Content-Type': 'application/wasm' } });
  const made = [(await WebAssembly.instantiate(BYTES, imports())).instance, await WebAssembly.instantiate(module, imports()), new WebAssembly.Instance(module, imports()),
    (await WebAssembly.instantiateStreaming(response, imports())).instance];
  for (const instance of made) {
    assert.equal(instance.exports.g(), 7);
    assert.ok(instance instanceof WebAssembly.Instance && instance instanceof Instance);
    assert.equal(instance.constructor, WebAssembly.Instance);
  }
  assert.deepEqual(names(tracer), Array(4).fill('f'));
  await assert.rejects(WebAssembly.instantiate(BYTES, {}), TypeError);
  assert.throws(() => new WebAssembly.Instance(module), TypeError);
  assert.throws(() => WebAssembly.Instance(module, imports()), TypeError);
  undo();
  undo();
  assert.deepEqual(Object.getOwnPropertyDescriptors(WebAssembly), before);
  assert.equal((await WebAssembly.instantiate(BYTES, imports())).instance.exports.g(), 7);
  assert.equal(names(tracer).length, 4);
});

test('a class that extends WebAssembly.Instance still does', async (t) => {
  const { tracer } = await fakeTracer(t);
  const undo = traceWebAssembly(tracer);
  class Own extends WebAssembly.Instance {}
  const own = new Own(new WebAssembly.Module(BYTES), imports());
  class Other {}
  const other = Reflect.construct(WebAssembly.Instance, [new WebAssembly.Module(BYTES), imports()], Other);
  undo();
  assert.ok(other instanceof Other);
  assert.ok(own instanceof Own);
  assert.equal(own.exports.g(), 7);
  assert.deepEqual(names(tracer), ['f']);
});

test('imports that cannot be looked at are read by the engine alone, as without', async (t) => {
  const { tracer } = await fakeTracer(t);
  const refuse = () => { throw new Error('looked at'); }, guarded = (object) => new Proxy(object, { ownKeys: refuse, has: refuse, getOwnPropertyDescriptor: refuse, getPrototypeOf: refuse });
  const undo = traceWebAssembly(tracer, { warn: () => {} });
  t.after(undo);
  const given = { host: guarded(imports().host) };
  for (const all of [given, guarded(given)]) assert.equal((await WebAssembly.instantiate(BYTES, all)).instance.exports.g(), 7);
  assert.deepEqual(names(tracer), ['f', 'f']);
});

test('two tracers may watch, and are undone in any order', async (t) => {
  const one = (await fakeTracer(t)).tracer, two = (await fakeTracer(t)).tracer, original = WebAssembly.instantiate;
  const undo = [traceWebAssembly(one), traceWebAssembly(two)];
  (await WebAssembly.instantiate(BYTES, imports())).instance.exports.g();
  assert.deepEqual([names(one), names(two)], [['f'], ['f']]);
  undo[0]();
  (await WebAssembly.instantiate(BYTES, imports())).instance.exports.g();
  assert.deepEqual([names(one), names(two)], [['f'], ['f', 'f']]);
  undo[1]();
  (await WebAssembly.instantiate(BYTES, imports())).instance.exports.g();
  assert.deepEqual([names(one), names(two)], [['f'], ['f', 'f']]);
  WebAssembly.instantiate = original;
});

test('ringscope’s own modules are not traced', async (t) => {
  const { tracer } = await fakeTracer(t);
  const undo = traceWebAssembly(tracer);
  const other = await Tracer.load({ wasm: new URL('../../build/web/ringscope.wasm', import.meta.url) });
  const shared = await Tracer.loadShared();
  undo();
  other.enable();
  other.event('FILE', 'open');
  assert.deepEqual([names(other), tracer.stats()], [['open'], {}]);
  other.dispose();
  shared.dispose();
});
