/** Modules compiled by others behave the same with the package's tracing as without, and every call is counted once. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SCENARIOS } from './support/module_scenarios.js';
import { pack } from './support/package.js';
import { inProject } from './support/paths.js';

const RUNNER = fileURLToPath(new URL('support/module_runner.js', import.meta.url));
const directory = inProject('build/modules');

before(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', pack(directory)], { cwd: directory });
});

/** The runner's findings, in a process of its own. */
function run(name, ...ringscope) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--no-warnings', RUNNER, name, ...ringscope], { maxBuffer: 1 << 26 }, (error, out, err) =>
      error ? reject(new Error(`${error.message}\n${err.slice(-500)}`)) : resolve(JSON.parse(out.trimEnd().split('\n').at(-1))));
  });
}

/** What a module does without tracing, by its name. @type {Map<string, Promise<any>>} */
const plainly = new Map();
function runPlain(/** @type {string} */ name) {
  if (!plainly.has(name)) plainly.set(name, run(name));
  return plainly.get(name);
}

for (const [name, { folder = 'modules', functions }] of Object.entries(SCENARIOS)) {
  const skip = existsSync(inProject(`wasm-tests/${folder}/node_modules/${name}`)) ? false : `not installed: npm --prefix wasm-tests/${folder} ci --ignore-scripts`;
  test(`${name} gives the same results, and counts that are exact`, { skip }, async () => {
    const [plain, traced] = [await runPlain(name), await run(name, join(directory, 'node_modules/ringscope/ringscope.js'))];
    assert.deepEqual(traced.result, plain.result);
    assert.equal(plain.result.threw, undefined);
    assert.equal(traced.calls.traced, traced.calls.counted);
    assert.deepEqual(traced.calls.open, []);
  });

  if (!functions) continue;
  test(`${name} gives the same results when each of its functions is a span, and has a span for each call`, { skip }, async () => {
    const [plain, traced] = [await runPlain(name), await run(name, join(directory, 'node_modules/ringscope/ringscope.js'), 'functions')];
    assert.deepEqual(traced.result, plain.result);
    assert.equal(plain.result.threw, undefined);
    assert.ok(traced.calls.counted > 100);
    assert.deepEqual(traced.calls, { recorded: traced.calls.counted, counted: traced.calls.counted, differing: [], leftOut: 0, open: 0 });
  });
}
