/**
 * The npm package: node web/site/package.js WEB OUTPUT, where WEB is the folder with modules, JavaScript and the page.
 * Prints the name of the tarball in OUTPUT. Types are made by the compiler among the tests' packages.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.js';

const [web, output] = process.argv.slice(2).map((path) => resolve(path));
const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Beside the bundle, not as sources: the page, its worker and its module. */
const INSPECTOR = ['inspector.js', 'worker.js', 'timeline.wasm', 'toy_kernel.wasm'];
const ELSEWHERE = ['inspector', 'site', 'timeline.wasm', 'tsconfig.json', 'types'];

function compileTypes(directory) {
  const compiler = inProject('wasm-tests/node_modules/.bin/tsc');
  const typeRoots = inProject('wasm-tests/node_modules/@types');
  const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', directory];
  execFileSync(compiler, ['-p', inProject('web/tsconfig.json'), '--typeRoots', typeRoots, ...emit], { stdio: ['ignore', 2, 2] });
}

const staging = mkdtempSync(join(tmpdir(), 'ringscope-npm-'));
try {
  cpSync(web, staging, { recursive: true, filter: (path) => !ELSEWHERE.includes(relative(web, path)) });
  for (const file of INSPECTOR) cpSync(join(web, 'site', file), join(staging, 'inspector', file));
  await bundle(staging);
  compileTypes(join(staging, 'types'));
  mkdirSync(output, { recursive: true });
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', output];
  const packed = execFileSync('npm', args, { cwd: staging, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  console.log(JSON.parse(packed)[0].filename);
} finally {
  rmSync(staging, { recursive: true });
}
