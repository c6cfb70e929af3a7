/** Late answers, as on a busy machine or for a large trace: whatever the user did meanwhile is kept. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (name, ts, dur, tid = 1) => ({ ph: 'X', pid: 1, tid, ts, dur, name, cat: 'c' });
const TRACE = [...Array.from({ length: 400 }, (_, i) => span(`call ${i}`, i * 10, 8)), span('of another thread', 3995, 3, 2)];

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(TRACE)) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
const show = (hash = '') => showTrace(site, '/calls.json', hash);
/** Queries of a kind wait from now on. @param {string} method */
const hold = (method) => inspector(({ trace }, name) => {
  const ask = trace[name].bind(trace);
  globalThis.held = [];
  trace[name] = (/** @type {any[]} */ ...given) => new Promise((resolve) => globalThis.held.push(() => resolve(ask(...given))));
}, method);
const isHeld = () => soon(() => page.evaluate(() => globalThis.held?.length > 0), true);
const release = () => page.evaluate(() => globalThis.held.forEach((/** @type {() => void} */ goOn) => goOn()));

test('an event whose facts come after a range was chosen does not take its place', async () => {
  await show();
  await hold('event');
  await inspector((element) => {
    element.select(7);
    element.selectRange({ fromNs: 1000, toNs: 2000 });
  });
  await isHeld();
  await release();
  await atRest(page);
  assert.deepEqual(await inspector(({ selected, range }) => [selected, range]), [null, { fromNs: 1000, toNs: 2000 }]);
  assert.deepEqual(site.complaints, []);
});

test('what a link says of window and tab holds from the beginning, not again when the filter has been applied', async () => {
  await page.goto(`${site.origin}/#window=100000-200000&event=7&tab=tree`);
  await page.waitForSelector('text=Drop a trace here');
  await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('ringscope-inspector'));
    element.addEventListener('trace', (/** @type {any} */ { detail: trace }) => {
      const ask = trace.filter.bind(trace);
      trace.filter = (/** @type {any[]} */ ...given) => new Promise((resolve) => (globalThis.held = [() => resolve(ask(...given))]));
    });
    element.open(await (await fetch('/calls.json')).blob(), 'calls.json');
  });
  await isHeld();
  const window = () => inspector(({ view }) => [view.window.fromNs, view.window.toNs]);
  await soon(window, [100_000, 200_000]);
  await page.click('#tab-notes');
  await inspector(({ view }) => view.setWindow(300_000, 400_000));
  await release();
  await soon(() => inspector(({ selected }) => selected?.event), 7);
  await atRest(page);
  assert.deepEqual(await window(), [300_000, 400_000]);
  assert.equal(await inspector(({ settings }) => settings.tab), 'notes');
});

test('who scrolls the events away from a row just clicked is not thrown back to it', async () => {
  await show('#tab=events');
  await hold('position');
  await page.locator('ringscope-inspector .row').first().click();
  await isHeld();
  const bottom = () => inspector(({ shadowRoot }) => {
    const box = shadowRoot.querySelector('.rows');
    return box.scrollTop > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1;
  });
  await inspector(({ shadowRoot }) => (shadowRoot.querySelector('.rows').scrollTop = 1e9));
  await soon(bottom, true);
  await release();
  await atRest(page);
  assert.equal(await bottom(), true);
});

test('a row whose place is not known, as the order is made anew meanwhile, is scrolled to when it is made', async () => {
  await show('#tab=events');
  const row = page.locator('ringscope-inspector .row').filter({ hasText: 'call 300' });
  await inspector(({ trace }) => {
    const ask = trace.position.bind(trace);
    globalThis.stopped = 0;
    trace.position = (/** @type {number} */ event) =>
      globalThis.stopped++ ? ask(event) : Promise.reject(new DOMException('superseded', 'AbortError'));
  });
  await inspector((element) => void element.select(300));
  await soon(() => page.evaluate(() => globalThis.stopped), 1);
  await atRest(page);
  assert.equal(await row.count(), 0);
  await inspector(({ app }) => app.changed());
  await row.waitFor();
  await soon(() => row.getAttribute('aria-selected'), 'true');
  assert.deepEqual(site.complaints, []);
});

test('a step in the table whose order is made anew meanwhile is made when it is there', async () => {
  await show('#tab=events');
  await inspector((element) => element.select(7));
  await atRest(page);
  await inspector(({ trace }) => {
    globalThis.stopped = 0;
    trace.position = () => {
      globalThis.stopped++;
      return Promise.reject(new DOMException('superseded', 'AbortError'));
    };
  });
  await page.locator('ringscope-inspector .rows').press('ArrowDown');
  await soon(() => page.evaluate(() => globalThis.stopped), 1);
  await atRest(page);
  assert.equal(await inspector(({ selected }) => selected.event), 7);
  await inspector(({ app, trace }) => {
    delete trace.position;
    app.changed();
  });
  await soon(() => inspector(({ selected }) => selected.event), 8);
  await atRest(page);
  assert.equal(await inspector(({ selected }) => selected.event), 8);
  assert.deepEqual(site.complaints, []);
});

