/** What leaves the page: links, which know their trace, and pictures. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In µs. @param {string} name @param {number} ts @param {number} dur */
const span = (name, ts, dur, pid = 1) => ({ ph: 'X', pid, tid: pid, ts, dur, name, cat: 'c' });
const CALLS = JSON.stringify([
  { ph: 'M', pid: 1, name: 'process_name', args: { name: 'a command with more arguments than there is room for beside the tracks' } },
  span('alpha', 0, 100), span('beta', 200, 100), span('gamma', 300, 700, 2), { ...span('delta', 300, 50, 2), cat: 'disk' },
]);
const OTHER = JSON.stringify([span('alpha', 0, 500), span('delta', 600, 400)]);

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(CALLS), '/renamed.json': Buffer.from(CALLS), '/other.json': Buffer.from(OTHER) });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('about:blank');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
const said = (/** @type {RegExp} */ text) => page.locator('ringscope-inspector .note').filter({ hasText: text }).waitFor();
const ANOTHER = /made for a trace other than other\.json: its times, notes and pins are ignored/;
const places = () => inspector(({ settings: { window, event, notes, pins, find, tab } }) =>
  ({ window, event, notes: notes.map(({ text }) => text), pins, find, tab }));

/** Chooses all that a link has, and returns what comes after the # of the link. */
async function linkOf(/** @type {string} */ path) {
  await showTrace(site, path);
  await inspector(async (element) => {
    await element.select(1);
    element.view.setWindow(200_000, 400_000);
    element.set({ find: 'name:alpha', notes: [{ fromNs: 0, toNs: 0, text: 'here' }], pins: [1], tab: 'table' });
  });
  await atRest(page);
  await page.getByRole('button', { name: 'Copy link' }).first().click();
  await page.getByText('Link copied.').first().waitFor();
  return new URL(await page.evaluate(() => navigator.clipboard.readText())).hash;
}
const CHOSEN = { window: { fromNs: 200_000, toNs: 400_000 }, event: 1, notes: ['here'], pins: [1], find: 'name:alpha', tab: 'table' };

test('a link finds its trace whatever the file is called; in another one its places mean nothing', async () => {
  const hash = await linkOf('/calls.json');
  await page.goto('about:blank');
  await showTrace(site, '/renamed.json', hash);
  assert.deepEqual(await places(), CHOSEN);
  await page.goto('about:blank');
  await showTrace(site, '/other.json', hash);
  await said(ANOTHER);
  assert.deepEqual(await places(), { window: null, event: -1, notes: [], pins: [], find: 'name:alpha', tab: 'table' });
  assert.deepEqual(site.complaints, []);
});

/** Each choice that a link has, none of them as it is by itself. */
const CHOICES = {
  find: 'dur>1us', only: true, failed: true, colour: 'duration', order: 'name', rows: 10, tracks: 'busy', arrows: true,
  scope: 'window', group: 'thread', sort: '-count', eventSort: 'duration', tree: 'sandwich', of: 'beta', threads: true, samples: true, asTable: true,
  pins: [1], notes: [{ fromNs: 5, toNs: 9, text: 'a note, and =more&' }], tab: 'tree',
};
const PLACES = [{ event: 1 }, { range: { fromNs: 100_000, toNs: 300_000 }, other: { fromNs: 400_000, toNs: 500_000 } }];

