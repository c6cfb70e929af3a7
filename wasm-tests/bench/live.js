/** A program with eight threads that keeps recording, followed by the page through `ringscope view`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { launch } from '../support/browser.js';
import { nativeProgram } from '../support/paths.js';
import { median, memoryBeside, renderers } from './inspector_page.js';

const PER_SECOND = 100_000;
const HELD = 1_000_000;
const THREADS = 8;
const ROUNDS = 5; // rounds of each, in turn
const ROUND_MS = 2000;
const MINUTES = 5;
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

/** Follows a new program's image in a page until `use` has ended, once a million events are held. @template T
 * @param {(page: import('playwright-core').Page, end: () => Promise<string>) => Promise<T>} use end: stops the program, and
 * resolves with its last line
 * @param {(page: import('playwright-core').Page) => void} [before] the page has an address */
async function following(use, before = () => {}) {
  const directory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ringscope-live-')), image = join(directory, 'live.ring');
  const program = spawn(nativeProgram('tests/live_trace'), [image, String(PER_SECOND)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = linesOf(program);
  const [{ page, end }] = await Promise.all([launch({ viewport: { width: 1280, height: 800 } }), said()]);
  const view = spawn(nativeProgram('ringscope'), ['view', image, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    before(page);
    await page.goto(await linesOf(view)());
    await page.waitForFunction((held) => /** @type {any} */ (document.querySelector('ringscope-inspector'))?.trace?.overview.events >= held, HELD);
    return await use(page, () => {
      program.stdin.end();
      return said();
    });
  } finally {
    program.stdin.end();
    view.kill('SIGINT');
    await end();
    rmSync(directory, { recursive: true });
  }
}

/** The frames drawn while a million events were held and more arrived, the bytes sent for it, and the final state. */
async function followProgram() {
  /** @type {number[]} */ const sizes = [];
  const empty = await launch();
  const countSizes = (/** @type {import('playwright-core').Page} */ page) => page.on('response', (response) => {
    const headers = response.headers();
    if (headers['x-ringscope-cursor'] && response.status() === 200) sizes.push(Number(headers['content-length']));
  });
  try {
    return await following(async (page, end) => {
      const ratios = [], frames = [];
      for (let round = 0; round < ROUNDS; round++) {
        await empty.page.bringToFront();
        const alone = await framesPerSecond(empty.page);
        await page.bringToFront();
        frames.push(await framesPerSecond(page));
        ratios.push(frames[round] / alone);
      }
      const during = await page.evaluate(known);
      const [events, textBytes] = (await end()).split(' ').map(Number);
      await page.waitForFunction(() => !(/** @type {any} */ (document.querySelector('ringscope-inspector')).trace.live));
      const last = await page.evaluate(known);
      return { frames, ratios, during, last, events, newBytes: EVENT_BYTES * events + textBytes, sentBytes: sizes.reduce((sum, size) => sum + size, 0) };
    }, countSizes);
  } finally {
    await empty.end();
  }
}

/** The memory of page and worker, a look each second: its median in the second minute, and in the fifth. */
async function memoryOfMinutes() {
  const others = renderers();
  return following(async () => {
    /** @type {number[]} */ const looks = [];
    for (let second = 0; second < MINUTES * 60; second++) {
      await setTimeout(1000);
      looks.push(memoryBeside(others, 'VmRSS'));
    }
    const ofMinute = (/** @type {number} */ minute) => median(looks.slice((minute - 1) * 60, minute * 60));
    return { second: ofMinute(2), last: ofMinute(MINUTES) };
  });
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
    { bench: 'web.live.memory', unit: 'MiB', of: 'that after a minute', bound: 'ratio', limit: 1.05, measure: async () => {
      const { second, last } = await memoryOfMinutes();
      return { value: last / 2 ** 20, ratio: last / second };
    } },
  ];
}
