/** ./dev bench web: the page in headless Chromium, with large traces. Prints one row per line; --json prints
 * objects. */
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inProject } from '../support/paths.js';
import { slowestWindowNatively } from './beside_native.js';
import { run } from './harness.js';
import { inspectorPage, median } from './inspector_page.js';
import { moduleAlone } from './module_alone.js';
import { printer } from './print.js';
import { liveRows } from './live.js';
import { openInSpeedscope } from './speedscope.js';
import { image, json } from './traces.js';

const ROUNDS = 5;
const WINDOWS = 200;
const FRAMES = 300;
const GIB = 2 ** 30;
const GIGABYTE_EVENTS = 9_200_000;

const below = (/** @type {string} */ path) => relative(inProject('.'), path);

/** Runs in the page. */
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

/** Runs in the page: the times to the first hits, and to all of them. */
const search = (/** @type {any} */ { trace }) => (async () => {
  const begin = performance.now();
  let first = 0;
  await trace.search('step 7', () => (first ||= performance.now() - begin));
  const all = performance.now() - begin;
  return { first: first || all, all };
})();

function pageSize() {
  const folder = inProject('build/web/site');
  return { value: readdirSync(folder).reduce((sum, name) => sum + gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }).length, 0) / 1024 };
}

/** Uses the opened thing and ends it. @template T, R @param {Promise<T & { end: () => Promise<void> }>} opening
 * @param {(opened: T) => Promise<R>} use */
async function using(opening, use) {
  const opened = await opening;
  try {
    return await use(opened);
  } finally {
    await opened.end();
  }
}

/** @param {'nested' | 'pairs'} shape */
async function parsing(shape) {
  const { ours, theirs } = await using(moduleAlone(below(json(1e6, shape))), ({ parsing: parse }) => parse(ROUNDS));
  parseS = median(theirs);
  return { value: median(ours), ratio: median(ours) / median(theirs) };
}

/** In WebAssembly, copied to JavaScript, against drawing the same windows natively.
 * @param {'frames' | 'bursts'} shape */
async function slowestWindow(shape) {
  const path = image(1e7, shape), nativeMs = slowestWindowNatively(path);
  const { worst, lookAtAll } = await using(moduleAlone(below(path)), ({ sweep }) => sweep(WINDOWS));
  lookMs = lookAtAll;
  return { value: worst, ratio: worst / nativeMs };
}

/** @type {{ pass: number, filter: number, tree: number } | undefined} */ let asked;
/** The slowest filter by an expression, or the call tree, compared with a pass over one column.
 * @param {'filter' | 'tree'} what */
async function question(what) {
  asked ??= await using(moduleAlone(below(image(1e7))), ({ questions }) => questions(ROUNDS));
  return { value: asked[what], ratio: asked[what] / asked.pass };
}

/** @param {number} events @param {number} rounds */
async function besideSpeedscope(events, rounds) {
  const value = await inspector.opening(json(events), rounds);
  return { value, ratio: value / (await openInSpeedscope(json(events))) };
}

/** @param {number} events @param {number} rounds */
async function besideCopy(events, rounds) {
  const value = await inspector.opening(image(events), rounds);
  return { value, ratio: value / (await inspector.copying(image(events), rounds)) };
}

/** The results for 10 million events, and for a gigabyte of text. @type {{ s: number, longest: number, still: number, bytes: number }} */ let opened;
async function openLarge(/** @type {string} */ path, /** @type {'VmRSS' | 'VmHWM'} */ field) {
  return using(inspectorPage(), async (page) => {
    const result = await page.open(path);
    return { ...result, bytes: page.memory(field) };
  });
}

/** @type {number[]} */ let times = [];
/** @type {{ first: number, all: number }} */ let found;
let longest = 0;
/** Measured in this run for comparison: JSON.parse of a million events, a look at ten million of them, an empty page's
 * frame. */
let parseS = 0, lookMs = 0, frameMs = 0;
const inFrames = (/** @type {number} */ ms) => ({ value: ms, ratio: ms / frameMs });
const inspector = await inspectorPage();
const print = printer('chromium', process.argv.includes('--json'));

