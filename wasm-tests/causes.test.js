/** Relations between events: parents across awaits, async spans in other tools' format, fields, and custom
 * categories. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Tracer, fakeTracer } from './support/tracer.js';
import { instrument, mergeImages, traceImports, tracePerformance, traceWebAssembly } from '../build/web/ringscope.js';

const tree = (tracer) => {
  const events = tracer.events(), of = new Map(events.map((event) => [event.async_id, event.name]));
  return Object.fromEntries(events.map(({ name, parent }) => [name, parent && of.get(parent)]));
};

test('spans name what they are a part of, across awaits and beside others', async (t) => {
  const { tracer } = await fakeTracer(t);
  const request = (name) => tracer.span('IPC', name, async () => {
    await null;
    await tracer.span('FILE', `${name} reads`, async () => await null);
    tracer.span('FILE', `${name} parses`).end();
  });
  await Promise.all([request('one'), request('two')]);
  tracer.span('FILE', 'alone').end();
  assert.deepEqual(tree(tracer), { 'one reads': 'one', 'two reads': 'two', 'one parses': 'one', 'two parses': 'two', one: undefined, two: undefined, alone: undefined });
});

test('a parent may be given, and one of another tracer is none', async (t) => {
  const { tracer } = await fakeTracer(t), { tracer: other } = await fakeTracer(t);
  const outer = tracer.span('IPC', 'outer', { async: true });
  tracer.span('IPC', 'inner', { async: true, parent: outer }).end();
  tracer.span('IPC', 'by number', { parent: outer.id }).end();
  other.span('IPC', 'foreign', { parent: outer }).end();
  outer.end();
  assert.deepEqual(tree(tracer), { inner: 'outer', 'by number': 'outer', outer: undefined });
  assert.equal(other.events()[0].parent, undefined);
});

test('async spans are beginnings and ends for other tools, and so are those that wait in JavaScript', async (t) => {
  const { tracer, clock } = await fakeTracer(t, { capacityEvents: 5000 });
  const spans = Array.from({ length: 1100 }, (_, i) => tracer.span('IPC', `request ${i}`, { async: true }));
  clock.ms = 2;
  for (const span of spans) span.end();
  tracer.span('FILE', 'nested').end();
  tracer.span('IPC', 'open', { async: true });
  const events = JSON.parse(tracer.export('chrome')).traceEvents.filter(({ ph }) => ph !== 'M');
  assert.deepEqual(events.filter(({ ph }) => ph === 'X').map(({ name }) => name), ['nested']);
  const ends = new Map(events.filter(({ ph }) => ph === 'e').map((event) => [event.id2.local, event]));
  const begun = events.filter(({ ph }) => ph === 'b');
  assert.deepEqual([begun.length, ends.size], [1101, 1100]);
  assert.ok(begun.slice(0, 1100).every(({ id2, ts, name }) => ts === 0 && ends.get(id2.local).ts === 2000 && ends.get(id2.local).name === name));
  assert.equal(begun.at(-1).name, 'open');
});

test('an event takes arguments and a result, and a name of a category of one’s own', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('http', 'GET', 'x'.repeat(5000)); // the first event of its thread
  tracer.record({ category: 'db', name: 'query', args: { sql: 'select "1"' }, result: [1], failed: false, duration: 1 });
  await tracer.span('render', 'frame', async () => await null);
  tracer.span('render', 'line').end();
  tracer.counter('gpu', 'heap', 5);
  tracer.event('file', 'open');
  assert.deepEqual(tracer.events().map(({ category, label, name }) => [category, label, name]), [['CUSTOM', 'http', 'GET'],
    ['CUSTOM', 'db', 'query'], ['CUSTOM', 'render', 'frame'], ['CUSTOM', 'render', 'line'], ['CUSTOM', 'gpu', 'heap'], ['FILE', undefined, 'open']]);
  const { args, result } = tracer.events({ name: 'query' })[0];
  assert.deepEqual([args, result], [{ sql: 'select "1"' }, [1]]);
  assert.deepEqual(JSON.parse(tracer.export('chrome')).traceEvents.filter(({ ph }) => ph !== 'M').map(({ cat }) => cat).sort(), ['FILE', 'db', 'gpu', 'http', 'render', 'render', 'render'].sort());
  for (const mistake of ['FLIE', '', null, undefined, {}, ' ']) assert.throws(() => tracer.event(mistake, 'x'), /^RangeError: category: .* is not one of SYSCALL/);
  assert.throws(() => tracer.event('http', 5), /^TypeError: name: must be a string, not number/);
});

test('a mistake is reported with the argument, what it must be, and what was given', async (t) => {
  const { tracer } = await fakeTracer(t, { operations: 64 }), mistakes = {
    'event: must be an object, not undefined': () => tracer.record(),
    'duration: must be a number of ms, at least 0, not "a"': () => tracer.record({ category: 'FILE', name: 'x', duration: 'a' }),
    'timestamp: must be a number of ms, at least 0, not -1': () => tracer.record({ category: 'FILE', name: 'x', timestamp: -1 }),
    'value: must be a finite number, not NaN': () => tracer.record({ category: 'FILE', name: 'x', value: NaN }),
    'bytesWritten: must be an integer of at least 0, not 1.5': () => tracer.io(1, 1.5),
    'tasksPolled: must be an integer of at least 0, not undefined': () => tracer.tick(),
    'id: must be an integer, not 1.5': () => tracer.flowOut('FILE', 'x', 1.5),
    'last: must be an integer of at least 0, not -1': () => tracer.events({ last: -1 }),
    'since: must be a number of ms, not "1s"': () => tracer.events({ since: '1s' }),
    'format: "xml" is not one of json, ndjson, chrome': () => tracer.export('xml'),
    'tracer: must be a Tracer or a WorkerTracer, not [object Object]': () => traceImports({}, {}),
    'tracer: must be a Tracer or a WorkerTracer, not undefined': () => traceWebAssembly(),
    'tracer: must be a Tracer or a WorkerTracer, not null': () => tracePerformance(null),
    'bytes: must be a Uint8Array or an ArrayBuffer, not "app.wasm"': () => instrument('app.wasm'),
    'bytes: must be a Uint8Array or an ArrayBuffer, not undefined': () => Tracer.open(),
    'images: must be an array of at least one, not undefined': () => mergeImages(),
    'capacityEvents: must be an integer of at least 0, not -1': () => Tracer.load({ capacityEvents: -1 }),
    'operations: must be an integer of at least 0, not "many"': () => Tracer.load({ operations: 'many' }),
    'the requested sizes exceed what an image can hold: {"names":65537}': () => Tracer.load({ names: 65537 }),
    'invalid argument: {"lanes":8589934592}': () => Tracer.load({ lanes: 2 ** 33 }),
    'clock: must be a function, not 5': () => Tracer.load({ clock: 5 }),
  };
  for (const [message, mistake] of Object.entries(mistakes)) await assert.rejects(async () => mistake(), { name: 'TracerError', message });
  assert.equal(tracer.summary().event_count, 0);
});

test('a module may come as any view of bytes', () => {
  const empty = Uint8Array.of(9, 0, 97, 115, 109, 1, 0, 0, 0, 9);
  for (const bytes of [empty.slice(1, 9), empty.slice(1, 9).buffer, empty.subarray(1, 9), new DataView(empty.buffer, 1, 8)])
    assert.deepEqual(instrument(bytes).names, []);
});

test('columns say what their ids stand for', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('http', 'GET');
  tracer.record({ category: 'FILE', name: 'open', track: tracer.track(7, 8, 'worker') });
  const columns = tracer.columns();
  assert.deepEqual([...columns.name].map((id) => [columns.nameOf(id), columns.labelOf(id)]), [['GET', 'http'], ['open', '']]);
  assert.deepEqual(columns.trackOf(columns.track[1]), { pid: 7, tid: 8, name: 'worker' });
  assert.deepEqual([columns.nameOf(60000), columns.trackOf(60000).name], ['', '']);
});

test('tracers that nobody has any more give their memory back', async (t) => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc'), { tracer: witness } = await fakeTracer(t);
  const bytes = () => witness.memory.memory.buffer.byteLength;
  const make = async () => {
    const tracer = await Tracer.load({ capacityEvents: 20000 });
    tracer.enable();
    tracer.event('FILE', 'open', 'a detail');
    tracer.cursor();
  };
  await make();
  const before = bytes();
  for (let i = 0; i < 60; i++) {
    await make();
    collect();
    await new Promise((resolve) => setImmediate(resolve)); // finalizers are tasks
  }
  assert.ok(bytes() < before * 4, `${before} bytes of memory became ${bytes()}`);
});
