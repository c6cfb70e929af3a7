/** Kinds of Trace Event JSON that import.test.js does not cover, compared with a small importer of this test's own:
 * JSON and sorting. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { inProject } from '../support/paths.js';

/** @type {any} */ let TraceModule;
/** @type {WebAssembly.Module} */ let wasm;

before(async () => {
  ({ TraceModule } = await import(inProject('build/web/inspector/trace/module.js')));
  wasm = await WebAssembly.compile(readFileSync(inProject('build/web/timeline.wasm')));
});

const SEEDS = 200, US = 1000;
/** @typedef {(below: number) => number} Random */

/** Integers below a bound, the same for the same seed. @param {number} seed @returns {Random} */
function randomOf(seed) {
  let state = seed * 2654435761 >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** @template T @param {T[]} list @param {Random} random */
const shuffled = (list, random) => list.map((each) => ({ each, by: random(1 << 30) })).sort((a, b) => a.by - b.by).map(({ each }) => each);

/** Imports it in pieces of random size. @param {any} trace @param {Random} random */
async function imported(trace, random) {
  const module = await TraceModule.create(wasm), bytes = Buffer.from(JSON.stringify(trace));
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = 1 + random(200);
    module.feed(bytes.subarray(at, at + size));
  }
  module.end();
  module.build();
  const overview = module.overview();
  const events = Array.from({ length: overview.events }, (_, index) => module.event(index));
  const nameOf = (/** @type {number} */ event) => (event < 0 ? null : overview.names[events[event].name]);
  return { ...overview, rows: events.map((event) => ({ ...event, ...overview.tracks[event.track], name: overview.names[event.name], outer: nameOf(event.parent ?? -1) })) };
}

/** The count of a note that begins with this text. @param {string[]} notes @param {string} text */
function timesOf(notes, text) {
  const note = notes.find((each) => each.startsWith(text));
  return note ? Number(note.match(/: ([\d,]+) times/)?.[1].replaceAll(',', '') ?? 1) : 0;
}

/** Times count from the first event shown. @param {any[]} rows @param {(row: any) => any[]} what */
function lines(rows, what) {
  const firstNs = Math.min(...rows.map(({ startNs }) => startNs));
  return rows.map((row) => JSON.stringify(what({ ...row, startNs: row.startNs - firstNs }))).sort();
}

// ------------------------------------------------------- counters and instants

/** Whole µs, relative to which numbers are exact to the ns. @param {any[]} events */
const beginOf = (events) => Math.min(...events.map(({ ts }) => ts));

/** A counter's name includes its id, and the series if there are several. @param {any[]} events */
function counterRows(events) {
  const counters = new Map(), rows = [], begin = beginOf(events);
  for (const { ph, name, id, args, ts, pid } of events) {
    if (ph !== 'C') continue;
    const counter = id === undefined ? name : `${name} ${id}`;
    if (!counters.has(counter)) counters.set(counter, new Set());
    for (const [series, value] of Object.entries(args)) {
      if (value === null || value === '' || !Number.isFinite(Number(value))) continue;
      counters.get(counter).add(series);
      rows.push({ counter, series, pid, startNs: (ts - begin) * US, value: Number(value) });
    }
  }
  return rows.map((row) => ({ ...row, kind: 'sample', name: counters.get(row.counter).size > 1 ? `${row.counter} ${row.series}` : row.counter }));
}

/** @param {Random} random */
function countersAndInstants(random) {
  const events = [], base = random(2) ? 1700000000000000 : 0, ids = [undefined, 7, '0x1'];
  for (let i = 0, count = 3 + random(40); i < count; i++) {
    const pid = 1 + random(3), ts = base + random(5000);
    if (random(3)) {
      const args = Object.fromEntries(['low', 'high', 'none'].slice(0, 1 + random(3)).map((series) => [series, series === 'none' ? [null, 'x', '', {}][random(4)] : random(2) ? random(1000) / 8 : `${random(100)}`]));
      events.push({ ph: 'C', name: ['a', 'b c', 'd\u00e9"'][random(3)], id: ids[random(3)], ts, pid, args });
    } else events.push({ ph: 'RIi'[random(3)], s: 'gpt'[random(3)], name: `mark ${random(4)}`, ts, pid, tid: random(3) });
  }
  return events;
}

