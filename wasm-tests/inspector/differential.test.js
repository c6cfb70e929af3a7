/**
 * One file, three readers: the command, the JavaScript reader and the page's module agree on it, whatever it holds,
 * even if it is damaged; and an export, imported again, equals the image.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inProject, nativeProgram } from '../support/paths.js';
import { loadImage } from '../support/trace_module.js';
import { Tracer, fakeTracer } from '../support/tracer.js';

const DAMAGED = 60;
const FAILED = 1; // a bit of an event's flags
const NS_PER_MS = 1e6;
const EVERYTHING = { hiddenCategories: [], hiddenTracks: [], minDurationNs: 0, text: '', query: '' };

/** @type {any} */ let TraceModule;
/** @type {any} */ let engine;
/** @type {WebAssembly.Module} */ let wasm;
/** @type {string} */ let directory;

before(async () => {
  ({ TraceModule } = await import(inProject('build/web/inspector/trace/module.js')));
  engine = await import(inProject('build/web/inspector/trace/engine.js'));
  wasm = await WebAssembly.compile(readFileSync(inProject('build/web/timeline.wasm')));
  directory = mkdtempSync(join(tmpdir(), 'ringscope-differential-'));
});
after(() => rmSync(directory, { recursive: true }));

// ---------------------------------------------------------------- the readers

const MAX_OUTPUT = 1 << 28;
const asFile = (bytes) => {
  const file = join(directory, 'trace');
  writeFileSync(file, bytes);
  return file;
};
const command = (...args) => execFileSync(nativeProgram('ringscope'), args, { encoding: 'utf8', maxBuffer: MAX_OUTPUT });

function byCommand(bytes) {
  const file = asFile(bytes);
  return {
    ndjson: command('export', file, '--to', 'ndjson'),
    chrome: command('export', file, '--to', 'chrome'),
    summary: JSON.parse(command('summary', file, '--json')),
    operations: JSON.parse(command('stats', file, '--json')),
    text: command('summary', file),
  };
}

async function byReader(bytes) {
  const reader = await Tracer.open(bytes);
  const said = {
    ndjson: reader.export('ndjson'),
    chrome: reader.export('chrome'),
    summary: { ...reader.summary(), open_spans: reader.openSpans(), processes: reader.processes(), notes: reader.notes() },
    operations: Object.values(reader.stats()),
    text: String(reader.summary()),
  };
  reader.dispose();
  return said;
}

function exported(module, format) {
  const pieces = [];
  module.write = (piece) => pieces.push(Buffer.from(piece));
  module.exportAs(format);
  return Buffer.concat(pieces).toString();
}

async function openImage(bytes) {
  const module = await TraceModule.create(wasm);
  module.source = { read: (offset, to) => offset + to.length <= bytes.length && (to.set(bytes.subarray(offset, offset + to.length)), true) };
  loadImage(module, bytes.length);
  module.build();
  return module;
}

async function openOther(text) {
  const module = await TraceModule.create(wasm);
  module.feed(Buffer.from(text));
  module.end();
  module.build();
  return module;
}

async function byPage(bytes) {
  const module = await openImage(bytes);
  const { summary, summaryText, operations } = module.summary();
  return { ndjson: exported(module, 'ndjson'), chrome: exported(module, 'chrome'), summary, operations, text: summaryText };
}

// ------------------------------------------------------------------ the traces

const HOSTILE = ['open', 'a "quoted" \\ name', 'line\nbreak', '\u0001\u001b[31m', '\u202eevil', 'größe 🎬', '', 'x'.repeat(255), '</script>', 'name:open'];

/** Everything that an event can have, with evictions and losses. */
async function rich(t, withOpenSpan = false) {
  const { tracer, clock } = await fakeTracer(t, { capacityEvents: 500 });
  const categories = ['FILE', 'IPC', 'SCHED', 'CUSTOM', 'MEMORY'];
  for (let i = 0; i < 700; i++) {
    clock.ms = i * 1.000001;
    const event = { category: categories[i % 5], name: HOSTILE[i % HOSTILE.length] || 'none', pid: 40 + (i % 3), timestamp: clock.ms };
    if (i % 2) Object.assign(event, { duration: (i % 7) / 3, failed: i % 4 === 1 });
    if (i % 3) event.detail = i === 601 ? 'd'.repeat(5000) : `${HOSTILE[(i * 7) % HOSTILE.length]} ${i}`;
    if (i % 6 === 5) Object.assign(event, { detail: undefined, args: { n: i, text: HOSTILE[i % 9] }, result: [i, null], label: 'netz ö' });
    tracer.record(event);
    tracer.op(['read', 'write', 'fsync'][i % 3], (i % 50) / 7, i % 11 !== 0);
    if (i % 40 === 0) tracer.counter('MEMORY', 'free pages', i * 1.5);
    if (i % 70 === 0) assert.throws(() => tracer.record({ ...event, timestamp: NaN })); // counted as lost
  }
  if (withOpenSpan) tracer.span('FILE', 'still open'); // the page shows it among the events
  return tracer.save();
}

