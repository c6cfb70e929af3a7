/** The one table: rows grouped by everything that events have in common, in every scope, and one range compared with
 * another. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement } from '../support/page.js';
import { inProject } from '../support/paths.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';

const { formatDuration } = await import(inProject('web/inspector/timeline/format.js'));

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** Two processes, one with two threads; in ms. */
async function trace() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  const record = (name, detail, pid, tid, timestamp, duration) => tracer.record({ category: 'FILE', name, detail, pid, track: tracer.track(pid, tid), timestamp, duration });
  record('read', '/a', 40, 40, 1, 10);
  record('read', '/b', 40, 41, 1, 20);
  record('write', '/a', 40, 40, 20, 5);
  record('read', '/c', 50, 50, 30, 7);
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** Calls that fail, with the name of an error or without one, and an operation that is counted. */
async function failing() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  for (const [detail, failed] of /** @type {const} */ ([['/a = 3', false], ['/b = -1 ENOENT (none)', true], ['/c = -1 ENOENT (none)', true], ['/d = -1 EACCES (no)', true], ['/e', true]]))
    tracer.record({ category: 'FILE', name: 'open', detail, pid: 1, timestamp: 1, duration: 1, failed });
  tracer.event('MEMORY', 'map', '');
  tracer.op('allocate', 2);
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** In µs: calls of two names with all kinds of durations, one after the other; an instant, and a call too short for the
 * clock. */
const NAMES = ['slow', 'fast'];
const SPANS = Array.from({ length: 137 }, (_, at) => ({ ph: 'X', pid: 1, tid: 1, cat: 'c', name: NAMES[Number(at % 3 > 0)], ts: at * 1000, dur: ((at * 7919) % 211) * (at % 3 > 0 ? 1 : 4) + 1 }));
const SHORT = [{ ph: 'i', pid: 1, tid: 1, cat: 'c', name: 'moment', ts: 900_000 }, { ph: 'X', pid: 1, tid: 1, cat: 'c', name: 'short', ts: 950_000, dur: 0 }];