test('counters with ids and series, and marks of all three kinds', async () => {
  let samples = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed), events = countersAndInstants(random);
    const marks = events.filter(({ ph }) => ph !== 'C').map(({ ts, ...mark }) => ({ ...mark, kind: 'instant', startNs: (ts - beginOf(events)) * US }));
    const expected = [...counterRows(events), ...marks], bad = events.flatMap(({ args }) => Object.keys(args ?? {})).filter((series) => series === 'none').length;
    if (expected.length === 0) continue;
    const ours = await imported(shuffled(events, random), random);
    const what = (/** @type {any} */ row) => [row.kind, row.name, row.pid, row.kind === 'instant' ? row.tid : 0, row.startNs, row.kind === 'sample' ? row.value : 0];
    assert.deepEqual(lines(ours.rows, what), lines(expected, what), `seed ${seed}`);
    assert.equal(timesOf(ours.notes, "A counter's value that is not a number"), bad, `seed ${seed}: ${ours.notes}`);
    samples += expected.length;
  }
  assert.ok(samples > 2000, `${samples} events were compared`);
});

// ------------------------------------------------------------ samples of stacks

/** @param {Random} random @param {number} count */
function randomFrames(random, count) {
  return Array.from({ length: count }, (_, i) => ({ id: i + 1, name: `f${random(4)}`, parent: i && random(4) ? 1 + random(i) : undefined }));
}

/** Names from the outermost inwards. @param {any[]} frames @param {number} id @returns {string[]} */
const stackOf = (frames, id) => (id ? [...stackOf(frames, frames[id - 1].parent), frames[id - 1].name] : []);

/** Each lasts until the next; the last one lasts for the median. @param {any[]} samples of a thread, sorted */
function lastOf(samples) {
  const gaps = samples.slice(1).map(({ ts }, i) => ts - samples[i].ts).filter((gap) => gap > 0).sort((a, b) => a - b);
  return gaps[(gaps.length - 1) >> 1];
}

/** A span is the common part of neighbouring samples. @param {any[]} frames @param {any[]} samples of a thread,
 * sorted */
function spansOf(frames, samples) {
  const done = [], open = [], endTs = samples.at(-1).ts + lastOf(samples);
  for (const { ts, sf, tid } of [...samples, { ts: endTs, sf: 0, tid: samples[0].tid }]) {
    const stack = stackOf(frames, sf);
    const common = [...stack.keys()].find((depth) => open[depth]?.name !== stack[depth]) ?? Math.min(stack.length, open.length);
    for (const span of open.splice(Math.min(common, stack.length))) done.push({ ...span, durationNs: ts * US - span.startNs });
    for (let depth = open.length; depth < stack.length; depth++) open.push({ kind: 'span', name: stack[depth], outer: stack[depth - 1] ?? null, tid, startNs: ts * US, samples: 0 });
    for (const span of open) span.samples++;
  }
  return done;
}

test('samples, as events and in a list of their own, are flame charts', async () => {
  let compared = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 5000), frames = randomFrames(random, 2 + random(8)), samples = [];
    for (let tid = 1; tid <= 2; tid++)
      for (let i = 0, ts = 100, count = 2 + random(25); i < count; i++, ts += 10 * (1 + random(3))) samples.push({ tid, ts, sf: 1 + random(frames.length) });
    const listed = random(2) === 1, unknown = random(3);
    const stackFrames = Object.fromEntries(shuffled(frames, random).map(({ id, ...frame }) => [id, frame]));
    const events = [...samples.map((sample) => ({ ph: 'P', name: 's', pid: 4, ...sample })), ...Array.from({ length: unknown }, () => ({ ph: 'P', name: 's', pid: 4, tid: 1, ts: 100, sf: 99 }))];
    const trace = listed ? { traceEvents: [], samples: shuffled(events, random).map(({ ph, ...sample }) => sample), stackFrames } : { stackFrames, traceEvents: shuffled(events, random) };
    const ours = await imported(trace, random);
    const expected = [1, 2].flatMap((tid) => spansOf(frames, samples.filter((sample) => sample.tid === tid)));
    const what = (/** @type {any} */ row) => [row.kind, row.name, row.outer, row.tid, row.startNs, row.durationNs, row.detail ?? `${row.samples} sample${row.samples === 1 ? '' : 's'}`];
    assert.deepEqual(lines(ours.rows, what), lines(expected, what), `seed ${seed}`);
    assert.equal(timesOf(ours.notes, 'A sample whose stack is missing is left out'), unknown, `seed ${seed}`);
    compared += expected.length;
  }
  assert.ok(compared > 2000, `${compared} spans were compared`);
});

