/** docs/recipes/webassembly.md: its files and commands work, exactly as printed. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { launch, serve } from './support/browser.js';
import { pack } from './support/package.js';
import { inProject } from './support/paths.js';
import { Tracer } from './support/tracer.js';

const PLACE = 'build/recipes'; // below the served folder
const place = inProject(PLACE), here = (/** @type {string} */ name) => join(place, name);
// NODE_TEST_CONTEXT would make a runner inside this one print for it alone.
const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
const env = { ...outside, NODE_PATH: '/usr/share/nodejs', NODE_NO_WARNINGS: '1', CI: 'true', NO_COLOR: '1' };
/** The output of the WASI commands, which build the program that is tested. */
let printed = '';

/** Writes the files of a name, and leaves its commands in one called "commands". @param {string} name */
const blocks = (name) => execFileSync('awk', ['-v', `test=${name}`, '-v', `folder=${place}`, '-f', inProject('native-tests/consumer/blocks.awk'),
  inProject('docs/recipes/webassembly.md')]);

/** @param {string} name whose commands are run @returns {string} what they print */
function run(name) {
  blocks(name);
  return execFileSync('sh', ['-eu', 'commands'], { cwd: place, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The names of the events of the trace in a report. @param {string} html */
async function eventsOf(html) {
  const [, text] = /id="trace" data-name="[^"]*">([^<]*)</.exec(html) ?? [];
  const image = await Tracer.open(gunzipSync(Buffer.from(text ?? '', 'base64')));
  const names = image.events().map(({ name }) => name);
  image.dispose();
  return names;
}

before(() => {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  writeFileSync(here('package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', pack(place)], { cwd: place });
  printed = run('wasi');
});

test('a command for WASI', async () => {
  assert.match(printed, /^hello\n\[[0-9.]+\] FILE fd_write: 1 = 6\n$/);
  assert.ok((await eventsOf(readFileSync(here('hello.html'), 'utf8'))).includes('fd_write'));
});

test('a test of node:test', () => {
  assert.match(run('tests'), /^# pass 1\n# fail 0$/m);
});

/** Tests of a program that writes twice, so they fail. */
function failing(t, name, program, runner, ...args) {
  const installed = inProject(`wasm-tests/runners/node_modules/${program}`);
  if (!existsSync(installed)) return t.skip('not installed: npm --prefix wasm-tests/runners ci --ignore-scripts');
  mkdirSync(dirname(here(`node_modules/${program}`)), { recursive: true });
  symlinkSync(installed, here(`node_modules/${program}`));
  for (const each of ['tests', name]) blocks(each);
  writeFileSync(here('twice.c'), '#include <unistd.h>\nint main(void)\n{\n    return write(1, "a", 1) + write(1, "b", 1) == 2 ? 0 : 1;\n}\n');
  execFileSync('emcc', ['-sSTANDALONE_WASM', 'twice.c', '-o', 'hello.wasm'], { cwd: place, env });
  return spawnSync(inProject(`wasm-tests/runners/node_modules/.bin/${runner}`), args, { cwd: place, env, encoding: 'utf8' });
}

test('a test of Vitest that fails leaves a report', async (t) => {
  rmSync(here('report.html'), { force: true });
  const result = failing(t, 'vitest', 'vitest', 'vitest', 'run', 'hello.vitest.test.mjs', '--testTimeout=0', '--hookTimeout=0');
  if (!result) return;
  assert.equal(result.status, 1, result.stderr);
  assert.match(result.stdout + result.stderr, /fd_write was called 2 times, not 1/);
  assert.equal((await eventsOf(readFileSync(here('report.html'), 'utf8'))).filter((name) => name === 'fd_write').length, 2);
});

test('a test of Playwright that fails has a report attached', async (t) => {
  const result = failing(t, 'playwright', '@playwright/test', 'playwright', 'test', 'hello.spec.mjs', '--reporter=json', '--timeout=0');
  if (!result) return;
  assert.equal(result.status, 1, result.stderr);
  const [{ attachments, error }] = JSON.parse(result.stdout.slice(result.stdout.indexOf('{'))).suites[0].specs[0].tests[0].results;
  assert.match(error.message, /fd_write was called 2 times, not 1/);
  const { contentType, body } = attachments.find(({ name }) => name === 'report.html');
  assert.equal(contentType, 'text/html');
  assert.equal((await eventsOf(Buffer.from(body, 'base64').toString())).filter((name) => name === 'fd_write').length, 2);
});

// (module (import "env" "ask" (func (param i32) (result i32))) (func (export "run") (param i32) (result i32) (call 0 (local.get 0))))
const APP = `const asks = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 2, 11, 1, 3, 101, 110, 118, 3, 97, 115, 107, 0, 0, 3, 2, 1, 0,
  7, 7, 1, 3, 114, 117, 110, 0, 1, 10, 8, 1, 6, 0, 32, 0, 16, 0, 11]);
const { instance } = await WebAssembly.instantiate(asks, { env: { ask: (n) => n + 1 } });
instance.exports.run(1);
instance.exports.run(2);`;

test('a page with somebody else’s module', async (t) => {
  blocks('page');
  writeFileSync(here('app.js'), APP);
  const { origin, close } = await serve();
  t.after(close);
  const { page, end } = await launch();
  t.after(end);
  await page.goto(`${origin}/${PLACE}/index.html?ringscope`);
  await page.waitForFunction(() => /** @type {any} */ (document.querySelector('ringscope-inspector'))?.shown === 2, undefined, { timeout: 0 });
});
