/** ringscope/auto in a page: the inspector opens over it where its address asks for it, and shows the calls. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { bundle } from '../web/site/bundle.js';
import { launch, serve } from './support/browser.js';
import { inPackage, inProject } from './support/paths.js';

const PACKAGE = 'build/overlay'; // below what is served
const INSPECTOR = ['inspector.js', 'worker.js', 'timeline.wasm'];
// (module (import "env" "ask" (func $ask (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call $ask (local.get 0))))
const ASKS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110,
  0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11];

async function openPage(t, address) {
  rmSync(inProject(PACKAGE), { recursive: true, force: true });
  cpSync(inPackage('.'), inProject(PACKAGE), { recursive: true, filter: (path) => !/\/(inspector|site)$/.test(path) });
  mkdirSync(inProject(`${PACKAGE}/inspector`));
  for (const file of INSPECTOR) cpSync(inPackage(`site/${file}`), inProject(`${PACKAGE}/inspector/${file}`));
  await bundle(inProject(PACKAGE));
  const { origin, close } = await serve();
  t.after(close);
  const { page, end } = await launch();
  t.after(end);
  await page.goto(`${origin}${address}`);
  return page;
}

/** Imports it, and at once, before anything can have been loaded, asks from within a module. */
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
