/** ringscope/test: traced(), and its assertions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TraceAssertionError, traced } from '../build/web/assert/traced.js';
import { Tracer } from './support/tracer.js';

// (module (import "env" "ask" (func $ask (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call $ask (local.get 0))))
const ASKS = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0,
  7, 7, 1, 3, 114, 117, 110, 0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11]);
const quiet = { warn: () => {} };
const instantiated = async (ask) => (await WebAssembly.instantiate(ASKS, { env: { ask } })).instance.exports;

/** Makes that many calls; those with the given numbers fail. */
const asking = (times, failing = []) => async () => {
  const { run } = await instantiated((n) => {
    if (failing.includes(n)) throw new Error(`not ${n}`);
    return n + 1;
  });
  let sum = 0;
  for (let n = 0; n < times; n++) {
    try {
      sum += run(n);
    } catch (error) {
      sum -= error.message.length;
    }
  }
  return sum;
};

test('the result of the work, its calls, and what it records itself', async () => {
  const trace = await traced(async (tracer) => {
    tracer.event('FILE', 'begins', 'now');
    return asking(3)();
  }, quiet);
  assert.equal(trace.result, 6);
  assert.deepEqual(trace.calls().map(({ name }) => name), ['begins', 'ask', 'ask', 'ask']);
  assert.deepEqual([trace.calls('ask').length, trace.calls('as').length, trace.calls(/^a/).length, trace.stats.ask.count], [3, 0, 3, 3]);
  assert.match(String(trace), /FILE begins: now\n/);
  trace.assertCalled('ask');
  trace.assertCalled('ask', 3);
  trace.assertNoFailures();
  const image = await Tracer.open(trace.image);
  assert.equal(image.events().length, 4);
  image.dispose();
});

test('what fails is listed, and assertions print the events', async () => {
  const trace = await traced(asking(4, [1, 3]), quiet);
  assert.equal(trace.failures().length, 2);
  assert.throws(() => trace.assertNoFailures(), (error) => error instanceof TraceAssertionError && /^2 failed: ask; ask\n(\[.*\] CUSTOM ask: \n?){4}$/.test(error.message));
  assert.throws(() => trace.assertCalled('ask', 3), { name: 'AssertionError', actual: 4, expected: 3, message: /ask was called 4 times, not 3\n\[/ });
  assert.throws(() => trace.assertCalled('answer'), /answer was called 0 times, not once or more/);
  trace.assertCalled('answer', 0);
});

test('events that did not fit make no assertion hold; calls are counted all the same', async () => {
  const trace = await traced(asking(30, [0]), { ...quiet, capacityEvents: 10 });
  trace.assertCalled('ask', 30);
  for (const ask of [() => trace.calls('ask'), () => trace.failures(), () => trace.assertNoFailures()])
    assert.throws(ask, (error) => error instanceof RangeError && /are missing.*capacityEvents: 30/.test(error.message));
});

test('where nothing was seen, that nothing failed is not asserted', async () => {
  const { run } = await instantiated((n) => n);
  const trace = await traced(() => run(5), quiet);
  assert.deepEqual([trace.result, trace.calls(), trace.failures()], [5, [], []]);
  assert.throws(() => trace.assertNoFailures(), /no call was seen/);
});

test('what the work throws is thrown, and the realm is as before', async () => {
  const { instantiate, Instance } = WebAssembly, thrown = new Error('mine');
  await assert.rejects(traced(() => { throw thrown; }), (error) => error === thrown);
  await assert.rejects(traced(async () => { throw thrown; }), (error) => error === thrown);
  await traced(() => assert.notEqual(WebAssembly.instantiate, instantiate));
  assert.deepEqual([WebAssembly.instantiate === instantiate, WebAssembly.Instance === Instance], [true, true]);
});
