/** A tracer of one's own: events are read back as recorded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tracer, fakeTracer } from './support/tracer.js';

const names = (events) => events.map((event) => event.name);

test('a new tracer is disabled and records nothing', async (t) => {
  const tracer = await Tracer.load();
  t.after(() => tracer.dispose());
  assert.equal(tracer.enabled, false);
  tracer.event('FILE', 'open');
  assert.deepEqual(tracer.events(), []);
});

test('an event has timestamp, category, name and detail', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  clock.ms = 1.25;
  tracer.event('FILE', 'open', '/etc/passwd');
  tracer.event('file', 'close');
  tracer.event('Scheduler', 'tick', '');
  assert.deepEqual(tracer.events(), [
    { timestamp: 1.25, category: 'FILE', name: 'open', detail: '/etc/passwd' },
    { timestamp: 1.25, category: 'FILE', name: 'close' },
    { timestamp: 1.25, category: 'SCHED', name: 'tick', detail: '' },
  ]);
});

test('what is not a category is refused', async (t) => {
  const { tracer } = await fakeTracer(t);
  assert.throws(() => tracer.event('FILES', 'open'), RangeError);
  assert.throws(() => tracer.setFilter(['FILES']), RangeError);
});

test('a filter keeps the other categories out, and no filter none', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.setFilter(['FILE', 'Ipc']);
  for (const category of ['FILE', 'IPC', 'MEMORY']) tracer.event(category, category);
  assert.deepEqual(names(tracer.events()), ['FILE', 'IPC']);
  assert.deepEqual(tracer.summary().filter, ['FILE', 'IPC']);
  tracer.setFilter([]);
  tracer.event('MEMORY', 'now');
  assert.deepEqual(names(tracer.events()), ['FILE', 'IPC', 'now']);
});

test('queries take by category, pid, name, text, time and number', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  for (let i = 0; i < 6; i++) {
    clock.ms = i;
    tracer.record({ category: i % 2 ? 'FILE' : 'IPC', name: `n${i}`, detail: `d${i}`, pid: i % 3 });
  }
  assert.deepEqual(names(tracer.eventsByCategory('file')), ['n1', 'n3', 'n5']);
  assert.deepEqual(names(tracer.events({ category: ['FILE', 'IPC'], since: 1, until: 3 })), ['n1', 'n2', 'n3']);
  assert.deepEqual(names(tracer.eventsByPid(0)), ['n0', 'n3']);
  assert.deepEqual(names(tracer.events({ last: 2 })), ['n4', 'n5']);
  assert.deepEqual(names(tracer.events({ last: 0 })), []);
  assert.deepEqual(names(tracer.events({ name: 'n2' })), ['n2']);
  assert.deepEqual(names(tracer.events({ name: 'N*' })), ['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
  assert.deepEqual(names(tracer.events({ text: 'D4' })), ['n4']);
});

test('queries take by failure and least duration', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.record({ category: 'FILE', name: 'point' });
  tracer.record({ category: 'FILE', name: 'short', timestamp: 1, duration: 2 });
  tracer.record({ category: 'FILE', name: 'long', timestamp: 1, duration: 3, failed: true });
  assert.deepEqual(names(tracer.events({ min_duration: 2.5 })), ['long']);
  assert.deepEqual(names(tracer.events({ min_duration: 2 })), ['short', 'long']);
  assert.deepEqual(names(tracer.events({ failed: true })), ['long']);
  assert.equal(tracer.events({ failed: false }).length, 3);
});

test('a full ring evicts the oldest, and counts it', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 10 });
  for (let i = 0; i < 25; i++) tracer.event('CUSTOM', `n${i}`);
  assert.deepEqual(names(tracer.events()), Array.from({ length: 10 }, (_, i) => `n${i + 15}`));
  const { event_count, losses } = tracer.summary();
  assert.deepEqual([event_count, losses.recorded.CUSTOM, losses.evicted.CUSTOM], [10, 25, 15]);
});

test('record() takes time, duration, value and pid, 0 included', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.record({ category: 'FILE', name: 'span', timestamp: 0, duration: 0, pid: 0 });
  tracer.record({ category: 'FILE', name: 'sample', timestamp: 2.5, value: -0.1 });
  assert.deepEqual(tracer.events(), [
    { timestamp: 0, category: 'FILE', name: 'span', pid: 0, duration: 0 },
    { timestamp: 2.5, category: 'FILE', name: 'sample', value: -0.1 },
  ]);
});

test('times and values that are none are refused and counted', async (t) => {
  const { tracer } = await fakeTracer(t);
  for (const bad of [{ timestamp: NaN }, { timestamp: -1 }, { duration: Infinity }, { duration: -1 }, { value: NaN }])
    assert.throws(() => tracer.record({ category: 'FILE', name: 'bad', ...bad }), { code: 'ERROR_ARGUMENT' });
  assert.equal(tracer.summary().losses.lost_invalid.FILE, 5);
});

test('counters, ticks and kernel statistics come back in the summary', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.disable(); // operations are counted all the same
  tracer.op('read', 0.5);
  tracer.op('read', 1.5, false);
  tracer.op('own', 2);
  tracer.tick(4, 2);
  tracer.tick(2, 1);
  tracer.io(4096, 2 ** 40);
  for (const count of ['taskSpawned', 'taskCompleted', 'processSpawned', 'processSpawned', 'processExited', 'signalDelivered', 'timerFired'])
    tracer[count]();
  const summary = tracer.summary();
  assert.deepEqual(
    [summary.syscall_count, summary.syscall_errors, summary.tick_count, summary.tasks_polled, summary.avg_tick_time, summary.max_tick_time],
    [3, 1, 2, 6, 1.5, 2]);
  assert.deepEqual([summary.tasks_spawned, summary.tasks_completed, summary.processes_spawned, summary.processes_exited,
    summary.signals_delivered, summary.timers_fired, summary.current_process_count, summary.peak_process_count], [1, 1, 2, 1, 1, 1, 1, 2]);
  assert.deepEqual([summary.bytes_read, summary.bytes_written], [4096, 2 ** 40]);
  const { read, own } = tracer.stats();
  assert.deepEqual([read.count, read.errors, read.avg_time, read.success_rate, own.total_time], [2, 1, 1, 0.5, 2]);
  assert.throws(() => tracer.tick(1.5, 1), { code: 'ERROR_ARGUMENT' });
  assert.throws(() => tracer.io(-1, 0), { code: 'ERROR_ARGUMENT' });
});

test('the summary as a string is the printed text', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  clock.ms = 1500;
  tracer.event('FILE', 'open');
  tracer.op('open', 1, false);
  assert.equal(String(tracer.summary()), `=== Kernel Statistics ===
Uptime: 1.50s
Tracing: ON
Events buffered: 1

--- Syscalls ---
Total: 1
Errors: 1

--- Scheduler ---
Ticks: 0
Avg tick: 0.000ms
Max tick: 0.000ms

--- Processes ---
Spawned: 0
Exited: 0

--- Events ---
Signals: 0
Timers: 0

--- I/O ---
Read: 0 bytes
Written: 0 bytes
`);
});

test('reset clears events and statistics, and each half of it its half', async (t) => {
  const { tracer } = await fakeTracer(t);
  const counts = () => [tracer.events().length, tracer.summary().syscall_count];
  const fill = () => (tracer.event('FILE', 'open'), tracer.op('open', 1));
  fill();
  tracer.clearEvents();
  assert.deepEqual(counts(), [0, 1]);
  fill();
  tracer.resetStats();
  assert.deepEqual(counts(), [1, 0]);
  fill();
  tracer.reset();
  assert.deepEqual(counts(), [0, 0]);
  assert.equal(tracer.enabled, true);
});

test('uptime counts from the enabling, and stops at the disabling', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  clock.ms = 10;
  assert.equal(tracer.summary().uptime, 10);
  tracer.setStartTime(4);
  assert.equal(tracer.summary().uptime, 6);
  tracer.disable();
  clock.ms = 100;
  assert.equal(tracer.summary().uptime, 6);
  assert.equal(tracer.now(), 100);
  assert.throws(() => tracer.setStartTime(NaN), { code: 'ERROR_ARGUMENT' });
});

test('a track can be given, with its name', async (t) => {
  const { tracer } = await fakeTracer(t);
  const track = tracer.track(7, 9, 'worker');
  assert.ok(track > 0);
  assert.equal(tracer.track(7, 9), track);
  tracer.record({ category: 'FILE', name: 'open', track });
  assert.equal(tracer.events({ tid: 9 }).length, 1);
  assert.equal(tracer.events({ tid: 10 }).length, 0);
});

test('options reach C, and those that are none are refused', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 50, lanes: 3, detailBytes: 8192 });
  const { capacity_events, lanes, detail_bytes_per_lane, without_details } = tracer.info();
  assert.deepEqual([capacity_events, lanes, detail_bytes_per_lane, without_details], [50, 3, 8192, false]);
  const { tracer: silent } = await fakeTracer(t, { withoutDetails: true });
  silent.event('FILE', 'open', 'secret');
  assert.deepEqual(silent.events(), [{ timestamp: 0, category: 'FILE', name: 'open' }]);
  for (const capacityEvents of [-1, 1.5, NaN, Infinity])
    await assert.rejects(Tracer.load({ capacityEvents }), { code: 'ERROR_ARGUMENT' });
  await assert.rejects(Tracer.load({ capacityEvents: 2 ** 31 }), { code: 'ERROR_TOO_LARGE' });
  await assert.rejects(Tracer.load({ lanes: 2 ** 33 }), { code: 'ERROR_ARGUMENT' });
});

test('a disposed tracer says so, and may be disposed again', async () => {
  const tracer = await Tracer.load();
  const cursor = tracer.cursor();
  const span = tracer.span('FILE', 'open');
  tracer.dispose();
  tracer.dispose();
  span.end();
  for (const use of ['events', 'summary', 'stats', 'image', 'save', 'enable', 'cursor', 'now', 'info', 'openSpans'])
    assert.throws(() => tracer[use](), /disposed/, use);
  assert.throws(() => tracer.event('FILE', 'open'), /disposed/);
  assert.throws(() => tracer.span('FILE', 'open'), /disposed/);
  assert.throws(() => tracer.readSince(cursor), /disposed/);
});

test('a flow has its id of up to 64 bits, and a direction', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.flowOut('IPC', 'send', 2n ** 64n - 1n);
  tracer.flowIn('IPC', 'receive', 7);
  assert.deepEqual(tracer.events().map(({ name, flow, flow_id: id }) => [name, flow, id]),
    [['send', 'out', '0xffffffffffffffff'], ['receive', 'in', '0x7']]);
});