/** Copies the visible table; returns its number of lines, or null if it was not copied. */
const copied = async () => {
  await page.evaluate(() => {
    globalThis.text = null;
    navigator.clipboard.writeText = async (text) => void (globalThis.text = text);
  });
  await site.choose('copy', 'Copy as TSV');
  await page.locator('ringscope-inspector').getByText(/^(Table copied\.|The table is not ready yet)/).first().waitFor();
  return page.evaluate(() => globalThis.text && globalThis.text.trim().split('\n').length);
};

test('events whose order is made anew meanwhile are not copied as none', async () => {
  await show('#tab=events');
  await inspector(({ trace }) => {
    trace.rows = () => Promise.reject(new DOMException('superseded', 'AbortError'));
  });
  assert.equal(await copied(), null);
  await inspector(({ app, trace }) => {
    delete trace.rows;
    app.update({ message: null });
  });
  assert.equal(await copied(), 1 + TRACE.length);
  assert.deepEqual(site.complaints, []);
});

test('of more events than come at once no two orders are mixed', async () => {
  await show('#tab=events');
  await inspector(({ app, trace }) => {
    const ask = trace.rows.bind(trace);
    let asked = 0;
    trace.rows = async (/** @type {number} */ first, /** @type {number} */ count) => {
      const [row] = await ask(0, 1);
      if (asked++ === 1) app.changed();
      return asked > 2 ? [] : Array(count).fill(row);
    };
  });
  assert.equal(await copied(), null);
  await inspector(({ app, trace }) => {
    delete trace.rows;
    app.update({ message: null });
  });
  assert.equal(await copied(), 1 + TRACE.length);
});

test('a table that is still counted is not copied as empty', async () => {
  await show('#tab=table');
  await hold('statistics');
  const panel = page.locator('ringscope-inspector #panel');
  await panel.getByRole('combobox', { name: 'Rows of the table' }).selectOption('thread');
  await isHeld();
  assert.equal(await copied(), null);
  await release();
  await panel.getByRole('row', { name: /thread/ }).first().waitFor();
  await inspector(({ app }) => app.update({ message: null }));
  assert.equal(await copied(), 1 + 2);
  assert.deepEqual(site.complaints, []);
});

test('two quick presses go two steps, whenever the first one is answered', async () => {
  await show();
  await inspector((element) => element.select(7));
  await hold('neighbour');
  await page.locator('ringscope-inspector .area').press('ArrowRight');
  await page.locator('ringscope-inspector .area').press('ArrowRight');
  await isHeld();
  await inspector(({ trace }) => delete trace.neighbour);
  await release();
  await soon(() => inspector(({ selected }) => selected.event), 9);
  await atRest(page);
  assert.equal(await inspector(({ selected }) => selected.event), 9);
  assert.deepEqual(site.complaints, []);
});

test('of two traces that are opened at once the later one is shown, wherever it comes from', async () => {
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  const title = () => inspector(({ trace }) => trace?.overview.title);
  await page.evaluate(async () => {
    const element = /** @type {any} */ (document.querySelector('ringscope-inspector'));
    globalThis.file = await (await fetch('/calls.json')).blob();
    await Promise.all([element.open(globalThis.file, 'calls.json'), element.startToy()]);
  });
  await soon(title, 'the toy kernel');
  await inspector((element) => Promise.all([element.startToy(), element.open(globalThis.file, 'calls.json')]));
  await soon(title, 'calls.json');
  await atRest(page);
  assert.equal(await inspector(({ toyKernel }) => toyKernel), null);
  await inspector((element) => {
    const opened = element.open(globalThis.file, 'again.json');
    element.close();
    return opened;
  });
  assert.equal(await title(), undefined);
  assert.deepEqual(site.complaints, []);
});

test('what is under a pointer that rests is said of new geometry, too', async () => {
  await show('#window=0-100000');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const { y } = await page.locator('ringscope-inspector .label[data-kind=thread]').first().boundingBox();
  await page.mouse.move(box.x + 0.74 * box.width - 2, y + 9);
  await page.mouse.move(box.x + 0.74 * box.width, y + 9);
  const tip = page.locator('ringscope-inspector .tooltip');
  await tip.filter({ hasText: 'call 7' }).waitFor();
  await inspector(({ view }) => view.setWindow(1_000_000, 1_100_000));
  await tip.filter({ hasText: 'call 107' }).waitFor();
});