// ------------------------------------------------- notes on others, and events left out

/** A random event, and the expected result. @param {Random} random @param {number} i */
function oddEvent(random, i) {
  const at = { name: `n${i}`, pid: 1, tid: 1, ts: 1000 + 100 * i };
  const kinds = [
    () => ({ event: { ph: 'NOD'[random(3)], id: 1, ...at }, note: 'A state of an object' }),
    () => ({ event: { ph: 'v', ...at }, note: 'An event of kind "v" is not shown' }),
    () => ({ event: { ph: 'X', ...at }, shown: 'instant', note: 'An event without a duration' }),
    () => ({ event: { ph: 'X', ...at, dur: ['soon', true, {}][random(3)] }, shown: 'instant', note: 'An event whose duration is not a number' }),
    () => ({ event: { ph: 'X', ...at, dur: -1 - random(9) }, shown: 'instant', note: 'An event with a negative duration' }),
    () => ({ event: { ph: 'X', ...at, ts: 'now', dur: 1 }, note: 'An event whose time is not a number' }),
    () => ({ event: { ph: 'i', ...at, ts: undefined }, note: 'An event without a time' }),
    () => ({ event: { ...at }, note: 'An event without a kind' }),
    () => ({ event: { ph: 'M', ...at, name: 'num_cpus', args: { number: 4 } }, note: 'Metadata other than names, labels and order' }),
    () => ({ event: { ph: 'i', ...at, stack: ['main'] }, shown: 'instant', note: 'The stack of an event is not shown' }),
    () => ({ event: 7, note: 'Something among the events' }),
    () => ({ event: { ph: 'X', ...at, ts: `${at.ts}.25`, dur: '2.5' }, shown: 'span', durationNs: 2500 }),
    () => ({ event: { ph: 'X', ...at, dur: 3, tts: 5, tdur: 2, args: { a: [1] } }, shown: 'span', durationNs: 3000, arguments: { a: [1], tts: 5, tdur: 2 } }),
  ];
  return kinds[random(kinds.length)]();
}

test('what is left out or shown otherwise is counted, and nothing else is touched', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 9000), odd = Array.from({ length: 1 + random(30) }, (_, i) => oddEvent(random, i));
    const sound = { event: { ph: 'i', name: 'sound', pid: 1, tid: 1, ts: 0 }, shown: 'instant', note: undefined };
    const all = shuffled([sound, ...odd], random), ours = await imported(all.map(({ event }) => event), random);
    const named = (/** @type {any} */ { event, shown, durationNs = 0, arguments: given = event.args ?? null }) => JSON.stringify([shown, event.name, durationNs, given]);
    assert.deepEqual(ours.rows.map((row) => JSON.stringify([row.kind, row.name, row.durationNs, row.arguments])).sort(), all.filter(({ shown }) => shown).map(named).sort(), `seed ${seed}`);
    for (const text of new Set(odd.map(({ note }) => note).filter((note) => note !== undefined))) {
      const states = text === 'A state of an object' ? ['N', 'O', 'D'].map((ph) => `A state of an object, of kind "${ph}" is not shown`) : [text];
      const counted = states.reduce((sum, state) => sum + timesOf(ours.notes, state), 0);
      assert.equal(counted, odd.filter(({ note }) => note === text).length, `seed ${seed}: ${text}: ${ours.notes}`);
    }
  }
});

// ------------------------------------------------------------- owners of async events

