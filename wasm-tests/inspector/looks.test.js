/** How the page looks: places of the panels, colours, motion, and what is collapsed; what it copies and remembers. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In µs. Two categories, four names, durations from 1 to 1000. @param {string} cat @param {string} name @param {number} ts @param {number} dur */
const span = (cat, name, ts, dur, pid = 1) => ({ ph: 'X', pid, tid: pid, ts, dur, cat, name });
const CALLS = [span('disk', 'alpha', 0, 1), span('disk', 'beta', 1000, 1000), span('net', 'gamma', 3000, 10), span('net', 'delta, "4"', 4000, 100)];
const MANY = Array.from({ length: 41 }, (_, at) => span('c', 'work', at * 10, 5, at + 1));

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(CALLS)), '/many.json': Buffer.from(JSON.stringify(MANY)), '/forty.json': Buffer.from(JSON.stringify(MANY.slice(1))) });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const show = (/** @type {string} */ path, hash = '') => showTrace(site, path, hash);
const inspector = (/** @type {any} */ act) => inElement(page, act);
const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
/** Width and height of panels and timeline. */
const places = () => inspector(({ shadowRoot }) => ['.panels', '.timeline'].map((query) => {
  const { width, height } = shadowRoot.querySelector(query).getBoundingClientRect();
  return { width: Math.round(width), height: Math.round(height) };
}));

test('panels have 40 % of the height, collapse to their tabs, are maximized, or at the right, which is remembered', async () => {
  await show('/calls.json');
  const whole = 1280;
  await soon(async () => (await places()).map(({ width }) => width), [whole, whole]);
  const [panels, timeline] = await places();
  assert.ok(panels.height > 800 * 0.3 && panels.height < 800 * 0.45, `${panels.height} of 800 px`);
  await button('Panels: tabs only').click();
  await soon(async () => (await places())[0].height < 60, true);
  await button('Panels: full size').click();
  await soon(async () => (await places())[0].height > panels.height + timeline.height / 3, true);
  await button('Panels: at the right').click();
  const isAtTheRight = async () => {
    const [right, left] = await places();
    return right.width < whole / 2 && left.width < whole && right.width + left.width >= whole - 20;
  };
  await soon(isAtTheRight, true);
  await page.reload();
  await soon(isAtTheRight, true);
  await button('Panels: at the right').click();
  await soon(async () => (await places()).map(({ width }) => width), [whole, whole]);
  assert.deepEqual(site.complaints, []);
});

test('spans are coloured by category, name, failure or duration', async () => {
  await show('/calls.json');
  /** Those of the four spans, by their middles. */
  const colours = () => inspector(({ shadowRoot, view }) => {
    const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas'), context = canvas.getContext('2d');
    const all = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    const { fromNs, toNs } = view.window;
    return [500, 1_500_000, 3_005_000, 4_050_000].map((ns) => {
      const x = Math.round(((ns - fromNs) / (toNs - fromNs)) * canvas.width), found = {};
      for (const side of [-1, 0, 1]) for (let y = 0; y < canvas.height; y++) { const pixel = all[y * canvas.width + x + side]; if (pixel !== undefined) found[pixel] = (found[pixel] ?? 0) + 1; }
      return Object.entries(found).filter(([, count]) => count >= 6 && count < 60).sort(([, a], [, b]) => b - a).map(([pixel]) => pixel)[0];
    });
  });
  const same = async (/** @type {string} */ by) => {
    await page.getByLabel('colour').selectOption(by);
    await atRest(page);
    const found = await colours();
    return found.map((colour) => found.indexOf(colour));
  };
  assert.deepEqual(await same('category'), [0, 0, 2, 2]);
  assert.equal(new Set(await same('name')).size > 2, true);
  assert.deepEqual(await same('failure'), [0, 0, 0, 0]);
  assert.deepEqual(await same('duration'), [0, 1, 2, 3]);
});

test('of one category the names have the colours, of several the categories', async () => {
  for (const [path, colouring] of [['/calls.json', 'category'], ['/many.json', 'name']]) {
    await show(path);
    assert.equal(await page.getByLabel('colour').inputValue(), colouring);
  }
});

test('more than 40 processes begin collapsed, fewer do not', async () => {
  const collapsed = () => inspector(({ view }) => view.state.collapsedProcesses.size);
  await show('/many.json');
  await soon(collapsed, 41);
  await page.goto('about:blank');
  await show('/forty.json');
  await soon(collapsed, 0);
});

