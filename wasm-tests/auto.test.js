/** ringscope/auto: one import, and every module of a program, or of a page, is traced. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

async function callsIn(t, name) {
  const image = await Tracer.open(readFileSync(join(directory, name)));
  t.after(() => image.dispose());
  return image.stats().ask.count;
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

test('RINGSCOPE names the file, workers have their own, and mistakes are told', async (t) => {
  const { stderr } = await node(['--import', auto, program, 'worker'], 'app.ring,events=10,depth=3');
  assert.match(stderr, /^(ringscope: RINGSCOPE: depth=3 has no meaning.*\n)+$/);
  assert.deepEqual([await callsIn(t, 'app.ring'), await callsIn(t, 'app.1.ring')], [3, 2]);
  const { stdout, stderr: told } = await node(['--import', auto, program], 'absent/app.ring');
  assert.deepEqual([stdout, /^ringscope: ENOENT/.test(told)], ['1\n2\n3\n', true], told);
});
