/** A program with eight threads that keeps recording, followed by the page through `ringscope view`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launch } from '../support/browser.js';
import { nativeProgram } from '../support/paths.js';
import { median } from './inspector_page.js';

const PER_SECOND = 100_000;
const HELD = 1_000_000;
const THREADS = 8;
const ROUNDS = 5; // rounds of each, in turn
const ROUND_MS = 2000;
const EVENT_BYTES = 40;

/** The program's output, a line at a time. @param {import('node:child_process').ChildProcess} program */
function linesOf(program) {
  const lines = createInterface({ input: /** @type {any} */ (program.stdout) })[Symbol.asyncIterator]();
  return async () => /** @type {string} */ ((await lines.next()).value);
}

/** Frames per second, measured by an empty loop. @param {import('playwright-core').Page} page */
const framesPerSecond = (page) => page.evaluate((ms) => new Promise((resolve) => {
  let frames = 0;
  /** @type {number} */ let begin;
  const count = (/** @type {number} */ now) => {
    begin ??= now;
    if (now - begin >= ms) resolve((frames * 1000) / (now - begin));
    else requestAnimationFrame(count);
    frames++;
  };
  requestAnimationFrame(count);
}), ROUND_MS);

/** Runs in the page: reports what the page knows of the trace. */
const known = async () => {
  const { trace } = /** @type {any} */ (document.querySelector('ringscope-inspector'));
  const { overview } = trace;
  const count = (/** @type {string} */ reason) => overview.losses.filter((/** @type {any} */ loss) => loss.reason === reason)
    .reduce((/** @type {number} */ sum, /** @type {any} */ loss) => sum + loss.count, 0);
  const rows = await trace.rows(0, 20_000); // by start, as in the page's list: flag 2 is an open span
  return {
    events: overview.events, missed: count('missed') + count('evicted'), dropped: count('dropped by the page'),
    threads: overview.tracks.map((/** @type {any} */ track) => track.name),
    open: rows.filter((/** @type {any} */ row) => row.flags & 2).length,
  };
};

/** The frames drawn while a million events were held and more arrived, the bytes sent for it, and the final state. */
async function followProgram() {
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ringscope-live-')), image = join(directory, 'live.ring');
  const program = spawn(nativeProgram('tests/live_trace'), [image, String(PER_SECOND)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = linesOf(program);
  const [{ page, end }, empty] = await Promise.all([launch({ viewport: { width: 1280, height: 800 } }), launch(), said()]);
  const view = spawn(nativeProgram('ringscope'), ['view', image, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    /** @type {number[]} */ const sizes = [];
    page.on('response', (response) => {
      const headers = response.headers();
      if (headers['x-ringscope-cursor'] && response.status() === 200) sizes.push(Number(headers['content-length']));
    });
    await page.goto(await linesOf(view)());
    await page.waitForFunction((held) => /** @type {any} */ (document.querySelector('ringscope-inspector'))?.trace?.overview.events >= held, HELD);
    const ratios = [], frames = [];
    for (let round = 0; round < ROUNDS; round++) {
      await empty.page.bringToFront();
      const alone = await framesPerSecond(empty.page);
      await page.bringToFront();
      frames.push(await framesPerSecond(page));
      ratios.push(frames[round] / alone);
    }
    const during = await page.evaluate(known);
    program.stdin.end();
    const [events, textBytes] = (await said()).split(' ').map(Number);
    await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('ringscope-inspector')).trace.live));
    const last = await page.evaluate(known);
    return { frames, ratios, during, last, events, newBytes: EVENT_BYTES * events + textBytes, sentBytes: sizes.reduce((sum, size) => sum + size, 0) };
  } finally {
    program.stdin.end();
    view.kill('SIGINT');
    await Promise.all([end(), empty.end()]);
    rmSync(directory, { recursive: true });
  }
}

/** @param {Awaited<ReturnType<typeof followProgram>>} followed */
function verify({ during, last, events }) {
  const named = Array.from({ length: THREADS }, (_, i) => `worker ${i}`);
  if (during.missed || last.missed || last.events + last.dropped !== events)
    throw new Error(`of ${events} events, ${last.events} are held and ${last.dropped} were dropped; ${last.missed} were missed`);
  if (named.some((name) => !during.threads.includes(name))) throw new Error(`threads are called ${during.threads}`);
  if (during.open !== THREADS) throw new Error(`${during.open} open spans are drawn, of ${THREADS} threads`);
}

/** @returns {import('./harness.js').Row[]} */
export function liveRows() {
  /** @type {Awaited<ReturnType<typeof followProgram>>} */ let followed;
  return [
    { bench: 'web.live.frames', unit: 'frames/s', of: 'an empty page', bound: 'least', limit: 0.95, measure: async () => {
      followed = await followProgram();
      verify(followed);
      return { value: median(followed.frames), least: median(followed.ratios) };
    } },
    { bench: 'web.live.sent', unit: 'B/event', of: 'the new events', bound: 'ratio', limit: 1.2,
      measure: () => ({ value: followed.sentBytes / followed.events, ratio: followed.sentBytes / followed.newBytes }) },
  ];
}
