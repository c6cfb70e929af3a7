/**
 * Bundles for users who cannot load a file beside a module: one file with the WebAssembly inside, the same as a script
 * that defines a global, and one for require().
 */
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { build } = createRequire(fileURLToPath(new URL('../inspector/', import.meta.url)))('esbuild');

const INLINE = `
import { embed } from './module/embedded.js';
import one from './ringscope.wasm';
import many from './ringscope-mt.wasm';
import merge from './ringscope-merge.wasm';
embed('ringscope.wasm', one);
embed('ringscope-mt.wasm', many);
embed('ringscope-merge.wasm', merge);
export * from './ringscope.js';
`;

/** ringscope/auto runs synchronously, so it needs its module first: a file of its own is evaluated before it. */
const EMBEDDING = `
import { embed } from './embedded.js';
import one from '../ringscope.wasm';
import many from '../ringscope-mt.wasm';
embed('ringscope.wasm', one);
embed('ringscope-mt.wasm', many);
`;
const AUTO = "import './module/embedding.js'; export * from './auto/main.js';";

/** @param {any} common @param {string} web @param {string} outfile */
async function bundleAuto(common, web, outfile) {
  const embedding = join(web, 'module/embedding.js');
  writeFileSync(embedding, EMBEDDING);
  try {
    // Minifying white space would drop comments for bundlers; package.json does not list files with side effects only here.
    await build({ ...common, minifyWhitespace: false, ignoreAnnotations: true, stdin: { contents: AUTO, resolveDir: web }, loader: { '.wasm': 'base64' }, format: 'esm', outfile });
  } finally {
    rmSync(embedding);
  }
}

/** @param {string} web the folder with modules and JavaScript, to which the folder "bundled" is added */
export async function bundle(web) {
  const common = { bundle: true, minifyIdentifiers: true, minifySyntax: true, minifyWhitespace: true, target: 'es2022', legalComments: 'none', external: ['node:*'], logLevel: 'warning' };
  const inline = { ...common, stdin: { contents: INLINE, resolveDir: web }, loader: { '.wasm': 'base64' }, define: { 'import.meta.url': '"about:blank"' } };
  const to = (/** @type {string} */ name) => join(web, 'bundled', name);
  await build({ ...inline, format: 'esm', outfile: to('inline.js') });
  await build({ ...inline, format: 'iife', globalName: 'ringscope', outfile: to('ringscope.iife.js') });
  await bundleAuto(common, web, to('auto.js'));
  await build({ ...common, entryPoints: [join(web, 'ringscope.js')], format: 'cjs', platform: 'node', outfile: to('ringscope.cjs'),
    define: { 'import.meta.url': 'thisFile' }, banner: { js: "const thisFile = require('node:url').pathToFileURL(__filename).href;" } });
}