test('async spans of one id are apart by category, scope and process', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 13000), events = [], expected = [];
    for (let i = 0, count = 1 + random(20); i < count; i++) {
      const pid = 1 + random(2), own = random(3), cat = 'cd'[random(2)];
      const ids = [{ id: 1 }, { id: 1, scope: 's' }, { id2: { local: '0x1' } }, { id2: { global: '0x1' } }][random(4)];
      const key = JSON.stringify([ids, cat, ids.id2?.local ? pid : 0]), begin = 100 * i + random(50), end = begin + 1 + random(40);
      const span = { cat, pid, tid: 1, name: `n${own}`, ...ids };
      events.push({ ph: 'b', ts: begin, ...span }, { ph: 'e', ts: end, ...span, pid: ids.id2?.local ? pid : 1 + random(2) });
      expected.push({ kind: 'span', name: span.name, pid, startNs: begin * US, durationNs: (end - begin) * US, key });
    }
    const ours = await imported(shuffled(events, random), random);
    const what = (/** @type {any} */ row) => [row.kind, row.name, row.pid, row.startNs, row.durationNs];
    assert.deepEqual(lines(ours.rows, what), lines(expected, what), `seed ${seed}`);
    assert.deepEqual(ours.notes, [], `seed ${seed}`);
  }
});

// ------------------------------------------------------- names, labels and order

/** @param {Random} random */
function namedThreads(random) {
  const words = ['main', 'd\u00e9 "q"', '', 'worker/1'], whose = () => ({ pid: 1 + random(3), tid: random(3) });
  const marks = Array.from({ length: 1 + random(15) }, () => ({ ph: 'i', name: 'mark', ts: random(9), ...whose() }));
  const names = Array.from({ length: random(25) }, () => {
    const [name, member] = [['thread_name', 'name'], ['process_name', 'name'], ['process_labels', 'labels'], ['thread_sort_index', 'sort_index'], ['process_sort_index', 'sort_index']][random(5)];
    return { ph: 'M', name, args: { [member]: member === 'sort_index' ? random(7) - 3 : words[random(4)] }, ...whose() };
  });
  return shuffled([...marks, ...names], random);
}

/** The last metadata that says something counts, wherever it stands. @param {any[]} events */
function expectedThreads(events) {
  const said = (/** @type {string} */ name, /** @type {string} */ member, /** @type {any} */ whose) =>
    events.findLast(({ ph, pid, tid, args, ...event }) => ph === 'M' && event.name === name && args[member] !== '' && pid === whose.pid && (name.startsWith('process') || tid === whose.tid))?.args[member];
  const threads = new Map(events.filter(({ ph }) => ph === 'i').map(({ pid, tid }) => [`${pid} ${tid}`, { pid, tid }]));
  const described = [...threads.values()].map((whose) => {
    const label = said('process_labels', 'labels', whose), process = said('process_name', 'name', whose) ?? '';
    const order = [said('process_sort_index', 'sort_index', whose) ?? 0, whose.pid, said('thread_sort_index', 'sort_index', whose) ?? 0, whose.tid];
    return { ...whose, order, name: said('thread_name', 'name', whose) ?? '', process: label && process ? `${process} (${label})` : label ?? process };
  });
  const compare = (/** @type {number[]} */ a, /** @type {number[]} */ b) => a.map((each, i) => each - b[i]).find((each) => each) ?? 0;
  const sorted = described.sort((a, b) => compare(a.order, b.order)).map(({ order, ...thread }) => thread);
  const first = (/** @type {number} */ pid) => sorted.find((thread) => thread.pid === pid);
  // a process without a name goes by that of its first thread, if that is the main one
  return sorted.map((thread) => ({ ...thread, process: thread.process || (first(thread.pid)?.tid === thread.pid ? first(thread.pid)?.name : '') }));
}

test('processes and threads have their last names and labels, in the order of their indices', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 17000), events = namedThreads(random), ours = await imported(events, random);
    const threads = ours.tracks.map(({ pid, tid, name, process }) => ({ pid, tid, name, process: ours.processes[process].name }));
    assert.deepEqual(threads, expectedThreads(events), `seed ${seed}: ${JSON.stringify(events)}`);
    assert.deepEqual(ours.notes, [], `seed ${seed}`);
  }
});
