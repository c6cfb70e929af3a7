/** Anything that takes long reports that, and can be cancelled by the user; the page then shows what is in effect, and
 * asks again on demand. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (name, ts, dur, cat = 'c') => ({ ph: 'X', pid: 1, tid: 1, ts, dur, name, cat });
const TRACE = JSON.stringify([span('main', 0, 100), span('a', 0, 40, 'd'), span('b', 50, 40, 'd')]);

before(async () => {
  site = await openSite({ '/three.json': Buffer.from(TRACE) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${site.origin}/?trace=/three.json`);
  await page.locator('ringscope-inspector .card button').first().waitFor();
  await atRest(page);
});

/** A query is never answered, and ends only by being cancelled; whatever the trace's size. @param {string} method */
const stall = (method) => page.evaluate((name) => {
  const { trace } = document.querySelector('ringscope-inspector');
  trace[name] = (...given) => new Promise((_, reject) => {
    const { signal, report } = given.findLast((each) => each?.signal);
    report({ share: 0.25 });
    signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
  });
}, method);
const goOn = (/** @type {string} */ method) => page.evaluate((name) => delete document.querySelector('ringscope-inspector').trace[name], method);
const panel = () => page.locator('ringscope-inspector #panel');
const progress = (/** @type {string} */ words) => page.locator('ringscope-inspector .progress').filter({ hasText: words });
const cancel = async (/** @type {string} */ words) => {
  await progress(words).filter({ hasText: '25 %' }).getByRole('button', { name: 'Cancel' }).click();
  await progress(words).waitFor({ state: 'detached' });
};

