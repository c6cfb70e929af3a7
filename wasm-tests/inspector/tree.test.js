/** The Tree: call trees of a scope as a flame graph and as a table, top-down, inverted, and both ways from a name. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, test } from 'node:test';
import { inProject } from '../support/paths.js';
import { inElement } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (/** @type {string} */ name, /** @type {number} */ ts, /** @type {number} */ dur, tid = 1) => ({ ph: 'X', pid: 1, tid, ts, dur, name, cat: 'c' });
/** In µs: main calls a twice, the first calls b, the second calls a; another thread only has b. */
const NESTED = [span('main', 0, 100), span('a', 0, 40), span('b', 10, 10), span('a', 50, 30), span('a', 60, 5), span('b', 0, 20, 2)];

before(async () => {
  site = await openSite({ '/nested.json': Buffer.from(JSON.stringify(NESTED)), '/instant.json': Buffer.from(JSON.stringify([{ ph: 'i', pid: 1, tid: 1, ts: 1, name: 'x' }])) });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const show = async (/** @type {string} */ path, hash = '#tab=tree') => {
  await page.goto(`${site.origin}/?trace=${path}${hash}`);
  await page.locator('ringscope-inspector :is(.flame, .call-tree, #panel .pad)').first().waitFor();
  await atRest(page);
};
const panel = () => page.locator('ringscope-inspector #panel');
const choose = (/** @type {string} */ name) => panel().getByRole('radio', { name }).click();
/** @type {(read: (element: any) => unknown) => Promise<any>} */
const inspector = (/** @type {any} */ act) => inElement(page, act);
/** Tooltips of the cells from top to bottom, left to right, with position and width in hundredths. */
const cells = () => inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.cell')]
  .map(({ title, style }) => ({ title, top: parseFloat(style.top), left: parseFloat(style.left), width: parseFloat(style.width) }))
  .sort((a, b) => a.top - b.top || a.left - b.left)
  .map(({ title, top, left, width }) => [title.replace('\n', ': '), top / 20, Math.round(left), Math.round(width)]));
/** Level and cells of the rows of all tables. */
const rows = () => inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.call-tree tbody tr')]
  .map((row) => [Number(row.getAttribute('aria-level')), ...[...row.cells].map(({ textContent }) => textContent.replace(/[▾▸]/, '').trim())]));

test('a flame graph by path, whose cells say count, total, self and average', async () => {
  await show('/nested.json');
  await soon(cells, [
    ['all: 2 calls · total 120 µs · self 0 ns', 0, 0, 100],
    ['main: 1 call · total 100 µs · self 30.0 µs · average 100 µs', 1, 0, 83],
    ['b: 1 call · total 20.0 µs · self 20.0 µs · average 20.0 µs', 1, 83, 17],
    ['a: 2 calls · total 70.0 µs · self 55.0 µs · average 35.0 µs', 2, 0, 58],
    ['b: 1 call · total 10.0 µs · self 10.0 µs · average 10.0 µs', 3, 0, 8],
    ['a: 1 call · total 5.00 µs · self 5.00 µs · average 5.00 µs', 3, 8, 4],
  ]);
  await site.shot('tree');
  assert.deepEqual(site.complaints, []);
});

test('a click focuses, and the way back is there', async () => {
  await show('/nested.json');
  await page.locator('ringscope-inspector .cell').filter({ hasText: 'a' }).nth(2).click({ position: { x: 5, y: 5 } });
  await soon(async () => (await cells()).map(([title, ...place]) => [title.split(':')[0], ...place]), [
    ['all', 0, 0, 100], ['main', 1, 0, 100], ['a', 2, 0, 100], ['b', 3, 0, 14], ['a', 3, 14, 7]]);
  await soon(async () => (await panel().getByRole('navigation', { name: 'Focused' }).getByRole('button').allTextContents()).map((text) => text.trim()),
    ['all', 'main', 'a', 'Callers and callees', 'Go to the longest']);
  await panel().getByRole('button', { name: 'Go to the longest' }).click();
  await soon(() => inspector(({ selected }) => selected && [selected.name, selected.durationNs]), ['a', 40000]);
  await page.click('#tab-tree');
  await panel().getByRole('button', { name: 'all', exact: true }).click();
  await soon(async () => (await cells()).length, 6);
  await page.locator('ringscope-inspector .cell').filter({ hasText: 'main' }).click();
  await choose('inverted');
  await soon(() => panel().getByRole('navigation').count(), 0); // another tree is shown whole
});

test('inverted, cells are as wide as self time; with a recursion no average is said', async () => {
  await show('/nested.json', '#tab=tree&tree=inverted');
  await soon(async () => (await cells()).filter(([, top]) => top === 1), [
    ['a: 3 calls · total 70.0 µs · self 60.0 µs', 1, 0, 50],
    ['main: 1 call · total 100 µs · self 30.0 µs · average 100 µs', 1, 50, 25],
    ['b: 2 calls · total 30.0 µs · self 30.0 µs · average 15.0 µs', 1, 75, 25],
  ]);
});

