/** Steering by mouse, touch and keys: what each movement does, and that it does nothing else. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const MS = 1e6;
/** In ms: of each of twelve processes two threads, all of them at work for a second. */
const span = (/** @type {number} */ pid, /** @type {number} */ tid) => ({ ph: 'X', pid, tid, ts: 0, dur: 1e6, name: `work ${tid}`, cat: 'c' });
const WORK = Array.from({ length: 12 }, (_, at) => [span(at + 1, 2 * at + 1), span(at + 1, 2 * at + 2)]).flat();

before(async () => {
  site = await openSite({ '/work.json': Buffer.from(JSON.stringify(WORK)) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await showTrace(site, '/work.json');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
const box = async (/** @type {string} */ query) => {
  const found = await page.locator(`ringscope-inspector ${query}`).first().boundingBox();
  assert.ok(found);
  return found;
};
/** The window's ends, in hundredths of a second. */
const window = () => inspector(({ view }) => [view.window.fromNs, view.window.toNs].map((ns) => Math.round(ns / 1e7)));
/** Drags from one point to another, in css px. @param {number[]} from @param {number[]} to */
async function drag([x, y], [toX, toY]) {
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(toX, toY, { steps: 4 });
  await page.mouse.up();
}

test('the minimap lies over the tracks exactly; a drag there moves the window, one of a handle its end', async () => {
  const [minimap, area] = [await box('.minimap'), await box('.area')];
  assert.deepEqual([minimap.x, minimap.width], [area.x, area.width]);
  const x = (/** @type {number} */ share) => minimap.x + share * minimap.width, y = minimap.y + 40;
  await inspector(({ view }, [from, to]) => view.setWindow(from, to), [200 * MS, 400 * MS]);
  await atRest(page);
  await drag([x(0.3), y], [x(0.5), y]);
  await soon(window, [40, 60]);
  await drag([x(0.6), y], [x(0.9), y]);
  await soon(window, [40, 90]);
  await drag([x(0.4), y], [x(0.2), y]);
  await soon(window, [20, 90]);
  await page.getByRole('slider', { name: 'End of the window' }).press('ArrowLeft');
  await soon(async () => (await window())[1] < 90, true);
  assert.deepEqual(site.complaints, []);
});

test('the column of names is as wide as it is dragged, and stays so', async () => {
  const before_ = await box('.labels');
  const edge = before_.x + before_.width;
  await drag([edge, before_.y + 40], [edge + 100, before_.y + 40]);
  await soon(async () => Math.round((await box('.labels')).width - before_.width), 100);
  await page.getByRole('separator', { name: 'Width of the names' }).press('ArrowLeft');
  const isNarrower = async () => {
    const added = (await box('.labels')).width - before_.width;
    return added > 0 && added < 100;
  };
  await soon(isNarrower, true);
  await page.reload();
  await atRest(page);
  await soon(isNarrower, true);
  await page.evaluate(() => localStorage.clear());
});

test('the wheel pans with Shift, scrolls with Alt and over the names; a drag does both', async () => {
  await inspector(({ view }, [from, to]) => view.setWindow(from, to), [400 * MS, 600 * MS]);
  await atRest(page);
  const area = await box('.area'), scroll = () => inspector(({ view }) => view.state.scrollPx);
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(x, y);
  await page.keyboard.down('Shift');
  await page.mouse.wheel(0, area.width / 2);
  await page.keyboard.up('Shift');
  await soon(window, [50, 70]);
  await page.mouse.move(area.x - 100, y);
  await page.mouse.wheel(0, 60);
  await soon(scroll, 60);
  assert.deepEqual(await window(), [50, 70]);
  await drag([x, y], [x + area.width / 4, y - 30]);
  await soon(window, [45, 65]);
  await soon(scroll, 90);
  assert.equal(await inspector(({ selected }) => selected), null, 'a drag is no click');
});

test('one finger pans and scrolls, two do the same, and one that rests shows the tooltip', async () => {
  await inspector(({ view }, [from, to]) => view.setWindow(from, to), [400 * MS, 600 * MS]);
  await atRest(page);
  const area = await box('.area'), scroll = () => inspector(({ view }) => view.state.scrollPx);
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x: area.x + x, y: area.y + y, id })) });
  const quarter = area.width / 4;
  await touch('touchStart', [400, 100]);
  for (let i = 1; i <= 5; i++) await touch('touchMove', [400 + (i * quarter) / 5, 100 - i * 8]);
  await touch('touchEnd');
  await soon(window, [35, 55]);
  await soon(scroll, 40);
  await touch('touchStart', [400, 100]);
  await touch('touchStart', [400, 100], [500, 100]);
  for (let i = 1; i <= 5; i++) await touch('touchMove', [400 - (i * quarter) / 5, 100 - i * 8], [500 - (i * quarter) / 5, 100 - i * 8]);
  await touch('touchEnd', [400 - quarter, 60]);
  await touch('touchEnd');
  await soon(window, [40, 60]);
  await soon(scroll, 80);
  assert.equal(await inspector(({ selected }) => selected), null, 'neither is a tap');
  await touch('touchStart', [400, 72]);
  await page.locator('ringscope-inspector .tooltip').filter({ hasText: /^work \d+/ }).waitFor();
  await touch('touchEnd');
  await atRest(page);
  assert.equal(await inspector(({ selected }) => selected), null, 'nor is a long press');
});

