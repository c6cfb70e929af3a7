/** Bugs found in an evening's use: remains of an earlier trace, other colours, saved state. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inElement, showAllTracks } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (/** @type {string} */ name, /** @type {number} */ ts, /** @type {number} */ dur, more = {}) => ({ ph: 'X', pid: 700, tid: 700, ts, dur, name, cat: 'c', ...more });
/** Two threads, one below the other, whose spans cover the same times. */
const PAIR = [0, 1, 2].flatMap((i) => [span(`upper ${i}`, i * 100, 50), span(`lower ${i}`, i * 100, 50, { tid: 701 })]);
const OTHER = JSON.stringify(PAIR);
/** A recursive function, three levels deep. */
const RECURSION = JSON.stringify([span('f', 0, 100), span('f', 10, 80), span('f', 20, 60), span('g', 30, 10, { args: { path: '/a/secret' } })]);

before(async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  const folded = Buffer.from('main;work 5\nmain;rest 3\n');
  site = await openSite({ '/demo.ring': kernel.tracer.save(), '/demo.ring.gz': gzipSync(kernel.tracer.save()), '/other.json': Buffer.from(OTHER), '/other.json.gz': gzipSync(OTHER), '/x.folded': folded, '/recursion.json': Buffer.from(RECURSION) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.setViewportSize({ width: 1280, height: 800 });
});

const inspector = (/** @type {any} */ act) => inElement(page, act);
const until = (/** @type {any} */ condition) => soon(async () => Boolean(await inspector(condition)), true);
const show = (/** @type {string} */ path, hash = '') => showAllTracks(site, path, hash);
/** Opens another file in the same page. */
async function openNext(path) {
  await page.evaluate(async (from) => document.querySelector('ringscope-inspector').open(await (await fetch(from)).blob(), from.slice(1)), path);
  await atRest(page);
}

test('the plot of ticks goes with its trace', async () => {
  await show('/demo.ring');
  await page.locator('ringscope-inspector .ticks svg').getByText('16 ms').waitFor();
  await page.getByText(/ticks, the longest .* over 16 ms/).first().waitFor();
  await openNext('/other.json');
  await soon(() => page.locator('ringscope-inspector .ticks svg').count(), 0);
  await openNext('/demo.ring');
  await page.locator('ringscope-inspector .ticks svg').waitFor();
});

test('moments that are called ticks make no plot of how long ticks lasted', async () => {
  await page.goto(site.origin);
  await page.evaluate((text) => document.querySelector('ringscope-inspector').open(new Blob([text]), 'moments.json'),
    JSON.stringify([0, 1, 2].map((ts) => ({ ph: 'i', s: 't', pid: 1, tid: 1, ts, name: 'tick', cat: 'c' }))));
  await page.locator('ringscope-inspector .card').first().waitFor();
  await atRest(page);
  assert.equal(await page.locator('ringscope-inspector .ticks').count(), 0);
});

test('rows of Events go with their trace', async () => {
  await show('/demo.ring');
  await page.click('#tab-events');
  await page.locator('ringscope-inspector .row').nth(8).waitFor();
  await openNext('/other.json');
  await page.locator('ringscope-inspector .row').filter({ hasText: 'lower 2' }).waitFor();
  await soon(() => page.locator('ringscope-inspector .row').count(), 6);
  assert.deepEqual(site.complaints, []);
});

test('a live trace has one plot, which gets new data', async () => {
  await page.goto('about:blank');
  await page.goto(site.origin);
  await page.click('text=Start the live demo');
  await page.locator('ringscope-inspector .ticks svg').waitFor();
  await page.evaluate(() => (globalThis.plot = document.querySelector('ringscope-inspector').shadowRoot.querySelector('.ticks svg')));
  const before_ = await inspector(({ trace }) => trace.overview.events);
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').trace.overview.events > count + 300, before_);
  assert.ok(await page.evaluate(() => globalThis.plot.isConnected), 'it is the same element');
  await soon(() => page.locator('ringscope-inspector .ticks svg').count(), 1);
});

test('filters that a new file does not have are dropped; those it has stay', async () => {
  await show('/demo.ring', '#find=pid:1&only&hide=SYSCALL');
  await until(({ shown, trace }) => shown > 0 && shown < trace.overview.events);
  await openNext('/other.json');
  await until(({ shown }) => shown === 6);
  await soon(() => inspector(({ settings }) => [settings.only, settings.hidden.size]), [false, 0]);
  await inspector((element) => element.set({ find: 'tid:701', only: true }));
  await openNext('/other.json');
  await until(({ shown }) => shown === 3);
});

test('a filter that hides everything says so, and is cleared there', async () => {
  await show('/other.json');
  await page.locator('#find').fill('dur>5s');
  await page.getByLabel('hide others').check();
  await page.waitForSelector('text=The filters hide all of 6 events');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await until(({ shown }) => shown === 6);
});

/** The cells of the table's first columns, by name. */
const table = () => inspector(({ shadowRoot }) => Object.fromEntries([...shadowRoot.querySelectorAll('#panel tbody tr')]
  .map(({ cells }) => [...cells].map(({ textContent }) => textContent.trim())).map(([name, ...rest]) => [name, rest])));

test('tables obey the filters and the range; of a recursion the outermost counts; times end at the range', async () => {
  await show('/demo.ring');
  await page.click('#tab-table');
  await page.click('.chip >> text=SYSCALL');
  await until(({ shown, trace }) => shown < trace.overview.events);
  for (const tab of ['selection', 'notes', 'events', 'tree', 'overview', 'table']) {
    await page.click(`#tab-${tab}`);
    await page.waitForSelector('text=/pass the filters/');
  }
  const shown = await inspector((element) => element.shown);
  await until(({ shadowRoot, shown: passed }) => {
    const cells = [...shadowRoot.querySelectorAll('table[aria-label="Table"] td:nth-child(2)')];
    return cells.reduce((sum, { textContent }) => sum + Number(textContent.replace(/\D/g, '')), 0) === passed;
  });
  await page.getByRole('radio', { name: `all ${shown.toLocaleString('en-US')}` }).waitFor();
  await show('/recursion.json');
  await page.click('#tab-table');
  await page.waitForSelector('table[aria-label="Table"] td');
  await soon(async () => (await table()).f.slice(0, 6), ['3', '0', '100 µs', '90.0 µs', '60.0 µs', '80.0 µs']);
  await inspector((element) => element.selectRange({ fromNs: 25000, toNs: 45000 }));
  await page.getByRole('radio', { name: 'range 4', checked: true }).waitFor();
  await soon(async () => (await table()).f.slice(0, 6), ['3', '0', '20.0 µs', '10.0 µs', '20.0 µs', '20.0 µs']);
  await soon(async () => (await table()).g[2], '10.0 µs');
});

test('a link that is pasted into the open page takes effect', async () => {
  await show('/other.json');
  await page.evaluate(() => (location.hash = '#find=tid:701&only&window=100000-200000'));
  await until(({ shown, view }) => shown === 3 && view.window.fromNs === 100000);
});

test('rows and places that are asked for at once by several are told to each', async () => {
  await show('/other.json');
  const answers = await inspector(({ trace }) => Promise.all([trace.rows(0, 1), trace.rows(5, 1), trace.hit(0, 0, 0), trace.hit(1, 0, 0)])
    .then(([[first], [last], ...events]) => [first.name, last.startNs, ...events]));
  assert.deepEqual(answers, ['upper 0', 200_000, 0, 3]);
});

/** The colours of the lanes, each with its number of pixels. */
const laneColours = () => inspector(({ shadowRoot }) => {
  const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas');
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const counts = {};
  for (const pixel of pixels) counts[pixel] = (counts[pixel] ?? 0) + 1;
  return Object.values(counts).filter((count) => count > 200).length;
});

test('in forced colours the categories stay apart', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await show('/demo.ring');
  await soon(async () => (await laneColours()) >= 4, true); // background, lines, and more than one colour of spans
  // the sample of the hatching beside "waiting", as the bars
  await soon(() => inspector(({ shadowRoot }) => getComputedStyle(shadowRoot.querySelector('.sample')).forcedColorAdjust), 'none');
  await site.shot('forced-colours');
  await page.emulateMedia({ forcedColors: 'none' });
});

