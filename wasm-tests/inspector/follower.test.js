/** Following a growing trace: how much is read while the worker is busy, and how often it has to index. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow } from '../../web/inspector/element/following.js';
import { Follower } from '../../web/inspector/trace/follower.js';

const NOTHING = { values: new Float64Array(0), columns: [], texts: '' };
const NO_LISTS = { tracks: NOTHING, processes: NOTHING, wordId: 0 };

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A source that is polled whenever the test decides, and a worker that answers in the same way. */
function following(context) {
  let now = 0;
  context.mock.method(performance, 'now', () => now);
  const state = { number: 0, bytes: 1, last: false, closed: false, look: () => {}, /** @type {any[]} */ calls: [], /** @type {any[]} */ rests: [] };
  context.mock.method(globalThis, 'setTimeout', (end, ms) => state.rests.push({ end, ms }));
  const source = {
    next: () => {
      const segment = new Uint8Array(state.bytes);
      segment[0] = state.number++;
      return { segment, last: state.last };
    },
    wait: (look) => ((state.look = look), () => (state.look = () => {})),
    close: () => (state.closed = true),
  };
  const client = {
    call: (method, [segments]) => new Promise((resolve, reject) => {
      assert.equal(method, 'extend');
      state.calls.push({ numbers: segments.map((segment) => segment[0]), resolve: () => resolve({ events: state.calls.length, names: [], lists: NO_LISTS }), reject });
    }),
  };
  const trace = { overview: { title: 'live', notes: ['a note'], events: 0 }, live: null };
  const follower = new Follower(source, client, trace);
  trace.live = follower;
  const look = async (ms) => {
    now += ms;
    await state.look();
    await tick();
  };
  const answer = async (call) => {
    call.resolve();
    await tick();
  };
  /** Ends the worker's rest after the given time. */
  const rested = async (ms) => {
    const rest = state.rests.shift();
    assert.equal(rest.ms, ms);
    rest.end();
    await tick();
  };
  return { state, trace, follower, look, answer, rested };
}

test('segments are read while the worker is busy, and given to it at once', async (context) => {
  const { state, trace, look, answer, rested } = following(context);
  await look(0);
  assert.deepEqual(state.calls.map(({ numbers }) => numbers), [[0]]);
  for (let i = 0; i < 30; i++) await look(10);
  assert.equal(state.number, 4, 'a read each 100 ms');
  await answer(state.calls[0]);
  const { title, notes, events } = trace.overview;
  assert.deepEqual({ title, notes, events }, { title: 'live', notes: ['a note'], events: 1 });
  assert.equal(state.calls.length, 1, 'the worker rests as long as it took');
  await rested(300);
  assert.deepEqual(state.calls[1].numbers, [1, 2, 3]);
});

test('what waits is bounded', async (context) => {
  const { state, look } = following(context);
  state.bytes = 9 << 20;
  for (let i = 0; i < 9; i++) await look(100);
  assert.equal(state.number, 3, 'one with the worker, and two of 9 MiB that wait');
});

test('what was recorded before a pause is shown, and nothing more is read', async (context) => {
  const { state, follower, look, answer, rested } = following(context);
  await look(0);
  follower.setPaused(true);
  await look(10);
  await look(1000);
  assert.equal(state.number, 2, 'one more, soon or not');
  await answer(state.calls[0]);
  await rested(1010);
  assert.deepEqual(state.calls[1].numbers, [1]);
  await answer(state.calls[1]);
  await rested(0);
  await look(1000);
  assert.equal(state.number, 2);
  follower.setPaused(false);
  await look(10);
  assert.deepEqual(state.calls[2].numbers, [2]);
});

test('the last segment is shown before it ends', async (context) => {
  const { state, trace, look, answer, rested } = following(context);
  await look(0);
  state.last = true;
  await look(100);
  await look(1000);
  assert.equal(state.number, 2, 'nothing is asked for after the last');
  await answer(state.calls[0]);
  await rested(1100);
  assert.deepEqual(state.calls[1].numbers, [1]);
  assert.notEqual(trace.live, null);
  await answer(state.calls[1]);
  await rested(0);
  assert.equal(trace.live, null);
  assert.ok(state.closed);
});

test('a worker that fails ends it, and the page says so', async (context) => {
  const { state, trace, look } = following(context);
  await look(0);
  state.calls[0].reject(new Error('no memory'));
  await tick();
  assert.equal(trace.live, null);
  assert.match(trace.overview.notes[1], /no memory/);
});

test('tracks that have other numbers now are pinned by those, in a link too', () => {
  const settings = { pins: [0], order: 'start' }, view = {
    window: { fromNs: 0, toNs: 1 }, limits: { durationNs: 2 }, state: { pinned: new Set([0]) },
    refresh: () => void (view.state.pinned = new Set([3])), // as three tracks come before it
  };
  let grow = () => {};
  const trace = { overview: { durationNs: 3, shown: 1 }, live: { onChange: (listener) => void (grow = listener) } };
  const app = { view, state: { trace, settings, selected: null }, set: (change) => Object.assign(settings, change), update: () => {}, changed: () => {} };
  follow(app, trace);
  grow();
  assert.deepEqual(settings.pins, [3]);
});