test('what is drawn moves in the next frame, although the worker has not answered yet', async () => {
  await inspector(({ view }) => view.setWindow(100e6, 200e6));
  await atRest(page);
  const isRedrawn = await inspector(async ({ trace, view, shadowRoot }) => {
    const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas'), before = canvas.toDataURL();
    const ask = trace.window.bind(trace);
    trace.window = (/** @type {any[]} */ ...given) => new Promise((resolve) => (globalThis.goOn = () => resolve(ask(...given))));
    view.setWindow(-100e6, 200e6);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return canvas.toDataURL() !== before;
  });
  assert.ok(isRedrawn);
  await inspector(({ trace }) => {
    delete trace.window;
    globalThis.goOn();
  });
  await atRest(page);
});

/** Whether an act changes what a canvas shows in the frame after the first event of a type, although the worker does not
 * answer. @param {string} type @param {string} canvas @param {() => Promise<unknown>} act */
async function showsAtOnce(type, canvas, act) {
  await inspector(({ shadowRoot }, given) => {
    const drawn = () => shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector(given.canvas).toDataURL(), before = drawn();
    globalThis.changed = null;
    const look = () => requestAnimationFrame(() => setTimeout(() => (globalThis.changed ??= drawn() !== before)));
    addEventListener(given.type, look, { capture: true, once: true });
  }, { type, canvas });
  await act();
  await soon(() => page.evaluate(() => globalThis.changed), true);
}

test('key, wheel and drag have their effect in the next frame, however late the worker answers', async () => {
  await inspector(({ view }) => view.setWindow(-100e6, 300e6));
  await atRest(page);
  await inspector(({ trace }) => (trace.window = () => new Promise(() => {})));
  const [area, minimap, ruler] = [await box('.area'), await box('.minimap'), await box('.ruler')];
  const lanes = '.area canvas', overlay = '.area canvas:last-of-type';
  const held = async (/** @type {number} */ x, /** @type {number} */ y) => {
    await page.mouse.move(x, y);
    await page.mouse.down();
  };
  await showsAtOnce('keydown', lanes, () => page.keyboard.press('d'));
  await page.mouse.move(area.x + 100, area.y + 40);
  await showsAtOnce('wheel', lanes, () => page.mouse.wheel(0, -100));
  await held(area.x + 300, area.y + 40);
  await showsAtOnce('pointermove', lanes, () => page.mouse.move(area.x + 400, area.y + 40));
  await page.mouse.up();
  await showsAtOnce('pointerdown', lanes, () => held(minimap.x + minimap.width * 0.9, minimap.y + 20));
  await page.mouse.up();
  await held(ruler.x + 100, ruler.y + 20);
  await showsAtOnce('pointermove', overlay, () => page.mouse.move(ruler.x + 300, ruler.y + 20));
  await page.mouse.up();
});

test('a finger selects in the ruler and sets the window in the minimap', async () => {
  const client = await page.context().newCDPSession(page);
  const slide = async (/** @type {string} */ where, /** @type {number} */ from, /** @type {number} */ to) => {
    const { x, y, width } = await box(where);
    const touch = (type, ...shares) => client.send('Input.dispatchTouchEvent', { type, touchPoints: shares.map((share) => ({ x: x + share * width, y: y + 20, id: 0 })) });
    await touch('touchStart', from);
    for (let i = 1; i <= 4; i++) await touch('touchMove', from + ((to - from) * i) / 4);
    await touch('touchEnd');
  };
  await slide('.ruler', 0.2, 0.6);
  await soon(() => inspector(({ range }) => [range.fromNs, range.toNs].map((ns) => Math.round(ns / 1e7))), [20, 60]);
  await inspector(({ view }) => view.setWindow(200e6, 400e6));
  await atRest(page);
  await slide('.minimap', 0.3, 0.5);
  await soon(window, [40, 60]);
});

