/** The page without a mouse: by keys, by touch, and on a phone. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showAllTracks } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { ToyKernel, Tracer } from '../support/tracer.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const span = (/** @type {string} */ name, /** @type {number} */ ts, /** @type {number} */ dur, more = {}) => ({ ph: 'X', pid: 700, tid: 700, ts, dur, name, cat: 'c', ...more });
/** Two threads, one below the other, whose spans cover the same times. */
const PAIR = [0, 1, 2].flatMap((i) => [span(`upper ${i}`, i * 100, 50), span(`lower ${i}`, i * 100, 50, { tid: 701 })]);
const OTHER = JSON.stringify(PAIR);
/** An image with two of the categories. */
async function fewCategories() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  for (const category of ['FILE', 'MEMORY', 'FILE']) tracer.event(category, 'call', '');
  const image = tracer.save();
  tracer.dispose();
  return image;
}

before(async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  site = await openSite({ '/demo.ring': kernel.tracer.save(), '/other.json': Buffer.from(OTHER), '/few.ring': await fewCategories() });
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

test('↓ goes to the event below at that time, and → on from there; each is spoken', async () => {
  await show('/other.json');
  const named = (/** @type {string} */ name) => page.waitForFunction((wanted) => document.querySelector('ringscope-inspector').selected?.name === wanted, name);
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(0));
  await named('upper 0');
  for (const [key, name] of [['ArrowRight', 'upper 1'], ['ArrowDown', 'lower 1'], ['ArrowRight', 'lower 2'], ['ArrowUp', 'upper 2'], ['ArrowLeft', 'upper 1']]) {
    await page.keyboard.press(key);
    await named(name);
    await page.waitForFunction((wanted) => document.querySelector('ringscope-inspector').shadowRoot.querySelector('[aria-live]').textContent.startsWith(`${wanted}, 50.0 µs`), name);
  }
  await page.keyboard.press('ArrowUp');
  await soon(() => page.textContent('ringscope-inspector [aria-live]'), 'Nothing above in this window.');
});

test('on a phone, how much the filters leave out is said whole, and all of it shown again there', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await show('/demo.ring', '#hide=SYSCALL');
  await until(({ shown, trace }) => shown < trace.overview.events);
  const words = page.locator('ringscope-inspector .filtered').filter({ hasText: /[\d,]+ of [\d,]+ events pass the filters/ });
  await words.waitFor();
  assert.ok(await words.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth));
  await words.getByRole('button', { name: 'Show everything' }).click();
  await until(({ shown, trace }) => shown === trace.overview.events);
});

test('in Events the arrows go from row to row, in sight or not, and Enter zooms', async () => {
  await show('/demo.ring');
  await page.click('#tab-events');
  await atRest(page);
  await page.locator('ringscope-inspector .row').first().click();
  await until(({ selected }) => selected);
  await page.locator('ringscope-inspector .rows').focus();
  await page.keyboard.press('End');
  const last = await inspector(({ trace }) => trace.rows(trace.overview.events - 1, 1).then(([row]) => row.event));
  await page.waitForFunction((event) => document.querySelector('ringscope-inspector').selected?.event === event, last);
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction((event) => document.querySelector('ringscope-inspector').selected?.event !== event, last);
  await atRest(page);
  await page.keyboard.press('f');
  const spanNs = () => inspector(({ view }) => view.window.toNs - view.window.fromNs);
  const { durationNs } = await inspector(({ view }) => view.limits);
  await soon(async () => (await spanNs()) >= durationNs, true);
  await page.keyboard.press('Enter');
  await soon(async () => (await spanNs()) < durationNs, true);
});

test('columns of Events are hidden and shown by a menu', async () => {
  await show('/other.json');
  await page.locator('#tab-events').click();
  const titles = () => page.getByRole('table', { name: 'Events' }).getByRole('columnheader').allInnerTexts().then((all) => all.map((text) => text.trim()).join());
  await soon(titles, 'time ↑,duration, value,self,process,thread,category,name,detail,result');
  const toggle = async (/** @type {string} */ name) => {
    await page.getByRole('button', { name: 'columns ▾' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name }).press('Enter');
  };
  for (const name of ['process', 'category']) await toggle(name);
  await soon(titles, 'time ↑,duration, value,self,thread,name,detail,result');
  await toggle('process');
  await soon(titles, 'time ↑,duration, value,self,process,thread,name,detail,result');
});

