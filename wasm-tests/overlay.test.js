/** ringscope/auto in a page: the inspector opens over the page if its address asks for it, and shows the calls. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { bundle } from '../web/site/bundle.js';
import { launch, serve } from './support/browser.js';
import { inPackage, inProject } from './support/paths.js';
import { soon } from './support/soon.js';

const PACKAGE = 'build/overlay'; // below the served folder
const INSPECTOR = ['inspector.js', 'worker.js', 'timeline.wasm'];
// (module (import "env" "ask" (func $ask (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call $ask (local.get 0))))
const ASKS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110,
  0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11];

before(async () => {
  rmSync(inProject(PACKAGE), { recursive: true, force: true });
  cpSync(inPackage('.'), inProject(PACKAGE), { recursive: true, filter: (path) => !/\/(inspector|site)$/.test(path) });
  mkdirSync(inProject(`${PACKAGE}/inspector`));
  for (const file of INSPECTOR) cpSync(inPackage(`site/${file}`), inProject(`${PACKAGE}/inspector/${file}`));
  await bundle(inProject(PACKAGE));
});

/** @param {{ isolated?: boolean }} [options] */
async function openPage(t, address, options) {
  const { origin, close } = await serve(options);
  t.after(close);
  const { page, end } = await launch();
  t.after(end);
  await page.goto(`${origin}${address}`);
  return page;
}

/** Imports it, and immediately, before anything can have been loaded, makes a call from within a module. */
const importAndAsk = async ([url, bytes]) => {
  const { tracer } = await import(url);
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), { env: { ask: (n) => n + 1 } }).exports;
  run(1);
  run(2);
  return tracer.stats().ask.count;
};
const given = [`/${PACKAGE}/bundled/auto.js`, ASKS];

test('with ?ringscope the inspector shows the calls; without, the page is as it was', async (t) => {
  const page = await openPage(t, '/?ringscope');
  assert.equal(await page.evaluate(importAndAsk, given), 2);
  await page.waitForFunction(() => document.querySelector('ringscope-inspector')?.shown === 2);
  const { y, height } = await page.locator('ringscope-inspector').boundingBox();
  const { innerHeight } = await page.evaluate(() => ({ innerHeight }));
  assert.deepEqual([Math.round(y), Math.round(y + height)], [Math.round(innerHeight / 2), innerHeight]);
  await page.goto(page.url().replace('?ringscope', ''));
  assert.equal(await page.evaluate(importAndAsk, given), 2);
  assert.equal(await page.evaluate(() => document.querySelectorAll('ringscope-inspector').length), 0);
});

const AUTO = `/${PACKAGE}/bundled/auto.js`;
const asking = `const ask = () => { const { run } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(${JSON.stringify(ASKS)})), { env: { ask: (n) => n + 1 } }).exports; run(1); };`;
/** Workers by file: from a module, from a script, one that starts another, one that ends itself, and one that does not
 * take part. */
const WORKERS = {
  'module.js': `import '${AUTO}'; ${asking} ask(); postMessage('done');`,
  'script.js': `${asking} import('${AUTO}').then(() => { ask(); ask(); postMessage('done'); });`,
  'outer.js': `import '${AUTO}'; ${asking} ask(); const inner = new Worker('inner.js', { type: 'module' }); inner.onmessage = () => postMessage('done');`,
  'inner.js': `import '${AUTO}'; ${asking} ask(); ask(); ask(); postMessage('done');`,
  'closing.js': `import '${AUTO}'; ${asking} ask(); onmessage = () => { ask(); close(); };  postMessage('done');`,
  'other.js': "postMessage('done');",
};

/** Starts all of them; returns what each reported to the page, once the page has heard from all. */
const makeWorkers = async ([url, folder, files]) => {
  const { save } = await import(url), said = {};
  const made = (file) => new Promise((resolve) => {
    const worker = new Worker(`${folder}/${file}#x`, file === 'script.js' ? {} : { type: 'module', name: file === 'module.js' ? 'decoder' : '' });
    worker.onmessage = ({ data }) => {
      (said[file] ??= []).push(data);
      resolve(worker);
    };
  });
  const workers = await Promise.all(files.map(made));
  Object.assign(globalThis, { workers, save });
  return said;
};

/** The number of calls of each thread, in the page's saved trace. */
const callsByThread = async (url) => {
  const { Tracer } = await import(url), image = await Tracer.open(await globalThis.save());
  const { track, trackOf } = image.columns(), calls = {};
  for (const id of track) calls[trackOf(id).name] = (calls[trackOf(id).name] ?? 0) + 1;
  const { count } = image.stats().ask;
  image.dispose();
  return { calls, count };
};

for (const isolated of [true, false]) {
  test(`a page and its workers are one trace, ${isolated ? 'in memory that it sees' : 'as they say when they are asked'}`, async (t) => {
    const page = await openPage(t, '/?ringscope', { isolated });
    for (const [file, text] of Object.entries(WORKERS)) writeFileSync(inProject(`${PACKAGE}/${file}`), text);
    assert.equal(await page.evaluate(importAndAsk, given), 2);
    const files = Object.keys(WORKERS).filter((file) => file !== 'inner.js');
    const said = await page.evaluate(makeWorkers, [AUTO, `/${PACKAGE}`, files]);
    assert.deepEqual(said, Object.fromEntries(files.map((file) => [file, ['done']])), 'the page hears what its workers say, and nothing else');
    const read = () => page.evaluate(callsByThread, `/${PACKAGE}/ringscope.js`);
    const expected = { page: 2, decoder: 1, 'script.js': 2, 'outer.js': 1, 'inner.js': 3, 'closing.js': 1 };
    await soon(read, { calls: expected, count: 10 });
    await page.evaluate(() => globalThis.workers.forEach((worker) => worker.postMessage('close')));
    await soon(read, { calls: { ...expected, 'closing.js': 2 }, count: 11 });
    await page.waitForFunction(() => document.querySelector('ringscope-inspector')?.shown === 11);
  });
}

test('what a worker does that never comes to rest is seen in memory that is shared', async (t) => {
  const page = await openPage(t, '/', { isolated: true });
  const text = `import '${AUTO}'; ${asking} ask(); onmessage = () => { ask(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }; postMessage('done');`;
  writeFileSync(inProject(`${PACKAGE}/waiting.js`), text);
  assert.equal(await page.evaluate(importAndAsk, given), 2);
  await page.evaluate(makeWorkers, [AUTO, `/${PACKAGE}`, ['waiting.js']]);
  const read = async () => (await page.evaluate(callsByThread, `/${PACKAGE}/ringscope.js`)).calls['waiting.js'];
  await soon(read, 1);
  await page.evaluate(() => globalThis.workers[0].postMessage('wait'));
  await soon(read, 2);
});