test('beside a counter, its values give way to its name', async () => {
  await show('/demo.ring');
  const label = page.locator('ringscope-inspector .label').filter({ hasText: 'free memory' });
  await label.filter({ hasText: /[\d,]+ … [\d,]+/ }).waitFor();
  const { seen, whole } = await label.locator('.text').evaluate(({ clientWidth, scrollWidth }) => ({ seen: clientWidth, whole: scrollWidth }));
  assert.ok(seen >= whole - 1, `${seen} of ${whole} px of the name are seen`);
});

test('.ring is an image, .json is JSON, whatever the file was', async () => {
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), site.choose('Save', name)]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  await show('/demo.ring.gz');
  const image = await save('Save .ring');
  assert.equal(image.name, 'demo.ring');
  assert.deepEqual(image.bytes, Buffer.from(await (await fetch(`${site.origin}/demo.ring`)).arrayBuffer()));
  assert.equal((await save('Save JSON')).name, 'demo.json');
  const bare = await save('Save without details');
  assert.deepEqual([bare.name, bare.bytes.subarray(0, 7).toString()], ['demo.ring', 'RINGSCP']);
  assert.ok(image.bytes.includes('/etc/') && !bare.bytes.includes('/etc/'), 'paths are details');
  await show('/other.json.gz');
  const made = await save('Save .ring');
  assert.deepEqual([made.name, made.bytes.subarray(0, 7).toString()], ['other.ring', 'RINGSCP']);
  assert.deepEqual(await save('Save JSON'), { name: 'other.json', bytes: Buffer.from(OTHER) });
  await show('/recursion.json');
  assert.ok((await save('Save .ring')).bytes.includes('/a/secret'));
  assert.ok(!(await save('Save without details')).bytes.includes('/a/secret'), 'of what another tool wrote, too');
  await show('/x.folded');
  const json = await save('Save JSON');
  assert.equal(json.name, 'x.folded.json');
  assert.ok(JSON.parse(json.bytes.toString()).traceEvents.length >= 3);
});

