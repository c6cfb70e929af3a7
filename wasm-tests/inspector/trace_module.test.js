/** The timeline module without a worker: what it makes of images and of Trace Event JSON. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { constants, gzipSync } from 'node:zlib';
import { inProject } from '../support/paths.js';
import { ToyKernel, Tracer } from '../support/tracer.js';

/** @type {any} */ let TraceModule;
/** @type {any} */ let engine;
/** @type {any} */ let counting;
/** @type {any} */ let tree;
/** @type {WebAssembly.Module} */ let wasm;
/** What the toy kernel did: its tracer, its image. */ let toy;

before(async () => {
  ({ TraceModule } = await import(inProject('build/web/inspector/trace/module.js')));
  engine = await import(inProject('build/web/inspector/trace/engine.js'));
  counting = await import(inProject('build/web/inspector/trace/counting.js'));
  tree = await import(inProject('build/web/inspector/trace/tree.js'));
  wasm = await WebAssembly.compile(readFileSync(inProject('build/web/timeline.wasm')));
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  toy = { tracer: kernel.tracer, image: kernel.tracer.save(), events: kernel.tracer.events() };
});

async function openImage(image) {
  const module = await TraceModule.create(wasm);
  module.source = { read: (offset, to) => offset + to.length <= image.length && (to.set(image.subarray(offset, offset + to.length)), true) };
  module.loadImage(image.length);
  module.build();
  return module;
}

async function openChrome(bytes, pieceBytes) {
  const module = await TraceModule.create(wasm);
  for (let at = 0; at < bytes.length; at += pieceBytes) module.feed(bytes.subarray(at, at + pieceBytes));
  module.end();
  module.build();
  return { module, notes: module.overview().notes };
}

const whole = (overview) => ({ fromNs: 0, toNs: overview.durationNs + 1, widthPx: 500, rows: [[0, overview.rows]], counters: [] });
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

const EVERYTHING = { hiddenCategories: [], hiddenTracks: [], minDurationNs: 0, text: '', query: '' };
const inWindow = ({ merged }) => merged.reduce((sum, count) => sum + count, 0);

test('an expression is a filter, which is seen before it is applied', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const opens = toy.events.filter(({ name, duration = 0 }) => name === 'open' && duration > 0.001);
  assert.ok(opens.length > 0 && opens.length < toy.events.length);
  engine.filterBegin(module, { ...EVERYTHING, query: 'name:open dur>1us' });
  assert.equal(engine.filterStep(module, 10).done, false);
  assert.equal(inWindow(module.window({ ...whole(overview), preview: true })), opens.length);
  assert.ok(inWindow(module.window(whole(overview))) > opens.length, 'until it is, all is shown');
  let state = engine.filterStep(module, 100);
  while (!state.done) state = engine.filterStep(module, 100);
  assert.equal(state.events, opens.length);
  assert.equal(inWindow(module.window(whole(overview))), opens.length);
  engine.filterBegin(module, EVERYTHING);
  engine.filterStop(module);
  assert.equal(inWindow(module.window(whole(overview))), opens.length, 'what is given up changes nothing');
});

test('what is wrong with an expression is said with its place', async () => {
  const module = await openImage(toy.image);
  assert.equal(engine.checkQuery(module, 'name:open /a|b/ -failed'), null);
  const { message, at, length } = engine.checkQuery(module, 'é nmae:x');
  assert.match(message, /there is no field nmae:/);
  assert.deepEqual({ at, length }, { at: 2, length: 5 });
  assert.throws(() => module.search('pid:x'), /x is not a number/);
  assert.throws(() => engine.filterBegin(module, { ...EVERYTHING, query: '/(/' }), /the \( has no \)/);
});

