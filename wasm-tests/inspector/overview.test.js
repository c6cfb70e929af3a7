/** The answers on the page's overview: who worked most, where nothing ran; and lines too long for their place. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement } from '../support/page.js';
import { atRest } from '../support/rest.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
const COMMAND = 'cc1: /usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet -imultiarch x86_64-linux-gnu f1.c -dumpbase f1.c -O2';
const CATEGORIES = 16;

const span = (/** @type {string} */ name, pid, ts, dur, more = {}) => ({ ph: 'X', cat: `category ${pid % CATEGORIES}`, name, pid, tid: pid, ts, dur, ...more });
/** 11 works for 30 us in two spans with a gap of 40; 12 waits for 90 and works for 20, half of it in a nested call. */
const events = [
  { ph: 'M', name: 'process_name', pid: 12, args: { name: COMMAND } },
  span('load', 11, 0, 10), span('load', 11, 50, 20),
  span('poll', 12, 0, 90), span('parse', 12, 90, 20), span('read', 12, 95, 10),
  ...Array.from({ length: CATEGORIES }, (_, at) => span('blip', 100 + at, 100, 1)),
];

before(async () => {
  site = await openSite({ '/busy.json': new TextEncoder().encode(JSON.stringify({ traceEvents: events })) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
  await page.goto(`${site.origin}/?trace=/busy.json`);
  await page.locator('ringscope-inspector .card').first().waitFor();
  await atRest(page);
});

const card = (/** @type {string} */ name) => page.getByRole('region', { name, exact: true });
/** Names and values of a card's bars. @param {string} name @param {number} count */
const bars = async (name, count) =>
  (await card(name).getByRole('button').allInnerTexts()).slice(0, count).map((text) => text.replaceAll(/\s+/g, ' ').trim());

test('the busiest processes are those that work, not those that wait', async () => {
  await soon(() => bars('Busiest processes', 2), ['process 11 30.0 µs', 'cc1 -quiet -imultiarch x86_64-linux-gnu f1.c -dumpbase f1.c -O2 12 20.0 µs']);
  await card('Busiest processes').getByRole('button').first().click();
  await soon(() => page.inputValue('#find'), 'pid:11');
  assert.deepEqual(site.complaints, []);
});

test('of calls inside each other that last about as long, the slowest is the innermost', async () => {
  const stack = [['main', 0, 100], ['run', 0, 100], ['work', 10, 80], ['part', 20, 30], ['other', 200, 60]];
  const text = JSON.stringify(stack.map(([name, ts, dur]) => span(name, 11, ts, dur)));
  await inElement(page, (element, given) => element.open(new Blob([given]), 'stack.json'), text);
  await soon(() => bars('Slowest', 9), ['work in thread 11 80.0 µs', 'other in thread 11 60.0 µs', 'part in thread 11 30.0 µs']);
  assert.deepEqual(site.complaints, []);
});

test('the longest gap is shown with its ends by a click', async () => {
  await soon(() => bars('Longest gaps', 9), ['thread 11 40.0 µs']);
  await card('Longest gaps').getByRole('button').click();
  await soon(() => inElement(page, ({ range }) => range), { fromNs: 10_000, toNs: 50_000 });
  assert.deepEqual(site.complaints, []);
});

test('a command gives way to the right, and is whole in its tooltip', async () => {
  const label = page.locator('ringscope-inspector .label').filter({ hasText: 'cc1' });
  await soon(() => label.locator('.name').getAttribute('title'), `${COMMAND} 12`);
  await soon(() => label.evaluate((element) => {
    const name = element.querySelector('.text'), program = element.querySelector('b');
    const weight = (/** @type {any} */ of) => Number(getComputedStyle(of).fontWeight);
    return { program: program?.textContent, isSeen: Number(program?.getBoundingClientRect().right) < Number(name?.getBoundingClientRect().right), bolder: weight(program) > weight(name) };
  }), { program: 'cc1', isSeen: true, bolder: true });
});

test('chips that have no room are counted, and come into sight by a click', async () => {
  const beyond = () => inElement(page, ({ shadowRoot }) => {
    const line = shadowRoot.querySelector('.chips'), button = line.nextElementSibling;
    const edge = button.hidden ? line.getBoundingClientRect().right + 2 : button.getBoundingClientRect().left;
    const cut = [...line.children].filter((chip) => chip.getBoundingClientRect().right > edge).length;
    return [cut > 0, button.hidden ? '' : button.textContent === `+${cut}`];
  });
  await soon(beyond, [true, true]);
  const click = () => inElement(page, ({ shadowRoot }) => shadowRoot.querySelector('.chip-line > button:not([hidden])')?.click());
  await soon(async () => { // it goes as soon as nothing is beyond, perhaps between a look and a click
    await click();
    return beyond();
  }, [false, '']);
});

test('a file that is cut off says so at once, and what to do', async () => {
  await inElement(page, (element) => element.open(new Blob(['[{"ph":"X","pid":1,"tid":1,"ts":0,"dur":5,"name":"whole"},{"ph":"X","pid":1,"ti']), 'cut.json'));
  await page.getByRole('status').filter({ hasText: /The file is cut off.*The part before that is shown; to see the rest, save or copy the whole file again/ }).waitFor();
  assert.equal(await inElement(page, ({ trace }) => trace.overview.events), 1);
});
