/** ./dev bench web: the page in headless Chromium, with large traces. Prints a row a line; --json as objects. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { inProject, nativeProgram } from '../support/paths.js';
import { openSite } from '../support/site.js';
import { run } from './harness.js';
import { printer } from './print.js';

const FOLDER = inProject('build/bench');
const ROUNDS = 5;
const WINDOWS = 200;
const FRAMES = 300;

/** A trace, made at the first call. @param {string} name @param {(path: string) => void} make */
function trace(name, make) {
  const path = `${FOLDER}/${name}`;
  mkdirSync(FOLDER, { recursive: true });
  if (!existsSync(path)) make(path);
  return path;
}
const image = (/** @type {number} */ events) => trace(`${events}.ring`, (path) => void execFileSync(nativeProgram('tests/large_trace'), [path, String(events)]));
const json = (/** @type {number} */ events) =>
  trace(`${events}.json`, (path) => void execFileSync(nativeProgram('ringscope'), ['export', image(events), '--to', 'chrome', '-o', path]));

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const site = await openSite();
const { page } = site;
const print = printer('chromium', process.argv.includes('--json'));

/** From the file's drop to its first paint, in s; and the longest that the main thread was blocked meanwhile, in ms. @param {string} path */
async function open(path) {
  await page.goto('about:blank');
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('text=open one')]);
  await page.evaluate(() => {
    const inspector = /** @type {any} */ (document.querySelector('ringscope-inspector')), begun = inspector.open.bind(inspector);
    const bench = (/** @type {any} */ (globalThis).bench = { longest: 0, begin: 0, painted: 0 });
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (bench.longest = Math.max(bench.longest, duration)))).observe({ type: 'longtask' });
    inspector.open = (/** @type {any[]} */ ...args) => {
      bench.begin = performance.now();
      return begun(...args);
    };
    inspector.addEventListener('trace', async (/** @type {CustomEvent} */ { detail }) => {
      await detail.event(0); // answered after the first window
      requestAnimationFrame(() => requestAnimationFrame(() => (bench.painted = performance.now())));
    });
  });
  await chooser.setFiles(path);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).bench.painted, null, { timeout: 300_000 });
  const { begin, painted, longest } = await page.evaluate(() => /** @type {any} */ (globalThis).bench);
  return { s: (painted - begin) / 1000, longest };
}

/** @param {string} path @param {number} [rounds] */
async function opening(path, rounds = ROUNDS) {
  const times = [];
  for (let i = 0; i < rounds; i++) times.push((await open(path)).s);
  return { value: median(times) };
}

/** Runs in the page, of which `inspector` is the element. @param {(inspector: any, count: number) => any} work @param {number} count */
const inPage = (work, count) => page.evaluate(`(${work})(document.querySelector('ringscope-inspector'), ${count})`);

/** The worst of a sweep, warm: of each window the best of three. */
const windows = (/** @type {any} */ { trace, view }, /** @type {number} */ count) => (async () => {
  const { durationNs } = trace.overview;
  view.setTrace(null); // so that nobody else asks
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const span = durationNs / 2 ** (i % 20), fromNs = Math.floor((durationNs - span) * ((i * 0.618) % 1));
    const times = [];
    for (let turn = 0; turn < 3; turn++) {
      const begin = performance.now();
      await trace.window({ fromNs, toNs: Math.ceil(fromNs + span), widthPx: 2000, rows: [[0, 50]], counters: [] });
      times.push(performance.now() - begin);
    }
    worst = Math.max(worst, Math.min(...times));
  }
  view.setTrace(trace);
  return worst;
})();

const frames = (/** @type {any} */ { view, trace }, /** @type {number} */ count) => (async () => {
  /** @type {number[]} */ const times = [];
  view.addEventListener('frame', (/** @type {any} */ { detail }) => times.push(detail.ms));
  for (let i = 0; i < count; i++) {
    view.zoomBy(i % 60 < 30 ? 1.25 : 1 / 1.25, trace.overview.durationNs * 0.4);
    view.panBy(0.02);
    await new Promise(requestAnimationFrame);
  }
  return times;
})();

const search = (/** @type {any} */ { trace }) => (async () => {
  const begin = performance.now();
  await trace.search('step 7', () => {});
  return performance.now() - begin;
})();

/** What the browser itself takes for the text. */
async function parsing(/** @type {string} */ path) {
  await page.goto(site.origin);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('text=open one')]);
  await page.evaluate(() => {
    const inspector = /** @type {any} */ (document.querySelector('ringscope-inspector'));
    inspector.open = async (/** @type {Blob} */ blob) => {
      const text = await blob.text(), begin = performance.now();
      JSON.parse(text);
      /** @type {any} */ (globalThis).parsed = performance.now() - begin;
    };
  });
  await chooser.setFiles(path);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).parsed, null, { timeout: 60_000 });
  return (await page.evaluate(() => /** @type {any} */ (globalThis).parsed)) / 1000;
}

/** @type {number[]} */ let times = [];
let longest = 0;
/** @type {import('./harness.js').Row[]} */
const rows = [
  { bench: 'web.size', unit: 'KiB', bound: 'value', limit: 250, measure: () => {
    const folder = inProject('build/web/site');
    return { value: readdirSync(folder).reduce((sum, name) => sum + gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }).length, 0) / 1024 };
  } },
  { bench: 'web.open.image.1M', unit: 's', bound: 'value', limit: 0.5, measure: () => opening(image(1e6)) },
  { bench: 'web.open.json.1M', unit: 's', bound: 'ratio', limit: 0.5, of: 'JSON.parse', measure: async () => {
    const peer = median([await parsing(json(1e6)), await parsing(json(1e6)), await parsing(json(1e6))]);
    const { value } = await opening(json(1e6));
    return { value, ratio: value / peer };
  } },
  { bench: 'web.open.image.10M', unit: 's', bound: 'value', limit: 3, measure: async () => {
    const opened = await open(image(1e7));
    longest = opened.longest;
    return { value: opened.s };
  } },
  { bench: 'web.window.10M', unit: 'ms', bound: 'value', limit: 4, measure: async () => ({ value: await inPage(windows, WINDOWS) }) },
  { bench: 'web.search.10M', unit: 'ms', bound: 'value', limit: 100, measure: async () => ({ value: await inPage(search, 0) }) },
  { bench: 'web.frame.median', unit: 'ms', bound: 'value', limit: 8, measure: async () => {
    times = (await inPage(frames, FRAMES)).toSorted((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    return { value: median(times) };
  } },
  { bench: 'web.frame.p99', unit: 'ms', bound: 'value', limit: 16, measure: () => ({ value: times[Math.floor(times.length * 0.99)] }) },
  { bench: 'web.blocked', unit: 'ms', bound: 'value', limit: 100, measure: async () => ({ value: Math.max(longest, await page.evaluate(() => /** @type {any} */ (globalThis).bench.longest)) }) },
];

let ok = false;
try {
  print.heading('the page');
  ok = await run(rows, print.row);
} finally {
  await site.end();
}
process.exitCode = ok ? 0 : 1;