test('a window shows each event once, alone or among others', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const { merged } = module.window(whole(overview));
  const counters = overview.tracks.filter(({ counter }) => counter !== null);
  assert.equal(merged.reduce((sum, count) => sum + count, 0), overview.events - inTracks({ tracks: counters }));
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

test('a call tree is upright, inverted, and of one name', async () => {
  const span = (name, ts, dur) => ({ ph: 'X', name, pid: 1, tid: 1, ts, dur });
  const events = [span('main', 0, 100), span('a', 0, 40), span('b', 10, 10), span('a', 50, 30), span('a', 60, 5)];
  const { module } = await openChrome(new TextEncoder().encode(JSON.stringify(events)), 1e6);
  const { names } = module.overview(), all = { fromNs: 0, toNs: 1e9 };
  const pathOf = (nodes, at) => (at <= 0 ? [] : [...pathOf(nodes, nodes[at].parent), names[nodes[at].name]]);
  const shown = (nodes) => Object.fromEntries(nodes.map(({ count, totalNs, selfNs }, at) =>
    [pathOf(nodes, at).join('/'), [count, totalNs / 1e3, selfNs / 1e3]]));
  assert.deepEqual(shown(tree.treeAll(module, all).nodes), {
    '': [1, 100, 0], main: [1, 100, 30], 'main/a': [2, 70, 55], 'main/a/b': [1, 10, 10], 'main/a/a': [1, 5, 5] });
  const { callers, callees } = tree.treeAll(module, { ...all, way: 'sandwich', name: names.indexOf('a') });
  assert.deepEqual(shown(callers), {
    '': [3, 70, 60], a: [3, 70, 60], 'a/main': [2, 70, 55], 'a/a': [1, 0, 5], 'a/a/main': [1, 0, 5] });
  assert.deepEqual(shown(callees), { '': [2, 70, 55], a: [2, 70, 55], 'a/b': [1, 10, 10], 'a/a': [1, 5, 5] });
  const threads = tree.treeAll(module, { ...all, perThread: true }).nodes;
  assert.deepEqual(threads[1], { parent: 0, name: -1, track: 0, count: 1, errors: 0, totalNs: 1e5, selfNs: 0, longest: -1 });
});

test('a filter hides what it says, everywhere', async () => {
  const module = await openImage(toy.image), overview = module.overview();
  const syscall = overview.categories.findIndex(({ name }) => name === 'SYSCALL');
  const { events } = engine.filterAll(module, { hiddenCategories: [syscall], hiddenTracks: [], minDurationNs: 0, text: '' });
  assert.equal(events, overview.events - overview.categories[syscall].count);
  assert.ok(!counting.countAll(module, { fromNs: 0, toNs: overview.durationNs + 1, by: 'category' }).some(({ key }) => key === syscall));
  assert.ok(!module.window(whole(overview)).category.includes(syscall));
  module.sort('duration', true);
  assert.ok(module.rows(0, events + 5).every(({ category }) => category !== syscall));
});

test('what is exported as Chrome JSON comes back, wherever the text is cut', async () => {
  const bytes = new TextEncoder().encode(toy.tracer.export('chrome'));
  for (const pieceBytes of [7, 4096, bytes.length]) {
    const { module } = await openChrome(bytes, pieceBytes), overview = module.overview();
    assert.equal(overview.events, toy.events.length);
    assert.deepEqual(overview.notes, []);
    const statistics = counting.countAll(module, { fromNs: 0, toNs: overview.durationNs + 1, by: 'category' });
    for (const { key, count } of statistics)
      assert.equal(count, toy.events.filter(({ category }) => category === overview.categories[key].name).length);
  }
});

test('all phases: beginnings find their ends, counters and names their tracks', async () => {
  const text = `{"displayTimeUnit":"ns","other":{"a":[1,"}]"]},"traceEvents":[
    {"ph":"M","pid":1,"name":"process_name","args":{"name":"K\\u00e4se \\ud83d\\ude42"}},
    {"ph":"B","pid":1,"tid":2,"ts":1.5,"name":"outer","cat":"a,b","args":{"x":1}}, {"ph":"B","pid":1,"tid":2,"ts":2,"name":"inner"},
    {"ph":"E","pid":1,"tid":2,"ts":3}, {"ph":"E","pid":1,"tid":2,"ts":4.0015,"args":{"y":2}}, {"ph":"E","pid":1,"tid":2,"ts":5},
    {"ph":"i","pid":"1","tid":2,"ts":"6","name":"tick \\"quoted\\""}, {"ph":"C","pid":1,"ts":7,"name":"heap","args":{"used":5,"free":7.5}},
    {"ph":"b","pid":1,"tid":2,"ts":1,"id":"0x1","cat":"net","name":"load"}, {"ph":"b","pid":1,"tid":2,"ts":2,"id":2,"cat":"net","name":"load"},
    {"ph":"e","pid":1,"tid":2,"ts":8,"id":"0x1","cat":"net","name":"load"}, {"ph":"N","pid":1,"tid":2,"ts":1,"id":1}, {"ph":"X","name":"no time"}`;
  const { module } = await openChrome(new TextEncoder().encode(text), 5), overview = module.overview();
  assert.equal(overview.events, 7);
  const at = (ph) => text.indexOf(ph);
  assert.deepEqual(overview.notes, [
    `A state of an object, of kind "N" is not shown (in event 12 at byte ${at('{"ph":"N"')})`,
    `An event without a time is left out (in event 13 at byte ${at('{"ph":"X"')})`,
    `The file is cut off (in event 13 at byte ${text.length})`,
    `An end without a beginning is left out (in event 6 at byte ${at('{"ph":"E","pid":1,"tid":2,"ts":5}')})`,
    `A span never ended: it is drawn to the end of the trace (in event 10 at byte ${text.lastIndexOf('{"ph":"b"')})`,
  ].map((note) => note.replace(/\d{4,}/g, (digits) => Number(digits).toLocaleString('en'))));
  assert.equal(overview.processes[0].name, 'Käse 🙂');
  assert.deepEqual(overview.tracks.map(({ counter }) => counter), [null, 'heap used', 'heap free']);
  module.sort('start', false);
  const rows = module.rows(0, 10).map((row) => ({ ...row, name: overview.names[row.name] }));
  const outer = rows.find(({ name }) => name === 'outer'), inner = rows.find(({ name }) => name === 'inner');
  assert.deepEqual([outer.startNs, outer.durationNs, outer.selfNs, outer.detail, module.event(outer.event).arguments], [500, 2502, 1502, null, { x: 1, y: 2 }]);
  assert.equal(inner.parent, outer.event);
  assert.deepEqual(rows.filter(({ name }) => name === 'load').map(({ startNs, durationNs, flags }) => [startNs, durationNs, flags]), [[0, 7000, 4], [1000, 6000, 6]]);
  assert.ok(rows.some(({ name }) => name === 'tick "quoted"'));
});

test('ids of one process are not those of another, but other ids are', async () => {
  const event = (ph, pid, ts, id) => ({ ph, pid, tid: 1, ts, cat: 'net', name: `of ${pid}`, ...id });
  const local = { id2: { local: '0x1' } }, global = { id2: { global: '0x1' } };
  const pairs = [event('b', 1, 1, local), event('b', 2, 2, local), event('e', 1, 5, local), event('e', 2, 9, local), event('b', 1, 20, global), event('e', 2, 27, global)];
  const { module } = await openChrome(new TextEncoder().encode(JSON.stringify(pairs)), 50), { names } = module.overview();
  module.sort('start', false);
  assert.deepEqual(module.rows(0, 9).map(({ name, startNs, durationNs }) => [names[name], startNs, durationNs]), [['of 1', 0, 4000], ['of 2', 1000, 7000], ['of 1', 19000, 7000]]);
});

test('events need not have the same members in the same order', async () => {
  const members = { ph: 'X', ts: 5, dur: 2, pid: 3, tid: 4, cat: 'c', name: 'n', args: { detail: 'd' }, scope: 's', sco: 1, ts2: 7, longer_than_a_word: { ph: 'B' }, 'p\\h': 1, '': 2 };
  const keys = Object.keys(members);
  const events = Array.from({ length: 300 }, (_, i) => Object.fromEntries(keys.map((_key, at) => keys[(at * (i % 13 === 0 ? 1 : i % 13) + i) % keys.length]).concat(keys).map((key) => [key, members[key]])));
  const { module, notes } = await openChrome(new TextEncoder().encode(JSON.stringify(events)), 77);
  assert.equal(module.overview().events, 300);
  assert.deepEqual(notes, []);
  const { names, categories, tracks } = module.overview();
  assert.deepEqual([names, categories.map(({ name }) => name), tracks.map(({ pid, tid }) => [pid, tid])], [['n'], ['c'], [[3, 4]]]);
  module.sort('start', false);
  assert.deepEqual(module.rows(0, 999).filter(({ durationNs, detail }) => durationNs === 2000 && detail === 'd').length, 300);
});

test('an event says where its flows lead and come from', async () => {
  const at = (tid, ts) => ({ pid: 1, tid, ts, name: `on ${tid}`, cat: 'c' });
  const events = [{ ph: 'X', dur: 5, ...at(1, 1) }, { ph: 'X', dur: 5, ...at(2, 9) }, { ph: 's', id: 1, ...at(1, 2), name: 'f' }, { ph: 'f', bp: 'e', id: 1, ...at(2, 10), name: 'f' }];
  const { module } = await openChrome(new TextEncoder().encode(JSON.stringify(events)), 9);
  const [one, two] = [module.hit(0, 0, 0), module.hit(1, 9000, 0)].map((event) => module.event(event));
  assert.deepEqual([one.leadsTo, one.comesFrom, two.leadsTo, two.comesFrom], [[two.event], [], [], [one.event]]);
  assert.deepEqual(module.overview().notes, []);
});

test('args stay a tree, a detail alone reads as it does', async () => {
  const args = [['{}', null], ['{ \n}', null], ['{"detail":"x"}', 'x'], ['{ "detail" : "a\\n\\u00e9" }', 'a\né'], ['{"detail":""}', ''], ['{"detail":"x","b":1}'], ['{"detail":5}'],
    ['{"b":{"detail":"x"}}'], ['{"details":"x"}'], ['{"detail"  :  {"c":[]}}'], ['[1,2]'], ['null', null], ['"text"'], ['{"detail":"= -2 = -2"}', '= -2 = -2']];
  const text = `[${args.map(([value], i) => `{"ph":"X","pid":1,"tid":1,"ts":${i * 10},"dur":5,"name":"n","args":${value}}`)}]`;
  const { module } = await openChrome(new TextEncoder().encode(text), 33);
  module.sort('start', false);
  const rows = module.rows(0, 99);
  assert.deepEqual(rows.map(({ detail }) => detail), args.map(([, detail]) => detail || null));
  assert.deepEqual(rows.map(({ event }) => module.event(event).arguments), args.map(([value, detail]) => (detail === undefined ? JSON.parse(value) : null)));
  assert.ok(rows.every(({ flags }) => (flags & 1) === 0), 'no text says that something failed');
  module.search('2]');
  assert.equal(module.searchStep(1e9).hits, 1, 'arguments are searched');
});

/** Unpacks in the module; the text, and what was noted. */
async function unpack(packed) {
  const module = await TraceModule.create(wasm), pieces = [];
  module.source = { read: (offset, to) => offset + to.length <= packed.length && (to.set(packed.subarray(offset, offset + to.length)), true) };
  module.gunzip(packed.length, (piece) => pieces.push(Buffer.from(piece)));
  module.feed(new TextEncoder().encode('[]'));
  module.end();
  module.build();
  return { bytes: Buffer.concat(pieces), notes: module.overview().notes };
}

/** Bytes of many kinds: repeated near and far, random, in long runs. */
function mixed(size, seed) {
  const bytes = Buffer.alloc(size);
  let random = seed;
  const next = (below) => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) % below;
  for (let at = 0; at < size;) {
    const length = Math.min(1 + next(600), size - at), way = next(4);
    if (way === 0) for (let i = 0; i < length; i++) bytes[at + i] = next(256);
    else if (way === 1) bytes.fill(next(256), at, at + length);
    else for (let i = 0, back = 1 + next(Math.min(at, way === 2 ? 9 : 40000) + 1); i < length; i++) bytes[at + i] = at + i >= back ? bytes[at + i - back] : 65;
    at += length;
  }
  return bytes;
}