test('columns of Events are as wide as they are dragged, or made by key', async () => {
  await show('/other.json', '#tab=events');
  const handle = page.getByRole('separator', { name: 'Width of name' });
  const widths = () => page.getByRole('table', { name: 'Events' }).getByRole('row').nth(1).getByRole('cell').nth(6).boundingBox().then((cell) => Math.round(cell.width));
  const before_ = await widths(), box = await handle.boundingBox();
  await page.mouse.move(box.x + 4, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 64, box.y + 10, { steps: 3 });
  await page.mouse.up();
  await page.mouse.move(box.x, box.y + 100); // it moves no more
  await soon(widths, before_ + 60);
  await handle.press('ArrowLeft');
  await soon(widths, before_ + 60 - 16);
  for (let i = 0; i < 20; i++) await handle.press('ArrowLeft');
  await soon(widths, 40);
  assert.equal(await inspector(({ selected }) => selected), null);
});

test('a digit names the chip at that place', async () => {
  await show('/few.ring');
  for (const [digit, hidden] of [['1', 'MEMORY'], ['2', 'FILE']]) {
    await page.keyboard.press(digit);
    await page.waitForFunction((name) => [...document.querySelector('ringscope-inspector').settings.hidden].join() === name, hidden);
    await page.keyboard.press(digit);
  }
  await page.keyboard.press('5'); // 5 is no chip's key
  await atRest(page);
  assert.equal(await inspector(({ settings }) => settings.hidden.size), 0);
});

test('few stops of Tab lie before the timeline; chips are one, and the arrows go along them', async () => {
  await show('/demo.ring');
  const focused = () => inspector((element) => {
    let active = element.shadowRoot.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.className ?? '';
  });
  const stops = [];
  for (let i = 0; i < 40 && stops.at(-1) !== 'area'; i++) {
    await page.keyboard.press('Tab');
    stops.push(await focused());
  }
  assert.ok(stops.length <= 12, stops.join(', '));
  assert.equal(stops.filter((name) => name === 'chip').length, 1);
  await page.locator('ringscope-inspector .chip').first().focus();
  await page.keyboard.press('ArrowRight');
  await soon(() => inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.chip')].indexOf(shadowRoot.activeElement)), 1);
});

test('C collapses the current track, P pins it', async () => {
  await show('/other.json');
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(0));
  await until(({ selected }) => selected);
  const pin = page.locator('ringscope-inspector .pin[aria-pressed=true]');
  await page.keyboard.press('p');
  await pin.waitFor({ state: 'attached' });
  await page.keyboard.press('p');
  await pin.waitFor({ state: 'detached' });
});

test('Esc and Enter leave the text of a note, and Esc the find field: the other keys work again', async () => {
  await show('/other.json');
  await page.evaluate(() => document.querySelector('ringscope-inspector').select(0));
  await until(({ selected }) => selected);
  for (const key of ['Escape', 'Enter']) {
    await page.keyboard.press('n');
    await soon(() => inspector(({ shadowRoot }) => shadowRoot.activeElement?.tagName), 'INPUT');
    await page.keyboard.type(`left by ${key}`);
    await page.keyboard.press(key);
    await soon(() => inspector(({ settings }) => settings.notes.at(-1).text), `left by ${key}`);
    assert.ok(await inspector(({ selected }) => selected), 'nothing else is closed');
  }
  await page.keyboard.press('/');
  await page.keyboard.type('upper');
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await until(({ settings }) => settings.failed);
});

