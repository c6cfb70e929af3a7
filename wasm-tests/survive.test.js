/** Things a tracer must survive: growth, many tracers, traps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tracer, ToyKernel, fakeTracer } from './support/tracer.js';

test('memory may grow while views are held', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('FILE', 'before', 'growth');
  const view = tracer.image();
  tracer.memory.memory.grow(16);
  assert.equal(view.length, 0, 'the view outlived the growth');
  tracer.event('FILE', 'before', 'and after'); // a known name: nothing else checks the memory
  const span = tracer.span('FILE', 'span');
  tracer.memory.memory.grow(1);
  span.end('growth');
  tracer.memory.memory.grow(1);
  tracer.record({ category: 'FILE', name: 'full', detail: 'growth' });
  assert.deepEqual(tracer.events().map(({ name, detail }) => [name, detail]),
    [['before', 'growth'], ['before', 'and after'], ['span', 'growth'], ['full', 'growth']]);
  assert.equal(tracer.image().length, tracer.info().size_bytes);
});

/** The address that a large block would get: after everything that was not freed. The memory's size alone hides small
 * leaks. */
function probe(memory) {
  const address = memory.allocate(1 << 22);
  memory.free(address);
  return address;
}

test('ten thousand tracers come and go without growth', async () => {
  const cycle = async () => {
    const tracer = await Tracer.load({ clock: () => 1 });
    tracer.enable();
    tracer.event('FILE', 'open', 'detail');
    tracer.span('FILE', 'read', () => tracer.events());
    tracer.readSince(tracer.cursor());
    tracer.span('FILE', 'left open');
    tracer.dispose();
    return probe(tracer.memory);
  };
  let before = 0;
  for (let i = 0; i < 100; i++) before = await cycle();
  for (let i = 0; i < 10000; i++) await cycle();
  assert.equal(await cycle(), before);
});

test('ten thousand images are opened and closed without growth', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 16, detailBytes: 4096, names: 16, operations: 32, histograms: 1, tracks: 16 });
  tracer.event('FILE', 'open');
  const bytes = tracer.save();
  const size = () => probe(tracer.memory);
  const cycle = async () => {
    const image = await Tracer.open(bytes);
    image.events();
    image.dispose();
    await Tracer.open(bytes.subarray(0, 100)).catch(() => {});
  };
  for (let i = 0; i < 100; i++) await cycle();
  const before = size();
  for (let i = 0; i < 10000; i++) await cycle();
  assert.equal(size(), before);
});

test('two tracers in one page keep apart', async (t) => {
  const one = await fakeTracer(t), two = await fakeTracer(t);
  one.clock.ms = 1;
  two.clock.ms = 2;
  one.tracer.event('FILE', 'same', 'one');
  two.tracer.event('FILE', 'same', 'two');
  assert.deepEqual(one.tracer.events().map((event) => [event.timestamp, event.detail]), [[1, 'one']]);
  assert.deepEqual(two.tracer.events().map((event) => [event.timestamp, event.detail]), [[2, 'two']]);
});

/** (module (func (export "trap") unreachable)) */
const TRAP = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11]);

test('a module that traps in the middle of a span leaves a tracer that works', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const { trap } = new WebAssembly.Instance(new WebAssembly.Module(TRAP)).exports;
  assert.throws(() => tracer.span('FILE', 'traps', () => {
    clock.ms = 1;
    trap();
  }), WebAssembly.RuntimeError);
  tracer.event('FILE', 'after');
  assert.deepEqual(tracer.events().map((event) => event.name), ['traps', 'after']);
  assert.deepEqual(tracer.openSpans(), []);
});

test('of a module that trapped, the image shows what it was inside of', async (t) => {
  const kernel = await ToyKernel.boot();
  t.after(() => kernel.dispose());
  kernel.tracer.enable();
  kernel.step();
  kernel.tracer.span('CUSTOM', 'doomed');
  // A trap inside the module that contains the tracer: the step reads a kernel far outside memory.
  assert.throws(() => kernel.exports.toy_wasm_step(0xfffffff0), WebAssembly.RuntimeError);
  const image = await Tracer.open(kernel.tracer.image().slice());
  t.after(() => image.dispose());
  assert.ok(image.events().length > 0);
  assert.equal(image.openSpans().at(-1).name, 'doomed');
});
