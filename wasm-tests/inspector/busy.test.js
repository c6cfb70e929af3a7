/** Processor time of processes: beside their names, as an order of the tracks, and while a trace grows. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { inElement, showTrace } from '../support/page.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { Tracer } from '../support/tracer.js';
import { workOf } from '../../web/inspector/trace/worked.js';

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;

/** In ms: 1 works for 10 of 100, 2 for 50, of which its child 3 works for 30; 4 only waits. */
const span = (name, pid, ts, dur) => ({ ph: 'X', cat: 'c', name, pid, tid: pid, ts: ts * 1000, dur: dur * 1000 });
const CALLS = [span('read', 1, 0, 10), span('read', 2, 0, 20), span('poll', 2, 20, 60), span('read', 2, 80, 20), span('read', 3, 10, 5), span('poll', 4, 0, 100), { ph: 'M', name: 'thread_name', pid: 2, tid: 2, args: { name: 'worker' } }];

/** A build: little room is left beside a number of seven digits. */
const LONG = [1, 2].flatMap((pid) => [span('read', pid * 1000000, 0, 10), span('poll', pid * 1000000, 10, 990), { ph: 'M', name: 'process_name', pid: pid * 1000000, args: { name: 'make: make all SYSCFLAGS=-DLUA_USE_LINUX' } }]);

/** In ms, as record --sched shows it: 7 is in write for 80, but ran for 16 in total, 6 of them between its calls; 8 was
 * runnable. */
async function sliced() {
  const tracer = await Tracer.load({ capacityEvents: 64 });
  tracer.enable();
  const record = (pid, category, name, timestamp, duration, more = {}) => tracer.record({ category, name, pid, timestamp: 1 + timestamp, duration, ...more });
  const slice = (pid, name, timestamp, duration, detail) => record(pid, 'SCHEDULER', name, timestamp, duration, { async_id: pid, detail });
  record(7, 'FILE', 'write', 0, 80);
  record(7, 'FILE', 'read', 90, 10);
  slice(7, 'running', 0, 10, 'CPU 0');
  slice(7, 'waiting', 10, 72, 'in write, woken by 8');
  slice(7, 'running', 82, 6, 'CPU 1');
  slice(7, 'runnable', 88, 12, 'preempted');
  record(8, 'FILE', 'read', 0, 100);
  slice(8, 'runnable', 0, 50, 'preempted');
  slice(8, 'running', 50, 50, 'CPU 0');
  const image = tracer.save();
  tracer.dispose();
  return image;
}

before(async () => {
  site = await openSite({ '/calls.json': Buffer.from(JSON.stringify(CALLS)), '/slices.ring': await sliced(), '/long.json': Buffer.from(JSON.stringify(LONG)) });
  ({ page } = site);
});
after(() => site?.end());
beforeEach(async () => {
  site.complaints.length = 0;
  await page.goto('about:blank');
});