test('what zlib packs is unpacked, whatever its blocks are', async () => {
  for (const [i, size] of [0, 1, 100, 70000, 700000].entries())
    for (const level of [0, 1, 6, 9])
      for (const strategy of [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY]) {
        const bytes = mixed(size, i + 1), { bytes: unpacked, notes } = await unpack(gzipSync(bytes, { level, strategy }));
        assert.ok(unpacked.equals(bytes), `${size} bytes, level ${level}, strategy ${strategy}`);
        assert.deepEqual(notes, []);
      }
});

test('all members of a gzip file count, zeros after them do not, anything else is noted', async () => {
  const one = gzipSync('one '), two = gzipSync('two');
  const both = await unpack(Buffer.concat([one, Buffer.alloc(20), two, Buffer.alloc(600)]));
  assert.deepEqual([both.bytes.toString(), both.notes], ['one two', []]);
  assert.deepEqual((await unpack(Buffer.concat([one, Buffer.from('more')]))).notes, ['Something that is no gzip follows what is']);
  const damaged = Buffer.from(one);
  damaged[damaged.length - 6] ^= 1;
  assert.match((await unpack(damaged)).notes[0], /checksum differs/);
});

test('of a gzip file that is cut off there is all that can be read', async () => {
  const text = mixed(3000, 5), packed = gzipSync(text);
  let last = 0;
  for (let at = 2; at < packed.length; at += at < 40 ? 1 : 37) {
    const { bytes, notes } = await unpack(packed.subarray(0, at));
    assert.ok(bytes.equals(text.subarray(0, bytes.length)), `cut at ${at}`);
    assert.match(notes[0], new RegExp(`The gzip file is cut off: ${bytes.length} bytes`));
    assert.ok(bytes.length >= last, 'more of the file is more of the text');
    last = bytes.length;
  }
  assert.ok(last > 1000, `${last} bytes`);
});

