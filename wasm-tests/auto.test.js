/** ringscope/auto: one import, and every module of a program, or of a page, is traced. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../web/site/bundle.js';
import { inPackage } from './support/paths.js';
import { Tracer } from './support/tracer.js';

// (module (import "env" "ask" (func $ask (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call $ask (local.get 0))))
const ASKS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 114, 117, 110,
  0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11];
const PROGRAM = `
import { Worker, isMainThread } from 'node:worker_threads';
const module = new WebAssembly.Module(Uint8Array.from(${JSON.stringify(ASKS)}));
const { run } = new WebAssembly.Instance(module, { env: { ask: (n) => n + 1 } }).exports;
for (let i = 0; i < (isMainThread ? 3 : 2); i++) console.log(run(i));
if (isMainThread && process.argv.includes('worker')) new Worker(new URL(import.meta.url));
`;
let directory, auto, program;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-auto-'));
  const web = join(directory, 'web');
  cpSync(inPackage('.'), web, { recursive: true, filter: (path) => !/\/(inspector|site)$/.test(path) });
  await bundle(web);
  auto = pathToFileURL(join(web, 'bundled/auto.js')).href;
  program = join(directory, 'program.mjs');
  writeFileSync(program, PROGRAM);
});
after(() => rmSync(directory, { recursive: true }));

/** @param {string[]} args @param {string} [RINGSCOPE] */
function node(args, RINGSCOPE = '') {
  return promisify(execFile)(process.execPath, args, { env: { ...process.env, RINGSCOPE }, cwd: directory });
}

async function open(t, name) {
  const image = await Tracer.open(readFileSync(join(directory, name)));
  t.after(() => image.dispose());
  return image;
}

test('a program that is started with it prints its calls when it ends, and nothing else is different', async () => {
  const { stdout, stderr } = await node(['--import', auto, program]);
  assert.equal(stdout, '1\n2\n3\n');
  assert.match(stderr, /\n--- Calls ---\n.*\nask +3 +0 [^\n]*\n$/);
});

test('modules that are imported after it are traced from their first line', async () => {
  writeFileSync(join(directory, 'first.mjs'), `import { tracer } from ${JSON.stringify(auto)}; import './program.mjs'; console.log(tracer.stats().ask.count);`);
  assert.match((await node([join(directory, 'first.mjs')])).stdout, /^1\n2\n3\n3\n$/);
});

test('RINGSCOPE names the file, and mistakes are told', async (t) => {
  const { stderr } = await node(['--import', auto, program], 'app.ring,events=10,depth=3');
  assert.match(stderr, /^ringscope: RINGSCOPE: depth=3 has no meaning.*\n$/);
  assert.equal((await open(t, 'app.ring')).stats().ask.count, 3);
  const { stdout, stderr: told } = await node(['--import', auto, program], 'absent/app.ring');
  assert.deepEqual([stdout, /^ringscope: ENOENT/.test(told)], ['1\n2\n3\n', true], told);
});

/** Counts the events of each thread. @param {import('../web/ringscope.js').ImageReader} image */
function byThread(image) {
  const { track, trackOf } = image.columns();
  /** @type {Record<string, number>} */
  const found = {};
  for (const id of track) found[trackOf(id).name] = (found[trackOf(id).name] ?? 0) + 1;
  return found;
}

test('a process and its workers are one trace', async (t) => {
  const { stdout, stderr } = await node(['--import', auto, program, 'worker'], 'workers.ring');
  assert.deepEqual([stdout, stderr, existsSync(join(directory, 'workers.1.ring'))], ['1\n2\n3\n1\n2\n', '', false]);
  const image = await open(t, 'workers.ring');
  assert.deepEqual([byThread(image), image.stats().ask.count], [{ main: 3, 'worker 1': 2 }, 5]);
  assert.match((await node(['--import', auto, program, 'worker'])).stderr, /^\n--- Calls ---\n.*\nask +5 +0 [^\n]*\n$/);
});

test('a worker that is ended while it works, and workers of workers, are in it', async (t) => {
  const asks = `const { run } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(${JSON.stringify(ASKS)})), { env: { ask: (n) => n + 1 } }).exports;`;
  writeFileSync(join(directory, 'inner.mjs'), `import { parentPort } from 'node:worker_threads'; ${asks} run(1); parentPort.postMessage(0); for (;;) run(2);`);
  const passOn = (file, then) => `new Worker(new URL('${file}.mjs', import.meta.url)).once('message', () => ${then});`;
  writeFileSync(join(directory, 'outer.mjs'), `import { Worker, parentPort } from 'node:worker_threads'; ${passOn('inner', 'parentPort.postMessage(0)')}`);
  writeFileSync(join(directory, 'ended.mjs'), `import { Worker } from 'node:worker_threads'; ${passOn('outer', 'process.exit(3)')}`);
  await assert.rejects(node(['--import', auto, 'ended.mjs'], 'ended.ring'), { code: 3 });
  const { 'worker 2': calls } = byThread(await open(t, 'ended.ring'));
  assert.ok(calls >= 1, `${calls} calls`);
});
