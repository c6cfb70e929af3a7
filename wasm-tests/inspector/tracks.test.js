/** Working with the tracks: which ones are shown, the height of their rows, the order in which they are pinned, what is
 * drawn over them. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inProject } from '../support/paths.js';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const MS = 1e6;
const span = (name, tid, ts, dur) => ({ ph: 'X', pid: 1, tid, ts: ts * 1000, dur: dur * 1000, name, cat: 'c' });
/** In ms: A wakes C, past B; B only does something at the end. */
const TRACE = [
  ...['A', 'B', 'C'].map((name, i) => ({ ph: 'M', pid: 1, tid: i + 1, name: 'thread_name', args: { name } })),
  span('send', 1, 0, 200), span('late', 2, 900, 100), span('receive', 3, 300, 100),
  { ph: 's', pid: 1, tid: 1, ts: 150_000, id: 1, name: 'f', cat: 'c' }, { ph: 'f', bp: 'e', pid: 1, tid: 3, ts: 310_000, id: 1, name: 'f', cat: 'c' },
];

const MANY = 20000;
/** In ms: a span of each thread, one after the other. */
const many = () => Array.from({ length: MANY }, (_, at) => span('job', at + 1, at, 1));

/** More processes than begin open, each with two threads. */
const pairs = () => Array.from({ length: 60 }, (_, at) => [
  { ph: 'M', pid: at + 1, tid: 2 * at + 1, name: 'thread_name', args: { name: `job ${at + 1}` } },
  ...[1, 2].map((tid) => ({ ...span('job', 2 * at + tid, at, 1), pid: at + 1 })),
]).flat();

