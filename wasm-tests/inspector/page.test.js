/** The page in a real browser, used like a user would. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { violationsOf } from '../support/axe.js';
import { inProject } from '../support/paths.js';
import { showAllTracks } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
/** @type {any[]} */ let events;

before(async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  events = kernel.tracer.events();
  const chrome = new TextEncoder().encode(kernel.tracer.export('chrome'));
  const html = '[{"ph":"X","ts":1,"dur":9,"pid":1,"tid":1,"cat":"<b>cat</b>","name":"<img src=x onerror=alert(1)>","args":{"detail":"<script>alert(2)</script>"}}]';
  site = await openSite({ '/demo.ring': kernel.tracer.save(), '/demo.json.gz': gzipSync(chrome), '/bad.ring': Buffer.from('{ "traceEvents": 5'), '/none.ring': Buffer.from('something'), '/html.json': Buffer.from(html) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(() => {
  site.complaints.length = 0;
});

const count = (number) => number.toLocaleString('en-US');
const show = (/** @type {string} */ path, hash = '') => showAllTracks(site, path, hash);
const state = (path) => page.evaluate((at) => at.split('.').reduce((of, name) => of?.[name], document.querySelector('ringscope-inspector')), path);
const facts = () => page.textContent('ringscope-inspector header .facts');
/** The number of pixels of the tracks that are neither background nor line. */
const paintedPixels = () => page.evaluate(() => {
  const canvas = document.querySelector('ringscope-inspector').shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const isGrey = (at) => Math.abs(data[at] - data[at + 1]) < 12 && Math.abs(data[at + 1] - data[at + 2]) < 12;
  let painted = 0;
  for (let at = 0; at < data.length; at += 4) painted += isGrey(at) ? 0 : 1;
  return painted;
});

test('an empty page says how to begin', async () => {
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  await site.shot('empty');
  assert.deepEqual(site.complaints, []);
});

test('an image opens by its URL, and is drawn', async () => {
  await show('/demo.ring');
  assert.match(await facts(), new RegExp(`^demo.ring · ${count(events.length)} events · 11.1 s · \\d+ processes$`));
  assert.ok((await paintedPixels()) > 5000);
  await site.shot('light');
  assert.deepEqual(site.complaints, []);
});

test('a gzipped Chrome trace opens; it is dropped as a file', async () => {
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  await page.evaluate(async () => {
    const blob = await (await fetch('/demo.json.gz')).blob(), transfer = new DataTransfer();
    transfer.items.add(new File([blob], 'demo.json.gz'));
    const target = document.querySelector('ringscope-inspector').shadowRoot.querySelector('.page');
    target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await atRest(page);
  assert.match(await facts(), /^demo.json.gz · /);
  assert.equal(await state('trace.overview.events'), events.length);
  assert.deepEqual(site.complaints, []);
});

test('the wheel zooms at the pointer, keys pan and fit', async () => {
  await show('/demo.ring');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const x = Math.round(box.x + box.width / 4);
  await page.mouse.move(x, box.y + 60);
  const timeAt = () => page.evaluate(([left, width, at]) => {
    const { fromNs, toNs } = document.querySelector('ringscope-inspector').view.window;
    return fromNs + ((at - left) / width) * (toNs - fromNs);
  }, [box.x, box.width, x]);
  const before = await timeAt();
  const window = () => state('view.window'), whole = await window();
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -300); // does not wait: wheel turns may arrive together
  const share = async () => ((await window()).toNs - (await window()).fromNs) / (whole.toNs - whole.fromNs);
  await soon(async () => Number((await share()).toFixed(3)), Number(Math.exp(-5 * 300 * 0.0025).toFixed(3)));
  assert.ok(Math.abs((await timeAt()) - before) < 1, 'the time stays under the pointer');
  const { fromNs } = await window();
  await page.keyboard.press('d');
  await soon(async () => (await window()).fromNs > fromNs, true);
  await page.keyboard.press('f');
  await soon(async () => (await window()).fromNs, 0);
});

test('a click selects an event; arrows go from one to the next; its fields are shown', async () => {
  await show('/demo.ring');
  await page.evaluate(() => document.querySelector('ringscope-inspector').view.setWindow(5.14e9, 5.16e9));
  await atRest(page);
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const target = await page.evaluate(async () => {
    const { trace, view } = document.querySelector('ringscope-inspector'), { fromNs, toNs } = view.window;
    const event = await trace.hit(0, (fromNs + toNs) / 2, toNs - fromNs), { startNs, durationNs } = await trace.event(event);
    return { event, at: (startNs + durationNs / 2 - fromNs) / (toNs - fromNs) };
  });
  await page.mouse.click(box.x + target.at * box.width, box.y + 24 + 8);
  await page.waitForSelector('.selection dl >> text=start');
  await soon(() => state('selected.event'), target.event);
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((event) => document.querySelector('ringscope-inspector').selected?.event !== event, target.event);
  await site.shot('selection');
});

test('find counts hits, goes round them, and lives in the URL', async () => {
  await show('/demo.ring');
  const hits = events.filter(({ name, detail = '' }) => `${name}\n${detail}`.toLowerCase().includes('open')).length;
  await page.keyboard.press('/');
  await page.keyboard.type('open');
  await page.waitForSelector(`output >> text="${hits}"`);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`output >> text="1 of ${hits}"`);
  await page.keyboard.press('Shift+Enter');
  await page.waitForSelector(`output >> text="${hits} of ${hits}"`);
  await page.waitForFunction(() => location.hash.includes('find=open'));
  await site.shot('find');
});

test('the first hit is the first after the window’s start; words are completed', async () => {
  await show('/demo.ring');
  await page.evaluate(() => document.querySelector('ringscope-inspector').view.setWindow(5.14e9, 5.16e9));
  await page.locator('#find').fill('fai');
  await soon(() => page.locator('#completions option').evaluateAll((all) => all.map(({ value }) => value)), ['failed']);
  await page.locator('#find').fill('name:tick');
  await page.keyboard.press('Enter');
  const first = Math.min(...events.filter(({ name, timestamp }) => name === 'tick' && timestamp >= 5140).map(({ timestamp }) => timestamp));
  await soon(async () => Math.round(Number(await state('selected.startNs')) / 1e3), Math.round(first * 1e3));
});

test('chips hide categories in timeline, table and statistics; the URL brings it back', async () => {
  await show('/demo.ring');
  const shown = events.filter(({ category }) => category !== 'SYSCALL').length;
  const before = await paintedPixels();
  await page.click('.chip >> text=SYSCALL');
  await page.waitForSelector(`text="${count(events.length - shown)} hidden"`);
  await soon(async () => (await paintedPixels()) < before, true);
  await page.click('#tab-events');
  await page.waitForSelector(`[role=table][aria-rowcount="${shown + 1}"]`);
  await page.waitForFunction(() => location.hash.includes('hide=SYSCALL'));
  await show('/demo.ring', '#hide=SYSCALL');
  assert.equal(await page.getAttribute('.chip >> nth=0', 'aria-pressed'), 'false');
  await page.waitForFunction((number) => document.querySelector('ringscope-inspector').shown === number, shown);
});

test('the table sorts and scrolls, and a click moves the timeline', async () => {
  await show('/demo.ring');
  await page.click('#tab-events');
  await page.click('[role=columnheader] >> text=duration');
  const longest = Math.max(...events.map(({ duration = 0 }) => duration));
  await page.waitForFunction((ns) => Math.abs(document.querySelector('ringscope-inspector').events.rows[0]?.durationNs - ns) < 1, longest * 1e6);
  await page.click('ringscope-inspector .row >> nth=0');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').selected);
  await page.evaluate(() => (document.querySelector('ringscope-inspector').shadowRoot.querySelector('.rows').scrollTop = 1e9));
  await page.waitForFunction((number) => {
    const { first, rows } = document.querySelector('ringscope-inspector').events;
    return first + rows.length === number;
  }, events.length);
  await site.shot('events');
});

test('a range that is dragged in the ruler has its statistics', async () => {
  await show('/demo.ring');
  const box = await page.locator('ringscope-inspector .ruler').boundingBox();
  await page.mouse.move(box.x + 100, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 400, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await page.waitForSelector('table[aria-label="Statistics of the selection"]');
  await atRest(page);
  const range = await state('range');
  const counted = await page.textContent('ringscope-inspector #panel .bar .quiet');
  const within = events.filter(({ timestamp, duration = 0 }) => timestamp * 1e6 < Math.ceil(range.toNs) && (duration ? (timestamp + duration) * 1e6 > Math.floor(range.fromNs) : timestamp * 1e6 >= Math.floor(range.fromNs)));
  const total = Number(counted.replace(/\D/g, ''));
  assert.ok(Math.abs(total - within.length) <= 2, `${total} of ${within.length}`); // times in ms are rounded
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('ringscope-inspector').range);
});

test('bad files are told in words, and the page stays usable', async () => {
  await page.goto(`${site.origin}/?trace=/none.ring`);
  await page.waitForSelector('[role=alert] >> text=/no trace that ringscope reads: it begins with 73 6F 6D/');
  await page.goto(`${site.origin}/?trace=/bad.ring`);
  await page.waitForSelector('[role=alert] >> text=the text ends before any event');
  await page.goto(`${site.origin}/?trace=/missing.ring`);
  await page.waitForSelector('[role=alert] >> text=/could not be fetched: 404/');
  await page.goto(`${site.origin}/?trace=https://example.com/x.ring`);
  await page.waitForSelector('[role=alert] >> text=/only opens traces from its own origin/');
  await page.click('[role=alert] >> text=Close');
  await page.click('text=Start the live demo');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').trace?.overview.events > 100);
});

test('text of traces is never HTML', async () => {
  let asked = false;
  page.once('dialog', (dialog) => ((asked = true), dialog.dismiss()));
  await show('/html.json');
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(0));
  await page.waitForSelector('dd >> text="<script>alert(2)</script>"');
  await page.click('#tab-events');
  await page.waitForSelector('.row >> text="<img src=x onerror=alert(1)>"');
  assert.equal(asked, false);
});

test('the toy kernel runs live, pauses, and steps', async () => {
  await page.goto(site.origin);
  await page.click('text=Start the live demo');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').trace?.overview.events > 300);
  await page.click('text=● Live');
  await page.waitForSelector('text=▶ Resume');
  await atRest(page);
  const held = await state('trace.overview.events');
  for (let frames = 0; frames < 20; frames++) await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await state('trace.overview.events'), held);
  await page.click('text=▶ Resume');
  await page.waitForFunction((number) => document.querySelector('ringscope-inspector').trace.overview.events > number, held);
  await site.shot('live');
  assert.deepEqual(site.complaints, []);
});

test('the toy kernel that has ended is told, and another one is started', async () => {
  await page.goto('about:blank');
  await page.goto(site.origin);
  await page.click('text=Start the live demo');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').toyKernel?.running);
  await page.evaluate(() => {
    globalThis.ended = document.querySelector('ringscope-inspector').toyKernel;
    globalThis.ended.speed = 1000;
  });
  await page.getByRole('status').filter({ hasText: 'its last program has exited' }).waitFor();
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.waitForFunction(() => {
    const { toyKernel, trace } = document.querySelector('ringscope-inspector');
    return toyKernel !== globalThis.ended && toyKernel?.running && trace.overview.events > 0;
  });
  assert.deepEqual(site.complaints, []);
});

test('no violation of accessibility, light and dark, with a trace and without', async () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await show('/demo.ring');
    for (const tab of ['overview', 'table', 'events', 'selection', 'notes']) {
      await page.click(`#tab-${tab}`);
      await atRest(page);
      assert.deepEqual(await violationsOf(page), [], `${colorScheme} ${tab}`);
    }
    await site.shot(colorScheme === 'dark' ? 'dark' : 'light-selection');
  }
  await page.emulateMedia({ colorScheme: 'light' });
});

test('no request left the origin, and the page is small', () => {
  assert.ok(site.requests.length > 10);
  assert.deepEqual(site.requests.filter((url) => !url.startsWith(site.origin) && !/^(about|data|blob):/.test(url)), []);
  const folder = inProject('build/web/site');
  const bytes = readdirSync(folder).map((name) => gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }).length);
  assert.ok(bytes.reduce((sum, each) => sum + each, 0) <= 300 * 1024);
});