/** @type {import('./harness.js').Row[]} */
const rows = [
  { bench: 'web.size', unit: 'KiB', bound: 'size', limit: 300, measure: pageSize },
  { bench: 'web.open.image.1M', unit: 's', of: 'a copy', bound: 'ratio', limit: 3, measure: () => besideCopy(1e6, ROUNDS) },
  { bench: 'web.parse.json.1M', unit: 's', bound: 'ratio', limit: 0.4, of: 'JSON.parse', measure: () => parsing('nested') },
  { bench: 'web.parse.pairs.1M', unit: 's', bound: 'ratio', limit: 0.55, of: 'JSON.parse', measure: () => parsing('pairs') },
  { bench: 'web.open.json.100k', unit: 's', bound: 'ratio', limit: 0.2, of: 'speedscope', measure: () => besideSpeedscope(1e5, ROUNDS) },
  { bench: 'web.open.json.1M', unit: 's', bound: 'ratio', limit: 0.02, of: 'speedscope', measure: () => besideSpeedscope(1e6, ROUNDS) },
  { bench: 'web.window.10M.frames', unit: 'ms', of: 'the same natively', bound: 'ratio', limit: 1.6, measure: () => slowestWindow('frames') },
  { bench: 'web.window.10M.bursts', unit: 'ms', of: 'the same natively', bound: 'ratio', limit: 1.6, measure: () => slowestWindow('bursts') },
  { bench: 'web.filter.query.10M', unit: 'ms', of: 'a pass over a column', bound: 'ratio', limit: 12, measure: () => question('filter') },
  { bench: 'web.tree.10M', unit: 'ms', of: 'a pass over a column', bound: 'ratio', limit: 8, measure: () => question('tree') },
  { bench: 'web.open.image.10M', unit: 's', of: 'a copy', bound: 'ratio', limit: 3, measure: async () => {
    const copyS = await inspector.copying(image(1e7), 1), { s, longest: blocked } = await inspector.open(image(1e7));
    longest = blocked;
    return { value: s, ratio: s / copyS };
  } },
  { bench: 'web.search.first.10M', unit: 'ms', measure: async () => {
    found = await inspector.inPage(search);
    return { value: found.first };
  } },
  { bench: 'web.search.10M', unit: 'ms', of: 'a look at all', bound: 'ratio', limit: 4, measure: () => ({ value: found.all, ratio: found.all / lookMs }) },
  { bench: 'web.frame.median', unit: 'ms', of: 'an empty frame', bound: 'ratio', limit: 0.5, measure: async () => {
    frameMs = await inspector.emptyFrame();
    times = (await inspector.inPage(frames, FRAMES)).toSorted((/** @type {number} */ a, /** @type {number} */ b) => a - b);
    return { value: median(times), ratio: median(times) / frameMs };
  } },
  { bench: 'web.frame.p99', unit: 'ms', of: 'an empty frame', bound: 'ratio', limit: 1, measure: () => inFrames(times[Math.floor(times.length * 0.99)]) },
  { bench: 'web.blocked', unit: 'ms', of: 'an empty frame', bound: 'ratio', limit: 6, measure: async () => inFrames(Math.max(longest, await inspector.page.evaluate(() => /** @type {any} */ (globalThis).bench.longest))) },
  { bench: 'web.open.image.growth', unit: 's', of: 'a tenth of the events', bound: 'ratio', limit: 10.5, measure: async () => {
    const value = await inspector.opening(image(1e7), ROUNDS);
    return { value, ratio: value / (await inspector.opening(image(1e6), ROUNDS)) };
  } },
  { bench: 'web.memory.10M', unit: 'B/event', bound: 'size', limit: 75, measure: async () => {
    const { bytes: without } = await openLarge(image(1000), 'VmRSS');
    const { bytes } = await openLarge(image(1e7), 'VmRSS');
    return { value: (bytes - without) / 1e7 };
  } },
  { bench: 'web.open.json.1G', unit: 's', measure: async () => {
    opened = await openLarge(json(GIGABYTE_EVENTS), 'VmHWM');
    return { value: opened.s };
  } },
  { bench: 'web.open.json.1G.peak', unit: 'GiB', bound: 'size', limit: 1, measure: () => ({ value: opened.bytes / GIB }) },
  { bench: 'web.open.json.1G.still', unit: 's', of: 'JSON.parse of an eighth', bound: 'ratio', limit: 1, measure: () => ({ value: opened.still / 1000, ratio: opened.still / 1000 / parseS }) },
  ...liveRows(),
];

let ok = false;
try {
  print.heading('the page');
  const only = process.argv.slice(2).filter((word) => !word.startsWith('-'));
  ok = await run(rows.filter(({ bench }) => !only.length || only.some((word) => bench.startsWith(word))), print.row);
} finally {
  await inspector.end();
}
process.exitCode = ok ? 0 : 1;
