/** Bundles the page into a folder for any static host: node web/site/build.js MODULES OUTPUT (a folder with the .wasm files, and the new one). */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, output] = process.argv.slice(2);
const inspector = fileURLToPath(new URL('../inspector/', import.meta.url));
const packages = fileURLToPath(new URL('../../wasm-tests/node_modules/', import.meta.url));
const { build } = createRequire(packages)('esbuild');

const common = { bundle: true, minify: true, target: 'es2022', nodePaths: [packages], legalComments: 'none', loader: { '.css': 'text' }, logLevel: 'warning' };

mkdirSync(output, { recursive: true });
await build({ ...common, entryPoints: [join(inspector, 'page/inspector.js')], format: 'esm', external: ['node:*'], outfile: join(output, 'inspector.js') });
await build({ ...common, entryPoints: [join(inspector, 'trace/trace_worker.js')], format: 'iife', outfile: join(output, 'trace_worker.js') });
for (const file of ['index.html', 'page.css']) copyFileSync(join(inspector, 'page', file), join(output, file));
for (const file of ['timeline.wasm', 'toy_kernel.wasm']) copyFileSync(join(modules, file), join(output, file));