const demo = () => {
  const file = join(directory, 'demo.ring');
  command('demo', '-o', file, '--seed', '7');
  return readFileSync(file);
};

/** Compares the parts of the summary that all three have; the lists beside it come from the reader's other functions,
 * and the page has none. */
function agree(said, expected) {
  const { frames, open_spans, processes, notes, ...summary } = expected.summary;
  const lists = said.summary.open_spans ? { open_spans, processes, notes } : {};
  assert.deepEqual(said.summary, { ...summary, ...lists });
  assert.deepEqual(said.operations, expected.operations);
  assert.ok(expected.text.startsWith(said.text.trimEnd()), said.text); // the command also lists the open spans
  for (const format of ['ndjson', 'chrome']) assert.deepEqual(said[format].split('\n'), expected[format].split('\n'));
}

test('of an image with all that an event can have', async (t) => {
  const bytes = await rich(t, true);
  const expected = byCommand(bytes);
  assert.ok(expected.ndjson.split('\n').length > 500);
  for (const said of [await byReader(bytes), await byPage(bytes)]) agree(said, expected);
});

test('of the demo', async () => {
  const bytes = demo();
  const expected = byCommand(bytes);
  for (const said of [await byReader(bytes), await byPage(bytes)]) agree(said, expected);
});

// ------------------------------------------------------------------ the page

const inNs = (ms) => Math.round((ms ?? 0) * NS_PER_MS);

/** Times count from the first event there. */
function rowsOf(module) {
  const { names, categories, events } = module.overview();
  module.sort('start', false);
  return module.rows(0, events).map((row) => [row.startNs, row.durationNs, names[row.name], categories[row.category].name, row.detail ?? '', (row.flags & FAILED) !== 0]);
}

const sorted = (rows) => rows.map((row) => JSON.stringify(row)).sort();

test('of each event, in the rows of the page', async (t) => {
  const bytes = await rich(t), module = await openImage(bytes), reader = await Tracer.open(bytes);
  const events = reader.events(), beganMs = Math.min(...events.map(({ timestamp }) => timestamp));
  assert.deepEqual(
    sorted(rowsOf(module)),
    sorted(events.map((event) => [inNs(event.timestamp) - inNs(beganMs), inNs(event.duration), event.name, event.label ?? event.category, event.detail ?? '', event.failed ?? false])),
  );
  reader.dispose();
});

// ------------------------------------------------------------------ queries

const QUERIES = ['name:open', 'dur>1ms', 'failed', 'dur<2ms -failed', 'category:FILE or category:IPC', 'pid:41 /e.*l/', '"netz ö"', 'name:"a \\"quoted\\" \\\\ name"', '🎬', 'nothing-like-it'];

function countOf(module, query) {
  engine.filterBegin(module, { ...EVERYTHING, query });
  for (;;) {
    const { done, events } = engine.filterStep(module, 1000);
    if (done) return events;
  }
}

test('of what is asked for, in the command’s language and the page’s', async (t) => {
  const bytes = await rich(t), module = await openImage(bytes), file = asFile(bytes);
  let some = 0;
  for (const query of QUERIES) {
    const expected = command('events', file, query, '--json').split('\n').length - 1;
    assert.equal(countOf(module, query), expected, query);
    some += expected > 0;
  }
  assert.ok(some > QUERIES.length / 2, 'they find something');
});

// ------------------------------------------------------------------- damage

