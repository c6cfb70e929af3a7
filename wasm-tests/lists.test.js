/** The lists by which ./dev test selects tests contain every test exactly once. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inProject } from './support/paths.js';

/** The first word of each line of a list. @param {string} file */
const listed = (file) => readFileSync(inProject(`wasm-tests/${file}`), 'utf8').split('\n')
  .flatMap((line) => /^[\w/]+/.exec(line)?.[0] ?? []).sort();

/** The pattern's capture group in the files below a folder. @param {string} folder @param {RegExp} pattern */
const found = (folder, pattern) => readdirSync(inProject(folder), { recursive: true })
  .flatMap((file) => pattern.exec(String(file))?.[1] ?? []).sort();

test('c_tests.txt has every native C test', () => {
  assert.deepEqual(listed('c_tests.txt'), found('native-tests', /(?:^|\/)test_(\w+)\.c$/));
});

test('tests.txt has every file of tests', () => {
  assert.deepEqual(listed('tests.txt'), found('wasm-tests', /^((?!.*node_modules)[\w/]+)\.test\.js$/));
});
