/** Working with a trace beyond looking at it: tracks, ranges, saving, keys, other screen sizes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showAllTracks } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel, Tracer } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
/** @type {any[]} */ let events;

/** An image that has lost most of its events, and has one long call among short ones. */
async function lossyImage() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  for (let i = 0; i < 500; i++) tracer.event('FILE', `call ${i % 3}`, 'x'.repeat(20));
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** Four calls, two of which failed. */
async function failingImage() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  for (let i = 0; i < 4; i++) tracer.record({ category: 'FILE', name: 'open', detail: `/file ${i}`, failed: i % 2 === 1 });
  const image = tracer.save();
  tracer.dispose();
  return image;
}

before(async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  events = kernel.tracer.events();
  const long = JSON.stringify(Array.from({ length: 400_000 }, (_, i) => ({ ph: 'X', pid: 1, tid: i % 9, ts: i * 10, dur: 7, name: `work ${i % 50}`, cat: 'c' })));
  site = await openSite({ '/failing.ring': await failingImage(), '/demo.ring': kernel.tracer.save(), '/lossy.ring': await lossyImage(), '/long.json': Buffer.from(long) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.setViewportSize({ width: 1280, height: 800 });
});

const show = (/** @type {string} */ path, hash = '') => showAllTracks(site, path, hash);
const inspector = (/** @type {any} */ act) => inElement(page, act);
const seen = () => inspector(({ view }) => ({ ...view.window }));
// Polled from outside: the page's policy forbids the way waitForFunction() evaluates a text.
const until = (condition) => soon(async () => Boolean(await inspector(condition)), true);

test('a process and a thread collapse, a track is kept on top', async () => {
  await show('/demo.ring');
  const labels = page.locator('ringscope-inspector .label');
  const kernelRows = await labels.filter({ hasText: 'init' }).first().boundingBox();
  const toggle = page.getByRole('button', { name: 'Rows of kernel' });
  await toggle.first().click();
  await soon(() => toggle.first().getAttribute('aria-expanded'), 'false');
  await soon(async () => (await labels.filter({ hasText: 'init' }).first().boundingBox()).y < kernelRows.y, true); // what follows has moved up
  await toggle.first().click();
  await soon(() => toggle.first().getAttribute('aria-expanded'), 'true');
  await labels.filter({ hasText: 'run queue' }).hover();
  await page.getByRole('button', { name: 'Pin run queue to the top' }).click();
  await soon(() => page.getByRole('button', { name: 'Pin run queue to the top' }).getAttribute('aria-pressed'), 'true');
  const topOf = async (text) => (await labels.filter({ hasText: text }).first().boundingBox()).y;
  await soon(async () => (await topOf('run queue')) < (await topOf('kernel')), true); // above all others
  await site.shot('pinned');
});

test('Alt-click leaves one category alone, a digit switches it, and back', async () => {
  await show('/demo.ring');
  const of = (category) => events.filter((event) => event.category === category).length;
  const chip = page.getByRole('button', { name: /^FILE/ });
  await chip.click({ modifiers: ['Alt'] });
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, of('FILE'));
  await chip.click({ modifiers: ['Alt'] });
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, events.length);
  await page.keyboard.press('1');
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, events.length - of('SYSCALL'));
  await page.waitForURL(/hide=SYSCALL/);
  await page.keyboard.press('Alt+1');
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, of('SYSCALL'));
});

/** Types a search text, and hides everything else. */
async function only(text) {
  await page.locator('#find').fill(text);
  await page.getByLabel('hide others').check();
}

test('a least duration hides what is shorter, and what has none', async () => {
  await show('/demo.ring');
  await only('dur>=1.5ms');
  const long = events.filter(({ duration }) => duration >= 1.5).length;
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, long);
  await page.locator('ringscope-inspector .filters').getByText(`${(events.length - long).toLocaleString('en-US')} hidden`).waitFor();
});

test('one process is shown alone', async () => {
  await show('/demo.ring');
  await only('pid:2');
  const expected = events.filter((event) => (event.pid ?? 0) === 2).length;
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').shown === count, expected);
});

test('only what failed is shown, by X or by its box', async () => {
  await show('/failing.ring');
  await page.keyboard.press('x');
  await until(({ shown }) => shown === 2);
  await page.getByLabel('failed only').uncheck();
  await until(({ shown }) => shown === 4);
});

/** Runs the live toy kernel at full speed until it has started further processes or ended, and then paused at once: it
 * ends soon. */
async function runToy() {
  await inspector(async (element) => {
    const { trace, toyKernel, actions } = element, wanted = trace.overview.processes.length + 4;
    toyKernel.speed = 20;
    while (trace.overview.processes.length < wanted && !toyKernel.ended) await new Promise(requestAnimationFrame);
    if (!toyKernel.ended) actions.pauseLive();
  });
}

