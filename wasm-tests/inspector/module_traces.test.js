/** The timeline module without a worker: traces of every format, several at once, and a growing one. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createModule, loadImage, openImage, openText, runToy, sourceOf, traceModule } from '../support/trace_module.js';
import { Tracer } from '../support/tracer.js';

/** @type {any} */ let counting;
/** The toy kernel's run: its tracer, its image. */ let toy;

before(async () => {
  counting = await traceModule('counting');
  toy = await runToy();
});

test('what is no trace is told where it goes wrong', async () => {
  const fails = async (text, words) => assert.rejects(openText(text, 3), words);
  await fails('nothing', /[a-z]/);
  const cut = toy.image.slice(0, 5000);
  await assert.rejects(openImage(cut), /[a-z]/);
  await assert.rejects(openImage(new Uint8Array(5000)), /[a-z]/);
});

const CALLS = '12 1700000000.000001 openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3 <0.000012>\n'
  + '12 1700000000.000050 access("/x", R_OK) = -1 ENOENT (No such file or directory) <0.000002>\n';
const feedText = (module, text) => module.feed(new TextEncoder().encode(text));

test('a text of strace opens by its content, and is saved as an image', async () => {
  const module = await createModule();
  feedText(module, CALLS);
  assert.deepEqual(module.end(), { format: 'strace', formatTitle: 'strace text' });
  module.build();
  const parts = [];
  module.write = (bytes) => parts.push(...bytes);
  module.saveImage();
  const again = await openImage(Uint8Array.from(parts)), { names, processes } = again.overview();
  assert.deepEqual(names.filter((name) => name === 'openat' || name === 'access').sort(), ['access', 'openat']);
  assert.equal(processes[0].pid, 12);
  assert.equal(counting.countAll(again, { fromNs: 0, toNs: 1e9, by: 'name' }).find(({ key }) => names[key] === 'access').errors, 1);
  parts.length = 0;
  module.exportAs('chrome');
  assert.equal(JSON.parse(new TextDecoder().decode(Uint8Array.from(parts))).traceEvents.filter(({ ph }) => ph === 'X').length, 2);
  parts.length = 0;
  module.exportAs('perfetto');
  const perfetto = await createModule();
  perfetto.feed(Uint8Array.from(parts));
  assert.equal(perfetto.end().format, 'perfetto');
  perfetto.build();
  perfetto.sort('start', false);
  assert.deepEqual(perfetto.rows(0, 9).map(({ durationNs }) => durationNs).sort((a, b) => a - b), [2000, 12000]);
});

test('several traces are one, on one clock', async () => {
  const module = await createModule();
  feedText(module, CALLS);
  module.end();
  module.addLoaded('calls.txt');
  feedText(module, '[{"ph":"X","pid":12,"tid":5,"ts":1700000000000101,"dur":7,"name":"own"}]');
  module.end();
  module.addLoaded('own.json');
  module.build();
  const overview = module.overview();
  assert.equal(overview.events, 3);
  assert.deepEqual(overview.processes.map(({ name }) => name), ['calls.txt', 'own.json']);
  module.sort('start', false);
  const own = module.rows(0, overview.events).find(({ name }) => overview.names[name] === 'own');
  assert.equal(own.startNs, 100000);
});

test('an image is one of several traces, too', async () => {
  const module = await createModule();
  for (const name of ['first.ring', 'second.ring']) {
    module.source = sourceOf(toy.image);
    loadImage(module, toy.image.length);
    module.addLoaded(name);
  }
  module.build();
  const overview = module.overview();
  assert.equal(overview.events, 2 * toy.events.length);
  assert.deepEqual([...new Set(overview.processes.map(({ name }) => name.split(':')[0]))], ['first.ring', 'second.ring']);
});

test('the times of a trace that grows stay when its first events are dropped', async () => {
  const tracer = await Tracer.load({ capacityEvents: 2000 }), module = await createModule(), cursor = tracer.cursor();
  tracer.enable();
  module.follow(10);
  for (let at = 0; at < 40; at++) {
    tracer.record({ category: 'FILE', name: `read ${at}`, pid: 1, timestamp: 1000 + at, duration: 0.5 });
    module.addSegment(tracer.readSegment(cursor));
    module.build();
    const { beginNs, durationNs, events, names } = module.overview(), first = Math.max(0, at - 9);
    assert.deepEqual([events, beginNs, durationNs], [at - first + 1, first * 1e6, at * 1e6 + 5e5]);
    const { name, startNs } = module.event(0);
    assert.deepEqual([names[name], startNs], [`read ${first}`, first * 1e6]);
  }
  tracer.dispose();
});

