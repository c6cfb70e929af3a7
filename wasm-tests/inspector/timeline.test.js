/** What is drawn of a trace beside its events: the minimap with its marks, the time at the cursor. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';

/** Two counters, one below zero all the time. */
const COUNTERS = [
  ...[[0, -5], [500, -2], [1000, -3]].map(([ms, v]) => ({ ph: 'C', pid: 1, ts: ms * 1000, name: 'below', args: { v } })),
  ...[[0, 10], [500, 20], [1000, 20]].map(([ms, v]) => ({ ph: 'C', pid: 1, ts: ms * 1000, name: 'above', args: { v } })),
];

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

const MS = 1e6;

/** In ms: one span from 0 to 1000, and one that failed from 500 to 520. */
async function two() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  tracer.record({ category: 'FILE', name: 'long', pid: 1, tid: 1, timestamp: 1, duration: 1000 });
  tracer.record({ category: 'FILE', name: 'short', pid: 2, tid: 2, timestamp: 501, duration: 20, failed: true });
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** In ms: two threads, in one of which a call within a call failed. */
async function nested() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  const record = (/** @type {string} */ name, /** @type {number} */ tid, /** @type {number} */ timestamp, /** @type {number} */ duration, failed = false) =>
    tracer.record({ category: 'FILE', name, pid: 1, track: tracer.track(1, tid), timestamp, duration, failed });
  record('outer', 1, 1, 1000);
  record('inner', 1, 400, 200, true);
  record('other', 2, 1, 1000);
  const image = tracer.save();
  tracer.dispose();
  return image;
}

/** In µs: a span that ends, one that does not, and 400 short ones, with as much time between them. */
const MARKS = [
  { ph: 'X', pid: 1, tid: 1, ts: 0, dur: 1000, name: 'whole', cat: 'c' },
  { ph: 'B', pid: 1, tid: 2, ts: 0, name: 'open', cat: 'c' },
  ...Array.from({ length: 400 }, (_, at) => ({ ph: 'X', pid: 1, tid: 3, ts: 200 + at * 0.02, dur: 0.01, name: 'short', cat: 'c' })),
];

