/** If the browser ends a worker, for lack of memory or at the user's command, the page reports it and stays usable. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const TRACE = JSON.stringify([{ ph: 'X', pid: 1, tid: 1, ts: 0, dur: 100, name: 'main' }]);
const card = () => page.locator('ringscope-inspector .card button').first();
const alert = () => page.locator('ringscope-inspector [role=alert]');
const events = () => page.evaluate(() => document.querySelector('ringscope-inspector').trace?.overview.events ?? null);
const reopen = () => page.evaluate(async () => {
  const blob = await (await fetch('/one.json')).blob();
  document.querySelector('ringscope-inspector').open(blob, 'one.json');
});

before(async () => {
  site = await openSite({ '/one.json': Buffer.from(TRACE) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${site.origin}/?trace=/one.json`);
  await card().waitFor();
});

test('a worker that ends while nothing is asked', async () => {
  await page.workers()[0].evaluate(() => self.close());
  await alert().getByText('The browser has ended the worker that held the trace').waitFor();
  await soon(events, null);
  await reopen();
  await soon(events, 1);
  assert.deepEqual(site.complaints, []);
});

test('a worker that ends within a question', async () => {
  await page.workers()[0].evaluate(() => {
    self.onmessage = () => self.close();
  });
  await page.click('#tab-tree');
  await alert().getByText('The browser has ended the worker that held the trace').waitFor();
  await soon(events, null);
  await reopen();
  await soon(events, 1);
  assert.deepEqual(site.complaints, []);
});

test('a trace that answers nothing any more is asked each question once', async () => {
  await page.click('#tab-events');
  await page.locator('ringscope-inspector .row').waitFor();
  await page.evaluate(() => {
    const { app, trace } = document.querySelector('ringscope-inspector');
    const call = trace.client.call.bind(trace.client);
    globalThis.asked = {};
    trace.client.call = (method, ...given) => {
      globalThis.asked[method] = (globalThis.asked[method] ?? 0) + 1;
      return globalThis.asked[method] < 50 ? call(method, ...given) : new Promise(() => {}); // else nothing would ever end
    };
    trace.client.end();
    app.changed();
  });
  await soon(() => page.evaluate(() => globalThis.asked.sort > 0), true);
  await atRest(page);
  const asked = await page.evaluate(() => globalThis.asked);
  assert.deepEqual(Object.entries(asked).filter(([, times]) => times > 1), []);
  assert.deepEqual(site.complaints, []);
});

test('a trace that is closed is no loss', async () => {
  await reopen();
  await soon(() => page.workers().length, 1);
  await card().waitFor();
  await soon(events, 1);
  assert.equal(await alert().count(), 0);
  assert.deepEqual(site.complaints, []);
});