test('a table is copied as CSV and as JSON, whole', async () => {
  await show('/calls.json', '#tab=table');
  await page.locator('table[aria-label="Table"] td').first().waitFor();
  const copied = async (/** @type {string} */ form) => {
    await site.choose('copy', `Copy as ${form}`);
    await page.getByText('Table copied.').first().waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const lines = (await copied('CSV')).trim().split('\r\n');
  assert.equal(lines.length, 1 + 4);
  assert.ok(lines.some((line) => line.startsWith('"delta, ""4""",1,')), lines.join('\n'));
  await soon(async () => JSON.parse(await copied('JSON')).map(({ name }) => name).sort(), ['alpha', 'beta', 'delta, "4"', 'gamma']);
});

test('a click on max goes to the longest, and a way back keeps the range', async () => {
  await show('/calls.json', '#tab=table');
  await inspector((element) => element.selectRange({ fromNs: 900_000, toNs: 5_000_000 }));
  await page.click('#tab-table');
  await page.getByRole('radio', { name: /^range/ }).click();
  await page.getByRole('row', { name: /beta/ }).getByTitle('Go to the longest').click();
  await soon(() => inspector(({ selected }) => selected?.name), 'beta');
  await page.getByRole('button', { name: /back to the range/ }).first().click();
  await soon(() => inspector(({ range }) => range), { fromNs: 900_000, toNs: 5_000_000 });
});

test('text has three sizes, and one weight for emphasis', async () => {
  await show('/calls.json');
  await inspector((element) => element.select(0));
  for (const tab of ['overview', 'table', 'tree', 'events', 'selection', 'notes']) {
    await page.click(`#tab-${tab}`);
    await atRest(page);
    const found = await inspector(({ shadowRoot }) => {
      const all = [shadowRoot, shadowRoot.querySelector('.timeline > div').shadowRoot].flatMap((root) => [...root.querySelectorAll('*:not(style):not(svg):not(svg *)')]);
      const worded = all.filter(({ childNodes }) => [...childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim()));
      const of = (/** @type {string} */ property) => [...new Set(worded.map((each) => getComputedStyle(each)[property]))].sort();
      return { sizes: of('fontSize'), weights: of('fontWeight') };
    });
    assert.ok(found.sizes.every((size) => ['11px', '12px', '13px'].includes(size)), `${tab}: ${found.sizes}`);
    assert.deepEqual(found.weights, ['400', '700'], tab);
  }
});

test('nothing moves by itself', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await show('/calls.json');
  const moving = await inspector(({ shadowRoot }) => [shadowRoot, shadowRoot.querySelector('.timeline > div').shadowRoot].flatMap((root) => [...root.querySelectorAll('*')]).filter((each) => {
    const { transitionDuration, animationName } = getComputedStyle(each);
    return animationName !== 'none' || !/^0s(, 0s)*$/.test(transitionDuration);
  }).map(({ className }) => String(className)));
  assert.deepEqual(moving, []);
  await page.emulateMedia({ reducedMotion: null });
});

test('a page without a trace says three ways to one, the last with a line to copy', async () => {
  await page.goto(site.origin);
  await page.getByText('Drop a trace here').waitFor();
  const begin = page.locator('ringscope-inspector .begin');
  await soon(() => begin.getByRole('heading').allInnerTexts(), ['Open', 'Live demo', 'Record a program']);
  await begin.getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Command copied.').first().waitFor();
  const line = 'ringscope record -- make && ringscope view ringscope.ring';
  assert.equal(await begin.locator('code').textContent(), line);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), line);
  assert.ok((await page.locator('ringscope-inspector .zone svg rect').count()) > 20, 'a timeline is behind it');
});

test('files that were opened are listed on the empty page, and open again', async () => {
  await page.goto(site.origin);
  await page.getByText('Drop a trace here').waitFor();
  await page.evaluate(async (text) => { // a handle as a file picker would give it
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('calls.json', { create: true });
    const file = await handle.createWritable();
    await file.write(text);
    await file.close();
    const element = /** @type {any} */ (document.querySelector('ringscope-inspector'));
    await element.actions.recentFiles(); // makes the store
    const base = await new Promise((resolve, reject) => {
      const opening = indexedDB.open('ringscope', 1);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    await new Promise((resolve, reject) => {
      const put = base.transaction('files', 'readwrite').objectStore('files').put({ name: handle.name, handle, openedMs: Date.now() });
      put.onsuccess = resolve;
      put.onerror = () => reject(put.error);
    });
    base.close();
  }, JSON.stringify(CALLS));
  await page.reload();
  await page.getByRole('region', { name: 'Recent files' }).getByRole('button', { name: 'calls.json' }).click();
  await soon(() => inspector(({ trace }) => trace?.overview.events), 4);
  assert.deepEqual(site.complaints, []);
});
