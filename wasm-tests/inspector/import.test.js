/** Trace Event JSON compared with a small importer of this test's own: JSON.parse, a stable sort by time, pairing. */
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

const ASYNC = 4, OPEN = 2, SEEDS = 300;
const UNMATCHED = 'An end without a beginning is left out', PASSED = 'A span never ended: it is drawn to its parent\'s end';
const UNENDED = 'A span never ended: it is drawn to the end of the trace';

/** Integers below a bound, the same for the same seed. @param {number} seed */
function randomOf(seed) {
  let state = seed * 2654435761 >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// ------------------------------------------------------------------ the reference

/** ns from µs written with three decimals. @param {any} us */
const nsOf = (us) => Math.round(us * 1000);

/** Returns spans, instants and samples, and the count of each note. @param {any[]} events */
function reference(events) {
  const shown = [], notes = new Map(), stacks = new Map();
  const note = (text) => notes.set(text, (notes.get(text) ?? 0) + 1);
  const begin = Math.min(...events.map(({ ts }) => ts)); // whole µs: relative to it a number is exact to the ns
  const order = events.map((event, i) => ({ ...event, ts: event.ts - begin, i })).sort((a, b) => a.ts - b.ts || a.i - b.i);
  const last = Math.max(...order.map(({ ph, ts, dur }) => ('eEF'.includes(ph) ? -Infinity : nsOf(ts) + (ph === 'X' ? nsOf(dur) : 0))));
  for (const { ph, ts, dur, name, pid, tid, cat, id, args, i } of order) {
    const startNs = nsOf(ts), async = 'benSTF'.includes(ph), base = { i, name: ph === 'T' ? args?.step ?? name : name, pid, tid, startNs, durationNs: 0, flags: async ? ASYNC : 0, kind: 'instant' };
    const key = async ? `${cat} ${id}` : `${pid} ${tid}`;
    if (!stacks.has(key)) stacks.set(key, []);
    const stack = stacks.get(key);
    if (ph === 'X') shown.push({ ...base, kind: 'span', durationNs: nsOf(dur) });
    else if ('inT'.includes(ph)) shown.push(base);
    else if (ph === 'C') for (const [series, value] of Object.entries(args)) shown.push({ ...base, name: `${name} ${series}`, tid: 0, kind: 'sample', value });
    else if ('BbS'.includes(ph)) stack.push({ ...base, kind: 'span' });
    else {
      const at = name === undefined ? stack.length - 1 : stack.findLastIndex((open) => open.name === name);
      const alone = async && at < 0 && new Set(stack.map((open) => open.name)).size === 1;
      const found = alone ? stack.length - 1 : at;
      if (found < 0) note(UNMATCHED);
      const closed = found < 0 ? [] : async ? stack.splice(found, 1) : stack.splice(found);
      closed.forEach((span, depth) => {
        if (depth) note(PASSED);
        shown.push({ ...span, outer: (depth ? closed[depth - 1] : stack.at(-1))?.name ?? null, durationNs: startNs - span.startNs, flags: span.flags | (depth ? OPEN : 0) });
      });
    }
  }
  const endNs = Math.max(last, ...shown.map(({ startNs, durationNs }) => startNs + durationNs));
  for (const stack of stacks.values())
    for (const [depth, span] of stack.entries()) {
      note(UNENDED);
      shown.push({ ...span, outer: stack[depth - 1]?.name ?? null, durationNs: endNs - span.startNs, flags: span.flags | OPEN });
    }
  const firstNs = Math.min(...shown.map(({ startNs }) => startNs));
  return { shown: shown.map((each) => ({ ...each, startNs: each.startNs - firstNs })), notes };
}

/** The innermost span around another one, among spans that nest and have a duration. */
function parentOf(span, spans) {
  const outer = spans.filter((other) => other !== span && other.startNs <= span.startNs && other.startNs + other.durationNs >= span.startNs + span.durationNs &&
    (other.durationNs > span.durationNs || (other.durationNs === span.durationNs && other.i < span.i)));
  return outer.sort((a, b) => b.startNs - a.startNs || a.durationNs - b.durationNs || b.i - a.i)[0]?.name ?? null;
}

// ------------------------------------------------------------------ random traces

/** @param {(below: number) => number} random */
function randomEvents(random) {
  const events = [], names = ['a', 'b', 'c "quoted" \\', 'd\u00e9'];
  const count = 2 + random(60), times = 1 + random(random(2) ? 2000 : 20), base = random(2) ? 1700000000000000 : 0;
  for (let i = 0; i < count; i++) {
    const ph = 'BBBEEEXibbeenCSSFFT'[random(19)], name = names[random(names.length)];
    const event = { ph, ts: base + random(times), pid: 1 + random(2), tid: 'X' === ph ? 9 : random(2), name, cat: 'c' };
    if ('benSTF'.includes(ph)) Object.assign(event, { id: random(3), pid: 1, tid: 5 });
    if (ph === 'X') event.dur = random(50) + random(1000) / 1000;
    if (ph === 'C') Object.assign(event, { name: 'counter', args: { low: random(9), high: random(99) / 4 } });
    if (ph === 'T' && random(2)) event.args = { step: `step ${random(3)}` };
    if ('EeF'.includes(ph) && random(4) === 0) delete event.name;
    if ('BXi'.includes(ph) && random(3) === 0) event.args = { n: random(9), list: ['}', { deep: '],"' }] };
    events.push(event);
  }
  return events;
}

/** Escapes one byte, as JSON may of any string. @param {any} value @param {(below: number) => number} random */
function escaped(value, random) {
  const text = JSON.stringify(value), at = 1 + random(text.length - 2);
  const plain = typeof value === 'string' && /^[a-zA-Z]+$/.test(value);
  return plain ? `${text.slice(0, at)}\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}${text.slice(at + 1)}` : text;
}

/** Writes an event in the style of one of many tools. @param {any} event @param {(below: number) => number} random */
function written(event, random, mayEscape = false) {
  const keys = Object.keys(event), by = random(4) === 0 ? random(keys.length) : 0;
  const space = random(5) === 0 ? [' ', '\n', '\t'][random(3)] : '';
  const json = (/** @type {any} */ value) => (mayEscape && random(9) === 0 ? escaped(value, random) : JSON.stringify(value));
  return `{${[...keys.slice(by), ...keys.slice(0, by)].map((key) => `${json(key)}:${space}${json(event[key])}`).join(`,${space}`)}}`;
}

/** @param {Buffer} bytes @param {(below: number) => number} random */
async function imported(bytes, random) {
  const module = await TraceModule.create(wasm), most = 1 + random(200);
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random(most);
    module.feed(bytes.subarray(at, at + size));
    at += size;
  }
  module.end();
  module.build();
  const overview = module.overview();
  module.sort('start', false);
  const rows = module.rows(0, overview.events).map((row) => ({ ...row, name: overview.names[row.name], ...overview.tracks[row.track], ...(({ name }) => ({ name }))({ name: overview.names[row.name] }) }));
  return { rows, notes: overview.notes, byEvent: new Map(rows.map((row) => [row.event, row])) };
}