for (const place of PLACES)
  test(`a link brings back all that was chosen: ${Object.keys(place)}`, async () => {
    const all = () => inspector(({ settings, range, selected, view }) => ({ ...settings, hidden: [...settings.hidden], chosen: [range, selected?.event ?? -1], pinned: [...view.state.pinned] }));
    await showTrace(site, '/calls.json');
    await inspector(async (element, { choices, at }) => {
      if (at.event) await element.select(at.event);
      if (at.range) element.selectRange(at.range);
      element.view.setWindow(-100_000, 400_000); // begins before the trace
      element.view.setPinned(choices.pins);
      await element.set({ ...choices, other: at.other ?? null, hidden: new Set(['disk']) });
    }, { choices: CHOICES, at: place });
    await atRest(page);
    const wanted = await all();
    for (const [name, value] of Object.entries({ ...CHOICES, ...place, hidden: ['disk'] })) assert.deepEqual(wanted[name], value, name);
    const hash = await inspector(({ address }) => address.link().replace(/^[^#]*/, ''));
    await page.goto('about:blank');
    await showTrace(site, '/calls.json', hash);
    assert.deepEqual(await all(), wanted);
    assert.deepEqual(site.complaints, []);
  });

test('a pasted link takes the place of what was chosen, also where it chooses nothing', async () => {
  await showTrace(site, '/calls.json');
  await inspector((element) => element.select(1));
  await page.evaluate(() => (location.hash = '#tab=notes&events=duration'));
  await soon(() => inspector(({ selected, settings }) => [selected, settings.event, settings.tab]), [null, -1, 'notes']);
  await page.click('#tab-events');
  await soon(() => page.locator('ringscope-inspector .row').first().innerText().then((text) => text.includes('gamma')), true);
});

test('a link to another trace, pasted into an open tab, leaves the places there', async () => {
  const hash = await linkOf('/calls.json');
  await page.goto('about:blank');
  await showTrace(site, '/other.json');
  await inspector((element) => {
    element.view.setWindow(100_000, 500_000);
    element.set({ notes: [{ fromNs: 5, toNs: 5, text: 'mine' }] });
  });
  await atRest(page);
  await page.evaluate((given) => (location.hash = given), hash);
  await said(ANOTHER);
  await atRest(page);
  assert.deepEqual(await places(), { window: { fromNs: 100_000, toNs: 500_000 }, event: -1, notes: ['mine'], pins: [], find: 'name:alpha', tab: 'table' });
  assert.deepEqual(site.complaints, []);
});

/** Copies the picture. Returns its size, that of the page's part, and how much is drawn in each of its parts, in px. */
async function picture() {
  const page_ = await inspector(({ shadowRoot }) => {
    const root = shadowRoot.querySelector('.timeline > div').shadowRoot;
    const [area, ruler] = ['.area', '.ruler'].map((each) => root.querySelector(each));
    return { left: area.offsetLeft, width: area.clientWidth, top: ruler.clientHeight, height: area.clientHeight };
  });
  await site.choose('Save', 'Copy picture');
  await page.getByText('Picture copied.').first().waitFor();
  const found = await inspector(async (_, { left, width, top }) => {
    const [item] = await navigator.clipboard.read();
    const image = await createImageBitmap(await item.getType('image/png'));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const drawn = (x, y, across, down) => {
      const { data } = context.getImageData(x, y, across, down);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) count += data[at] < 240 || data[at + 1] < 240 || data[at + 2] < 240 ? 1 : 0;
      return count;
    };
    return {
      size: [image.width, image.height], rows: drawn(left, top, width, 60), ruler: drawn(left, 0, width, top),
      names: left > 0 ? drawn(0, top, left, 60) : 0, gap: drawn(left + 2, top + 2, Math.round(width / 4), 14),
    };
  }, page_);
  return { ...found, seen: [page_.left + page_.width, page_.top + page_.height] };
}

test('the timeline is copied as a picture: names, ruler and tracks, each in its place', async () => {
  await showTrace(site, '/calls.json');
  await inspector(({ view }) => view.setWindow(-300_000, 500_000));
  await atRest(page);
  const { size, seen, rows, gap, names, ruler } = await picture();
  assert.deepEqual(size, seen);
  assert.ok(rows > 5000 && names > 300 && ruler > 300, JSON.stringify({ rows, names, ruler }));
  assert.equal(gap, 0, 'no name goes on over the tracks');
  assert.deepEqual(site.complaints, []);
});

test('on a phone the picture is as wide as the page', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await showTrace(site, '/calls.json');
  const { size, seen } = await picture();
  assert.deepEqual(size, seen);
});

test('where the clipboard takes no picture, it is saved as a file', async () => {
  await showTrace(site, '/calls.json');
  await page.evaluate(() => {
    navigator.clipboard.write = () => Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
  });
  const [download] = await Promise.all([page.waitForEvent('download'), site.choose('Save', 'Copy picture')]);
  assert.equal(download.suggestedFilename(), 'calls.png');
  assert.deepEqual(site.complaints, []);
});

test('the printed summary is one click away, as text to copy', async () => {
  await page.goto(site.origin);
  await page.click('text=Start the live demo');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').trace?.overview.events > 100);
  await page.click('text=● Live');
  await atRest(page);
  await page.getByText('Summary as text').click();
  const text = await page.locator('ringscope-inspector .summary pre').textContent();
  await page.locator('ringscope-inspector .summary').getByRole('button', { name: 'Copy' }).click();
  await page.getByText('Summary copied.').first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  assert.match(text ?? '', /events/i);
});
