/** tracePerformance(): marks and measures become events on a track, at their times. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tracer, tracePerformance } from '../build/web/ringscope.js';
import { fakeTracer } from './support/tracer.js';

async function recording(t, options) {
  const tracer = await Tracer.load();
  t.after(() => tracer.dispose());
  tracer.enable();
  return { tracer, stop: tracePerformance(tracer, options) };
}

test('marks and measures are recorded, with their details, where they were in time', async (t) => {
  const { tracer, stop } = await recording(t), before = tracer.now();
  const { startTime: start } = performance.mark('begin', { detail: { step: 1 } }), { startTime: end } = performance.mark('end');
  performance.measure('work', { start, end, detail: 'all of it' });
  performance.measure('part', { start: start + (end - start) / 2, end });
  stop();
  stop();
  performance.mark('after');
  const after = tracer.now(), events = tracer.events(), named = (name) => events.find((event) => event.name === name);
  assert.deepEqual(events.map(({ name, duration, label }) => [name, duration !== undefined, label]).toSorted(),
    [['begin', false, 'measure'], ['end', false, 'measure'], ['part', true, 'measure'], ['work', true, 'measure']]);
  assert.deepEqual([named('begin').args, named('end').args, named('work').args], [{ detail: { step: 1 } }, undefined, { detail: 'all of it' }]);
  for (const { name, timestamp, duration = 0 } of events)
    assert.ok(timestamp >= before - 1 && timestamp + duration <= after + 1, `${name}: ${timestamp} and ${duration} between ${before} and ${after}`);
  // The image's times are whole nanoseconds.
  assert.ok(Math.abs(named('work').duration - (end - start)) < 1e-5 && Math.abs(named('work').timestamp - named('begin').timestamp) < 1e-5, JSON.stringify(events));
  assert.equal(new Set([named('work').async_id, named('part').async_id, undefined]).size, 3, 'they may overlap');
  const { track, trackOf } = tracer.columns();
  assert.deepEqual([...track].map((id) => trackOf(id).name), ['marks', 'marks', 'marks', 'marks']);
});

test('what has no form in JSON is left out; what was measured before the trace is not in it', async (t) => {
  const start = performance.now(), { tracer, stop } = await recording(t), cycle = {};
  cycle.self = cycle;
  performance.mark('cycle', { detail: cycle });
  performance.measure('early', { start: Math.min(start, performance.now() - tracer.now() - 1), end: performance.now() });
  stop();
  assert.deepEqual(tracer.events().map(({ name, args }) => [name, args]), [['cycle', undefined]]);
});

test('only the types that are asked for; nothing while disabled, nor for a tracer that has gone', async (t) => {
  const { tracer, stop } = await recording(t, { types: ['measure'] });
  performance.mark('no');
  performance.measure('yes');
  tracer.disable();
  stop();
  assert.deepEqual(tracer.events(), []);
  tracer.enable();
  const again = tracePerformance(tracer, { types: ['mark'] });
  performance.mark('yes');
  performance.measure('no');
  again();
  assert.deepEqual(tracer.events().map(({ name }) => name), ['yes']);
  const last = tracePerformance(tracer);
  tracer.dispose();
  performance.mark('gone');
  last();
});

test('a clock of the program’s own, and types that are none, are refused', async (t) => {
  const { tracer } = await fakeTracer(t);
  assert.throws(() => tracePerformance(tracer), TypeError);
  const { tracer: ours, stop } = await recording(t);
  stop();
  assert.throws(() => tracePerformance(ours, { types: ['marks'] }), /"marks" is not one of mark, measure, resource, longtask/);
});
