/** The native C tests as WebAssembly, listed in c_tests.txt: a name, optionally followed by what it needs and
 * WebAssembly lacks. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inProject } from './support/paths.js';

const programOf = (name) => inProject(`build/wasm/tests/c/test_${name}.js`);
const listed = readFileSync(inProject('wasm-tests/c_tests.txt'), 'utf8').trim().split('\n')
  .map((line) => line.split(': '))
  .map(([name, need]) => ({ name, need }));

for (const { name, need } of listed) {
  test(`${name} in WebAssembly`, { skip: need && `needs ${need}` }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-experimental-fetch', programOf(name)], { encoding: 'utf8' });
    const passed = /\[ {2}PASSED {2}\] (\d+) test/.exec(stderr + stdout);
    assert.equal(status, 0, stderr + stdout);
    assert.ok(passed && Number(passed[1]) > 0, stderr + stdout);
  });
}