before(async () => {
  site = await openSite({ '/pairs.json': Buffer.from(JSON.stringify(pairs())), '/three.json': Buffer.from(JSON.stringify(TRACE)), '/many.json': Buffer.from(JSON.stringify(many())) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
const show = async (hash = '') => {
  await showTrace(site, '/three.json', hash);
  await page.locator('ringscope-inspector .label').first().waitFor();
};
/** The visible tracks, from top to bottom. */
const labels = () => inspector(({ shadowRoot }) => {
  const all = [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label[data-kind=thread]')];
  const top = (label) => label.getBoundingClientRect().top;
  return all.sort((a, b) => top(a) - top(b)).map((label) => label.querySelector('.text').textContent).join(' ');
});
const label = (/** @type {string} */ name) => page.locator('ringscope-inspector .label[data-kind=thread]').filter({ has: page.getByText(name, { exact: true }) });
const select = (/** @type {string} */ name) => inspector(async (element, wanted) => {
  for (let event = 0; event < 3; event++)
    if ((await element.trace.event(event)).name === wanted) await element.select(event);
}, name);
/** The number of pixels of the overlay in the accent colour, right beside the pointer's path over B. */
const arrowOverB = () => inspector(({ shadowRoot, view }) => {
  const root = shadowRoot.querySelector('.timeline > div').shadowRoot;
  const area = root.querySelector('.area').getBoundingClientRect();
  const box = [...root.querySelectorAll('.label[data-kind=thread]')].find((each) => each.querySelector('.text').textContent === 'B').getBoundingClientRect();
  const canvas = [...root.querySelectorAll('.area canvas')].at(-1);
  const { fromNs, toNs } = view.window;
  const x = (ms) => Math.round(((ms * 1e6 - fromNs) / (toNs - fromNs)) * area.width);
  const { data } = canvas.getContext('2d').getImageData(x(190), Math.round(box.top - area.top) + 4, x(310) - x(190), 8);
  const accent = getComputedStyle(shadowRoot.querySelector('.page')).getPropertyValue('--accent').match(/\w\w/g).map((part) => parseInt(part, 16));
  let found = 0;
  for (let at = 0; at < data.length; at += 4) if (accent.every((part, i) => Math.abs(data[at + i] - part) < 8)) found++;
  return found > 0;
});

test('H hides the tracks without events in the window, and shows them again', async () => {
  await show();
  await soon(labels, 'A B C');
  await inspector(({ view }, { to }) => view.setWindow(0, to), { to: 500 * MS });
  await page.keyboard.press('h');
  await soon(labels, 'A C');
  await page.getByRole('button', { name: '1 track hidden' }).waitFor();
  await inspector(({ view }, { from, to }) => view.setWindow(from, to), { from: 800 * MS, to: 1000 * MS });
  await soon(labels, 'B');
  await page.keyboard.press('h');
  await soon(labels, 'A B C');
  assert.deepEqual(site.complaints, []);
});

test('tracks without hits are hidden on demand, until the search ends', async () => {
  await show('#find=name:receive');
  await page.getByRole('button', { name: 'tracks ▾' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Tracks with hits' }).click();
  await soon(labels, 'C');
  await page.locator('#find').fill('');
  await soon(labels, 'A B C');
});

test('rows are 18, 10 or 4 px high, by key and in a link', async () => {
  await show('#rows=10');
  const heights = () => label('A').evaluate((element) => element.getBoundingClientRect().height);
  await soon(heights, 10 + 2);
  for (const px of [4, 18, 10]) {
    await page.keyboard.press('r');
    await soon(heights, px + 2);
  }
  await soon(() => page.evaluate(() => location.hash.includes('rows=10')), true);
});

test('the edges of a range are dragged, in tracks and ruler', async () => {
  await show();
  await inspector((element, { from, to }) => element.selectRange({ fromNs: from, toNs: to }), { from: 200 * MS, to: 400 * MS });
  await atRest(page);
  const drag = async (/** @type {string} */ where, /** @type {number} */ from, /** @type {number} */ to) => {
    const box = await page.locator(`ringscope-inspector ${where}`).boundingBox();
    const x = (/** @type {number} */ ms) => box.x + (ms / 1000) * box.width;
    await page.mouse.move(x(from), box.y + 24);
    await page.mouse.down();
    await page.mouse.move(x(to), box.y + 24, { steps: 3 });
    await page.mouse.up();
  };
  const range = () => inspector(({ range: given }) => given && [given.fromNs, given.toNs].map((ns) => Math.round(ns / 1e7)));
  await drag('.area', 400, 700);
  await soon(range, [20, 70]);
  await drag('.ruler', 200, 100);
  await soon(range, [10, 70]);
  await drag('.area', 100, 100); // a click on an edge
  await drag('.area', 100, 800); // beyond the other edge
  await soon(range, [70, 80]);
});

test('an edge that is dragged back to where it was is there again', async () => {
  await show();
  await inspector((element, { from, to }) => element.selectRange({ fromNs: from, toNs: to }), { from: 200 * MS, to: 400 * MS });
  await atRest(page);
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const x = (/** @type {number} */ ms) => box.x + (ms / 1000) * box.width;
  const rounded = ({ range, view }) => [range, view.selection].map(({ fromNs, toNs }) => [fromNs, toNs].map((ns) => Math.round(ns / 1e7)).join());
  await page.mouse.move(x(400), box.y + 24);
  await page.mouse.down();
  await page.mouse.move(x(700), box.y + 24);
  await page.mouse.move(x(400), box.y + 24);
  await page.mouse.up();
  await soon(() => inspector(rounded), ['20,40', '20,40']);
});

test('a range ends with the trace, however far it is dragged', async () => {
  await show();
  await inspector(({ view }, { from, to }) => view.setWindow(from, to), { from: 500 * MS, to: 1400 * MS });
  await atRest(page);
  const box = await page.locator('ringscope-inspector .ruler').boundingBox();
  await page.mouse.move(box.x + box.width / 3, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 8, box.y + 8, { steps: 3 });
  await page.mouse.up();
  await soon(() => inspector(({ range }) => range && [Math.round(range.fromNs / 1e7), range.toNs]), [80, 1000 * MS]);
});

test('of a range out of sight nothing is drawn, its letter neither', async () => {
  await show();
  await page.mouse.move(1, 1);
  const drawn = () => inspector(({ shadowRoot }) => {
    const canvas = [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.area canvas')].at(-1);
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0);
  });
  await inspector(({ view }, other) => view.setOther(other), { fromNs: 0, toNs: 100 * MS });
  await soon(drawn, true);
  await inspector(({ view }, { from, to }) => view.setWindow(from, to), { from: 500 * MS, to: 900 * MS });
  await soon(drawn, false);
});

test('pinned tracks are ordered by drag and by key', async () => {
  await show('#pins=0,1,2');
  await soon(labels, 'A B C');
  await atRest(page);
  const from = await label('A').boundingBox(), to = await label('C').boundingBox();
  await page.mouse.move(from.x + 60, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 60, to.y + 16, { steps: 5 });
  await page.mouse.up();
  await soon(labels, 'B C A');
  await soon(() => inspector(({ settings }) => settings.pins.join()), '1,2,0');
  await inspector(({ view }) => view.showTrack(2));
  await page.keyboard.press('Alt+ArrowUp');
  await soon(labels, 'C B A');
});

test('arrows of the selected event are drawn, and no others', async () => {
  await show();
  await soon(labels, 'A B C');
  assert.equal(await arrowOverB(), false);
  await select('receive');
  await soon(arrowOverB, true);
  await site.shot('arrows');
  await select('late');
  await soon(arrowOverB, false);
  await page.keyboard.press('Escape');
});

test('all arrows are drawn on demand, of what the filter shows', async () => {
  await show();
  await soon(labels, 'A B C');
  assert.equal(await arrowOverB(), false);
  await page.getByRole('button', { name: 'tracks ▾' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'All arrows' }).click();
  await soon(arrowOverB, true);
  await soon(() => page.evaluate(() => location.hash.includes('arrows')), true);
  await page.locator('#find').fill('-name:receive');
  await page.getByRole('checkbox', { name: 'hide others' }).check();
  await soon(arrowOverB, false);
  await showTrace(site, '/many.json');
  await page.getByRole('button', { name: 'tracks ▾' }).click();
  assert.equal(await page.getByRole('menuitemcheckbox', { name: 'All arrows' }).count(), 0);
});

test('arrows leave and arrive within their events', async () => {
  const { timesOf } = await import(inProject('web/inspector/timeline/flows.js'));
  const at = (startNs, endNs) => ({ startNs, durationNs: endNs - startNs });
  for (const [from, to, leaves, arrives] of [
    [at(0, 10), at(20, 30), 10, 20], // from its end to the other's beginning
    [at(0, 100), at(20, 30), 20, 20], // while it goes on
    [at(50, 60), at(20, 55), 50, 50], // into the midst of one that waits
    [at(50, 60), at(20, 30), 50, 30], // against time, as clocks that differ have it
  ]) assert.deepEqual(timesOf({ from, to }), { leaves, arrives });
});

test('a process has a thin bar from its start to its end', async () => {
  await show();
  await inspector(({ trace, view }, { start, end }) => {
    Object.assign(trace.overview.processes[0], { startNs: start, endNs: end });
    view.setWindow(0, 1e9);
    view.refresh();
  }, { start: 250 * MS, end: 750 * MS });
  /** The position of the bar's colour in the process's lane, in hundredths of the window. */
  const bar = () => inspector(({ shadowRoot }) => {
    const root = shadowRoot.querySelector('.timeline > div').shadowRoot;
    const [area, label] = ['.area', '.label[data-kind=process]'].map((each) => root.querySelector(each).getBoundingClientRect());
    const canvas = root.querySelector('.area canvas');
    const ratio = canvas.width / area.width;
    const { data } = canvas.getContext('2d').getImageData(0, Math.round((label.bottom - area.top) * ratio) - 2, canvas.width, 1);
    const same = [...Array(100).keys()].filter((at) => {
      const pixel = Math.round(((at + 0.5) / 100) * canvas.width) * 4;
      return [0, 1, 2].some((part) => data[pixel + part] !== data[part]);
    });
    return [same.length, same[0], same.at(-1)];
  });
  await soon(bar, [50, 25, 74]);
});

test('of many threads those in sight alone have elements; others are found by typing, and idle ones hidden', async () => {
  await showTrace(site, '/many.json');
  const elements = () => inspector(({ shadowRoot }) => {
    const timeline = shadowRoot.querySelector('.timeline > div').shadowRoot;
    return [timeline.querySelectorAll('.label').length, shadowRoot.querySelectorAll('*').length + timeline.querySelectorAll('*').length];
  });
  const [labelled, all] = await elements();
  assert.ok(labelled > 5 && labelled < 100 && all < 2000, `${labelled} labels, ${all} elements`);
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Go to a thread' });
  await dialog.getByText('and 19,988 more').waitFor();
  await page.keyboard.type('job 12345'); // no thread is called job
  await soon(() => dialog.getByRole('listitem').count(), 0);
  await dialog.getByRole('searchbox').fill('thread 12345');
  await soon(() => dialog.getByRole('listitem').allInnerTexts(), ['thread 12345 · process 1']);
  await inspector(({ view }) => view.setWindow(100.5e6, 101.5e6));
  await Promise.all([page.keyboard.press('Enter'), page.keyboard.press('h')]); // by quick hands
  await soon(() => inspector(({ view }) => view.track), 12344);
  await page.getByRole('button', { name: '19,998 tracks hidden' }).waitFor({ state: 'attached' });
  await soon(async () => (await elements())[0], 3); // the process and two threads
  assert.deepEqual(site.complaints, []);
});

test('of a collapsed process a thread that is gone to is shown, and an event that is selected scrolls to it', async () => {
  await showTrace(site, '/pairs.json');
  const names = () => page.locator('ringscope-inspector .label').evaluateAll((all) => all.map((each) => each.querySelector('.name').textContent));
  const has = async (/** @type {RegExp} */ name) => (await names()).some((each) => name.test(each));
  await soon(() => has(/^process3(?!\d)/), true);
  assert.ok(!(await has(/^process50/)), 'it is further down');
  await page.keyboard.press('t');
  await page.keyboard.type('job 50');
  await soon(() => page.getByRole('dialog', { name: 'Go to a thread' }).getByRole('listitem').count(), 1);
  await page.keyboard.press('Enter');
  await soon(() => has(/^job 50/), true);
  await inspector(async (element) => {
    const rows = await element.trace.rows(0, 1000), { tracks } = element.trace.overview;
    await element.select(rows.find(({ track }) => tracks[track].pid === 3).event);
  });
  await soon(() => has(/^process3(?!\d)/), true);
  assert.deepEqual(site.complaints, []);
});
