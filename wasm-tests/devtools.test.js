/** A trace as custom tracks in the browser's developer tools. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeTracer } from './support/tracer.js';

/** The arguments of console.timeStamp() while work runs. */
async function told(t, work) {
  const stamps = [];
  t.mock.method(console, 'timeStamp', (...args) => stamps.push(args));
  return { result: await work(), stamps };
}

test('events are replayed at their past times, by their threads, and what is missing is told', async (t) => {
  const { tracer, clock } = await fakeTracer(t, { capacityEvents: 4 });
  for (let i = 0; i < 3; i++) tracer.event('FILE', 'evicted');
  clock.ms = 10;
  const span = tracer.span('FILE', 'read');
  clock.ms = 12;
  span.end();
  tracer.counter('MEMORY', 'heap', 5);
  tracer.record({ category: 'IPC', name: 'send', timestamp: 11, track: tracer.track(7, 8, 'worker') });
  tracer.event('FILE', 'now');
  const before = performance.now(), { result, stamps } = await told(t, () => tracer.toDevTools({ group: 'mine' })), after = performance.now();
  assert.deepEqual(result, { events: 3, left_out: 1, missing: '3 older events were evicted' });
  assert.deepEqual(stamps.map(([label, , , track, group]) => [label, track, group]),
    [['read', 'thread 1', 'mine'], ['send', 'worker', 'mine'], ['now', 'thread 1', 'mine'], ['3 older events were evicted', 'not shown', 'mine']].map(([a, b, c]) => [a, b.replace('thread 1', stamps[0][3]), c]));
  const [[, from, to], [, sent], [, now]] = stamps;
  assert.ok(now > before - 1e-3 && now < after + 1e-3, `${now} from ${before} to ${after}`);
  assert.deepEqual([Math.round((to - from) * 1e3), Math.round((now - from) * 1e3), Math.round((now - sent) * 1e3)], [2000, 2000, 1000]);
});

test('the page goes on meanwhile, and the tracer may', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 1000 });
  for (let i = 0; i < 1000; i++) tracer.event('FILE', `name ${i % 10}`);
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const { result, stamps } = await told(t, () => {
    const shown = tracer.toDevTools({ sliceMs: -1 });
    tracer.dispose();
    return shown;
  });
  clearInterval(timer);
  assert.deepEqual([result.events, stamps.length], [1000, 1000]);
  assert.ok(turns > 0, `${turns} turns of the page`);
});
