/** The garbage that a million events leave behind, and their allocations. Only Node can measure it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CALLS = 1_000_000;

/** Runs in a process of its own with --expose-gc: prints the bytes retained and allocated. @param {string} what */
async function child(what) {
  const { Tracer } = await import('../../build/web/ringscope.js');
  const tracer = await Tracer.load();
  tracer.enable();
  const clock = globalThis.performance;
  let sum = 0;
  const loops = {
    event: (/** @type {number} */ count) => {
      for (let i = 0; i < count; i++) tracer.event('FILE', 'open');
    },
    now: (/** @type {number} */ count) => {
      for (let i = 0; i < count; i++) sum += clock.now();
    },
  };
  const loop = loops[/** @type {'event' | 'now'} */ (what)];
  for (let i = 0; i < 5; i++) loop(CALLS / 5);
  const collect = /** @type {any} */ (globalThis).gc;
  collect();
  collect();
  const before = process.memoryUsage().heapUsed;
  let total = 0;
  // Small enough that no collection happens between the readings.
  for (let i = 0; i < CALLS / 10000; i++) {
    const start = process.memoryUsage().heapUsed;
    loop(10000);
    total += Math.max(0, process.memoryUsage().heapUsed - start);
  }
  collect();
  collect();
  if (sum < 0) throw new Error('time went back'); // uses the sum, so that it is not optimized away
  console.log(JSON.stringify({ retained: process.memoryUsage().heapUsed - before, allocated: total }));
}

/** @param {string} what */
function measure(what) {
  const out = execFileSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), what], { encoding: 'utf8' });
  return JSON.parse(out);
}

/** @returns {import('./harness.js').Row[]} */
export function garbageRows() {
  return [
    { bench: 'garbage.retained', unit: 'B/event', bound: 'size', limit: 0.01, measure: () => ({ value: Math.max(0, measure('event').retained) / CALLS }) },
    { bench: 'garbage.allocated', unit: 'B/event', of: 'performance.now()', bound: 'excess', limit: 0.1, measure: () => {
      const event = measure('event').allocated / CALLS, now = measure('now').allocated / CALLS;
      return { value: event, excess: event - now };
    } },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await child(process.argv[2]);
