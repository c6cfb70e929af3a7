/** Working with a part of a trace, and with a second trace: saving a range, comparing with another file. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { violationsOf } from '../support/axe.js';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (/** @type {string} */ name, /** @type {number} */ ts, /** @type {number} */ dur, tid = 1) => ({ ph: 'X', pid: 1, tid, ts, dur, name, cat: 'c' });
/** In µs: A waits for B, which works meanwhile. */
const PAIR = [...[0, 1, 2].map((i) => span(`upper ${i}`, i * 100, 50)), span('lower', 0, 260, 2)];
const SECOND = [span('upper 1', 0, 80), span('only here', 100, 30)];

/** An image whose first event is not at its beginning. */
async function image() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  for (let i = 0; i < 8; i++) tracer.record({ category: 'FILE', name: `call ${i}`, detail: '', pid: 1, timestamp: 1000 + i * 10, duration: 5 });
  const saved = tracer.save();
  tracer.dispose();
  return saved;
}

before(async () => {
  site = await openSite({ '/pair.json': Buffer.from(JSON.stringify(PAIR)), '/second.json': Buffer.from(JSON.stringify(SECOND)), '/image.ring': await image() });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);

/** Saves the range, opens the saved file, and returns its events by start, with their durations in µs. */
async function savedRange(/** @type {number} */ fromNs, /** @type {number} */ toNs) {
  await inspector((element, range) => element.selectRange(range), { fromNs, toNs });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save range' }).click()]);
  const bytes = [...readFileSync(await download.path())];
  await inspector((element, saved) => element.open(new Blob([new Uint8Array(saved)]), 'saved.ring'), bytes);
  await soon(() => inspector(({ trace }) => trace?.overview.title), 'saved.ring');
  await atRest(page);
  const events = await inspector(async ({ trace }) => (await trace.rows(0, 100)).map(({ name, durationNs }) => `${name}: ${durationNs / 1000}`));
  return { name: download.suggestedFilename(), events };
}

test('only a range is saved: what reaches into it, of what another tool wrote and of an image', async () => {
  await showTrace(site, '/pair.json');
  assert.deepEqual(await savedRange(120_000, 190_000), { name: 'pair-range.ring', events: ['lower: 260', 'upper 1: 50'] });
  await showTrace(site, '/image.ring');
  assert.deepEqual(await savedRange(16e6, 33e6), { name: 'image-range.ring', events: ['call 2: 5000', 'call 3: 5000'] });
  assert.deepEqual(site.complaints, []);
});

test('a second file is compared with by name, under the filter in force, and let go', async () => {
  await showTrace(site, '/pair.json', '#tab=table');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Compare with a file…' }).click()]);
  await chooser.setFiles({ name: 'second.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(SECOND)) });
  await page.waitForSelector('text=B: second.json, 2 events');
  const cells = () => page.locator('table[aria-label="Comparison"] tbody tr').evaluateAll((rows) =>
    Object.fromEntries(rows.map((row) => [...row.cells].map(({ textContent }) => textContent.trim())).map(([name, ...rest]) => [name, rest.slice(0, 7).join(' | ')])));
  await soon(cells, {
    lower: '1 | 0 | 0 | 0 | 260 µs | 0 ns | −260 µs', 'upper 0': '1 | 0 | 0 | 0 | 50.0 µs | 0 ns | −50.0 µs',
    'upper 1': '1 | 1 | 0 | 0 | 50.0 µs | 80.0 µs | +30.0 µs', 'upper 2': '1 | 0 | 0 | 0 | 50.0 µs | 0 ns | −50.0 µs',
    'only here': '0 | 1 | 0 | 0 | 0 ns | 30.0 µs | +30.0 µs',
  });
  await page.evaluate(() => (navigator.clipboard.writeText = async (text) => void (globalThis.copied = text)));
  await site.choose('copy', 'Copy as JSON');
  const copied = () => page.evaluate(() => JSON.parse(globalThis.copied).map((row) => [row.name, row['total ns'], row['total B ns'], row['Δ ns']]));
  await soon(copied, [['lower', 260_000, 0, -260_000], ['upper 0', 50_000, 0, -50_000], ['upper 2', 50_000, 0, -50_000], ['upper 1', 50_000, 80_000, 30_000], ['only here', 0, 30_000, 30_000]]);
  await inspector((element) => element.set({ find: 'name:only*', only: true }));
  await soon(async () => Object.keys(await cells()), ['only here']);
  await page.getByRole('button', { name: 'End comparing' }).click();
  await soon(() => page.locator('table[aria-label="Comparison"]').count(), 0);
  await soon(() => inspector(({ app }) => app.state.otherTrace), null);
  assert.deepEqual(site.complaints, []);
});

test('no violation of accessibility in a range, in a gap, and while ranges and files are compared', async () => {
  await showTrace(site, '/pair.json');
  const states = {
    range: (/** @type {any} */ element) => element.selectRange({ fromNs: 0, toNs: 90_000 }),
    ranges: (/** @type {any} */ element) => {
      element.actions.keepForComparing();
      element.selectRange({ fromNs: 100_000, toNs: 260_000 });
    },
    gap: (/** @type {any} */ element) => {
      element.actions.compareWith(null);
      return element.actions.gapAt({ track: 0, timeNs: 70_000 });
    },
    files: async (/** @type {any} */ element) => {
      element.actions.showTab('table');
      await element.actions.compareWithFile(await (await fetch('/second.json')).blob(), 'second.json');
    },
  };
  for (const [name, enter] of Object.entries(states)) {
    await inspector(enter);
    await atRest(page);
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await violationsOf(page), [], `${name}, ${colorScheme}`);
    }
    await site.shot(`state-${name}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.waitForSelector('text=B: second.json');
  assert.deepEqual(site.complaints, []);
});