const card = (/** @type {string} */ name) => page.getByRole('region', { name, exact: true });
const bars = async (/** @type {string} */ name) => (await card(name).getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
const listed = async (/** @type {string} */ name) => (await page.getByRole('list', { name, exact: true }).getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
/** The labels beside the tracks, from top to bottom. */
const labels = () => inElement(page, ({ shadowRoot }) => {
  const all = [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label')];
  const top = (label) => label.getBoundingClientRect().top;
  return all.sort((a, b) => top(a) - top(b)).map((label) => [...label.querySelectorAll('.id')].map(({ textContent }) => textContent).join(' ').trim());
});

test('the busiest processes come first on demand, with their shares of the time', async () => {
  await showTrace(site, '/calls.json');
  await soon(labels, ['1 busy 10 %', '2 busy 40 %', '3 busy 5 %', '4']);
  await page.getByLabel('sort').selectOption('busy time');
  await soon(labels, ['2 busy 40 %', '1 busy 10 %', '3 busy 5 %', '4']);
  await soon(() => page.evaluate(() => location.hash.includes('order=busy')), true);
  await page.getByLabel('sort').selectOption('start');
  await soon(labels, ['1 busy 10 %', '2 busy 40 %', '3 busy 5 %', '4']);
  await soon(() => bars('Busiest processes'), ['worker 2 40.0 ms', 'process 1 10.0 ms', 'process 3 5.00 ms']);
  assert.deepEqual(site.complaints, []);
});

test('a long command line gives way to the number and to how busy the process was', async () => {
  await showTrace(site, '/long.json');
  await soon(labels, ['1000000 busy 1 %', '2000000 busy 1 %']);
  const hidden = await inElement(page, ({ shadowRoot }) => [...shadowRoot.querySelector('.timeline > div').shadowRoot.querySelectorAll('.label')]
    .filter((label) => label.querySelector('.busy').getBoundingClientRect().top >= label.querySelector('.name').getBoundingClientRect().bottom).length);
  assert.equal(hidden, 0);
});

test('one thread is never busier than its process lived', async () => {
  await showTrace(site, '/calls.json');
  await soon(labels, ['1 busy 10 %', '2 busy 40 %', '3 busy 5 %', '4']);
  await inElement(page, ({ trace, view }) => {
    Object.assign(trace.overview.processes[0], { startNs: 0, endNs: 9e6 });
    view.refresh();
  });
  await soon(async () => (await labels())[0], '1 busy 100 %');
});

test('the end of a process that lived in the trace says how long it ran; a thread\'s end and that of an older process do not', () => {
  const processes = [-10, 0, NaN, 0, -20].map((startNs, at) => ({ startNs, endNs: at === 3 ? NaN : 100, firstTrack: at, tracks: 1 }));
  const tracks = processes.map((_, process) => ({ process, firstRow: 2 * process, rows: 1, ticks: 1 }));
  const lists = { names: ['read', 'exit'], categories: [], beginNs: 0, processes, tracks };
  const nodes = tracks.map((_, track) => ({ parent: -1, track, name: 0, count: 1, selfNs: 5 + track, waitNs: 0, longest: track }));
  const ends = { 1: { cpu_ns: 80 }, 2: { thread_cpu_ns: 70 }, 4: { cpu_ns: 60 }, 6: { cpu_ns: 50 }, 8: { cpu_ns: 40 } }; // by row
  const eventAt = (row, timeNs) => (timeNs === 100 && ends[row] ? { event: 10 + row, arguments: ends[row] } : null);
  const { keys, ns, longest, words } = workOf(nodes, lists, 'process', eventAt);
  assert.deepEqual([[...keys], [...ns], [...longest]], [[0, 1, 2, 3, 4], [80, 6, 7, 8, 9], [11, 1, 2, 3, 4]]);
  assert.equal(words, 'on processors; of a process whose end does not say that, in calls that do not wait; between calls it is unknown');
  assert.deepEqual([...workOf(nodes, lists, 'thread', eventAt).ns], [5, 6, 7, 8, 9]);
});

test('where the scheduler says who ran, that counts, and no time is counted twice', async () => {
  await showTrace(site, '/slices.ring', '#order=busy');
  await soon(labels, ['8 busy 50 %', '7 busy 16 %']);
  await soon(() => bars('Busiest processes'), ['process 8 50.0 ms', 'process 7 16.0 ms']);
  await soon(() => bars('Slowest'), ['read in thread 8 100 ms', 'write in thread 7 80.0 ms']);
  await soon(() => bars('Where the time went'), ['read 110 ms', 'write 80.0 ms']);
  const said = (await card('Where the time went').innerText()).replaceAll(/\s+/g, ' ');
  for (const part of ['72.0 ms waiting', '66.0 ms running', '62.0 ms runnable']) assert.ok(said.includes(part), said);
  assert.equal(await card('Longest waits').count(), 0);
  assert.deepEqual(site.complaints, []);
});

test('the scheduler\'s states are not among the calls of the tree, and a table of threads says that they are beside them', async () => {
  await showTrace(site, '/slices.ring', '#tab=tree&table');
  const cells = async () => (await page.getByRole('treegrid').getByRole('row').allInnerTexts()).slice(1).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  await soon(cells, ['read 2 0 110 ms 110 ms 55.0 ms', 'write 1 0 80.0 ms 80.0 ms 80.0 ms']);
  await page.locator('#tab-table').click();
  await page.getByLabel('Rows of the table').selectOption('thread');
  await page.getByText('Times are those of the calls and of the scheduler’s states, which run beside them.').waitFor();
  assert.deepEqual(site.complaints, []);
});

test('of a gap between calls the scheduler says whether the thread ran, could run, or waited', async () => {
  await showTrace(site, '/slices.ring');
  await soon(() => bars('Longest gaps'), ['thread 7 10.0 ms']);
  await card('Longest gaps').getByRole('button').click();
  const gap = page.getByRole('region', { name: 'Gap' });
  await soon(async () => (await gap.locator('p').nth(1).innerText()).replaceAll(/\s+/g, ' '),
    'Scheduler: 6.00 ms running (CPU 1), 2.00 ms waiting (in write, woken by 8), 2.00 ms runnable (preempted).');
  await soon(() => listed('What others did meanwhile'), ['thread 8 10.0 ms']);
  await gap.getByRole('button', { name: 'waiting' }).click();
  await soon(() => inElement(page, ({ selected }) => [selected?.name, selected?.durationNs]), ['waiting', 72e6]);
  // 8 is in a call for all of the 72 ms, but runs for 32 of them
  await soon(() => listed('Meanwhile'), ['thread 8 32.0 ms']);
  await page.getByText('Each thread’s time on processors.').waitFor();
  assert.deepEqual(site.complaints, []);
});

test('a trace that grows has its busiest processes and longest gaps, too', async () => {
  await page.goto(site.origin);
  await page.getByRole('button', { name: 'Start the live demo' }).click();
  const isLive = () => inElement(page, ({ trace }) => Boolean(trace?.live && !trace.live.paused));
  await soon(async () => (await isLive()) && (await bars('Busiest processes')).length > 0 && (await bars('Longest gaps')).length > 0, true);
  assert.deepEqual(site.complaints, []);
});