const OVERLAP = 16;
const line = ({ kind, name, pid, tid, startNs, durationNs, flags, value }) =>
  [kind, name, pid, tid, startNs, kind === 'span' ? durationNs : kind === 'sample' ? value : 0, flags & ~OVERLAP].join(' ');

/** @param {string[]} notes @param {Map<string, number>} expected */
function checkNotes(notes, expected, seed) {
  for (const text of [UNMATCHED, PASSED, UNENDED]) {
    const note = notes.find((each) => each.startsWith(text)), times = note?.match(/: ([\d,]+) times/)?.[1].replaceAll(',', '') ?? (note ? 1 : 0);
    assert.equal(Number(times), expected.get(text) ?? 0, `seed ${seed}: ${text}`);
  }
}

test('random traces, in any order of the file and cut anywhere, are what a plain importer makes of them', async () => {
  let compared = 0, lastNothing = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed), events = randomEvents(random);
    const text = `${random(2) ? '[' : '{"traceEvents":['}${events.map((event) => written(event, random, true)).join(random(2) ? ',' : ',\n')}`;
    const { shown, notes } = reference(events);
    if (shown.length === 0) continue;
    const ours = await imported(Buffer.from(text + (text[0] === '[' ? ']' : ']}')), random);
    assert.deepEqual(ours.rows.map(line).sort(), shown.map(line).sort(), `seed ${seed}`);
    checkNotes(ours.notes, notes, seed);
    for (const row of ours.rows.filter(({ kind, tid, durationNs }) => kind === 'span' && tid < 5 && durationNs === 0)) {
      const same = shown.filter((span) => span.kind === 'span' && line(span) === line(row));
      if (same.length !== 1) continue;
      assert.equal(ours.byEvent.get(row.parent)?.name ?? null, same[0].outer, `seed ${seed}: ${line(row)}`);
      lastNothing++;
    }
    for (const row of ours.rows.filter(({ kind, tid, durationNs }) => kind === 'span' && tid < 5 && durationNs > 0)) {
      const spans = shown.filter(({ kind, pid, tid, durationNs }) => kind === 'span' && pid === row.pid && tid === row.tid && durationNs > 0);
      const same = spans.filter((span) => line(span) === line(row));
      if (same.length !== 1) continue; // it is not known which of the two it is
      assert.equal(ours.byEvent.get(row.parent)?.name ?? null, parentOf(same[0], spans), `seed ${seed}: ${line(row)}`);
      compared++;
    }
  }
  assert.ok(compared > 300, `${compared} parents were compared`);
  assert.ok(lastNothing > 60, `${lastNothing} of spans that last nothing`);
});

test('of a file that is cut off, all whole events are shown', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 1000), events = randomEvents(random).filter(({ ph }) => 'Xin'.includes(ph));
    if (events.length === 0) continue;
    const texts = events.map((event) => written(event, random)), text = Buffer.from(`{"traceEvents":[${texts.join(',')}]}`);
    let end = 16;
    const ends = texts.map((each) => (end += Buffer.byteLength(each) + 1) - 1);
    const cut = 16 + random(text.length - 16), whole = ends.filter((each) => each <= cut).length;
    const { rows, notes } = await imported(text.subarray(0, cut), random);
    assert.equal(rows.length, whole, `seed ${seed}, cut at ${cut}`);
    assert.ok(notes.some((note) => note.startsWith('The file is cut off')), `seed ${seed}: ${notes}`);
  }
});

test('one damaged event costs no other', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed + 2000), events = randomEvents(random).filter(({ ph }) => 'Xin'.includes(ph));
    if (events.length < 3) continue;
    const texts = events.map((event) => written(event, random)), at = random(texts.length);
    texts[at] = [texts[at].replace('"ph"', '"ph'), texts[at].replace(':', ' '), texts[at].replace('"ts":', '"ts":tru'), texts[at].replace(/"name":\s*"/, '$&x" '), texts[at].replace(/"cat":\s*"/, '$&\u0001')][random(5)];
    const { rows, notes } = await imported(Buffer.from(`[${texts.join(',')}]`), random);
    assert.equal(rows.length, events.length - 1, `seed ${seed}: ${texts[at]}`);
    assert.ok(notes.some((note) => note.startsWith('An event that is not JSON is left out') && note.includes(`in event ${at + 1} `)), `seed ${seed}: ${notes}`);
  }
});
