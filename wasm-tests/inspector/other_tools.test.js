/** Other tools' traces can be opened here, and ours can be opened by them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../support/browser.js';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { serveSpeedscope } from '../support/speedscope.js';
import { ToyKernel } from '../support/tracer.js';

const directory = mkdtempSync(join(tmpdir(), 'ringscope-tools-'));
/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
before(async () => {
  site = await openSite();
});
after(async () => {
  await site?.end();
  rmSync(directory, { recursive: true });
});

/** Records a busy page with Chromium's own tracing. */
async function recordChromium() {
  const { page, end } = await launch();
  const session = await page.context().newCDPSession(page);
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['*', 'disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'v8', 'blink.user_timing'] } });
  await page.setContent('<h1>busy</h1>');
  await page.evaluate(async () => {
    performance.mark('begin');
    for (let i = 0; i < 20; i++) {
      document.body.append(`line ${i}`);
      console.time(`step ${i}`);
      await new Promise(requestAnimationFrame);
      console.timeEnd(`step ${i}`);
    }
    performance.measure('all of it', 'begin');
  });
  await session.send('Tracing.end');
  await complete;
  await end();
  return events;
}

/** The number of events to be shown, counted independently. */
function countEvents(events) {
  const open = new Map(), counts = { shown: 0, unended: 0, unmatched: 0 };
  const pile = ({ ph, pid, tid, cat, id, id2, scope }) => ('BE'.includes(ph) ? `${pid} ${tid}` : `${cat} ${id ?? JSON.stringify(id2)} ${scope} ${id2?.local ? pid : ''}`);
  for (const event of events) {
    const { ph, args } = event;
    if ('XiInR'.includes(ph)) counts.shown++;
    if (ph === 'C') counts.shown += Object.values(args).filter((value) => typeof value === 'number').length;
    if (!'BEbe'.includes(ph)) continue;
    const key = pile(event), before_ = open.get(key) ?? 0;
    if ('Bb'.includes(ph)) open.set(key, before_ + 1);
    else if (before_ === 0) counts.unmatched++;
    else {
      open.set(key, before_ - 1);
      counts.shown++;
    }
  }
  for (const left of open.values()) counts.unended += left;
  return { ...counts, shown: counts.shown + counts.unended };
}

/** Opens a file in the page, and waits until it is loaded. */
async function openFile(name, text) {
  const path = join(directory, name);
  writeFileSync(path, text);
  const { page, origin } = site;
  await page.goto(origin);
  await page.waitForSelector('text=Drop a trace here');
  await page.setInputFiles('#file', path);
  await page.waitForFunction((title) => document.querySelector('ringscope-inspector').trace?.overview.title === title, name);
  return page.evaluate(() => document.querySelector('ringscope-inspector').trace.overview);
}

test('a trace that Chromium recorded has all of its events', async () => {
  const events = await recordChromium();
  const expected = countEvents(events);
  assert.ok(expected.shown > 1000, `${expected.shown} events were recorded`);
  for (const phase of 'XbeM') assert.ok(events.some(({ ph }) => ph === phase), `nothing of phase ${phase} was recorded`);
  for (const [name, text] of [['object.json', JSON.stringify({ traceEvents: events, metadata: { source: 'a test' } })], ['array.json', JSON.stringify(events).slice(0, -1)]]) {
    const overview = await openFile(name, text);
    assert.equal(overview.events, expected.shown);
    const threads = new Set(events.filter(({ ph }) => 'XB'.includes(ph)).map(({ pid, tid }) => `${pid} ${tid}`));
    const tracks = new Set(overview.tracks.map(({ pid, tid }) => `${pid} ${tid}`));
    assert.deepEqual([...threads].filter((thread) => !tracks.has(thread)), []);
    const named = events.find(({ ph, name: kind }) => ph === 'M' && kind === 'thread_name');
    assert.ok(overview.tracks.some(({ name: thread }) => thread === named.args.name));
    if (name === 'object.json') await site.shot('chromium');
  }
});

test('speedscope opens what is exported for it, each thread with its spans', async () => {
  const kernel = await ToyKernel.boot({ seed: 1, capacityEvents: 20000 });
  kernel.tracer.enable();
  while (kernel.step());
  const path = join(directory, 'toy.json');
  const text = kernel.tracer.export('chrome');
  writeFileSync(path, text);
  const withSpans = new Set(JSON.parse(text).traceEvents.filter(({ ph }) => ph === 'X').map(({ pid, tid }) => `${pid} ${tid}`));
  kernel.dispose();
  const speedscope = await serveSpeedscope();
  const { page, end } = await launch({ viewport: { width: 1280, height: 800 } });
  try {
    await page.goto(speedscope.origin);
    await page.waitForSelector('input[type=file]', { state: 'attached' });
    await page.setInputFiles('input[type=file]', path);
    await page.waitForFunction(() => document.title === 'toy.json - speedscope');
    await soon(async () => Number(/\(1\/(\d+)\)/.exec(await page.innerText('body'))?.[1]), withSpans.size);
  } finally {
    await end();
    speedscope.close();
  }
});
