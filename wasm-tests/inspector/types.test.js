/** The inspector's types are correct, checked as strictly as possible. */
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { inProject } from '../support/paths.js';

test('tsc has no objection to the inspector', () => {
  execFileSync(inProject('wasm-tests/node_modules/.bin/tsc'), ['-p', inProject('web/inspector'), '--typeRoots', inProject('wasm-tests/node_modules/@types')],
    { encoding: 'utf8', stdio: ['ignore', 'inherit', 'inherit'] });
});