before(async () => {
  site = await openSite({ '/spans.json': Buffer.from(JSON.stringify([...SPANS, ...SHORT])), '/four.ring': await trace(), '/failing.ring': await failing() });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const show = async (/** @type {string} */ hash, file = 'four.ring') => {
  await page.goto(`${site.origin}/?trace=/${file}${hash}`);
  await page.locator('ringscope-inspector table[aria-label="Table"] td').first().waitFor();
  await atRest(page);
};
const expectRows = (/** @type {string[][]} */ expected) => soon(() => page.locator('ringscope-inspector table[aria-label="Table"] tbody tr')
  .evaluateAll((all) => all.map(({ cells }) => [0, 1, 3].map((at) => cells[at].textContent.trim()))), expected);
/** @type {(read: (element: any) => unknown) => Promise<any>} */
const inspector = (/** @type {any} */ act) => inElement(page, act);
const found = (/** @type {string} */ text) => soon(() => inspector(({ settings }) => settings.find), text);

test('by process, by thread and by detail, and a click looks for the row', async () => {
  await show('#tab=table&group=process');
  await expectRows([['process 40', '3', '35.0 ms'], ['process 50', '1', '7.00 ms']]);
  await page.getByRole('combobox', { name: 'Rows of the table' }).selectOption('thread');
  await expectRows([['thread 41', '1', '20.0 ms'], ['thread 40', '2', '15.0 ms'], ['thread 50', '1', '7.00 ms']]);
  await page.getByRole('table', { name: 'Table' }).getByRole('button', { name: 'thread 41' }).click();
  await found('pid:40 tid:41');
  await page.getByRole('combobox', { name: 'Rows of the table' }).selectOption('detail');
  await expectRows([['/b', '1', '20.0 ms'], ['/a', '2', '15.0 ms'], ['/c', '1', '7.00 ms']]);
  await page.getByRole('table', { name: 'Table' }).getByRole('button', { name: '/c' }).click();
  await found('detail:"/c"');
  assert.deepEqual(site.complaints, []);
});

test('by category and by error, and a click shows those; counted operations have nothing to show', async () => {
  await show('#tab=table&group=error', 'failing.ring');
  const table = page.getByRole('table', { name: 'Table' });
  const rows = () => table.locator('tbody tr').evaluateAll((all) => Object.fromEntries(all.map(({ cells }) => [cells[0].textContent.trim(), cells[1].textContent.trim()])));
  await soon(rows, { none: '2', ENOENT: '2', EACCES: '1', '(failed)': '1' });
  for (const [error, hits] of [['ENOENT', 2], ['(failed)', 4], ['none', 2]]) {
    await table.getByRole('button', { name: String(error), exact: true }).click();
    await soon(() => inspector(({ hits: found, settings }) => [found.hits, settings.find !== '']), [hits, true]);
  }
  await page.locator('#find').fill('');
  await page.getByRole('combobox', { name: 'Rows of the table' }).selectOption('category');
  await soon(rows, { FILE: '5', MEMORY: '1' });
  await table.getByRole('button', { name: 'MEMORY' }).click();
  await soon(rows, { MEMORY: '1' });
  await inspector((element) => element.actions.showAll());
  await page.getByRole('combobox', { name: 'Rows of the table' }).selectOption('operation');
  await soon(rows, { allocate: '1' });
  assert.equal(await table.getByRole('button', { name: 'allocate' }).count(), 0);
  assert.deepEqual(site.complaints, []);
});

/** What the table's row of a name says, by plain counting: its columns but for self, share and spread. */
function counted(/** @type {string} */ name, fromUs = 0, toUs = Infinity) {
  const within = SPANS.filter((span) => span.name === name && span.ts <= toUs && span.ts + span.dur > fromUs);
  const us = within.map(({ ts, dur }) => Math.min(ts + dur, toUs) - Math.max(ts, fromUs)).sort((a, b) => a - b);
  const sum = us.reduce((all, each) => all + each, 0);
  const percentile = (/** @type {number} */ percent) => us[Math.ceil((us.length * percent) / 100) - 1];
  const times = [sum, us[0], sum / us.length, percentile(50), percentile(90), percentile(99), us[us.length - 1]];
  return [name, String(us.length), '0', ...times.map((each) => formatDuration(each * 1000))];
}

test('times and percentiles are those of plain counting, of all and of a range, which cuts them', async () => {
  await show('#tab=table', 'spans.json');
  const rows = () => page.locator('ringscope-inspector table[aria-label="Table"] tbody tr').evaluateAll((all) => all
    .map(({ cells }) => [...cells].map(({ textContent }) => textContent.trim())).filter(([name]) => /slow|fast/.test(name)).map((row) => row.filter((_, at) => at !== 4 && at < 11)));
  await soon(rows, NAMES.map((name) => counted(name)));
  await inspector((element) => element.selectRange({ fromNs: 33_200_000, toNs: 90_050_000 }));
  await soon(rows, NAMES.map((name) => counted(name, 33_200, 90_050)));
  const parts = page.locator('ringscope-inspector td.share');
  await soon(async () => (await parts.allTextContents()).reduce((sum, text) => sum + parseFloat(text), 0), 100);
});

test('what has no duration has no times, and one too short for the clock is no 0; spreads sort by the ratio', async () => {
  await show('#tab=table', 'spans.json');
  await inspector(({ app, trace }) => {
    trace.overview.resolutionNs = 1000;
    app.changed();
  });
  const row = (/** @type {string} */ name) => page.getByRole('row', { name: new RegExp(`^${name} `) }).getByRole('cell').allInnerTexts();
  await soon(async () => (await row('moment')).slice(1), ['1', '0', ...Array(8).fill('–'), '0.0 %', '–']);
  await soon(async () => (await row('short')).slice(3, 11), ['0 ns', '0 ns', ...Array(6).fill('≤ 1.00 µs')]);
  const names = () => page.locator('ringscope-inspector table[aria-label="Table"] td.name').allInnerTexts();
  await page.getByRole('button', { name: 'spread' }).click();
  await soon(names, ['slow', 'fast', 'moment', 'short']);
});

test('scopes say how many events they have, and the window’s follows the window', async () => {
  await show('#tab=table', 'spans.json');
  await page.getByRole('radio', { name: 'all 139' }).waitFor();
  await inspector(({ view }) => view.setWindow(10_500_000, 20_500_000));
  await page.getByRole('radio', { name: 'window 10' }).click();
  await soon(() => page.locator('ringscope-inspector table[aria-label="Table"] td:nth-child(2)').allInnerTexts(), ['3', '7']);
});

test('the scope of hits counts what is found alone, and ends with the search', async () => {
  await show('#tab=table');
  const hits = page.getByRole('radio', { name: /^hits/ });
  await soon(() => hits.isDisabled(), true);
  await page.locator('#find').fill('detail:/a');
  await page.getByRole('radio', { name: 'hits 2' }).click();
  await expectRows([['read', '1', '10.0 ms'], ['write', '1', '5.00 ms']]);
  await page.locator('#find').fill('');
  await expectRows([['read', '3', '37.0 ms'], ['write', '1', '5.00 ms']]);
  assert.deepEqual(site.complaints, []);
});

test('a second range is compared with the first, by key or by Alt-drag, and Esc ends it', async () => {
  await show('#tab=table');
  const ms = (/** @type {number} */ from, /** @type {number} */ to) => `{ fromNs: ${from * 1e6}, toNs: ${to * 1e6} }`;
  await page.evaluate(`document.querySelector('ringscope-inspector').selectRange(${ms(15, 36)})`);
  await page.keyboard.press('b');
  await page.evaluate(`document.querySelector('ringscope-inspector').selectRange(${ms(0, 10)})`);
  await page.click('#tab-selection');
  const table = page.getByRole('table', { name: 'Comparison' });
  await table.locator('td').first().waitFor();
  await soon(() => table.locator('tbody tr').evaluateAll((all) => all.map(({ cells }) => [...cells].map(({ textContent }) => textContent.trim()))), [
    ['read', '2', '2', '0', '0', '20.0 ms', '12.0 ms', '−8.00 ms', '−40 %'],
    ['write', '0', '1', '0', '0', '0 ns', '5.00 ms', '+5.00 ms', '–'],
  ]);
  await atRest(page);
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const { fromNs, toNs } = await inspector(({ view }) => ({ ...view.window }));
  const x = (/** @type {number} */ time) => box.x + ((time * 1e6 - fromNs) / (toNs - fromNs)) * box.width;
  await page.keyboard.down('Alt');
  await page.mouse.move(x(20), box.y + 24);
  await page.mouse.down();
  await page.mouse.move(x(30), box.y + 24, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await soon(() => inspector(({ settings: { other } }) => [other.fromNs, other.toNs].map((ns) => Math.round(ns / 1e6))), [20, 30]);
  await page.locator('ringscope-inspector #tab-selection').focus();
  await page.keyboard.press('Escape');
  await page.getByRole('table', { name: 'Statistics of the selection' }).waitFor();
  await soon(() => inspector(({ range }) => ({ ...range })), { fromNs: 0, toNs: 10e6 });
  assert.deepEqual(site.complaints, []);
});