test('the toy kernel runs by the clock, not by frames', async () => {
  await page.goto('about:blank');
  await page.addInitScript(() => {
    const real = globalThis.requestAnimationFrame.bind(globalThis);
    // A screen with three times the frame rate: each callback gets the time in between.
    globalThis.requestAnimationFrame = (callback) => (globalThis.fast ? setTimeout(() => callback(performance.now()), 4) : real(callback));
    globalThis.fast = new URLSearchParams(location.search).has('fast');
  });
  await page.goto(`${site.origin}/?fast`);
  await page.click('text=Start the live demo');
  const ratio = await page.evaluate(async () => {
    const element = document.querySelector('ringscope-inspector');
    while (!element.toyKernel?.running) await new Promise((resolve) => setTimeout(resolve, 5));
    // By the clock up to which the kernel has run: a late page catches up in the next frame.
    const { toyKernel } = element, kernelMs = () => toyKernel.kernel.now() + toyKernel.owed;
    const began = { kernelMs: kernelMs(), ms: toyKernel.seenMs };
    while (toyKernel.seenMs < began.ms + 1000) await new Promise((resolve) => setTimeout(resolve, 5));
    return (kernelMs() - began.kernelMs) / (toyKernel.seenMs - began.ms);
  });
  assert.ok(ratio < 1.2, `${ratio} of the time has passed in the kernel`);
});

test('the texts of notes begin and end at one place, however long their times are', async () => {
  await show('/demo.ring', '#tab=notes');
  await inspector(({ app }) => app.set({ notes: [{ text: 'a', fromNs: 1000, toNs: 1000 }, { text: 'b', fromNs: 2e6, toNs: 153e6 }] }));
  const edges = async () => inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.notes input')].map((input) => [input.getBoundingClientRect().left, input.getBoundingClientRect().right]));
  await soon(async () => (await edges()).length, 2);
  const [first, second] = await edges();
  assert.deepEqual(first, second);
});

test('a note stands at what is selected, is drawn, named, and gone to; processes are sorted by name', async () => {
  await show('/demo.ring');
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(3));
  await until(({ selected }) => selected);
  const ruler = () => inspector(({ shadowRoot }) => shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.ruler canvas').toDataURL());
  await atRest(page);
  const before_ = await ruler();
  await page.keyboard.press('n');
  await page.locator('.notes input').fill('first tick');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => /note=.*first/.test(location.hash));
  await atRest(page);
  await soon(async () => (await ruler()) !== before_, true); // it is drawn there
  await page.locator('.notes .link').click();
  await until(({ view, settings }) => view.window.fromNs <= settings.notes[0].fromNs && view.window.toNs - view.window.fromNs < 1e10);
  const labels = () => inspector(({ shadowRoot }) => [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label[data-kind=process]')]
    .sort((a, b) => a.offsetTop - b.offsetTop).map((each) => each.querySelector('.text').textContent));
  await page.getByLabel('sort').selectOption('name');
  await atRest(page);
  await soon(async () => {
    const names = await labels();
    return names.length > 0 && names.join() === names.toSorted((a, b) => a.localeCompare(b, 'en')).join();
  }, true);
});