test('two fingers zoom, and what is under them stays there; one pans; a tap selects', async () => {
  await show('/other.json');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x: box.x + x, y: box.y + y, id })) });
  const timeAt = (x) => page.evaluate(([at, width]) => {
    const { fromNs, toNs } = document.querySelector('ringscope-inspector').view.window;
    return fromNs + (at / width) * (toNs - fromNs);
  }, [x, box.width]);
  const [left, right] = [await timeAt(400), await timeAt(500)];
  await touch('touchStart', [400, 60]);
  await touch('touchStart', [400, 60], [500, 60]);
  for (let i = 1; i <= 10; i++) await touch('touchMove', [400 - i * 20, 60], [500 + i * 20, 60]);
  await touch('touchEnd', [200, 60]);
  await touch('touchEnd');
  await atRest(page);
  const { fromNs, toNs } = await inspector(({ view }) => view.window);
  assert.ok(toNs - fromNs < 250_000 / 4, `${toNs - fromNs} ns are seen`);
  const nsPerPx = (toNs - fromNs) / box.width;
  assert.ok(Math.abs((await timeAt(200)) - left) < 4 * nsPerPx && Math.abs((await timeAt(700)) - right) < 4 * nsPerPx);
  assert.equal(await inspector(({ selected }) => selected), null, 'a pinch is no click');
  await page.keyboard.press('f');
  await atRest(page);
  await soon(async () => { // on a busy machine a tap takes so long that it becomes a long press, which selects nothing
    await touch('touchStart', [30, 32]);
    await touch('touchEnd');
    await atRest(page);
    return inspector(({ selected }) => selected?.name);
  }, 'upper 0');
});

test('on a phone the empty page is whole, and chips are one line', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('about:blank');
  await page.goto(site.origin);
  await page.waitForSelector('text=Drop a trace here');
  for (const box of await inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.empty p, .empty button')].map((each) => each.getBoundingClientRect().toJSON())))
    assert.ok(box.left >= 0 && box.right <= 390 && box.top >= 0 && box.bottom <= 844, JSON.stringify(box));
  assert.deepEqual(await inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.empty button')].filter((each) => {
    const { left, top } = each.getBoundingClientRect();
    return shadowRoot.elementFromPoint(left + 4, top + 4) !== each;
  }).map((each) => each.textContent)), [], 'nothing lies over the buttons');
  await site.shot('phone-empty');
  await show('/demo.ring');
  const tops = await inspector(({ shadowRoot }) => [...shadowRoot.querySelectorAll('.chip')].map((chip) => chip.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1);
  assert.ok((await page.locator('ringscope-inspector .chip').first().boundingBox()).width > 40);
  await site.shot('phone');
});

test('on a phone names lie over their rows, which have the whole width', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await show('/other.json');
  const [area, ruler] = await Promise.all(['.area', '.ruler'].map((each) => page.locator(`ringscope-inspector ${each}`).boundingBox()));
  assert.deepEqual([area.x, area.width, ruler.x, ruler.width], [0, 390, 0, 390]);
  const names = await page.locator('ringscope-inspector .label').evaluateAll((all) => all.map((each) => [each.innerText.trim(), each.getBoundingClientRect().toJSON()]));
  assert.ok(names.length >= 2);
  for (const [name, { top, width, height }] of names) assert.ok(name && top >= area.y && width < 200 && height <= 18, JSON.stringify(names));
});

test('on a phone every tab is seen, and all that changes the panels', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await show('/demo.ring');
  const whole = ({ shadowRoot }) => [...shadowRoot.querySelectorAll('.tabs button')].filter((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return shadowRoot.elementFromPoint(left + 2, top + height / 2) === each && shadowRoot.elementFromPoint(left + width - 2, top + height / 2) === each;
  }).map((each) => each.textContent.trim());
  const all = ['Overview', 'Table', 'Tree', 'Events', 'Selection', 'Notes', '▁', '▭', '▔'];
  assert.deepEqual(await inspector(whole), all);
  await page.click('ringscope-inspector [aria-label="Panels: tabs only"]');
  assert.deepEqual(await inspector(whole), all);
  await site.shot('phone-tabs');
  await page.click('ringscope-inspector [aria-label="Panels: normal size"]');
});
