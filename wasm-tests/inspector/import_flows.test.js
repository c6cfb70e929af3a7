/** Arrows of Trace Event JSON compared with the rules of the format, on random traces in random file order. */
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

const SEEDS = 150, THREADS = 3;

/** Integers below a bound, the same for the same seed. @param {number} seed */
function randomOf(seed) {
  let state = seed * 2654435761 >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Nested spans, each with its own name, and flow ends; no two at the same time.
 * @param {(below: number) => number} random */
function randomTrace(random) {
  const events = [], spans = [], open = Array.from({ length: THREADS }, () => []), count = 20 + random(80);
  for (let i = 0; i < count; i++) {
    const tid = random(THREADS), stack = open[tid], ts = 10 * (i + 1), turn = random(10);
    if (turn < 4) stack.push({ name: `s${i}`, tid, ts, depth: stack.length });
    else if (turn < 7 && stack.length) spans.push({ ...stack.pop(), end: ts });
    else events.push({ ph: 'stf'[random(3)], ts, pid: 1, tid, cat: 'c', name: 'flow', id: random(4), ...(random(2) ? { bp: 'e' } : {}) });
  }
  open.flat().forEach((span) => spans.push({ ...span, end: 10 * (count + 2) }));
  const bound = random(4);
  for (const { name, tid, ts, end } of spans)
    events.push({ ph: 'X', name, pid: 1, tid, ts, dur: end - ts, ...(random(3) ? {} : { bind_id: bound, [random(2) ? 'flow_in' : 'flow_out']: true }) });
  return { events, spans };
}

/** The span that a flow's end attaches to: the next one to begin for an old "f", otherwise the innermost one around it
 * or ending just then. */
function spanAt(end, spans) {
  const there = spans.filter(({ tid }) => tid === end.tid), deepest = (some) => some.sort((a, b) => b.depth - a.depth)[0];
  if (end.ph === 'X') return there.find(({ name }) => name === end.name);
  const next = end.ph === 'f' && end.bp !== 'e' ? there.filter(({ ts }) => ts >= end.ts).sort((a, b) => a.ts - b.ts)[0] : undefined;
  return next ?? deepest(there.filter(({ ts, end: to }) => ts <= end.ts && end.ts < to)) ?? deepest(there.filter(({ ts, end: to }) => ts <= end.ts && to === end.ts));
}

/** "from to" of each arrow. */
function reference({ events, spans }) {
  const flows = new Map(), arrows = [];
  for (const event of events) {
    if (event.ph === 'X' && event.bind_id === undefined) continue;
    const key = event.ph === 'X' ? `bound ${event.bind_id}` : `${event.id}`, leaves = event.ph === 'X' ? event.flow_out : event.ph !== 'f', arrives = event.ph === 'X' ? event.flow_in : event.ph !== 's';
    if (!flows.has(key)) flows.set(key, []);
    flows.get(key).push({ ts: event.ts, leaves, arrives, span: spanAt(event, spans) });
  }
  for (const ends of flows.values()) {
    ends.sort((a, b) => a.ts - b.ts);
    for (let i = 1; i < ends.length; i++)
      if (ends[i - 1].leaves && ends[i].arrives && ends[i - 1].span && ends[i].span) arrows.push(`${ends[i - 1].span.name} ${ends[i].span.name}`);
  }
  return arrows.sort();
}

/** @param {any[]} events @param {(below: number) => number} random */
async function arrowsOf(events, random) {
  const shuffled = events.map((event) => ({ event, by: random(1 << 30) })).sort((a, b) => a.by - b.by).map(({ event }) => event);
  const bytes = Buffer.from(JSON.stringify(shuffled)), module = await TraceModule.create(wasm);
  for (let at = 0, size = 0; at < bytes.length; at += size) {
    size = 1 + random(300);
    module.feed(bytes.subarray(at, at + size));
  }
  module.end();
  module.build();
  const overview = module.overview(), nameOf = (/** @type {number} */ event) => overview.names[module.event(event).name], arrows = [];
  for (let event = 0; event < overview.events; event++) for (const to of module.event(event).leadsTo) arrows.push(`${nameOf(event)} ${nameOf(to)}`);
  return arrows.sort();
}

test('arrows join the spans that the format says, in any order of the file', async () => {
  let compared = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed), trace = randomTrace(random), expected = reference(trace);
    assert.deepEqual(await arrowsOf(trace.events, random), expected, `seed ${seed}`);
    compared += expected.length;
  }
  assert.ok(compared > 500, `${compared} arrows were compared`);
});
