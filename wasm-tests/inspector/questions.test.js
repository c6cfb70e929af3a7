/** What people open a trace for: each answer is three clicks or keys away, at most. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openSite } from '../support/site.js';
import { Tracer } from '../support/tracer.js';

const MOST = 3;
const NS_PER_MS = 1e6;

/** Two processes that open, read and write; some opens fail; one unlink is the slowest. */
async function trace() {
  const tracer = await Tracer.load({ capacityEvents: 4096 });
  tracer.enable();
  for (let i = 0; i < 300; i++) {
    const pid = i % 2 ? 41 : 40, name = ['open', 'read', 'write'][i % 3], failed = name === 'open' && i % 4 === 0;
    tracer.record({ category: 'FILE', name, detail: `/data/${i}`, pid, timestamp: 1 + i * 5, duration: 1, failed });
  }
  tracer.record({ category: 'FILE', name: 'unlink', detail: '/data/slow', pid: 40, timestamp: 1600, duration: 123 });
  tracer.record({ category: 'IPC', name: 'poll', detail: '', pid: 41, timestamp: 1600, duration: 900 });
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
let acts = 0; // of the person, since the trace is open
before(async () => {
  site = await openSite({ '/work.ring': await trace() });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());

beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${site.origin}/?trace=/work.ring`);
  await page.locator('ringscope-inspector .card button').first().waitFor();
  acts = 0;
});
const click = async (/** @type {import('playwright-core').Locator} */ what) => {
  acts++;
  await what.click();
};
const button = (/** @type {string | RegExp} */ name, within = page.locator('ringscope-inspector')) => within.getByRole('button', { name });
const card = (/** @type {string} */ name) => page.getByRole('region', { name, exact: true });
const inspector = (read) => page.evaluate(`(${read})(document.querySelector('ringscope-inspector'))`);
const until = async (condition) => {
  while (!(await inspector(condition))) await page.waitForTimeout(20);
};
const answered = () => {
  assert.ok(acts <= MOST, `${acts} clicks or keys`);
  assert.deepEqual(site.complaints, []);
};

test('the slowest call, waiting left out', async () => {
  await click(button(/^unlink/, card('Slowest')));
  await until(({ selected }) => selected?.name === 'unlink');
  assert.equal(await inspector(({ selected }) => selected.durationNs), 123 * NS_PER_MS);
  assert.match(await page.textContent('ringscope-inspector .selection'), /\/data\/slow/);
  answered();
});

test('all failing opens, with their paths', async () => {
  await click(button(/^open/, card('Failed')));
  await page.waitForSelector('[role=table][aria-rowcount="25"]');
  const rows = page.locator('ringscope-inspector .row');
  await rows.filter({ hasText: '/data/0' }).first().waitFor();
  for (const words of await rows.allTextContents()) assert.match(words, /open.*\/data\/\d+.*✕/s);
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
  assert.deepEqual([await count('read'), await count('write')], ['50', '50']);
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
  const counted = Number((await page.textContent('ringscope-inspector #panel .bar .quiet')).replace(/\D/g, ''));
  assert.ok(Math.abs(counted - 40) <= 2, `${counted} events in 200 ms`);
  answered();
});

test('a table is copied, whole', async () => {
  await click(page.getByRole('tab', { name: 'Table' }));
  await page.waitForSelector('table[aria-label="Table"] td');
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
    element.view.setWindow(2e8, 4e8); // from which it is away
  });
  await click(button('Copy link'));
  await page.waitForSelector('text=Link copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  answered();
  await page.goto('about:blank');
  await page.goto(link);
  await until(({ selected }) => selected?.event === 7);
  assert.deepEqual(await inspector(({ view }) => ({ ...view.window })), { fromNs: 2e8, toNs: 4e8 });
});