before(async () => {
  site = await openSite({ '/nested.ring': await nested(), '/two.ring': await two(), '/counters.json': Buffer.from(JSON.stringify(COUNTERS)), '/marks.json': Buffer.from(JSON.stringify(MARKS)) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

/** A pixel of the minimap, at a share of its width and a height in css px: red, green, blue, opacity. */
const minimap = (/** @type {number} */ share, /** @type {number} */ y) => inElement(page, ({ shadowRoot }, at) => {
  const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.minimap canvas');
  return [...canvas.getContext('2d').getImageData(Math.round(canvas.width * at.share), at.y, 1, 1).data];
}, { share, y });
/** A colour of the page, as a pixel. */
const token = (/** @type {string} */ name) => inElement(page, ({ shadowRoot }, given) =>
  [...getComputedStyle(shadowRoot.querySelector('.page')).getPropertyValue(given).match(/\w\w/g).map((part) => parseInt(part, 16)), 255], name);
/** The number of the tracks' pixels in the colour of failures. */
const failures = async () => inElement(page, ({ shadowRoot }, [red, green, blue]) => {
  const canvas = shadowRoot.querySelector('.timeline > div').shadowRoot.querySelector('.area canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) found += Number(data[at] === red && data[at + 1] === green && data[at + 2] === blue);
  return found > 0;
}, await token('--error'));

test('the minimap has what is under way, and hits before the rest', async () => {
  await showTrace(site, '/two.ring');
  const bottom = 45;
  await soon(async () => [(await minimap(0.25, bottom))[3], (await minimap(0.75, bottom))[3]], [255, 255]);
  assert.equal((await minimap(0.25, 4))[3], 0, 'of one event half of the height');
  assert.equal((await minimap(0.51, 10))[3], 255);
  await page.locator('#find').fill('name:short');
  await soon(async () => [(await minimap(0.25, bottom))[3] < 100, (await minimap(0.51, bottom))[3]], [true, 255]);
  await page.locator('#find').fill('');
  await soon(async () => (await minimap(0.25, bottom))[3], 255);
  assert.deepEqual(site.complaints, []);
});

test('the minimap has notes and losses', async () => {
  await showTrace(site, '/two.ring', `#note=${300 * MS}-${320 * MS}+here`);
  await soon(async () => minimap(0.31, 1), await token('--accent'));
  const column = () => Promise.all([...Array(20).keys()].map((y) => minimap(0.85, y)));
  const whole = await column();
  await inElement(page, ({ trace, view }, loss) => {
    trace.overview.losses.push(loss);
    view.refresh();
  }, { startNs: 800 * MS, endNs: 900 * MS, count: 7, reason: 'evicted' });
  const hatched = async () => {
    const lines = (await column()).filter((pixel, y) => String(pixel) !== String(whole[y])).length;
    return lines > 0 && lines < 20;
  };
  await soon(hatched, true);
});

test('what is no hit has no mark of failure', async () => {
  await showTrace(site, '/two.ring');
  await soon(failures, true);
  await page.locator('#find').fill('name:long');
  await soon(failures, false);
  await page.locator('#find').fill('name:short');
  await soon(failures, true);
});

test('the ruler says the time at the cursor, also of a window that a key has moved', async () => {
  await page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
      if (this.canvas.parentElement?.className === 'ruler') globalThis.drawn = text;
      return fillText.call(this, text, ...place);
    };
  });
  await showTrace(site, '/two.ring');
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height - 20);
  const drawn = () => page.evaluate(() => globalThis.drawn.replaceAll('\u2009', ' '));
  await soon(drawn, '0.500 0 s');
  await page.keyboard.press('w');
  await page.keyboard.press('d');
  await soon(drawn, '0.633 3 s');
  await page.keyboard.press('w'); // about the pointer
  await soon(() => inElement(page, ({ view }) => Math.round((view.window.toNs - view.window.fromNs) / 1e6)), 444);
  await soon(drawn, '0.633 3 s');
});

test('all counters say their least and greatest value, also below zero, and their values where the pointer is', async () => {
  await showTrace(site, '/counters.json');
  const values = () => inElement(page, ({ shadowRoot }) => [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label')]
    .map(({ textContent }) => textContent).filter((text) => /above|below/.test(text)).map((text) => text.replace(/[^−\d… ]/g, '').trim()).sort());
  await soon(values, ['10 … 20', '−5 … −2']);
  const box = await page.locator('ringscope-inspector .area').boundingBox();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height - 20);
  await soon(values, ['20', '−2']);
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height - 20);
  await soon(values, ['10', '−5']);
  assert.deepEqual(site.complaints, []);
});

/** The height that is painted of a thread's row, in px: at some px before a time, in µs. */
const painted = (/** @type {string} */ thread, /** @type {number} */ us, /** @type {number} */ before_) => inElement(page, ({ shadowRoot, view }, given) => {
  const root = shadowRoot.querySelector('.timeline > div').shadowRoot;
  const label = [...root.querySelectorAll('.label')].find((each) => each.textContent.includes(given.thread));
  const area = root.querySelector('.area').getBoundingClientRect(), canvas = root.querySelector('.area canvas');
  const { fromNs, toNs } = view.window;
  const x = Math.round(((given.us * 1000 - fromNs) / (toNs - fromNs)) * canvas.width) - given.before_;
  const { data } = canvas.getContext('2d').getImageData(Math.min(x, canvas.width - given.before_), Math.round(label.getBoundingClientRect().top - area.top) + 1, 1, 16);
  let height = 0;
  for (let at = 0; at < data.length; at += 4) height += data[at] + data[at + 1] + data[at + 2] < 3 * 250 ? 1 : 0;
  return height;
}, { thread, us, before_ });

test('a span that has not ended fades out at its end, and only there', async () => {
  await showTrace(site, '/marks.json');
  const whole = await painted('thread1', 1000, 3);
  assert.ok(whole > 12, `${whole} px`);
  await soon(() => painted('thread2', 1000, 2), 0);
  const middle = await painted('thread2', 1000, 7);
  assert.ok(middle > 0 && middle < whole, `${middle} of ${whole} px`);
  assert.equal(await painted('thread2', 1000, 16), whole);
  await inElement(page, ({ view }) => view.setWindow(300_000, 600_000));
  await soon(() => painted('thread2', 2000, 2), whole);
});