test('making a tree is given up, and asked again', async () => {
  await stall('tree');
  await page.click('#tab-tree');
  await cancel('Building the tree');
  await panel().getByText('Counting was cancelled.').waitFor();
  await goOn('tree');
  await panel().getByRole('button', { name: 'Count' }).click();
  await panel().locator('.cell').filter({ hasText: 'main' }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('counting is given up by Esc, and asked again', async () => {
  await page.click('#tab-table');
  await panel().getByRole('table', { name: 'Table' }).waitFor();
  await atRest(page);
  await stall('statistics');
  await panel().getByRole('combobox', { name: 'Rows of the table' }).selectOption('thread');
  await progress('Counting').filter({ hasText: '25 %' }).waitFor();
  await page.locator('ringscope-inspector #tab-table').focus();
  await page.keyboard.press('Escape');
  await panel().getByText('Counting was cancelled.').waitFor();
  await goOn('statistics');
  await panel().getByRole('button', { name: 'Count' }).click();
  await panel().getByRole('row', { name: /thread/ }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('of two that take long the second is said when the first is over', async () => {
  await stall('statistics');
  await stall('tree');
  await page.click('#tab-table');
  await progress('Counting').filter({ hasText: '25 %' }).waitFor();
  await page.click('#tab-tree');
  await soon(() => page.evaluate(() => document.querySelector('ringscope-inspector').app.state.works.some(({ what }) => what === 'Building the tree')), true);
  await soon(async () => { // the table and its scopes are counted apart
    if (await progress('Counting').count()) await progress('Counting').getByRole('button', { name: 'Cancel' }).click();
    return progress('Building the tree').count();
  }, 1);
  await cancel('Building the tree');
  assert.deepEqual(site.complaints, []);
});

test('a filter that is given up is taken back where it is shown', async () => {
  const chip = page.getByRole('button', { name: /^d\s*2$/ });
  await stall('filter');
  await chip.click();
  await page.locator('ringscope-inspector .chip[aria-pressed=false]').waitFor();
  await cancel('Filtering');
  await page.locator('ringscope-inspector .chip[aria-pressed=false]').waitFor({ state: 'detached' });
  await goOn('filter');
  await chip.click();
  await page.getByText('2 hidden').waitFor();
  assert.deepEqual(site.complaints, []);
});

/** Opens another file; its first filter waits, and the page reports that it takes long. @param {string} hash */
async function openWaiting(hash) {
  await page.goto('about:blank');
  await page.goto(`${site.origin}/${hash}`);
  await page.waitForSelector('text=Drop a trace here');
  await page.evaluate(async () => {
    const element = document.querySelector('ringscope-inspector');
    element.addEventListener('trace', ({ detail: trace }) => {
      const filter = trace.filter.bind(trace);
      trace.filter = (wanted, how) => new Promise((resolve, reject) => {
        how.report({ share: 0.25 });
        const giveUp = () => reject(new DOMException('given up', 'AbortError'));
        how.signal.addEventListener('abort', giveUp);
        trace.client.ending.signal.addEventListener('abort', giveUp);
        globalThis.release = () => filter(wanted, how).then(resolve, reject);
      });
    }, { once: true });
    element.open(await (await fetch('/three.json')).blob(), 'three.json');
  });
  await progress('Filtering').filter({ hasText: '25 %' }).waitFor();
}

test('the first filter of a file is given up by Esc, and the file stays', async () => {
  await openWaiting('#hide=d');
  await page.keyboard.press('Escape');
  await progress('Filtering').waitFor({ state: 'detached' });
  await page.locator('ringscope-inspector .chip[aria-pressed=false]').waitFor({ state: 'detached' });
  await goOn('filter');
  await page.click('#tab-events');
  await panel().getByRole('row').filter({ hasText: 'main' }).waitFor();
  await page.getByRole('button', { name: /^d\s*2$/ }).click();
  await page.getByText('2 hidden').waitFor();
  assert.deepEqual(site.complaints, []);
});

test('a file that cannot be opened takes nothing from the one whose filter is under way', async () => {
  await openWaiting('#hide=d');
  await page.evaluate(() => document.querySelector('ringscope-inspector').open(new Blob(['no trace']), 'notes.txt'));
  await page.locator('ringscope-inspector [role=alert]').waitFor();
  await page.evaluate(() => globalThis.release());
  await page.getByText('2 hidden').waitFor();
  await page.click('#tab-events');
  await panel().getByRole('row').filter({ hasText: 'main' }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('what a link chose of a file whose filter is under way is not chosen in the next one', async () => {
  await openWaiting('#event=2');
  await page.evaluate(async () => {
    const blob = await (await fetch('/three.json')).blob();
    await document.querySelector('ringscope-inspector').open(blob, 'next.json');
  });
  await atRest(page);
  const state = () => page.evaluate(() => {
    const { trace, selected } = document.querySelector('ringscope-inspector');
    return [trace.overview.title, selected];
  });
  assert.deepEqual(await state(), ['next.json', null]);
});

test('an order that is given up is taken back where it is shown', async () => {
  await page.click('#tab-events');
  const head = (/** @type {string} */ name) => panel().getByRole('columnheader', { name });
  const sorted = async () => [await head('time').getAttribute('aria-sort'), await head('name').getAttribute('aria-sort')];
  await panel().getByRole('row').filter({ hasText: 'main' }).waitFor();
  await soon(sorted, ['ascending', 'none']);
  await stall('sort');
  await head('name').getByRole('button').click();
  await soon(sorted, ['none', 'ascending']);
  await progress('Sorting').filter({ hasText: '25 %' }).waitFor();
  await goOn('sort');
  await progress('Sorting').getByRole('button', { name: 'Cancel' }).click();
  await progress('Sorting').waitFor({ state: 'detached' });
  await soon(sorted, ['ascending', 'none']);
  await head('name').getByRole('button').click();
  await soon(sorted, ['none', 'ascending']);
  const names = () => panel().locator('.row').evaluateAll((rows) => rows.map((row) =>
    [...row.children].map(({ textContent }) => textContent.trim()).find((text) => ['main', 'a', 'b'].includes(text))).join(' '));
  await soon(names, 'a b main');
  assert.deepEqual(site.complaints, []);
});