/** The events that the paused toy kernel has recorded: its image is read here, because the page's kernel cannot read
 * it. */
async function recordedByToy() {
  const image = await Tracer.open(Uint8Array.from(await inspector(({ toyKernel }) => [...toyKernel.kernel.tracer.save()])));
  const read = { count: image.events().filter(({ pid }) => pid === 1).length, summary: image.summary() };
  image.dispose();
  return read;
}

test('a thread that is shown alone stays alone while a live trace gets others', async () => {
  await page.goto(site.origin);
  await page.getByRole('button', { name: 'Start the live demo' }).click();
  await until(({ trace }) => trace?.overview.processes.length > 1);
  await inspector((element) => element.set({ find: 'pid:1', only: true }));
  await runToy();
  const { count, summary } = await recordedByToy();
  await soon(() => inspector(async ({ trace, shown, hits }) => {
    const rows = await trace.rows(0, 1000), { tracks } = trace.overview;
    return { shown, found: hits.hits, others: rows.filter(({ track }) => tracks[track].pid !== 1).length };
  }), { shown: count, found: count, others: 0 });
  await soon(() => inspector(({ trace }) => ({ ...trace.overview.summary, uptime: 0 })), { ...summary, uptime: 0 }); // the newest segment has it
  const { tracks, operations } = await inspector(({ trace }) => trace.overview);
  assert.ok(tracks.some(({ pid, name }) => pid === 1 && name === 'init'), 'threads are named');
  assert.ok(operations.length > 0);
});

test('what is saved is what was opened, in either form', async () => {
  await show('/demo.ring');
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), site.choose('Save', name)]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const image = await save('Save .ring'), chrome = await save('Save JSON'), perfetto = await save('Save Perfetto');
  assert.equal(image.name, 'demo.ring');
  assert.deepEqual(image.bytes, Buffer.from(await (await fetch(`${site.origin}/demo.ring`)).arrayBuffer()));
  assert.equal(chrome.name, 'demo.json');
  assert.equal(perfetto.name, 'demo.pftrace');
  assert.ok(perfetto.bytes[0] === 10 && perfetto.bytes.length < chrome.bytes.length / 2, 'packets, and fewer bytes');
  assert.equal(JSON.parse(chrome.bytes.toString()).traceEvents.filter(({ ph }) => 'XiC'.includes(ph)).length, events.length);
});

/** The position of a span of the first row, as a share of the width. */
const middleOfOne = () => inspector(async ({ trace, view }) => {
  const { fromNs, toNs } = view.window;
  const { startNs, durationNs } = await trace.event(await trace.hit(0, (fromNs + toNs) / 2, toNs - fromNs));
  return (startNs + durationNs / 2 - fromNs) / (toNs - fromNs);
});

test('a double click zooms to the event; Shift-drag selects a range; M zooms to it; the minimap moves the window', async () => {
  await show('/demo.ring', '#window=5140000000-5160000000');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const x = await middleOfOne();
  await page.mouse.move(box.x + x * box.width, box.y + 32);
  await page.mouse.dblclick(box.x + x * box.width, box.y + 32);
  await until(({ view }) => view.window.toNs - view.window.fromNs < 1.9e7);
  await atRest(page); // the click before the second one has selected it
  await page.keyboard.press('f');
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await page.waitForSelector('table[aria-label="Statistics of the selection"] td');
  const range = await inspector(({ range: chosen }) => chosen);
  await page.keyboard.press('Enter');
  const isZoomed = ({ fromNs, toNs }) => fromNs <= range.fromNs && toNs >= range.toNs && toNs - fromNs < 2 * (range.toNs - range.fromNs);
  await soon(async () => isZoomed(await seen()), true);
  await atRest(page);
  const { fromNs } = await seen();
  const minimap = await page.locator('ringscope-inspector .minimap').boundingBox();
  await page.mouse.click(minimap.x + minimap.width * 0.9, minimap.y + 20);
  await soon(async () => (await seen()).fromNs > fromNs, true);
});

test('a key marks the time of the selected event', async () => {
  await show('/demo.ring');
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(3));
  const selected = await inspector((element) => element.selected);
  await page.keyboard.press('m');
  await page.waitForSelector('table[aria-label="Statistics of the selection"] td');
  await soon(() => inspector((element) => element.range), { fromNs: selected.startNs, toNs: selected.startNs + Math.max(1, selected.durationNs) });
});

