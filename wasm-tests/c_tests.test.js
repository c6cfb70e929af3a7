/** The native C tests that need no process, signal, file or thread, as WebAssembly; the others are listed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inProject } from './support/paths.js';

const names = readdirSync(inProject('native-tests')).flatMap((file) => /^(test_\w+)\.c$/.exec(file)?.[1] ?? []);
const programOf = (name) => inProject(`build/wasm/tests/c/${name}.js`);

/** What the build says of the others: the first line that needs what there is not. @type {Map<string, string>} */
const leftOut = new Map(readFileSync(inProject('build/wasm/tests/c/left_out.txt'), 'utf8').trim().split('\n')
  .map((line) => /^(\w+): (.*)$/.exec(line)?.slice(1)));

test('some C tests run in WebAssembly, or this says nothing', () => {
  assert.ok(names.length > leftOut.size, `${leftOut.size} of ${names.length} are left out`);
});

for (const name of names) {
  const need = leftOut.get(name);
  const skip = need ? `needs a process, a signal, a file or a thread: ${need}` : false;
  test(`${name} in WebAssembly`, { skip }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-experimental-fetch', programOf(name)], { encoding: 'utf8' });
    const passed = /\[ {2}PASSED {2}\] (\d+) test/.exec(stderr + stdout);
    assert.equal(status, 0, stderr + stdout);
    assert.ok(passed && Number(passed[1]) > 0, stderr + stdout);
  });
}
