/** The command's pages in a browser: `ringscope view` and `ringscope report`, with the page as installed. */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openSite } from '../support/site.js';
import { soon } from '../support/soon.js';
import { nativeProgram } from '../support/paths.js';

const command = nativeProgram('ringscope');
const writer = nativeProgram('tests/writer');
const directory = mkdtempSync(join(tmpdir(), 'ringscope-command-'));
const image = join(directory, 'demo.ring');

/** @type {Awaited<ReturnType<typeof openSite>>} */ let site;
/** @type {import('playwright-core').Page} */ let page;
before(async () => {
  site = await openSite();
  ({ page } = site);
  execFileSync(command, ['demo', '-o', image]);
});
after(async () => {
  await site?.end();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  site.complaints.length = 0;
  site.requests.length = 0;
});

const linesIn = (file) => execFileSync(command, ['events', file, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim().split('\n').map((line) => JSON.parse(line));
const events = (file) => linesIn(file).length;
const shown = () => page.waitForFunction(() => document.querySelector('ringscope-inspector')?.trace?.overview.events);
const overview = () => page.evaluate(() => document.querySelector('ringscope-inspector').trace.overview);

/** The lines of a running program, one at a time. */
function linesOf(program) {
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  return async () => (await lines.next()).value;
}

/** Views a file while `use` works with the address. */
async function viewing(file, use) {
  const view = spawn(command, ['view', file, '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => view.on('exit', resolve));
  try {
    await use(await linesOf(view)());
  } finally {
    view.kill('SIGINT');
  }
  assert.equal(await ended, 0);
}

test('view serves page and trace, to its own address alone', async () => {
  await viewing(image, async (address) => {
    await page.goto(address);
    await shown();
    const { events: count, title } = await overview();
    assert.deepEqual([count, title], [events(image), 'demo.ring']);
    assert.equal(await page.evaluate(() => document.querySelector('ringscope-inspector').trace.live), null);
    const { origin } = new URL(address);
    assert.deepEqual(site.requests.filter((url) => !url.startsWith(origin) && !url.startsWith('data:')), []);
    assert.deepEqual(site.complaints, []);
    await site.shot('view');
  });
});

test('a call that record -k has seen says where in the program it was made', async (t) => {
  const stacks = join(directory, 'stacks.ring');
  const { status, stderr } = spawnSync(command, ['record', '-q', '-k', '-e', 'execve,openat', '-o', stacks, '--', 'true'], { encoding: 'utf8' });
  if (status !== 0) return t.skip(stderr.trim());
  const openat = linesIn(stacks).find(({ name, frames }) => name === 'openat' && frames);
  if (!openat) return t.skip('record -k found no stack here');
  const names = openat.frames.map(({ name, address }) => name || address);
  await viewing(stacks, async (address) => {
    await page.goto(address);
    await shown();
    await page.evaluate(async () => {
      const element = document.querySelector('ringscope-inspector');
      for (let event = 0, name = ''; name !== 'openat'; event++) ({ name } = await element.trace.event(event)), element.select(event);
    });
    await page.getByRole('tab', { name: 'Selection' }).click();
    const frames = page.getByRole('list', { name: 'Called from' }).getByRole('listitem').locator('span:first-child');
    await soon(() => frames.allTextContents(), names);
    assert.deepEqual(site.complaints, []);
  });
});

test('view follows an image while its program writes, and says when it has ended', async (t) => {
  const live = join(directory, 'live.ring');
  const program = spawn(writer, [live], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => program.kill()); // otherwise a failed test would wait for it forever
  const line = linesOf(program);
  await line();
  const write = async (text) => {
    program.stdin.write(`${text}\n`);
    return text === 'quit' ? undefined : line();
  };
  const holds = (count) => page.waitForFunction((wanted) => document.querySelector('ringscope-inspector').trace.overview.events === wanted, count);
  await write('event open first');
  const earlier = events(live);
  await viewing(live, async (address) => {
    await page.goto(address);
    await shown();
    await holds(earlier);
    await write('event open second');
    await write('event close third');
    await holds(earlier + 2);
    assert.ok((await overview()).names.includes('close'));
    await page.click('text=● Live');
    await page.waitForSelector('text=▶ Resume');
    await write('event open fourth');
    await page.click('text=▶ Resume');
    await holds(earlier + 3);
    await write('begin unfinished');
    await holds(earlier + 4);
    const drawn = await page.evaluate(async () => {
      const { trace } = document.querySelector('ringscope-inspector');
      const rows = await trace.rows(0, 1000);
      return rows.filter(({ flags }) => flags & 2).map(({ name, track }) => ({ name, thread: trace.overview.tracks[track].name }));
    });
    assert.deepEqual(drawn, [{ name: 'unfinished', thread: 'writer' }], 'what is open is drawn, on its thread');
    const received = await page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => new URL(name).searchParams.has('cursor')).length);
    assert.deepEqual([page.workers().length, received], [2, 0], 'a worker receives, not the page');
    await write('quit');
    await page.waitForFunction(() => document.querySelector('ringscope-inspector').trace.live === null);
    await soon(() => page.workers().length, 1);
    await holds(earlier + 4);
    await soon(() => page.locator('text=● Live').count(), 0);
    await soon(async () => (await overview()).summary.event_count, earlier + 3);
    assert.deepEqual(site.complaints, []);
    for (const name of ['Save .ring', 'Save JSON']) {
      const [download] = await Promise.all([page.waitForEvent('download'), site.choose('Save', name)]);
      const saved = readFileSync(await download.path());
      if (name === 'Save .ring') assert.deepEqual(saved, readFileSync(live));
      else assert.ok(JSON.parse(saved.toString()).traceEvents.some((event) => event.name === 'close'));
    }
  });
});

/** Opens a report from disk. */
async function openReport(...args) {
  const report = join(directory, 'report.html');
  execFileSync(command, ['report', ...args, '-o', report]);
  await page.goto('about:blank');
  site.requests.length = 0;
  await page.goto(pathToFileURL(report).href);
  await shown();
  return report;
}

test('a report opens from disk, whole, and asks nobody for anything', async () => {
  const report = await openReport(image);
  assert.equal((await overview()).events, events(image));
  const { event_count } = JSON.parse(execFileSync(command, ['summary', image, '--json'], { encoding: 'utf8' }));
  assert.equal((await overview()).summary.event_count, event_count);
  assert.equal(await page.title(), 'demo.ring · ringscope');
  await page.fill('#find', 'open');
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').hits.hits > 0);
  await page.waitForFunction(() => location.hash.includes('open'));
  assert.deepEqual(site.requests.filter((url) => url !== pathToFileURL(report).href && !/^(blob|data):/.test(url)), []);
  assert.deepEqual(site.complaints, []);
  await site.shot('report');
});

test('a report that the page saves opens from disk, at the same view and with its notes', async () => {
  const hostile = join(directory, '<b>"&amp; \'{{script}}.json.gz'), saved = join(directory, 'saved.html');
  const text = JSON.stringify([1, 2, 3].map((ts) => ({ ph: 'X', pid: 1, tid: 1, ts, dur: 1, name: `</script><script>alert(${ts})</script>{{worker}}` })));
  writeFileSync(hostile, gzipSync(text));
  for (const file of [image, hostile]) {
    await viewing(file, async (address) => {
      await page.goto(address);
      await shown();
      await page.evaluate(() => {
        const { app, actions } = document.querySelector('ringscope-inspector');
        app.set({ notes: [{ text: 'here "<b>', fromNs: 1000, toNs: 2000 }] });
        actions.select(0);
      });
      const [download] = await Promise.all([page.waitForEvent('download'), site.choose('Save', 'Save report')]);
      assert.equal(download.suggestedFilename().endsWith('.html'), true);
      await download.saveAs(saved);
      assert.deepEqual(site.complaints, []);
    });
    assert.ok(!readFileSync(saved, 'utf8').includes('alert('));
    site.requests.length = 0;
    await page.goto('about:blank');
    await page.goto(pathToFileURL(saved).href);
    await shown();
    assert.equal((await overview()).events, events(file));
    assert.equal(await page.title(), `${basename(file)} · ringscope`);
    assert.deepEqual(await page.evaluate(() => document.querySelector('ringscope-inspector').settings.notes), [{ text: 'here "<b>', fromNs: 1000, toNs: 2000 }]);
    assert.equal(await page.evaluate(() => document.querySelector('ringscope-inspector').message), null);
    assert.deepEqual(site.requests.filter((url) => url.split('#')[0] !== pathToFileURL(saved).href && !/^(blob|data):/.test(url)), []);
    assert.deepEqual(site.complaints, []);
  }
  await site.shot('saved_report');
});

test('a read of a pipe waits, one of a file does not: the recorder says which is which', async (t) => {
  const pipe = join(directory, 'pipe.ring');
  const { status, stderr } = spawnSync(command, ['record', '-q', '-e', 'read', '-o', pipe, '--', 'sh', '-c', 'sleep 0.2 | cat; cat /etc/passwd'], { encoding: 'utf8' });
  if (status !== 0) return t.skip(stderr.trim());
  await openReport(pipe);
  const bars = async (name) => (await page.getByRole('region', { name, exact: true }).getByRole('listitem').allInnerTexts()).map((text) => text.trim().split(/\s/)[0]);
  await soon(() => bars('Longest waits'), ['read']);
  await soon(() => bars('Where the time went'), ['read', 'read']);
  const words = await page.getByRole('region', { name: 'Where the time went' }).getByRole('button').evaluateAll((all) => all.map(({ title }) => title.split(':')[0]));
  assert.deepEqual(words.filter(Boolean), ['waiting', 'working']);
  const longest = await page.evaluate(async () => {
    const { trace } = document.querySelector('ringscope-inspector');
    const rows = await trace.statistics(0, trace.overview.durationNs + 1, 'work');
    return Promise.all(rows.map(async ({ key, longest }) => [key % 2, (await trace.event(longest)).detail.includes('<pipe ')]));
  });
  assert.deepEqual(longest.sort(), [[0, false], [1, true]]);
});

test('a wait for a child was ended by the child\'s end', async (t) => {
  const waited = join(directory, 'waited.ring');
  const { status, stderr } = spawnSync(command, ['record', '-q', '-o', waited, '--', 'sh', '-c', '(sleep 0.2); :'], { encoding: 'utf8' });
  if (status !== 0) return t.skip(stderr.trim());
  await openReport(waited);
  await page.getByRole('region', { name: 'Longest waits' }).getByRole('button', { name: /^wait4/ }).click();
  await page.getByRole('button', { name: 'exit in sleep' }).click();
  await page.waitForFunction(() => document.querySelector('ringscope-inspector').selected?.name === 'exit');
  assert.deepEqual(site.complaints, []);
});

test('a process that computes between its calls is as busy as its end says', async (t) => {
  const computing = join(directory, 'computing.ring');
  const { status, stderr } = spawnSync(command, ['record', '-q', '-o', computing, '--', 'sh', '-c', '(i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done); :'], { encoding: 'utf8' });
  if (status !== 0) return t.skip(stderr.trim());
  const ends = linesIn(computing).flatMap(({ name, pid, arguments: given }) => (name === 'exit' && given ? [[pid, JSON.parse(given).cpu_ns ?? 0]] : []));
  const [pid, longest] = ends.reduce((most, end) => (end[1] > most[1] ? end : most));
  await openReport(computing);
  const first = page.getByRole('region', { name: 'Busiest processes' }).getByRole('listitem').first();
  await first.getByText(`sh ${pid}`).waitFor();
  const { formatDuration } = await import('../../web/inspector/timeline/format.js');
  await first.getByText(formatDuration(longest), { exact: true }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('of a function, the selection says where it begins in its source', async (t) => {
  const libraries = nativeProgram('');
  if (!existsSync(join(libraries, 'libringscope_functions.so'))) return t.skip('libringscope_functions is not built');
  const [source, program, functions] = ['draw.c', 'draw', 'functions.ring'].map((name) => join(directory, name));
  writeFileSync(source, '\nint draw(void) { return 7; }\n\nint main(void)\n{\n    return draw() - 7;\n}\n');
  execFileSync('cc', ['-g', '-finstrument-functions', source, '-o', program, `-L${libraries}`, '-lringscope_functions', '-lringscope', `-Wl,-rpath,${libraries}`]);
  execFileSync(program, { env: { ...process.env, RINGSCOPE: `${functions},events=1000` } });
  await openReport(functions);
  await page.evaluate(async () => {
    const element = document.querySelector('ringscope-inspector');
    const [drawn] = (await element.trace.rows(0, 10)).filter(({ name }) => name === 'draw');
    element.actions.select(drawn.event);
  });
  await page.getByText(`${source}:2`, { exact: true }).waitFor();
  assert.deepEqual(site.complaints, []);
});

test('samples are counted beside the calls, not among them', async () => {
  const file = join(directory, 'sampled.ring');
  const told = ['sample deflate', 'sample deflate', 'sample deflate', 'sample crc', 'sample read', 'sample read', 'sample read', 'sample read', 'sample read', 'sample read', 'span read 2', 'span poll 3', 'quit'].join('\n');
  execFileSync(writer, [file], { input: `${told}\n` });
  await openReport(file);
  const bars = async (name) => (await page.getByRole('region', { name, exact: true }).getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  await soon(() => bars('Slowest'), ['read in worker 8 2.00 ms']);
  await soon(() => bars('Where the time went'), ['read 2.00 ms', 'poll 1.00 ms']);
  await soon(() => bars('Sampled functions'), ['read 3.50 ms', 'deflate 1.50 ms', 'crc 500 µs']);
  await page.locator('#tab-tree').click();
  await page.getByRole('radio', { name: 'table' }).click();
  const rows = async () => (await page.getByRole('treegrid').getByRole('row').allInnerTexts()).slice(1).map((text) => text.replace('▾', '').split(/\s+/).filter(Boolean)[0]).sort();
  await soon(rows, ['poll', 'read']);
  await page.getByRole('radio', { name: 'samples' }).click();
  await soon(rows, ['crc', 'deflate', 'main', 'read']);
  assert.deepEqual(site.complaints, []);
});

test('a report of another tool\'s trace, compressed or not, whose texts and name would end a script', async () => {
  const name = join(directory, '<b>"&.json');
  const text = '[{"ph":"X","ts":1,"dur":9,"pid":1,"tid":1,"cat":"c","name":"</script><script>alert(1)</script>"}]';
  for (const bytes of [Buffer.from(text), gzipSync(text)]) {
    writeFileSync(name, bytes);
    const report = await openReport(name);
    assert.deepEqual((await overview()).names, ['</script><script>alert(1)</script>']);
    assert.equal((await overview()).title, '<b>"&.json');
    assert.ok(!readFileSync(report, 'utf8').includes('alert(1)'));
    assert.deepEqual(site.complaints, []);
  }
});