test('the sandwich has callers above the name, callees below, and a cell becomes the next name', async () => {
  await show('/nested.json', '#tab=tree&tree=sandwich');
  await panel().getByText('Type a name').waitFor();
  await panel().getByRole('combobox').fill('a');
  await panel().getByRole('combobox').press('Enter');
  const names = async () => (await cells()).map(([title, top]) => `${top} ${title.split(' · self')[0]}`);
  await soon(names, ['0 main: 2 calls · total 70.0 µs', '0 b: 1 call · total 10.0 µs', '0 a: 1 call · total 5.00 µs', '1 a: 3 calls · total 70.0 µs']);
  await page.locator('ringscope-inspector .cell', { hasText: 'b' }).click({ position: { x: 3, y: 5 } });
  await soon(() => inspector(({ settings }) => [settings.tree, settings.of]), ['sandwich', 'b']);
  await soon(async () => (await cells()).at(-1)[0], 'b: 2 calls · total 30.0 µs · self 30.0 µs · average 15.0 µs');
  await choose('table');
  await soon(rows, [
    [1, 'b', '2', '0', '30.0 µs', '30.0 µs', '15.0 µs'], [2, 'a', '1', '0', '10.0 µs', '10.0 µs', '10.0 µs'], [3, 'main', '1', '0', '10.0 µs', '10.0 µs', '10.0 µs'],
    [1, 'b', '2', '0', '30.0 µs', '30.0 µs', '15.0 µs']]);
});

test('each thread has a tree of its own; the scope is the range', async () => {
  await show('/nested.json', '#tab=tree&threads&table');
  await soon(async () => (await rows()).map((row) => row.slice(0, 3).join(' ')), ['1 thread 1 1', '2 main 1', '3 a 2', '4 b 1', '4 a 1', '1 thread 2 1', '2 b 1']);
  await panel().getByLabel('per thread').uncheck();
  await inspector((element) => element.selectRange({ fromNs: 55000, toNs: 70000 }));
  await page.click('#tab-tree');
  await choose('range');
  await soon(rows, [[1, 'main', '1', '0', '15.0 µs', '0 ns', '15.0 µs'], [2, 'a', '1', '0', '15.0 µs', '10.0 µs', '15.0 µs'], [3, 'a', '1', '0', '5.00 µs', '5.00 µs', '5.00 µs']]);
});

test('cells that have no time in a gap are not said to be too narrow', async () => {
  await show('/nested.json');
  await inspector((element) => element.open(new Blob(['[{"ph":"X","pid":1,"tid":1,"ts":0,"dur":10,"name":"a"},{"ph":"X","pid":1,"tid":1,"ts":30,"dur":10,"name":"b"}]']), 'gap.json'));
  await inspector((element) => element.selectRange({ fromNs: 10_000, toNs: 30_000 }));
  await page.click('#tab-tree');
  await choose('range');
  await panel().getByText('1 cell without time here.').waitFor();
  assert.equal(await panel().getByText('Too narrow').count(), 0);
});

test('the table closes, opens and focuses by keys', async () => {
  await show('/nested.json', '#tab=tree&table');
  const shown = async () => (await rows()).map(([level, name]) => `${level} ${name}`);
  await soon(shown, ['1 main', '2 a', '3 b', '3 a', '1 b']);
  await panel().getByRole('row', { name: /^▾\s*main/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await soon(shown, ['1 main', '2 a', '1 b']);
  await soon(() => panel().getByRole('row', { expanded: false }).count(), 1);
  await page.keyboard.press('ArrowRight');
  await soon(shown, ['1 main', '2 a', '3 b', '3 a', '1 b']);
  await page.keyboard.press('Enter');
  await soon(shown, ['1 a', '2 b', '2 a']);
});

test('names with hits stand out', async () => {
  await show('/nested.json');
  assert.equal(await page.locator('ringscope-inspector .cell.found').count(), 0);
  await page.locator('#find').fill('name:b');
  await soon(() => inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.cell.found')].map(({ title }) => title.split('\n')[0])), ['b', 'b']);
  await page.locator('#find').fill('');
  await soon(() => page.locator('ringscope-inspector .cell.found').count(), 0);
});

test('a tree is copied as TSV with its indentation, and as JSON', async () => {
  await show('/nested.json', '#tab=tree&table');
  await site.choose('copy', 'Copy as TSV');
  await soon(async () => (await page.evaluate(() => navigator.clipboard.readText())).split('\n').slice(0, 4),
    ['level\tname\tcount\tfailed\ttotal ns\tself ns\taverage ns', '1\tmain\t1\t0\t100000\t30000\t100000', '2\t  a\t2\t0\t70000\t55000\t35000', '3\t    b\t1\t0\t10000\t10000\t10000']);
  await site.choose('copy', 'Copy as JSON');
  const json = async () => (await page.evaluate(() => navigator.clipboard.readText())).startsWith('[');
  await soon(json, true);
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.deepEqual(copied[1], { level: 2, name: 'a', count: 2, failed: 0, 'total ns': 70000, 'self ns': 55000, 'average ns': 35000 });
  assert.equal(copied.length, 5);
});

test('without spans it says so; no violation of accessibility in any form, light and dark', async () => {
  await show('/instant.json');
  await panel().getByText('There are no spans here.').waitFor();
  const axe = readFileSync(inProject('wasm-tests/node_modules/axe-core/axe.min.js'), 'utf8');
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    for (const form of ['', '&table', '&tree=inverted', '&tree=sandwich&of=a', '&tree=sandwich&of=a&table', '&find=name:b']) {
      await page.goto('about:blank');
      await show('/nested.json', `#tab=tree${form}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run(document));
      assert.deepEqual(violations.map((/** @type {any} */ { id, nodes }) => `${colorScheme} ${form} ${id}: ${nodes.map((/** @type {any} */ { html }) => html.slice(0, 160)).join(' | ')}`), []);
    }
    await site.shot(`tree-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
});
