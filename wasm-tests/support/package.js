/** Assembles the npm package: the modules, the JavaScript, and the types made from it. */
import { execFileSync } from 'node:child_process';
import { inPackage, inProject } from './paths.js';

/** @param {string[]} args of the TypeScript compiler */
export function compileTypes(...args) {
  const compiler = inProject('wasm-tests/node_modules/.bin/tsc');
  const options = ['-p', inProject('web/tsconfig.json'), '--typeRoots', inProject('wasm-tests/node_modules/@types')];
  return execFileSync(compiler, [...options, ...args], { encoding: 'utf8' });
}

/** A tarball of the package in a directory. @param {string} directory @returns {string} its name */
export function pack(directory) {
  const args = [inProject('web/site/package.js'), inPackage('.'), directory];
  return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}