test('without the mouse: an arrow selects the first event, Esc in the find box ends the search', async () => {
  await show('/demo.ring');
  await page.keyboard.press('ArrowRight');
  await until(({ selected }) => selected);
  await page.keyboard.press('/');
  await page.keyboard.type('open');
  await until(({ hits }) => hits.hits > 0);
  await page.keyboard.press('Escape');
  await until(({ settings, hits }) => settings.find === '' && hits.hits === 0);
  await soon(() => page.locator('#find').inputValue(), '');
  await page.locator('#find').fill('dur>abc');
  await page.waitForSelector('#wrong >> text=/a time must follow/');
  await soon(() => page.locator('#find').getAttribute('aria-invalid'), 'true');
  await page.locator('#find').fill('dur>1ms');
  await until(({ hits }) => hits.hits > 0);
  await soon(() => page.locator('#wrong').textContent(), '');
});

test('an event of a live trace that is selected stays so, and the trace stands still', async () => {
  await page.goto(site.origin);
  await page.click('text=Start the live demo');
  await until(({ trace }) => trace?.overview.events > 300);
  await page.keyboard.press('ArrowRight');
  await until(({ trace, selected }) => trace.live.paused && selected);
  await atRest(page);
  const { name, startNs } = await inspector(({ selected }) => selected);
  const before = await inspector(({ trace }) => trace.overview.events);
  for (let frames = 0; frames < 20; frames++) await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await inspector(({ trace }) => trace.overview.events), before);
  await page.keyboard.press(' ');
  await until(({ trace }) => !trace.live.paused);
  await page.waitForFunction((count) => document.querySelector('ringscope-inspector').trace.overview.events > count, before);
  await soon(() => inspector(({ selected }) => ({ name: selected.name, startNs: selected.startNs })), { name, startNs });
});

test('a tooltip tells what is under the pointer', async () => {
  await show('/demo.ring', '#window=5140000000-5160000000');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const x = await middleOfOne();
  await page.mouse.move(box.x + x * box.width - 1, box.y + 32);
  await page.mouse.move(box.x + x * box.width, box.y + 32);
  const tip = page.locator('ringscope-inspector .tooltip');
  await tip.waitFor({ state: 'visible' });
  await tip.filter({ hasText: /tick|run|idle/ }).waitFor();
});

test('losses are drawn, and told in words with what would keep more', async () => {
  await show('/lossy.ring');
  const losses = await inspector(({ trace }) => trace.overview.losses);
  assert.ok(losses.some(({ count }) => count === 500 - 64), JSON.stringify(losses));
  await page.getByText('436 events were evicted before this point: the ring holds 64. A larger capacity keeps more.').waitFor();
  await site.shot('losses');
});

test('? shows the keys, Esc closes them; the divider moves by key and says where it is', async () => {
  await show('/demo.ring');
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open] >> text=zoom to the selected');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { state: 'hidden' });
  const divider = page.getByRole('separator', { name: 'Size of the panels' });
  await divider.focus();
  await page.keyboard.press('ArrowUp');
  await atRest(page);
  const share = async () => Number(await divider.getAttribute('aria-valuenow')), before = await share();
  await page.keyboard.press('ArrowUp');
  await soon(async () => (await share()) > before, true);
});

test('opening is cancelled, and the page stays usable', async () => {
  await page.goto('about:blank');
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  await page.evaluate(async () => {
    const page_ = document.querySelector('ringscope-inspector'), long = await (await fetch('/long.json')).blob();
    for (let tries = 0; tries < 50; tries++) {
      const opening = page_.open(long, 'long.json');
      await new Promise(requestAnimationFrame);
      if (page_.progress) return page_.progress.cancel.abort();
      await opening; // this frame was so late that the trace is open
      page_.close();
    }
    throw new Error('it is opened within a frame');
  });
  await until(({ progress }) => progress === null);
  assert.equal(await inspector(({ trace }) => trace), null);
  await page.evaluate(async () => document.querySelector('ringscope-inspector').open(await (await fetch('/demo.ring')).blob(), 'demo.ring'));
  await until(({ trace }) => trace !== null);
  assert.deepEqual(site.complaints, []);
});

test('at 200 % zoom, and on a narrow screen, nothing is cut off', async () => {
  for (const [name, width, height] of [['zoomed', 640, 400], ['narrow', 480, 800], ['tablet', 1024, 768], ['wide', 1700, 900]]) {
    await page.setViewportSize({ width, height });
    await show('/demo.ring');
    const { scroll, client } = await page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }));
    assert.ok(scroll <= client, `${name}: ${scroll} px in ${client}`);
    for (const button of ['Open', 'Keys', 'Save ▾']) {
      const box = await page.getByRole('button', { name: button, exact: true }).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width, `${button} at ${name}`);
    }
    const area = await page.locator('ringscope-inspector .area').boundingBox();
    assert.ok(area.height > 60, `${name}: the timeline is ${area.height} px high`);
    await site.shot(name);
  }
});
