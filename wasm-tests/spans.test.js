/** Spans: as objects, as callbacks, across an await. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeTracer } from './support/tracer.js';

const shape = (events) => events.map(({ name, timestamp, duration, detail, pid }) => [name, timestamp, duration, detail, pid]);

test('a callback is a span, and its result comes back', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const result = tracer.span('FILE', 'outer', () => {
    clock.ms = 1;
    tracer.span('FILE', 'inner', () => (clock.ms = 3));
    return 'result';
  });
  assert.equal(result, 'result');
  assert.deepEqual(shape(tracer.events()), [['inner', 1, 2, undefined, undefined], ['outer', 0, 3, undefined, undefined]]);
});

test('a callback that throws ends its span', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  assert.throws(() => tracer.span('FILE', 'fails', () => {
    clock.ms = 2;
    throw new Error('as it should');
  }), /as it should/);
  assert.deepEqual(shape(tracer.events()), [['fails', 0, 2, undefined, undefined]]);
  assert.deepEqual(tracer.openSpans(), []);
});

test('a promise is waited for, and nothing nests in it meanwhile', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  let finish;
  const work = tracer.span('IPC', 'fetch', () => new Promise((resolve) => (finish = resolve)));
  assert.deepEqual(tracer.openSpans().map(({ name, async }) => [name, async]), [['fetch', true]]);
  assert.deepEqual(tracer.events(), []); // it has not ended
  clock.ms = 1;
  tracer.span('FILE', 'other', () => (clock.ms = 2));
  clock.ms = 5;
  finish('answer');
  assert.equal(await work, 'answer');
  assert.deepEqual(shape(tracer.events()), [['other', 1, 1, undefined, undefined], ['fetch', 0, 5, undefined, undefined]]);
});

test('a rejected promise ends its span and stays rejected', async (t) => {
  const { tracer } = await fakeTracer(t);
  await assert.rejects(tracer.span('IPC', 'fetch', async () => {
    throw new Error('refused');
  }), /refused/);
  assert.deepEqual(tracer.events().map(({ name, failed }) => [name, failed]), [['fetch', true]]);
  assert.throws(() => tracer.span('IPC', 'work', () => { throw new Error('broken'); }), /broken/);
  assert.equal(tracer.events()[1].failed, true);
});

test('a span object ends once, with a detail and a pid', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const plain = tracer.span('FILE', 'plain');
  const about = tracer.span('FILE', 'about');
  assert.deepEqual(tracer.openSpans().map(({ name, depth }) => [name, depth]), [['plain', 0], ['about', 1]]);
  clock.ms = 1;
  about.end('of a process', 42);
  plain.end('done');
  plain.end('again');
  assert.deepEqual(shape(tracer.events()), [['about', 0, 1, 'of a process', 42], ['plain', 0, 1, 'done', undefined]]);
});

test('a span ends with its scope by Symbol.dispose', async (t) => {
  const { tracer } = await fakeTracer(t);
  const span = tracer.span('FILE', 'scope');
  span[Symbol.dispose]();
  assert.equal(tracer.events().length, 1);
});

test('an async span is on no stack and may end after those that began later', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  const one = tracer.span('IPC', 'one', { async: true });
  const two = tracer.span('IPC', 'two', { async: true });
  assert.deepEqual(tracer.openSpans().map(({ name, async }) => [name, async]), [['one', true], ['two', true]]);
  clock.ms = 1;
  one.end();
  clock.ms = 2;
  two.end();
  assert.deepEqual(tracer.openSpans(), []);
  assert.deepEqual(shape(tracer.events()).map(([name, , duration]) => [name, duration]), [['one', 1], ['two', 2]]);
});

test('a span that ends after disable or reset is counted, not guessed', async (t) => {
  const { tracer } = await fakeTracer(t);
  const span = tracer.span('FILE', 'late');
  tracer.reset();
  span.end();
  const other = tracer.span('FILE', 'later');
  tracer.disable();
  other.end();
  assert.deepEqual(tracer.events(), []);
  assert.equal(tracer.summary().losses.lost_orphaned.FILE, 2);
});

test('a span whose category is not wanted leaves nothing', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.setFilter(['IPC']);
  assert.equal(tracer.span('FILE', 'open', () => 7), 7);
  assert.deepEqual(tracer.events(), []);
  assert.deepEqual(tracer.summary().losses.lost_orphaned, {});
});

test('the memory of spans is used again', async (t) => {
  const { tracer } = await fakeTracer(t);
  for (let i = 0; i < 1000; i++) tracer.span('FILE', 'open', () => tracer.span('FILE', 'read', () => 0));
  assert.equal(tracer.slots.all.length, 2);
});