/** Pseudo-random numbers, the same each time. */
function* numbersFrom(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

/** Damages mostly the parts that matter: the header and the tables, before the records. */
function damage(bytes, random) {
  const copy = Uint8Array.from(bytes);
  const next = () => random.next().value >>> 4;
  for (let left = 1 + (next() % 4); left > 0; left--) {
    const size = next() % 3 ? copy.length : 4096 + 2048;
    copy[next() % size] = [0, 0xff, next() & 0xff][next() % 3];
  }
  return next() % 5 ? copy : copy.subarray(0, next() % copy.length);
}

async function orRefused(read) {
  try {
    return await read();
  } catch (error) {
    if (error?.code === 'ERR_ASSERTION' || error instanceof RangeError) throw error;
    return null;
  }
}

test('of a damaged image: the same, or all refuse it', async (t) => {
  const whole = await rich(t, true), random = numbersFrom(7), outcomes = { refused: 0, read: 0 };
  for (let i = 0; i < DAMAGED; i++) {
    const bytes = damage(whole, random);
    const { status, signal, stdout } = spawnSync(nativeProgram('ringscope'), ['export', asFile(bytes), '--to', 'ndjson'], { encoding: 'utf8', maxBuffer: MAX_OUTPUT });
    assert.equal(signal, null, `of ${i}`);
    const expected = status === 0 ? stdout : null;
    for (const said of [await orRefused(async () => (await byReader(bytes)).ndjson), await orRefused(async () => exported(await openImage(bytes), 'ndjson'))])
      assert.equal(said, expected, `of ${i}`);
    outcomes[expected === null ? 'refused' : 'read']++;
  }
  assert.ok(outcomes.refused > 5 && outcomes.read > 5, JSON.stringify(outcomes));
});

// ------------------------------------------------------------ other formats

const STRACE = [
  '41 1700000000.000001 openat(AT_FDCWD, "/etc/\\303\\266\\1", O_RDONLY) = 3 <0.000012>',
  '41 1700000000.000500 read(3,  <unfinished ...>',
  '42 1700000000.000510 close(9) = -1 EBADF (Bad file descriptor) <0.000003>',
  '41 1700000000.000900 <... read resumed>"x", 100) = 1 <0.000400>',
  '42 1700000000.001000 --- SIGCHLD {si_signo=SIGCHLD, si_pid=41} ---',
  '41 1700000000.002000 +++ exited with 0 +++',
];
const SCRIPT = ['app 7/8 100.000100: 250000 cycles:', '        1000 inner (/bin/app)', '        2000 main (/bin/app)', '', 'app 7/8 100.000350: 250000 cycles:', '        2000 main (/bin/app)', ''];
const PROFILE = { startTime: 1000, endTime: 4000, samples: [3, 2, 3], timeDeltas: [500, 1000, 1000], nodes: [
  { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [2] },
  { id: 2, callFrame: { functionName: 'outer', url: 'file:///a.js', lineNumber: 3 }, children: [3] },
  { id: 3, callFrame: { functionName: 'größe 🎬', url: 'file:///a.js', lineNumber: 9 } } ] };
const OTHERS = { strace: STRACE.join('\n') + '\n', folded: 'main;inner 30\nmain;größe 🎬 12\n', perf: SCRIPT.join('\n'), cpuprofile: JSON.stringify(PROFILE) };

const imported = (text, format = 'ndjson') => command('export', asFile(text), '--to', format);

for (const [format, text] of Object.entries(OTHERS)) {
  test(`of what another tool wrote: ${format}`, async () => {
    const module = await openOther(text), expected = imported(text);
    assert.ok(expected.split('\n').length > 2, expected);
    assert.equal(exported(module, 'ndjson'), expected);
    assert.equal(exported(module, 'chrome'), imported(text, 'chrome'));
  });
}

/** Arguments with a result become one object, as the page shows them. */
const whole = (given, result) => (result === undefined ? given ?? null : `{"arguments":${given ?? 'null'},"result":${result}}`);

/** The part of an event that Chrome's format can express: times from the first one on, and no process 0. */
function essence(ndjson) {
  const events = ndjson.trimEnd().split('\n').map((line) => JSON.parse(line));
  const beganMs = Math.min(...events.map(({ timestamp }) => timestamp));
  const process0 = events.some(({ pid }) => pid === 1) ? 2147483647 : 1; // in Trace Event JSON, where no process is 0
  return sorted(events.map(({ timestamp, duration, category, label, name, detail, value, pid, failed, arguments: given, result }) => (
    [inNs(timestamp) - inNs(beganMs), inNs(duration), label ?? category, name, detail ?? null, value ?? null, pid || process0, failed ?? false, whole(given, result)])));
}

test('of what is exported for Chrome, imported again', async (t) => {
  for (const bytes of [await rich(t), demo()]) {
    const { ndjson, chrome } = byCommand(bytes);
    assert.deepEqual(essence(imported(chrome)), essence(ndjson));
    assert.equal(exported(await openOther(chrome), 'ndjson'), imported(chrome), 'by the page');
  }
});
