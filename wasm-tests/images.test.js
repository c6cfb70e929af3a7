/** Images: as bytes, saved, opened, followed, and read as columns. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nativeProgram } from './support/paths.js';
import { Tracer, ToyKernel, fakeTracer } from './support/tracer.js';

async function openSaved(t, bytes) {
  const saved = await Tracer.open(bytes);
  t.after(() => saved.dispose());
  return saved;
}

async function fill(t) {
  const kernel = await ToyKernel.boot();
  t.after(() => kernel.dispose());
  kernel.tracer.enable();
  while (kernel.step());
  return kernel.tracer;
}

test('a saved image says what the tracer says', async (t) => {
  const tracer = await fill(t);
  const saved = await openSaved(t, tracer.save());
  assert.equal(saved.export('json'), tracer.export('json'));
  assert.deepEqual(saved.stats(), tracer.stats());
  assert.deepEqual({ ...saved.summary(), uptime: 0 }, { ...tracer.summary(), uptime: 0 });
  assert.deepEqual([tracer.info().live, saved.info().live, saved.info().closed], [true, false, true]);
});

test('the native command reads what is saved, to the byte', async (t) => {
  const tracer = await fill(t);
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-saved-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'saved.ring');
  writeFileSync(file, tracer.save());
  const native = (...args) => execFileSync(nativeProgram('ringscope'), args, { encoding: 'utf8' });
  assert.equal(native('export', file, '--to', 'json'), tracer.export('json'));
  assert.match(native('events', file), /\S/);
});

test('a label is kept with the name, in what is saved, too', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.record({ category: 'CUSTOM', name: 'fetch', label: 'netz ö', detail: 'x' });
  tracer.record({ category: 'CUSTOM', name: 'fetch' });
  const saved = await openSaved(t, tracer.save());
  for (const reader of [tracer, saved]) assert.deepEqual(reader.events().map(({ label }) => label), ['netz ö', undefined]);
  assert.deepEqual([{ thread: 'no such' }, { process: '*' }, {}].map((query) => saved.events(query).length), [0, 2, 2]);
});

test('without details, no secret is in what is saved or exported', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('FILE', 'open', 'SECRET');
  const without_details = true;
  const text = (bytes) => Buffer.from(bytes).toString('latin1');
  assert.match(text(tracer.save()), /SECRET/);
  assert.doesNotMatch(text(tracer.save({ without_details })), /SECRET/);
  assert.doesNotMatch(tracer.export('chrome', { without_details }), /SECRET/);
  assert.deepEqual(tracer.events({ without_details }).map(({ name, detail }) => [name, detail]), [['open', undefined]]);
});

test('the program is a process, and what a trace leaves out is told', async (t) => {
  const tracer = await fill(t);
  const saved = await openSaved(t, tracer.save());
  const [own, ...others] = tracer.processes();
  assert.deepEqual([own.pid, own.start, own.end, others], [tracer.info().pid, undefined, undefined, []]);
  assert.deepEqual(saved.processes(), [own]);
  assert.deepEqual([tracer.notes(), saved.notes()], [[], []]);
});

test('a copy of the live image opens, too', async (t) => {
  const tracer = await fill(t);
  const copy = await openSaved(t, tracer.image().slice());
  assert.equal(copy.export('json'), tracer.export('json'));
});

test('the image is a view that sees what is recorded', async (t) => {
  const { tracer } = await fakeTracer(t);
  const view = tracer.image();
  const before = view.slice();
  tracer.event('FILE', 'open');
  assert.notDeepEqual(view, before);
  assert.equal(view.length, tracer.info().size_bytes);
});

test('what is no image is refused with the reason', async () => {
  await assert.rejects(Tracer.open(new Uint8Array(0)), { code: 'ERROR_NOT_AN_IMAGE' });
  await assert.rejects(Tracer.open(new Uint8Array(10000)), { code: 'ERROR_NOT_AN_IMAGE' });
});

test('damaged images end in an error or a sound view, never in a trap', async (t) => {
  const tracer = await fill(t);
  const bytes = tracer.save();
  let random = 1;
  const next = () => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0);
  let opened = 0;
  for (let round = 0; round < 200; round++) {
    const damaged = bytes.slice(0, round % 3 ? bytes.length : next() % bytes.length);
    for (let i = 0; i < 20; i++) damaged[next() % (round % 2 ? 4096 : damaged.length || 1)] = next();
    try {
      const image = await Tracer.open(damaged);
      opened++;
      image.events();
      image.summary();
      image.stats();
      image.dispose();
    } catch (error) {
      assert.equal(error.name, 'TracerError', error.stack);
    }
  }
  assert.ok(opened > 0, 'none opened');
});

test('a cursor yields each event once, and tells what it missed', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 16 });
  tracer.event('FILE', 'a');
  const cursor = tracer.cursor();
  const next = () => {
    const { events, missed } = tracer.readSince(cursor);
    return [events.map((event) => event.name).join(''), missed];
  };
  assert.deepEqual(next(), ['a', 0]);
  assert.deepEqual(next(), ['', 0]);
  tracer.event('FILE', 'b');
  tracer.event('FILE', 'c');
  assert.deepEqual(next(), ['bc', 0]);
  for (let i = 0; i < 100; i++) tracer.event('FILE', 'd');
  const [names, missed] = next();
  assert.equal(names.length + missed, 100);
  assert.ok(missed > 0);
  tracer.closeCursor(cursor);
  tracer.closeCursor(cursor);
  assert.throws(() => tracer.readSince(cursor), TypeError);
});

test('a segment is an image of what is new, and there is none of nothing', async (t) => {
  const { tracer } = await fakeTracer(t);
  const cursor = tracer.cursor();
  const next = async () => {
    const bytes = tracer.readSegment(cursor);
    if (!bytes) return null;
    const image = await openSaved(t, bytes);
    return { names: image.events().map((event) => event.name).join(''), segment: image.info().segment };
  };
  tracer.event('FILE', 'a');
  assert.deepEqual(await next(), { names: 'a', segment: 0 });
  assert.equal(await next(), null);
  tracer.event('FILE', 'b');
  tracer.event('FILE', 'c');
  assert.deepEqual(await next(), { names: 'bc', segment: 1 });
  tracer.closeCursor(cursor);
  assert.throws(() => tracer.readSegment(cursor), TypeError);
});

test('columns are the events', async (t) => {
  const tracer = await fill(t);
  const { constants } = tracer.memory;
  for (const image of [tracer, await openSaved(t, tracer.save())]) {
    const columns = image.columns();
    const events = image.events();
    assert.equal(columns.count, events.length);
    events.forEach((event, i) => {
      assert.equal((columns.time_ns[i] / 1e6).toFixed(6), event.timestamp.toFixed(6));
      assert.equal((columns.duration_ns[i] / 1e6).toFixed(6), (event.duration ?? 0).toFixed(6));
      assert.equal(constants.categories[columns.category[i]].name, event.category);
      assert.equal(columns.value[i], event.value ?? 0);
    });
    assert.ok(new Set(columns.name).size > 1);
  }
});

/** The offset of the record of an instant at this time: its first word is the time in ns, its last one ends with the
 * mark. */