test('what is no trace is told where it goes wrong', async () => {
  const fails = async (text, words) => assert.rejects(openChrome(new TextEncoder().encode(text), 3), words);
  await fails('nothing', /[a-z]/);
  const cut = toy.image.slice(0, 5000);
  await assert.rejects(openImage(cut), /[a-z]/);
  await assert.rejects(openImage(new Uint8Array(5000)), /[a-z]/);
});

const CALLS = '12 1700000000.000001 openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3 <0.000012>\n'
  + '12 1700000000.000050 access("/x", R_OK) = -1 ENOENT (No such file or directory) <0.000002>\n';
const feedText = (module, text) => module.feed(new TextEncoder().encode(text));

test('a text of strace opens by its content, and is saved as an image', async () => {
  const module = await TraceModule.create(wasm);
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
  const perfetto = await TraceModule.create(wasm);
  perfetto.feed(Uint8Array.from(parts));
  assert.equal(perfetto.end().format, 'perfetto');
  perfetto.build();
  perfetto.sort('start', false);
  assert.deepEqual(perfetto.rows(0, 9).map(({ durationNs }) => durationNs).sort((a, b) => a - b), [2000, 12000]);
});

test('several traces are one, on one clock', async () => {
  const module = await TraceModule.create(wasm);
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
  const module = await TraceModule.create(wasm);
  for (const name of ['first.ring', 'second.ring']) {
    module.source = { read: (offset, to) => (to.set(toy.image.subarray(offset, offset + to.length)), true) };
    module.loadImage(toy.image.length);
    module.addLoaded(name);
  }
  module.build();
  const overview = module.overview();
  assert.equal(overview.events, 2 * toy.events.length);
  assert.deepEqual([...new Set(overview.processes.map(({ name }) => name.split(':')[0]))], ['first.ring', 'second.ring']);
});

test('a trace that grows takes memory for what it has, not for what it had', async () => {
  const tracer = await Tracer.load({ capacityEvents: 2000 }), module = await TraceModule.create(wasm);
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
