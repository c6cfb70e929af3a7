/** Bundlers and runtimes that are installed by hand: their names, whether they are installed, and how to run them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './paths.js';

const installed = (/** @type {string} */ path) => inProject(`wasm-tests/bundlers/node_modules/${path}`);
const PROGRAMS = { parcel: 'parcel/lib/bin.js', next: 'next/dist/bin/next', bun: '@oven/bun-linux-x64/bin/bun', deno: '@deno/linux-x64-glibc/deno' };

/** Why a program cannot be tested, or false. @param {keyof typeof PROGRAMS} name */
export const missing = (name) => (existsSync(installed(PROGRAMS[name])) ? false : 'not installed: npm --prefix wasm-tests/bundlers ci --ignore-scripts');

const { NODE_TEST_CONTEXT: _, NODE_PATH: _path, ...outside } = process.env;
const env = { ...outside, CI: 'true', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', DENO_NO_UPDATE_CHECK: '1' };

/** A program's output and its status. @param {keyof typeof PROGRAMS} name @param {string} cwd @param {string[]} args */
export function runProgram(name, cwd, args, more = {}) {
  const program = installed(PROGRAMS[name]), whole = ['parcel', 'next'].includes(name) ? [process.execPath, program, ...args] : [program, ...args];
  const { status, stdout, stderr, error } = spawnSync(whole[0], whole.slice(1), { cwd, env: { ...env, ...more }, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw error;
  return { status, stdout, stderr };
}
/** The lines with complaints; all lines if it failed.
 * @param {{ status: number | null, stdout: string, stderr: string }} result */
const complaints = ({ status, stdout, stderr }) => `${stdout}\n${stderr}`.split('\n').filter((line) => line && (status !== 0 || /warn|error|fail/i.test(line)));

const LAYOUT = 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }';
/** A page that runs a file of the folder above, in the browser only. @param {string} name */
const pageOf = (name) => `'use client';
import { useEffect } from 'react';
export default function Page() {
  useEffect(() => void import('../../../${name}.js'), []);
  return <p>${name}</p>;
}`;

/** A Next project with a page for each name, built once. @param {string} directory @param {string} by
 * @param {string[]} names */
function buildNext(directory, by, names) {
  const project = join(directory, `next-${by}`), base = `/build/bundles/next-${by}/out`;
  rmSync(project, { recursive: true, force: true });
  for (const name of names) mkdirSync(join(project, 'app', name), { recursive: true });
  for (const name of names) writeFileSync(join(project, 'app', name, 'page.js'), pageOf(name));
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['next', 'react', 'react-dom']) symlinkSync(installed(name), join(project, 'node_modules', name));
  writeFileSync(join(project, 'app/layout.js'), LAYOUT);
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  writeFileSync(join(project, 'next.config.mjs'), `export default ${JSON.stringify({ output: 'export', basePath: base, distDir: 'out', turbopack: { root: inProject('.') } })};`);
  return complaints(runProgram('next', project, ['build', `--${by}`]));
}
/** @type {Record<string, string[]>} */
const built = {};
const next = (/** @type {string} */ by) => ({ program: /** @type {const} */ ('next'), page: (/** @type {string} */ name) => `next-${by}/out/${name}.html`,
  build: (/** @type {string} */ directory, /** @type {string} */ _name, /** @type {string[]} */ names) => (built[by] ??= buildNext(directory, by, names)) });

/** By name: builds NAME.js in a directory, and returns the file of the directory that shows it. */
export const OTHER_BUNDLERS = {
  parcel: {
    program: /** @type {const} */ ('parcel'), page: (/** @type {string} */ name) => `out/parcel-${name}/main.js`,
    build(/** @type {string} */ directory, /** @type {string} */ name) {
      const args = ['build', `${name}.js`, '--dist-dir', `out/parcel-${name}`, '--public-url', './', '--no-cache', '--no-source-maps', '--log-level', 'warn'];
      const result = complaints(runProgram('parcel', directory, args));
      if (!result.length) renameSync(join(directory, `out/parcel-${name}/${name}.js`), join(directory, `out/parcel-${name}/main.js`));
      return result;
    },
  },
  bun: {
    program: /** @type {const} */ ('bun'), page: (/** @type {string} */ name) => `out/bun-${name}/main.js`,
    build: (/** @type {string} */ directory, /** @type {string} */ name) =>
      complaints(runProgram('bun', directory, ['build', `${name}.js`, '--outdir', `out/bun-${name}`, '--entry-naming', 'main.js', '--target', 'browser', '--minify'])),
  },
  'Next, by webpack,': next('webpack'),
  'Next, by Turbopack,': next('turbopack'),
};

/** How a runtime runs a file. @type {Record<'bun' | 'deno', (file: string) => string[]>} */
export const RUNTIMES = {
  bun: (file) => ['run', file],
  deno: (file) => ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', file],
};
