/** Workers record into one tracer, each into a lane of its own, with names and one clock. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { mergeEvents, mergeImages } from '../build/web/ringscope.js';
import { inProject } from './support/paths.js';
import { Tracer, fakeTracer } from './support/tracer.js';

const WORKER = fileURLToPath(new URL('support/recording_worker.js', import.meta.url));

/** Runs workers at the same time; returns their messages. */
async function runWorkers(tracer, names, events) {
  const flag = new SharedArrayBuffer(8);
  const gate = new Int32Array(flag);
  const done = names.map((name) => new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: { shared: tracer.share(name), events, flag } });
    worker.once('message', resolve);
    worker.once('error', reject);
  }));
  const failed = Promise.all(done); // rejects if one fails before all are ready
  for (let ready = 0; ready < names.length; ready = Atomics.load(gate, 0))
    await Promise.race([Atomics.waitAsync(gate, 0, ready).value, failed]);
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
  return failed;
}

async function loadShared(t, options) {
  const tracer = await Tracer.loadShared(options);
  t.after(() => tracer.dispose());
  tracer.enable();
  return tracer;
}

test('four workers at once: nothing is lost, torn or out of order', async (t) => {
  const tracer = await loadShared(t, { capacityEvents: 50000 });
  const names = ['one', 'two', 'three', 'four'], each = 3000;
  tracer.event('PROCESS', 'begin');
  const lanes = tracer.info().lanes_used;
  await runWorkers(tracer, names, each);
  assert.equal(tracer.info().lanes_used, lanes + names.length, 'they share lanes');
  tracer.event('PROCESS', 'end');
  const events = tracer.events();
  assert.equal(events.length, names.length * each + 2);
  for (const name of names) {
    const own = events.filter((event) => event.detail?.startsWith(`${name} `)).map((event) => Number(event.detail.split(' ')[1]));
    assert.deepEqual(own, Array.from({ length: each }, (_, i) => i).filter((i) => i % 3 !== 1));
    assert.equal(events.filter((event) => event.name === `span of ${name}`).length, each / 3);
  }
  const { losses, syscall_count, syscall_errors, bytes_read, bytes_written } = tracer.summary();
  assert.deepEqual([losses.lost_contention, losses.lost_orphaned, losses.missed], [{}, {}, 0]);
  assert.deepEqual([syscall_count, syscall_errors, bytes_read, bytes_written], [4000, 2000, 4, 8]);
});

test('workers have one clock', async (t) => {
  const tracer = await loadShared(t, { capacityEvents: 5000 });
  while (tracer.now() < 5); // so that there is a time before the beginning
  tracer.event('PROCESS', 'begin');
  await runWorkers(tracer, ['a', 'b'], 300);
  tracer.event('PROCESS', 'end');
  const events = tracer.events({ category: ['PROCESS', 'FILE'] });
  const [begin, end] = events.filter((event) => event.category === 'PROCESS').map((event) => event.timestamp);
  const outside = events.filter(({ timestamp }) => timestamp < begin - 1 || timestamp > end + 1);
  assert.deepEqual(outside, [], `not between ${begin} and ${end}`);
});

test('a worker that has ended gives its lane back', async (t) => {
  const tracer = await loadShared(t, { capacityEvents: 500 });
  for (let i = 0; i < 5; i++) await runWorkers(tracer, [`w${i}`], 30);
  assert.equal(tracer.info().lanes_used, 1);
  for (let i = 0; i < 5; i++) assert.equal(tracer.events({ text: `w${i} ` }).length, 20);
});

test('a worker’s track carries its name', async (t) => {
  const tracer = await loadShared(t);
  await runWorkers(tracer, ['decoder'], 3);
  assert.match(tracer.export('chrome'), /decoder/);
});

test('a worker cannot read, and says so', async (t) => {
  const tracer = await loadShared(t);
  const [{ refusal }] = await runWorkers(tracer, ['w'], 1);
  assert.match(refusal, /on the thread that made the tracer/);
});

test('a shared tracer is saved and opened like any other', async (t) => {
  const tracer = await loadShared(t);
  await runWorkers(tracer, ['w'], 30);
  const image = await Tracer.open(tracer.save());
  t.after(() => image.dispose());
  assert.deepEqual(image.events(), tracer.events());
  assert.equal(image.columns().count, image.events().length);
});

test('only a tracer that is shared can be shared', async (t) => {
  const { tracer } = await fakeTracer(t);
  assert.throws(() => tracer.share(), TypeError);
});

test('without shared memory, images of several tracers are merged when read', async (t) => {
  const [one, two] = [await Tracer.load(), await Tracer.load()];
  t.after(() => [one, two].forEach((tracer) => tracer.dispose()));
  one.enable();
  two.enable();
  for (let i = 0; i < 10; i++) (i % 2 ? one : two).event('FILE', `n${i}`);
  const merged = mergeEvents([one, two], { category: 'FILE' });
  assert.deepEqual(merged.map((event) => event.name), Array.from({ length: 10 }, (_, i) => `n${i}`));
  assert.deepEqual(merged.map((event) => event.image), [1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
});

test('without shared memory, images become one: each a thread with a name, with statistics of all', async (t) => {
  const [one, two] = [await Tracer.load(), await Tracer.load()];
  t.after(() => [one, two].forEach((tracer) => tracer.dispose()));
  one.enable();
  two.enable();
  for (let i = 0; i < 10; i++) {
    (i % 2 ? one : two).event('http', `n${i}`, `${i}`);
    (i % 2 ? one : two).op('read', i);
  }
  const merged = await Tracer.open(await mergeImages([{ bytes: one.save(), name: 'page' }, { bytes: two.image(), name: 'worker é' }]));
  t.after(() => merged.dispose());
  assert.deepEqual(merged.events().map(({ name, label, detail }) => [name, label, detail]), Array.from({ length: 10 }, (_, i) => [`n${i}`, 'http', `${i}`]));
  const { track, trackOf } = merged.columns();
  assert.deepEqual([...track].map((id) => trackOf(id).name), Array.from({ length: 10 }, (_, i) => (i % 2 ? 'page' : 'worker é')));
  assert.notEqual(trackOf(track[0]).tid, trackOf(track[1]).tid);
  assert.deepEqual([merged.stats().read.count, merged.stats().read.max_time, merged.summary().syscall_count], [10, 9, 10]);
  await assert.rejects(mergeImages([]), { code: 'ERROR_ARGUMENT' });
  await assert.rejects(mergeImages([{ bytes: new Uint8Array(5000) }]), { code: 'ERROR_NOT_AN_IMAGE' });
});

test('threads of an Emscripten application record into one tracer', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-threads-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const printed = openSync(join(directory, 'out'), 'w+'); // a full pipe would be an error for it
  // Emscripten 3.1.6 mistakes Node for a browser if fetch() exists.
  const args = ['--no-experimental-fetch', inProject('build/wasm/tests/threads.js')];
  execFileSync(process.execPath, args, { stdio: ['ignore', printed, 'inherit'] });
  closeSync(printed);
  const events = JSON.parse(readFileSync(join(directory, 'out'), 'utf8'));
  for (const name of ['one', 'two', 'three']) {
    const numbers = events.filter((event) => event.detail.startsWith(`${name} `)).map((event) => Number(event.detail.split(' ')[1]));
    const once = Array.from({ length: 1000 }, (_, i) => i);
    assert.deepEqual(numbers, [...once, ...once], name);
  }
});
