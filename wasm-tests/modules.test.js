/** Modules that others compiled do the same under tracing as without, and every call is counted once. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { SCENARIOS } from './support/module_scenarios.js';
import { inProject } from './support/paths.js';

const RUNNER = fileURLToPath(new URL('support/module_runner.js', import.meta.url));

/** What the runner found out, in a process of its own. */
function run(name, mode) {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--no-warnings', RUNNER, name, mode], { maxBuffer: 1 << 26 }, (error, out, err) =>
      error ? reject(new Error(`${error.message}\n${err.slice(-500)}`)) : resolve(JSON.parse(out.trimEnd().split('\n').at(-1))));
  });
}

for (const [name, { folder = 'modules' }] of Object.entries(SCENARIOS)) {
  const skip = existsSync(inProject(`wasm-tests/${folder}/node_modules/${name}`)) ? false : `not installed: npm --prefix wasm-tests/${folder} ci --ignore-scripts`;
  test(`${name} gives the same results, and counts that are exact`, { skip }, async () => {
    const [plain, traced] = [await run(name, 'plain'), await run(name, 'traced')];
    assert.deepEqual(traced.result, plain.result);
    assert.equal(plain.result.threw, undefined);
    assert.equal(traced.calls.traced, traced.calls.counted);
    assert.deepEqual(traced.calls.open, []);
  });
}
