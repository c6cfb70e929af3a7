/** The questions people open a trace for: each answer is at most three clicks or keys away. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';

const MOST = 3;
const NS_PER_MS = 1e6;

/** Two processes that open, read and write; some opens fail; one unlink is the slowest. */
async function trace() {
  const tracer = await Tracer.load({ capacityEvents: 4096 });
  tracer.enable();
  for (let i = 0; i < 300; i++) {
    const pid = i % 2 ? 41 : 40, name = ['open', 'read', 'write'][i % 3], failed = name === 'open' && i % 4 === 0;
    tracer.record({ category: 'FILE', name, detail: `/data/${i}${failed ? ' = -1 ENOENT (none)' : ''}`, pid, timestamp: 1 + i * 5, duration: 1, failed });
  }
  tracer.record({ category: 'FILE', name: 'unlink', detail: '/data/slow', pid: 40, timestamp: 1600, duration: 123 });
  tracer.record({ category: 'IPC', name: 'poll', detail: '', pid: 41, timestamp: 1600, duration: 900 });
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** In ms: A holds a lock and works while B waits for it and is woken; then B is idle until A wakes it again. */
const span = (name, tid, ts, dur) => ({ ph: 'X', pid: 1, tid, ts: ts * 1000, dur: dur * 1000, name, cat: 'c' });
const arrow = (id, ts, to) => [{ ph: 's', pid: 1, tid: 1, ts: ts * 1000, id, name: 'wakes', cat: 'c' }, { ph: 'f', bp: 'e', pid: 1, tid: 2, ts: to * 1000, id, name: 'wakes', cat: 'c' }];
const LOCKS = [
  ...['A', 'B'].map((name, i) => ({ ph: 'M', pid: 1, tid: i + 1, name: 'thread_name', args: { name } })),
  span('start', 2, 0, 100), span('futex', 2, 100, 700), span('reply', 2, 950, 50),
  span('compress', 1, 50, 600), span('unlock', 1, 700, 50), span('send', 1, 850, 60),
  ...arrow(1, 740, 750), ...arrow(2, 900, 960),
];

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
let acts = 0; // of the user, since the trace was opened
before(async () => {
  site = await openSite({ '/work.ring': await trace(), '/locks.json': Buffer.from(JSON.stringify(LOCKS)) });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());

const show = async (/** @type {string} */ path) => {
  await page.goto('about:blank');
  await page.goto(`${site.origin}/?trace=${path}`);
  await page.locator('ringscope-inspector .card button').first().waitFor();
  await atRest(page);
  acts = 0;
};
beforeEach(async () => {
  site.complaints.length = 0;
  await show('/work.ring');
});
const click = async (/** @type {import('playwright-core').Locator} */ what) => {
  acts++;
  await what.click();
};
const button = (/** @type {string | RegExp} */ name, within = page.locator('ringscope-inspector')) => within.getByRole('button', { name });
const card = (/** @type {string} */ name) => page.getByRole('region', { name, exact: true });
const inspector = (/** @type {any} */ act) => inElement(page, act);
const until = (condition) => soon(async () => Boolean(await inspector(condition)), true);
const answered = () => {
  assert.ok(acts <= MOST, `${acts} clicks or keys`);
  assert.deepEqual(site.complaints, []);
};

test('the slowest call, waiting left out', async () => {
  await click(button(/^unlink/, card('Slowest')));
  await until(({ selected }) => selected?.name === 'unlink');
  assert.equal(await inspector(({ selected }) => selected.durationNs), 123 * NS_PER_MS);
  await page.locator('ringscope-inspector .selection').filter({ hasText: '/data/slow' }).waitFor();
  answered();
});

test('all failing opens, with their paths', async () => {
  await card('Failed').getByText(/^25 of 302 events, 25 with ENOENT$/).waitFor();
  await click(button(/^open/, card('Failed')));
  await page.waitForSelector('[role=table][aria-rowcount="26"]');
  const rows = page.locator('ringscope-inspector .row');
  await rows.filter({ hasText: '/data/0' }).first().waitFor();
  await soon(async () => (await rows.allTextContents()).filter((words) => !/open.*\/data\/\d+.*✕/s.test(words)), []);
  answered();
});

test('read against write of one process', async () => {
  acts++;
  await page.locator('#find').fill('pid:40');
  await click(page.getByLabel('hide others'));
  await click(page.getByRole('tab', { name: 'Table' }));
  const count = async (/** @type {string} */ name) => (await page.getByRole('row', { name: new RegExp(`^${name} `) }).getByRole('cell').nth(1).textContent())?.trim();
  await until(({ shown }) => shown === 151);
  await page.getByRole('row', { name: /^unlink / }).waitFor();
  await soon(async () => [await count('read'), await count('write')], ['50', '50']);
  answered();
});

test('what happened from 1.0 to 1.2 s, dragged in the ruler', async () => {
  acts++;
  const box = await page.locator('ringscope-inspector .ruler').boundingBox();
  const { fromNs, toNs } = await inspector(({ view }) => ({ ...view.window }));
  const x = (/** @type {number} */ ms) => box.x + ((ms * NS_PER_MS - fromNs) / (toNs - fromNs)) * box.width;
  await page.mouse.move(x(1000), box.y + 20);
  await page.mouse.down();
  await page.mouse.move(x(1200), box.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.waitForSelector('table[aria-label="Statistics of the selection"] td');
  const counted = async () => Number((await page.textContent('ringscope-inspector #panel .bar .quiet')).replace(/\D/g, ''));
  await soon(async () => Math.abs((await counted()) - 40) <= 2, true);
  answered();
});

test('a table is copied, whole', async () => {
  await click(page.getByRole('tab', { name: 'Table' }));
  await page.waitForSelector('table[aria-label="Table"] td');
  await atRest(page);
  await click(button('copy ▾'));
  await click(page.getByRole('menuitem', { name: 'Copy as TSV' }));
  await page.waitForSelector('text=Table copied.');
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).trim().split('\n').map((line) => line.split('\t'));
  assert.deepEqual(lines[0].slice(0, 4), ['name', 'count', 'failed', 'total ns']);
  assert.deepEqual(lines.find(([name]) => name === 'unlink')?.slice(0, 4), ['unlink', '1', '0', String(123 * NS_PER_MS)]);
  assert.equal(lines.length, 1 + 5);
  answered();
});

test('a colleague sees what I see', async () => {
  await inspector(async (element) => {
    await element.select(7);
    element.view.setWindow(2e8, 4e8); // away from the event
  });
  await click(button('Copy link'));
  await page.waitForSelector('text=Link copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  answered();
  await page.goto('about:blank');
  await page.goto(link);
  await until(({ selected }) => selected?.event === 7);
  await soon(() => inspector(({ view }) => ({ ...view.window })), { fromNs: 2e8, toNs: 4e8 });
});

/** The position on the page of a thread's row at a time. */
const placeOf = async (/** @type {string} */ thread, /** @type {number} */ ms) => {
  const label = await page.locator('ringscope-inspector .label').filter({ hasText: thread }).boundingBox();
  const area = await page.locator('ringscope-inspector .area').boundingBox();
  const { fromNs, toNs } = await inspector(({ view }) => ({ ...view.window }));
  return { x: area.x + ((ms * NS_PER_MS - fromNs) / (toNs - fromNs)) * area.width, y: label.y + 9 };
};
const gap = () => page.locator('ringscope-inspector .gap');

test('why this gap: what stands around it, what ran meanwhile, and who woke the thread', async () => {
  await show('/locks.json');
  await page.locator('ringscope-inspector .label').filter({ hasText: 'B2' }).waitFor();
  const { x, y } = await placeOf('B2', 880);
  acts++;
  await page.mouse.dblclick(x, y);
  await gap().filter({ hasText: 'Woken by' }).waitFor();
  answered();
  await gap().filter({ hasText: /No event of\s+B 2 · A\s+is recorded for\s+150 ms,\s+after\s+futex\s+and before\s+reply\.\s+Woken by\s+send\s+in\s+A 1/ }).waitFor();
  await soon(() => inspector(({ range }) => ({ ...range })), { fromNs: 800e6, toNs: 950e6 });
  const meanwhile = page.getByRole('list', { name: 'What others did meanwhile' });
  await soon(async () => (await meanwhile.getByRole('listitem').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()), ['A 1 60.0 ms']);
});

test('the same by keys: the next gap of the track, and the one after it', async () => {
  await show('/locks.json');
  await inspector(async (element) => { // "start", which futex follows at once
    for (let event = 0; event < 6; event++)
      if ((await element.trace.event(event)).name === 'start') await element.select(event);
  });
  await until(({ selected }) => selected?.name === 'start');
  acts++;
  await page.keyboard.press('g');
  await gap().filter({ hasText: 'after futex and before reply' }).waitFor();
  acts++;
  await page.keyboard.press('g');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').shadowRoot.querySelector('[aria-live]').textContent.includes('No gap follows'));
  answered();
});

test('a gap is one of what passes the filters, and says so; with other filters it is none', async () => {
  await show('/locks.json');
  const { x, y } = await placeOf('B2', 880);
  await page.mouse.dblclick(x, y);
  await gap().filter({ hasText: 'Woken by' }).waitFor();
  await page.locator('#find').fill('name:start');
  await page.getByRole('checkbox', { name: 'hide others' }).check();
  await gap().waitFor({ state: 'detached' });
  await atRest(page);
  await page.mouse.dblclick(x, y);
  await soon(async () => /No event of B 2 · A passes the filters for 900 ms, after start and before the end\./.test((await gap().textContent()).replace(/\s+/g, ' ')), true);
  await page.getByText('No other thread worked.').waitFor();
  assert.deepEqual(site.complaints, []);
});

test('G without a selection begins with the first track, B without a range asks for one', async () => {
  await show('/locks.json');
  await page.keyboard.press('g');
  await gap().filter({ hasText: 'after compress and before unlock' }).waitFor();
  await page.keyboard.press('b');
  await until(({ range, settings }) => !range && settings.other?.fromNs === 650e6);
  await page.keyboard.press('b');
  await page.waitForSelector('text=Select a range first');
  assert.deepEqual(site.complaints, []);
});

test('a range that is kept as B is named where the other one is awaited', async () => {
  await inspector((element) => element.selectRange({ fromNs: 0, toNs: 2e8 }));
  await page.keyboard.press('b');
  await page.click('#tab-selection');
  await page.locator('ringscope-inspector .pad').filter({ hasText: /^\s*B: 200 ms from [\d.\s]+ s, to compare a range with\./ }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('who blocks whom: the longest wait, who ended it, and what ran meanwhile', async () => {
  await show('/locks.json');
  await click(button(/^futex/, card('Longest waits')));
  await button(/Woken by unlock in A 1/).waitFor();
  const list = page.getByRole('list', { name: 'Meanwhile' });
  await list.getByRole('button', { name: 'A 1' }).waitFor();
  await soon(async () => /A 1 600 ms/.test((await list.textContent()).replace(/\s+/g, ' ')), true);
  await click(button(/Woken by unlock/));
  await until(({ selected }) => selected?.name === 'unlock');
  await button(/Wakes futex in B 2/).waitFor();
  answered();
});
