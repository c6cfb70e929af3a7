/** The timeline module without a worker: reading images. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openImage, runToy, traceModule, wholeWindow } from '../support/trace_module.js';
import { Tracer } from '../support/tracer.js';

/** @type {any} */ let engine;
/** @type {any} */ let counting;
/** The toy kernel's run: its tracer, its image. */ let toy;

before(async () => {
  engine = await traceModule('engine');
  counting = await traceModule('counting');
  toy = await runToy();
});

const inTracks = ({ tracks }) => tracks.reduce((sum, { count }) => sum + count, 0);

test('an image has the events that its tracer has', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  assert.equal(overview.events, toy.events.length);
  assert.equal(inTracks(overview), toy.events.length);
  for (const { name, count } of overview.categories)
    assert.equal(count, toy.events.filter(({ category }) => category === name).length, name);
  module.sort('start', false);
  const first = module.rows(0, 1)[0], earliest = Math.min(...toy.events.map(({ timestamp }) => timestamp));
  assert.equal(first.startNs, 0);
  const named = toy.events.find(({ timestamp }) => timestamp === earliest);
  assert.equal(overview.names[first.name], named.name);
});

test('its summary is the reader’s own', async () => {
  const saved = await Tracer.open(toy.image);
  const { summary, summaryText, operations } = (await openImage(toy.image)).summary();
  assert.equal(summaryText, String(saved.summary()));
  assert.equal(summary.event_count, toy.events.length);
  assert.deepEqual(operations.map(({ name }) => name).sort(), Object.keys(saved.stats()).sort());
});

test('a window shows each event once, alone or among others', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const { merged } = module.window(wholeWindow(overview));
  const counters = overview.tracks.filter(({ counter }) => counter !== null);
  assert.equal(merged.reduce((sum, count) => sum + count, 0), overview.events - inTracks({ tracks: counters }));
});

test('a window is the same in new memory and in that of an earlier one', async () => {
  const module = await openImage(toy.image), { durationNs } = module.overview();
  const whole = module.window(wholeWindow(module.overview())), half = { ...wholeWindow(module.overview()), toNs: durationNs / 2 };
  const fresh = module.window(half), large = whole.startNs.buffer, small = new ArrayBuffer(8);
  assert.ok(fresh.count > 1 && fresh.count < whole.count);
  const reused = module.window({ ...half, room: large });
  assert.equal(reused.startNs.buffer, large);
  assert.deepEqual(reused, fresh);
  assert.deepEqual(module.window({ ...half, room: small }), fresh, 'what does not fit is left alone');
});

test('statistics and search count what the tracer counts', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const statistics = counting.countAll(module, { fromNs: 0, toNs: overview.durationNs + 1, by: 'name' });
  for (const { key, count, totalNs } of statistics) {
    const same = toy.events.filter(({ name }) => name === overview.names[key]);
    assert.equal(count, same.length, overview.names[key]);
    assert.ok(Math.abs(totalNs / 1e6 - same.reduce((sum, { duration = 0 }) => sum + duration, 0)) < 1e-3);
  }
  const has = ({ name, detail = '' }) => `${name}\n${detail}`.toLowerCase().includes('open');
  module.search('OPEN');
  assert.deepEqual(module.searchStep(1e9), { hits: toy.events.filter(has).length, done: true });
  const { event, rank } = module.nextHit({ timeNs: 0 }, 1);
  assert.equal(rank, 0);
  assert.equal(module.nextHit({ event }, -1).rank, toy.events.filter(has).length - 1, 'it goes round');
});

test('statistics are of whatever events have in common, and of hits alone', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const all = { fromNs: 0, toNs: overview.durationNs + 1 };
  const errors = counting.countAll(module, { ...all, by: 'error' });
  const failed = toy.events.filter((event) => event.failed).length;
  assert.equal(errors.filter(({ text }) => text !== '').reduce((sum, { count }) => sum + count, 0), failed);
  const details = counting.countAll(module, { ...all, by: 'detail' });
  for (const { text, count } of details.slice(0, 20))
    assert.equal(count, toy.events.filter(({ detail = '' }) => detail === text).length, text);
  module.search('name:open');
  module.searchStep(1e9);
  const [{ text, count }, ...others] = counting.countAll(module, { ...all, by: 'name', hits: true });
  assert.deepEqual({ text, count, others }, { text: 'open', count: toy.events.filter(({ name }) => name === 'open').length, others: [] });
  assert.throws(() => counting.countBegin(module, { ...all, by: 'size' }), /not by size/);
});

test('a filter hides what it says, everywhere', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const syscall = overview.categories.findIndex(({ name }) => name === 'SYSCALL');
  const { events } = engine.filterAll(module, { hiddenCategories: [syscall], hiddenTracks: [], minDurationNs: 0, text: '' });
  assert.equal(events, overview.events - overview.categories[syscall].count);
  assert.ok(!counting.countAll(module, { fromNs: 0, toNs: overview.durationNs + 1, by: 'category' }).some(({ key }) => key === syscall));
  assert.ok(!module.window(wholeWindow(overview)).category.includes(syscall));
  module.sort('duration', true);
  assert.ok(module.rows(0, events + 5).every(({ category }) => category !== syscall));
});