function recordAt(image, ns) {
  const words = new BigUint64Array(image.buffer, image.byteOffset, image.byteLength >> 3);
  return words.findIndex((word, i) => word === ns && words[i + 1] === 0n && words[i + 3] & 0xffffn) * 8;
}

test('a record that is being written is in no column', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  for (clock.ms = 0; clock.ms < 5; clock.ms++) tracer.event('FILE', 'open');
  const image = tracer.image(), record = recordAt(image, 2_000_000n);
  image.fill(0, record + 24, record + 26);
  assert.deepEqual([...tracer.columns().time_ns], [0, 1e6, 3e6, 4e6]);
});

test('columns of a ring that went round are the newest', async (t) => {
  const { tracer, clock } = await fakeTracer(t, { capacityEvents: 10 });
  for (clock.ms = 0; clock.ms < 100; clock.ms++) tracer.event('FILE', 'open');
  assert.deepEqual([...tracer.columns().time_ns], Array.from({ length: 10 }, (_, i) => (90 + i) * 1e6));
  tracer.reset();
  assert.equal(tracer.columns().count, 0);
});

test('all formats can be exported, others not', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('FILE', 'open', 'x');
  assert.equal(JSON.parse(tracer.export('json')).length, 1);
  assert.equal(JSON.parse(tracer.export('ndjson')).name, 'open');
  assert.ok(JSON.parse(tracer.export('chrome')).traceEvents.length > 0);
  assert.throws(() => tracer.export('xml'), { code: 'ERROR_UNKNOWN' });
});
