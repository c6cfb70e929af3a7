/** How busy processes are: beside their names, as the order of the tracks, and while a trace grows. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In ms: 1 works for 10 of 100, 2 for 50, of which 3, that it began, worked 30; 4 waits alone. */
const span = (name, pid, ts, dur) => ({ ph: 'X', cat: 'c', name, pid, tid: pid, ts: ts * 1000, dur: dur * 1000 });
const CALLS = [span('read', 1, 0, 10), span('read', 2, 0, 20), span('poll', 2, 20, 60), span('read', 2, 80, 20), span('read', 3, 10, 5), span('poll', 4, 0, 100)];

/** In ms, as record --sched has it: 7 is in write for 80, but ran for 30 in all, 20 of them outside of any call; 8 could run. */
async function sliced() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  const record = (pid, category, name, timestamp, duration, more = {}) => tracer.record({ category, name, pid, timestamp: 1 + timestamp, duration, ...more });
  const slice = (pid, name, timestamp, duration) => record(pid, 'SCHEDULER', name, timestamp, duration, { async_id: pid });
  record(7, 'FILE', 'write', 0, 80);
  slice(7, 'running', 0, 10);
  slice(7, 'waiting', 10, 70);
  slice(7, 'running', 80, 20);
  record(8, 'FILE', 'read', 0, 100);
  slice(8, 'runnable', 0, 60);
  slice(8, 'running', 60, 40);
  const image = tracer.save();
  tracer.dispose();
  return image;
}

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(CALLS)), '/slices.ring': await sliced() });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const card = (/** @type {string} */ name) => page.getByRole('region', { name, exact: true });
const bars = async (/** @type {string} */ name) => (await card(name).getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
/** What stands beside the tracks, from above to below. */
const labels = () => inElement(page, ({ shadowRoot }) => {
  const all = [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label')];
  const top = (label) => label.getBoundingClientRect().top;
  return all.sort((a, b) => top(a) - top(b)).map((label) => [...label.querySelectorAll('.id')].map(({ textContent }) => textContent).join(' ').trim());
});

test('the busiest processes come first on demand, with their shares of the time', async () => {
  await showTrace(site, '/calls.json');
  await soon(labels, ['1 busy 10 %', '2 busy 40 %', '3 busy 5 %', '4']);
  await page.getByLabel('sort').selectOption('busy time');
  await soon(labels, ['2 busy 40 %', '1 busy 10 %', '3 busy 5 %', '4']);
  await soon(() => page.evaluate(() => location.hash.includes('order=busy')), true);
  await page.getByLabel('sort').selectOption('start');
  await soon(labels, ['1 busy 10 %', '2 busy 40 %', '3 busy 5 %', '4']);
  assert.deepEqual(site.complaints, []);
});

test('where the scheduler says who ran, that counts, and no time is counted twice', async () => {
  await showTrace(site, '/slices.ring', '#order=busy');
  await soon(labels, ['8 busy 40 %', '7 busy 30 %']);
  await soon(() => bars('Busiest processes'), ['process 8 40.0 ms', 'process 7 30.0 ms']);
  await soon(() => bars('Slowest'), ['read in thread 8 100 ms', 'write in thread 7 80.0 ms']);
  await soon(() => bars('Where the time went'), ['read 100 ms', 'write 80.0 ms']);
  await card('Where the time went').getByText('By the scheduler: 70.0 ms running, 70.0 ms waiting, 60.0 ms runnable.').waitFor();
  assert.equal(await card('Longest waits').count(), 0);
  assert.deepEqual(site.complaints, []);
});

test('a trace that grows has its busiest processes and longest gaps, too', async () => {
  await page.goto(site.origin);
  await page.getByRole('button', { name: 'Start the live demo' }).click();
  const isLive = () => inElement(page, ({ trace }) => Boolean(trace?.live && !trace.live.paused));
  await soon(async () => (await isLive()) && (await bars('Busiest processes')).length > 0 && (await bars('Longest gaps')).length > 0, true);
  assert.deepEqual(site.complaints, []);
});
