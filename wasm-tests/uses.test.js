/** The three use cases print the same in JavaScript as in C. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inPackage, inProject } from './support/paths.js';

for (const use of ['debugging', 'performance', 'monitoring'])
  test(`use_${use} prints what its counterpart in C prints`, () => {
    const printed = execFileSync(process.execPath, [inPackage(`examples/use_${use}.js`)], { encoding: 'utf8' });
    assert.equal(printed, readFileSync(inProject(`native-tests/golden/use_${use}.txt`), 'utf8'));
  });