test('the panels are as high as their divider is dragged', async () => {
  const height = async () => Math.round((await box('.panels')).height), before_ = await height();
  const divider = await page.getByRole('separator', { name: 'Size of the panels' }).boundingBox();
  assert.ok(divider);
  await drag([600, divider.y + divider.height / 2], [600, divider.y + divider.height / 2 - 50]);
  await soon(async () => Math.abs((await height()) - before_ - 50) <= divider.height, true);
  await page.evaluate(() => localStorage.clear());
});

test('C collapses the track and opens it, W and S zoom, A and D pan, End goes to the last moment', async () => {
  await page.mouse.move(1, 1); // or zooms were about the pointer
  await inspector((element) => element.select(0));
  await soon(() => inspector(({ selected }) => selected?.name), 'work 1');
  const collapsed = () => inspector(({ view }) => [...view.state.collapsed]);
  await page.keyboard.press('c');
  await soon(collapsed, [0]);
  await page.keyboard.press('c');
  await soon(collapsed, []);
  await inspector(({ view }) => view.setWindow(300e6, 500e6));
  for (const [key, ends] of [['w', [33, 47]], ['s', [30, 50]], ['d', [34, 54]], ['a', [30, 50]], ['End', [80, 100]], ['f', [0, 100]]]) {
    await page.keyboard.press(String(key));
    await soon(window, ends);
  }
});

/** Presses a key of a foreign keyboard. @param {string} key @param {string} code @param {Record<string, boolean>} [more] */
const press = (key, code, more = {}) => page.evaluate((init) => {
  const target = document.querySelector('ringscope-inspector').shadowRoot.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent('keydown', { ...init, bubbles: true, composed: true, cancelable: true }));
}, { key, code, ...more });

test('a key is what it writes: / on a digit finds, on keyboards that have it there', async () => {
  const hidden = () => inspector(({ settings }) => settings.hidden.size);
  await press('/', 'Digit7', { shiftKey: true });
  await soon(() => inspector(({ shadowRoot }) => shadowRoot.activeElement?.id), 'find');
  await page.keyboard.press('Escape');
  await press('&', 'Digit1'); // where digits need Shift
  await soon(hidden, 1);
  await press('1', 'Digit1', { shiftKey: true });
  await soon(hidden, 0);
});

test('a letter is a key wherever the focus is, in a list of choices, too', async () => {
  await inspector(({ view }) => view.setWindow(300e6, 500e6));
  for (const where of [page.getByLabel('colour'), page.getByLabel('failed only'), page.getByRole('tab', { name: 'Events' }), page.getByRole('button', { name: 'Open', exact: true })]) {
    await where.focus();
    await page.keyboard.press('d');
    await soon(window, [34, 54]);
    await page.keyboard.press('a');
    await soon(window, [30, 50]);
  }
  assert.equal(await page.getByLabel('colour').inputValue(), 'name');
  await page.getByLabel('colour').focus();
  await page.keyboard.press('ArrowDown');
  await soon(() => page.getByLabel('colour').inputValue(), 'failure');
});

test('Esc closes, then clears: a message, the second range, the range; then the event, then the search', async () => {
  const left = () => inspector(({ message, settings, range, selected }) => [message && 'message', settings.other && 'other', range && 'range', selected && 'event', settings.find].filter(Boolean).join());
  await page.locator('#find').fill('work');
  await inspector((element) => {
    element.selectRange({ fromNs: 0, toNs: 5e8 });
    element.actions.compareWith({ fromNs: 5e8, toNs: 9e8 });
    element.app.say('something');
  });
  await page.locator('ringscope-inspector .area').focus();
  await soon(left, 'message,other,range,work');
  for (const rest of ['other,range,work', 'range,work', 'work']) {
    await page.keyboard.press('Escape');
    await soon(left, rest);
  }
  await inspector((element) => element.select(0));
  await soon(left, 'event,work');
  for (const rest of ['work', '']) {
    await page.keyboard.press('Escape');
    await soon(left, rest);
  }
});

test('each stop of Tab has a ring', async () => {
  /** The focused element, and whether a ring is around it. */
  const ring = () => inspector((element) => {
    let active = element.shadowRoot.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active) return { name: '', ringed: true };
    const drawn = (/** @type {CSSStyleDeclaration} */ { outlineStyle, outlineWidth }) => outlineStyle !== 'none' && outlineWidth !== '0px';
    const after_ = getComputedStyle(active, '::after');
    const ringed = drawn(getComputedStyle(active)) || (after_.content !== 'none' && after_.borderTopWidth === '2px');
    return { name: active.id || active.getAttribute('aria-label') || active.className || active.textContent.trim(), ringed };
  });
  const stops = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const { name, ringed } = await ring();
    assert.ok(ringed, name);
    stops.push(name);
  }
  for (const name of ['find', 'Timeline', 'panel', 'Size of the panels']) assert.ok(stops.includes(name), stops.join(', '));
});
