/** The Selection panel: everything known of an event and of a range, and the ways from there to others. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In µs. @param {string} name @param {number} ts @param {number} dur */
const span = (name, ts, dur, more = {}) => ({ ph: 'X', pid: 1, tid: 1, cat: 'c', ts, dur, name, ...more });
const arrow = (id, from, to) => [{ ph: 's', pid: 1, ...from, id, name: 'f', cat: 'c' }, { ph: 'f', bp: 'e', pid: 1, ...to, id, name: 'f', cat: 'c' }];
/** Calls within calls; ten of one name, each longer than the one before; and three threads, each woken by the one
 * before it. */
const CALLS = [
  span('outer', 0, 1000, { args: { path: '/etc/x', more: { deep: [7] } } }), span('first', 100, 50), span('second', 200, 400), span('within', 250, 50),
  ...Array.from({ length: 10 }, (_, i) => span('step', 2000 + i * 100, i + 1)),
  span('ask', 0, 100, { tid: 2 }), span('serve', 200, 100, { tid: 3 }), span('reply', 400, 100, { tid: 4 }),
  ...arrow(1, { tid: 2, ts: 90 }, { tid: 3, ts: 200 }), ...arrow(2, { tid: 3, ts: 290 }, { tid: 4, ts: 400 }),
];

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(CALLS)) });
  ({ page } = site);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.origin });
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await showTrace(site, '/calls.json');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
/** Selects the first event that has a name and, if given, a duration in µs. @param {string} name @param {number} [durationUs] */
async function select(name, durationUs) {
  await inspector(async (element, wanted) => {
    const rows = await element.trace.rows(0, 100);
    await element.select(rows.find((row) => row.name === wanted.name && (!wanted.durationUs || row.durationNs === wanted.durationUs * 1000)).event);
  }, { name, durationUs });
  await atRest(page);
}
const selected = () => inspector(({ selected: event }) => event?.name);
const panel = () => page.locator('ringscope-inspector .selection');
const panelTable = () => page.getByRole('table', { name: 'Statistics of the selection' });
const button = (/** @type {string} */ name) => panel().getByRole('button', { name, exact: true });
const words = async (/** @type {import('playwright-core').Locator} */ where) => (await where.innerText()).replaceAll(/\s+/g, ' ').trim();
const field = (/** @type {string} */ name) => panel().locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');

test('of an event: its fields, the calls around it, and those in it by time', async () => {
  await select('second');
  await soon(() => words(panel().getByRole('navigation', { name: 'Ancestors' })), 'outer › second');
  for (const [name, value] of [['start', '0.000 200 000 s'], ['end', '0.000 600 000 s'], ['duration', '400 µs'], ['self', '350 µs']])
    await soon(async () => (await field(name).innerText()).replaceAll('\u2009', ' '), value);
  await panel().getByRole('navigation', { name: 'Ancestors' }).getByRole('button', { name: 'outer' }).click();
  await soon(selected, 'outer');
  const inside = panel().getByRole('list', { name: 'Inside it' }).getByRole('listitem');
  await soon(async () => (await inside.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim()), ['first 50.0 µs', 'second 400 µs']);
  await inside.getByRole('button', { name: 'second' }).click();
  await soon(selected, 'second');
  assert.deepEqual(site.complaints, []);
});

test('arguments are a tree, whose parts close', async () => {
  await select('outer');
  await soon(() => field('path').innerText(), '/etc/x');
  await soon(() => words(field('more')), 'deep 0: 7');
  await field('more').locator('summary').click();
  await soon(() => words(field('more')), 'deep');
});

test('an event says how it ranks among those of its name, and where in their histogram it is', async () => {
  const dot = () => panel().locator('.rank circle').evaluate((circle) => Number(circle.getAttribute('cx')) / 240);
  await select('step', 9);
  await panel().getByText('Longer than 80 % of 10 calls named step').waitFor();
  assert.ok((await dot()) > 0.8);
  await select('step', 1);
  await panel().getByText('Longer than 0 % of 10 calls named step').waitFor();
  assert.ok((await dot()) < 0.2);
});