test('a trace that grows takes memory for what it has, not for what it had', async () => {
  const tracer = await Tracer.load({ capacityEvents: 2000 }), module = await createModule();
  const { memory } = module.exports, before_ = memory.buffer.byteLength;
  tracer.enable();
  module.follow(1e6);
  const cursor = tracer.cursor();
  for (let step = 0, at = 0; step < 200; step++) {
    for (let i = 0; i < 300; i++, at++) { // one process for long, and ever new ones
      tracer.record({ category: 'FILE', name: 'read', detail: `/data/${at}${'x'.repeat(at % 200)}`, pid: 100 + (i % 8 ? at >> 6 : 0), timestamp: at, duration: 0.5 });
    }
    module.addSegment(tracer.readSegment(cursor));
    module.build();
  }
  const { events, bytes } = module.overview();
  assert.equal(events, 60_000);
  const taken = memory.buffer.byteLength - before_;
  assert.ok(taken < 100e6, `${taken} bytes of memory for ${bytes} bytes`);
  tracer.dispose();
});

/** The same numbers in every run. */
function randomNumbers() {
  let seed = 1;
  return (/** @type {number} */ below) => {
    seed = (seed * 48271) % 0x7fffffff;
    return seed % below;
  };
}

test('the longest gaps are those of a plain look at all spans', async () => {
  const { longestGaps } = await traceModule('gaps'), random = randomNumbers(), spans = [];
  for (let tid = 1; tid <= 80; tid++)
    for (let ts = random(1000), i = 0; i < 200; i++, ts += 10 + random(i % 50 === 7 ? 3000 : 60)) {
      spans.push({ ph: 'X', name: 'outer', pid: 1, tid, ts, dur: 8 });
      if (i % 3 === 0) spans.push({ ph: 'X', name: 'inner', pid: 1, tid, ts: ts + 1, dur: 3 });
    }
  const { module } = await openText(JSON.stringify(spans)), overview = module.overview();
  const origin = Math.min(...spans.map(({ ts }) => ts));
  const expected = overview.tracks.map(({ tid }, track) => {
    const own = spans.filter((span) => span.tid === tid).sort((a, b) => a.ts - b.ts);
    let best = { track, fromNs: 0, toNs: 0 }, end = own[0].ts;
    for (const { ts, dur } of own) {
      if ((ts - end) * 1000 > best.toNs - best.fromNs) best = { track, fromNs: (end - origin) * 1000, toNs: (ts - origin) * 1000 };
      end = Math.max(end, ts + dur);
    }
    return best;
  }).sort((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs)).slice(0, 6);
  const found = await longestGaps(module, overview, async () => {});
  assert.deepEqual(found.map(({ fromNs, toNs }) => toNs - fromNs), expected.map(({ fromNs, toNs }) => toNs - fromNs));
  assert.deepEqual(found[0], expected[0]);
});

test('progress counts the bytes of the file that are read, up to all of them', async () => {
  const { load } = await traceModule('load');
  const AT_ONCE = 4 << 20; // a gigabyte is read at 200 MB/s or more: every 20 ms
  const text = JSON.stringify(Array.from({ length: 150_000 }, (_, i) => ({ ph: 'X', name: `event ${i * 48271 % 99991}`, pid: 1, tid: 1, ts: i * 10, dur: 5, args: { i } })));
  const unpack = async (module, blob) => {
    module.source = sourceOf(new Uint8Array(await blob.arrayBuffer()));
    module.gunzip(blob.size, () => {});
  };
  for (const [bytes, read] of [[Buffer.from(text), load], [gzipSync(text), unpack]]) {
    const module = await createModule(), reports = [];
    module.progress = (/** @type {number} */ done, /** @type {number} */ total) => (reports.push([done, total]), true);
    await read(module, new Blob([bytes]), module.progress);
    const done = reports.map(([each]) => each);
    assert.ok(reports.length > 2 && reports.every(([, total]) => total === bytes.length), `${reports}`);
    assert.deepEqual(done, [...done].sort((a, b) => a - b));
    assert.deepEqual([done.at(-1), done[0] < bytes.length / 2], [bytes.length, true]);
    done.forEach((each, i) => assert.ok(each - (done[i - 1] ?? 0) <= AT_ONCE, `${done}`));
  }
});
