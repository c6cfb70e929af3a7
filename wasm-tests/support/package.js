/** Puts the npm package together: the modules, the JavaScript, and the types made from it. */
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
  compileTypes('--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', inPackage('types'));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  return JSON.parse(execFileSync('npm', args, { encoding: 'utf8', cwd: inPackage('.'), stdio: ['ignore', 'pipe', 'ignore'] }))[0].filename;
}