test('the previous and the next of its name, only those, or all but those', async () => {
  await select('step', 5);
  await button('next step ›').click();
  await soon(() => inspector(({ selected: event }) => event.durationNs), 6000);
  await button('‹ previous step').click();
  await soon(() => inspector(({ selected: event }) => event.durationNs), 5000);
  await button('Only step').click();
  await soon(() => inspector(({ shown }) => shown), 10);
  await inspector((element) => element.actions.showAll());
  await button('Hide step').click();
  await soon(() => inspector(({ shown }) => shown), 7);
  assert.deepEqual(site.complaints, []);
});

test('a button zooms to it, another notes it', async () => {
  await select('second');
  await button('Zoom').click();
  await soon(() => inspector(({ view: { window } }) => window.fromNs <= 200_000 && window.toNs >= 600_000 && window.toNs - window.fromNs < 600_000), true);
  await button('Note').click();
  await soon(() => inspector(({ settings }) => settings.notes), [{ fromNs: 200_000, toNs: 600_000, text: 'second' }]);
});

test('an event is copied as JSON', async () => {
  await select('outer');
  await button('Copy as JSON').click();
  await page.getByText('Event copied.').first().waitFor();
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), {
    name: 'outer', category: 'c', start_ns: 0, duration_ns: 1_000_000, self_ns: 550_000, pid: 1, tid: 1, thread: '',
    arguments: { path: '/etc/x', more: { deep: [7] } }, failed: false,
  });
});

test('[ and ] go along a flow, and say where it ends', async () => {
  await select('ask');
  for (const [key, name] of [[']', 'serve'], [']', 'reply'], ['[', 'serve'], ['[', 'ask']]) {
    await page.keyboard.press(key);
    await soon(selected, name);
  }
  const spoken = () => page.textContent('ringscope-inspector [aria-live]');
  await page.keyboard.press('[');
  await soon(spoken, 'No flow arrives at ask.');
  await button('Wakes serve in thread 3').click();
  await soon(selected, 'serve');
  await select('reply');
  await page.keyboard.press(']');
  await soon(spoken, 'No flow leaves reply.');
  assert.equal(await selected(), 'reply');
});

test('the table of a range is copied as it is, by name, whatever the Table has', async () => {
  await inspector((element) => {
    element.set({ group: 'thread' });
    element.selectRange({ fromNs: 0, toNs: 150_000 });
  });
  await panelTable().locator('td').first().waitFor();
  const copied = async (/** @type {string} */ form) => {
    await site.choose('copy', `Copy as ${form}`);
    await page.getByText('Table copied.').first().waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const json = JSON.parse(await copied('JSON'));
  assert.deepEqual(json.map((/** @type {any} */ row) => `${row.name} ${row['total ns']}`), ['outer 150000', 'ask 100000', 'first 50000']);
  for (const [form, gap, end] of [['TSV', '\t', '\n'], ['CSV', ',', '\r\n']]) {
    const lines = (await copied(form)).trim().split(end).map((line) => line.split(gap));
    assert.deepEqual(lines.map(([name, count]) => [name, count]), [['name', 'count'], ...json.map((/** @type {any} */ row) => [row.name, '1'])]);
  }
});

test('the edges of a range can be typed, with a unit or in seconds', async () => {
  await inspector((element) => element.selectRange({ fromNs: 100_000, toNs: 900_000 }));
  const edge = (/** @type {string} */ name) => page.locator('#panel').getByRole('textbox', { name });
  const type = async (/** @type {string} */ name, /** @type {string} */ text) => {
    await edge(name).fill(text);
    await edge(name).press('Tab');
  };
  const range = () => inspector(({ range: given }) => [given.fromNs, given.toNs]);
  await type('from', '0.2ms');
  await soon(range, [200_000, 900_000]);
  await type('to', '0.0006');
  await soon(range, [200_000, 600_000]);
  await type('to', 'soon');
  await soon(() => edge('to').getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await range(), [200_000, 600_000]);
  assert.deepEqual(site.complaints, []);
});

test('long names wrap within the panel', async () => {
  await inspector(async (element, given) => element.open(new Blob([given]), 'long.json'), JSON.stringify([span('n'.repeat(2000), 0, 100), span('std::vector<int>::'.repeat(40), 10, 50)]));
  await inspector((element) => element.select(0));
  await page.locator('ringscope-inspector .selection').getByText('Inside it').waitFor();
  await soon(() => inspector(({ shadowRoot }) => {
    const panel = shadowRoot.querySelector('#panel');
    return panel.scrollWidth <= panel.clientWidth;
  }), true);
});