test('spans too narrow to draw are as high as they are busy, and their tooltip counts them', async () => {
  await showTrace(site, '/marks.json');
  const whole = await painted('thread1', 500, 0);
  await soon(async () => {
    const height = await painted('thread3', 204, 0);
    return height > 0.5 * whole && height < 0.85 * whole; // half, and what a row has at least
  }, true);
  const [label, area] = await Promise.all(['.label:has-text("thread3")', '.area'].map((each) => page.locator(`ringscope-inspector ${each}`).boundingBox()));
  await page.mouse.move(area.x + (204 / 1000) * area.width - 1, label.y + 12);
  await page.mouse.move(area.x + (204 / 1000) * area.width, label.y + 12);
  await page.locator('ringscope-inspector .tooltip').filter({ hasText: /[\d,]+ events, the longest: short.* in all, (49|50|51) % of/s }).waitFor();
});

test('a collapsed process is a strip, as high as its threads are busy', async () => {
  await showTrace(site, '/marks.json');
  await inElement(page, ({ view, trace }) => view.arrange({ collapsedProcesses: new Set(trace.overview.processes.keys()) }));
  await soon(async () => {
    const [two_, three] = [await painted('process1', 500, 0), await painted('process1', 204, 0)];
    return two_ > 5 && three > two_;
  }, true);
});

test('a collapsed process is marked where a call within another one failed', async () => {
  await showTrace(site, '/nested.ring');
  await soon(failures, true);
  await inElement(page, ({ view }) => view.arrange({ collapsedProcesses: new Set([0]) }));
  await soon(async () => (await painted('process1', 500_000, 0)) > 0, true); // as a strip
  await soon(failures, true);
  await page.locator('#find').fill('name:outer');
  await soon(failures, false);
});

test('with the person’s own colours failures, losses and the selection stay visible', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await showTrace(site, '/two.ring');
  await inElement(page, async ({ trace, view, select }, loss) => {
    trace.overview.losses.push(loss);
    view.refresh();
    await select(1);
  }, { startNs: 800 * MS, endNs: 900 * MS, count: 7, reason: 'evicted' });
  /** The pixels of a column of a canvas that have the colour of text, or any but for what is behind. */
  const column = (/** @type {number} */ canvas, /** @type {number} */ share) => inElement(page, ({ shadowRoot }, given) => {
    const root = shadowRoot.querySelector('.timeline > div').shadowRoot, { canvas: found } = [...root.querySelectorAll('.area canvas')].at(given.canvas).getContext('2d');
    const probe = new OffscreenCanvas(1, 1).getContext('2d');
    probe.fillStyle = 'CanvasText';
    probe.fillRect(0, 0, 1, 1);
    const text = [...probe.getImageData(0, 0, 1, 1).data].join();
    const { data } = found.getContext('2d').getImageData(Math.round(found.width * given.share), 0, 1, found.height);
    const pixels = Array.from({ length: found.height }, (_, at) => [...data.subarray(4 * at, 4 * at + 4)]);
    return { text: pixels.filter((pixel) => pixel.join() === text).length, drawn: pixels.filter(([, , , opacity]) => opacity > 0).length };
  }, { canvas, share });
  await soon(async () => [(await column(0, 0.51)).text > 0, (await column(0, 0.3)).text], [true, 0]); // the mark
  await soon(async () => [(await column(-1, 0.85)).drawn > 0, (await column(-1, 0.95)).drawn], [true, 0]); // hatching
  await soon(async () => (await column(-1, 0.51)).drawn > 0, true); // around what is selected
  await page.emulateMedia({ forcedColors: 'none' });
});

test('losses are hatched in the tracks, where they happened', async () => {
  await showTrace(site, '/two.ring');
  await inElement(page, ({ trace, view }, loss) => {
    trace.overview.losses.push(loss);
    view.refresh();
  }, { startNs: 700 * MS, endNs: 900 * MS, count: 7, reason: 'evicted' });
  /** The number of hatched pixels of a column of the overlay. */
  const hatched = (/** @type {number} */ share) => inElement(page, ({ shadowRoot }, at) => {
    const canvas = [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.area canvas')].at(-1);
    const { data } = canvas.getContext('2d').getImageData(Math.round(canvas.width * at), 0, 1, canvas.height);
    return [...data].filter((part, each) => each % 4 === 3 && part > 0).length / canvas.height;
  }, share);
  await soon(async () => (await hatched(0.8)) > 0.05 && (await hatched(0.8)) < 0.7, true);
  assert.deepEqual([await hatched(0.6), await hatched(0.95)], [0, 0]);
});
