/**
 * What the package has for those who cannot load a file beside a module: one file with the WebAssembly inside, the same
 * as a script that makes a global, and one for require().
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

/** What runs at once needs its module before: a file of its own is evaluated first. */
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
    // Comments for bundlers would go with the whitespace; and package.json does not list what has an effect here alone.
    await build({ ...common, minifyWhitespace: false, ignoreAnnotations: true, stdin: { contents: AUTO, resolveDir: web }, loader: { '.wasm': 'base64' }, format: 'esm', outfile });
  } finally {
    rmSync(embedding);
  }
}

/** @param {string} web the folder with modules and JavaScript, to which a folder is added */
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
