/** axe-core's rules in the states of the page that other tests do not look at: open menus and dialogs, messages, a live
 * trace, a phone, the person's own colours; and what those rules do not see. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { violationsOf } from '../support/axe.js';
import { inElement, showTrace } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In µs: two processes with two threads and a counter each, among whose calls are some within others. */
const span = (/** @type {string} */ name, /** @type {number} */ pid, /** @type {number} */ tid, /** @type {number} */ ts, /** @type {number} */ dur) => ({ ph: 'X', pid, tid, ts, dur, name, cat: `kind ${tid % 2}`, args: { path: '/a' } });
const CALLS = [1, 2].flatMap((pid) => [
  ...[0, 1].flatMap((tid) => [span('outer', pid, 10 * pid + tid, 0, 900), span('inner', pid, 10 * pid + tid, 100, 200)]),
  { ph: 'C', pid, ts: 0, name: 'level', args: { v: pid } },
]);

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(CALLS)) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('about:blank');
});

const inspector = (/** @type {any} */ act, /** @type {unknown} */ given = undefined) => inElement(page, act, given);
const until = (/** @type {any} */ condition) => soon(async () => Boolean(await inspector(condition)), true);
const nothingFound = async (/** @type {string} */ state) => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await violationsOf(page), [], `${state}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
};

test('menus, dialogs and messages', async () => {
  await showTrace(site, '/calls.json');
  for (const name of ['Save ▾', 'tracks ▾']) {
    await page.getByRole('button', { name }).click();
    await nothingFound(name);
    await page.keyboard.press('Escape');
  }
  for (const key of ['?', 't']) {
    await page.locator('ringscope-inspector .area').focus();
    await page.keyboard.press(key);
    await until(({ shadowRoot }) => shadowRoot.querySelector('dialog[open]'));
    await nothingFound(`the dialog of ${key}`);
    await page.keyboard.press('Escape');
  }
  await inspector(({ app }) => app.say('something went wrong', true));
  await nothingFound('a message');
  await page.locator('#find').fill('dur>5s');
  await page.getByLabel('hide others').check();
  await page.getByRole('button', { name: 'Show everything' }).waitFor();
  await nothingFound('nothing passes the filters');
});

test('an event, notes, pinned and collapsed tracks, a column of names', async () => {
  await showTrace(site, '/calls.json');
  await inspector(async (element) => {
    await element.select(1);
    element.set({ notes: [{ fromNs: 0, toNs: 0, text: 'here' }] });
    element.view.toggle('pinned', 0);
    element.view.toggle('collapsedProcesses', 1);
  });
  await atRest(page);
  await nothingFound('an event');
  await page.click('#tab-notes');
  await nothingFound('notes');
});

test('rows of each height', async () => {
  for (const rows of [18, 10, 4]) {
    await page.goto('about:blank');
    await showTrace(site, '/calls.json', `#rows=${rows}`);
    await nothingFound(`rows of ${rows} px`);
  }
});

test('an empty page, and one whose trace grows', async () => {
  await page.goto(site.origin);
  await page.getByText('Drop a trace here').waitFor();
  await nothingFound('empty');
  await page.click('text=Start the live demo');
  await until(({ trace }) => trace?.overview.events > 100);
  await page.click('text=● Live');
  await atRest(page);
  await nothingFound('live');
});

test('a phone, and 200 % zoom', async () => {
  for (const [width, height] of [[390, 844], [720, 450]]) {
    await page.setViewportSize({ width, height });
    await page.goto('about:blank');
    await page.goto(site.origin);
    await page.getByText('Drop a trace here').waitFor();
    assert.deepEqual(await violationsOf(page), [], `empty at ${width} px`);
    await showTrace(site, '/calls.json');
    for (const tab of ['overview', 'table', 'tree', 'events', 'selection', 'notes']) {
      await page.click(`#tab-${tab}`);
      await atRest(page);
      assert.deepEqual(await violationsOf(page), [], `${tab} at ${width} px`);
    }
  }
});

test('the person’s own colours', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await showTrace(site, '/calls.json');
  assert.deepEqual(await violationsOf(page), []);
  await page.emulateMedia({ forcedColors: 'none' });
});

test('at 200 % zoom of 1440 × 900 at least eight tracks are seen', async () => {
  await page.setViewportSize({ width: 720, height: 450 });
  await showTrace(site, '/calls.json');
  const seen = () => inspector(({ shadowRoot }) => {
    const root = shadowRoot.querySelector('.timeline > div').shadowRoot;
    const area = root.querySelector('.area').getBoundingClientRect(), bottom = Math.min(area.bottom, innerHeight);
    return Math.floor((bottom - area.top) / 20);
  });
  await soon(async () => (await seen()) >= 8, true);
});

test('what is said anew is spoken anew, once, even in the same words', async () => {
  const same = [0, 1, 2].map((at) => span('read', 1, 1, 1000 * at, 50));
  await site.page.goto(site.origin);
  await inspector(async (element, given) => {
    await element.open(new Blob([given]), 'same.json');
    globalThis.said = [];
    new MutationObserver(() => globalThis.said.push(element.shadowRoot.querySelector('.sr').textContent.trim()))
      .observe(element.shadowRoot.querySelector('.sr'), { characterData: true, childList: true, subtree: true });
  }, JSON.stringify(same));
  await page.locator('ringscope-inspector .area').focus();
  for (const event of [0, 1, 2]) {
    await page.keyboard.press('ArrowRight');
    await soon(() => inspector(({ selected }) => selected?.event), event);
    await soon(() => page.evaluate(() => globalThis.said), Array(event + 1).fill('read, 50.0 µs, thread 1'));
  }
  await inspector(({ app }) => app.say('Link copied.'));
  await page.locator('ringscope-inspector .note').getByText('Link copied.').waitFor();
  const speaking = page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: 'Link copied.' });
  assert.equal(await speaking.count(), 1);
});

test('a note’s removal leaves the focus in its panel', async () => {
  await showTrace(site, '/calls.json');
  await page.keyboard.press('n');
  await page.getByLabel('Remove note 1').press('Enter');
  await soon(() => inspector(({ shadowRoot }) => shadowRoot.activeElement?.id), 'panel');
});

test('rows of Events know their place among all', async () => {
  await showTrace(site, '/calls.json', '#tab=events');
  const events = page.getByRole('table', { name: 'Events' });
  const total = await inspector(({ trace }) => trace.overview.events);
  await soon(() => events.getAttribute('aria-rowcount'), `${total + 1}`);
  await soon(() => events.getByRole('row').evaluateAll((rows) => rows.map((row) => row.ariaRowIndex).join()),
    Array.from({ length: total + 1 }, (_, at) => at + 1).join());
});

test('the timeline keeps its keys from screen readers', async () => {
  await showTrace(site, '/calls.json');
  await page.getByRole('application', { name: 'Timeline' }).waitFor();
});

test('words that stand apart are read apart', async () => {
  await showTrace(site, '/calls.json');
  await page.getByRole('button', { name: 'tracks ▾' }).click();
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  const names = nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => `${role?.value} ${name?.value}`);
  for (const name of ['button outer in thread 10 900 µs', 'menuitemcheckbox High rows 18 px, R for the next'])
    assert.ok(names.includes(name), `${name}, among\n${names.filter((each) => /^(button|menuitem)/.test(each)).join('\n')}`);
});
