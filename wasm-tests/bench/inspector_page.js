/** The page as a user has it, in headless Chromium, with its time and memory. */
import { readFileSync, readdirSync } from 'node:fs';
import { openSite } from '../support/site.js';

const OPEN_TIMEOUT_MS = 300_000;

/** @param {number[]} values */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** True for this program and those that it started. @param {string} pid @returns {boolean} */
const isOurs = (pid) => Number(pid) === process.pid || (Number(pid) > 1 && isOurs(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''));

/** The processes of our browsers' pages, which include their workers. */
export const renderers = () => readdirSync('/proc').filter((name) => {
  try {
    return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('--type=renderer') && isOurs(name);
  } catch {
    return false; // it has ended
  }
});

/** @param {string} pid @param {'VmRSS' | 'VmHWM'} field in KiB */
function bytesOf(pid, field) {
  const [, kib] = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`${field}:\\s+(\\d+)`)) ?? [];
  if (!kib) throw new Error(`process ${pid} does not tell its ${field}`);
  return Number(kib) * 1024;
}

/** The memory of the page and worker that came after `others`, now or at their peak. @param {string[]} others @param {'VmRSS' | 'VmHWM'} field */
export const memoryBeside = (others, field) => Math.max(...renderers().filter((pid) => !others.includes(pid)).map((pid) => bytesOf(pid, field)));

/** Notes everything from the file's drop on: runs in the page, and observes what a user sees. */
function watch() {
  const inspector = /** @type {any} */ (document.querySelector('ringscope-inspector'));
  const bench = (/** @type {any} */ (globalThis).bench = { longest: 0, begin: 0, painted: 0, moved: 0, still: 0, done: -1 });
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (bench.longest = Math.max(bench.longest, duration)))).observe({ type: 'longtask' });
  const look = () => {
    const now = performance.now(), { done = 0, what = '' } = inspector.progress ?? {}, state = `${what} ${done}`;
    if (bench.painted) return;
    if (state !== bench.state) Object.assign(bench, { moved: now, state });
    bench.still = Math.max(bench.still, now - bench.moved);
    requestAnimationFrame(look);
  };
  inspector.shadowRoot.addEventListener('change', () => {
    bench.begin = bench.moved = performance.now();
    requestAnimationFrame(look);
  }, { capture: true, once: true });
  inspector.addEventListener('trace', async (/** @type {CustomEvent} */ { detail }) => {
    await detail.event(0); // answered after the first window
    requestAnimationFrame(() => requestAnimationFrame(() => (bench.painted = performance.now())));
  });
}

export async function inspectorPage() {
  const others = renderers();
  const site = await openSite();
  const { page } = site;
  const memory = (/** @type {'VmRSS' | 'VmHWM'} */ field) => memoryBeside(others, field);

  async function fresh() {
    await page.goto('about:blank');
    await page.goto(site.origin);
    await page.waitForSelector('text=Drop a trace here');
  }

  /** Time from the file's drop to its first paint, in s; the longest times that the main thread was blocked and that
   * progress stood still, in ms. @param {string} path */
  async function open(path) {
    await fresh();
    await page.evaluate(watch);
    await page.setInputFiles('#file', path);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).bench.painted, null, { timeout: OPEN_TIMEOUT_MS });
    const { begin, painted, longest, still } = await page.evaluate(() => /** @type {any} */ (globalThis).bench);
    if (!begin) throw new Error('the bench has not seen the file given');
    return { s: (painted - begin) / 1000, longest, still };
  }

  /** The median of several. @param {string} path @param {number} rounds */
  async function opening(path, rounds) {
    const times = [];
    for (let i = 0; i < rounds; i++) times.push((await open(path)).s);
    return median(times);
  }
  /** A file's bytes read by an empty page, copied once, and a frame drawn, in s: the median of several. @param {string} path @param {number} rounds */
  async function copying(path, rounds) {
    await page.goto('about:blank');
    await page.setContent('<input type="file">');
    await page.setInputFiles('input', path);
    return page.evaluate(async (count) => {
      const file = /** @type {any} */ (document.querySelector('input')).files[0], times = [];
      for (let i = 0; i < count; i++) {
        const begin = performance.now();
        new Uint8Array(await file.arrayBuffer()).slice();
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        times.push((performance.now() - begin) / 1000);
      }
      return times.toSorted((a, b) => a - b)[count >> 1];
    }, rounds);
  }

  /** The duration of a frame in a page that does nothing in it, in ms. */
  const emptyFrame = () => page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame), begin = Number(await frame());
    let end = begin;
    for (let i = 0; i < 60; i++) end = Number(await frame());
    return (end - begin) / 60;
  });
  /** Runs in the page, where `inspector` is the element. @param {(inspector: any, count: number) => any} work
   * @param {number} [count] */
  const inPage = (work, count = 0) => page.evaluate(`(${work})(document.querySelector('ringscope-inspector'), ${count})`);
  return { page, open, opening, copying, emptyFrame, inPage, memory, end: site.end };
}
