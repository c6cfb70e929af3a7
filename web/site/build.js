/**
 * Bundles the page: node web/site/build.js MODULES OUTPUT, where MODULES is the folder with the .wasm files.
 * OUTPUT/site is the folder for any static host; OUTPUT/report.html is the page into which `ringscope report` puts a trace.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, output] = process.argv.slice(2);
const inspector = fileURLToPath(new URL('../inspector/', import.meta.url));
const need = createRequire(inspector);
const { build, transform } = need('esbuild'), { minify } = need('terser');

/** The text of a style sheet, without comments and layout. */
const sheets = {
  name: 'sheets',
  setup: ({ onLoad }) => onLoad({ filter: /\.css$/ }, async ({ path }) => {
    const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true, target: common.target });
    return { contents: code, loader: 'text' };
  }),
};
/** Templates without their indentation; the line breaks are enough white space. */
const templates = {
  name: 'templates',
  setup: ({ onLoad }) => onLoad({ filter: /\/inspector\/.*\.js$/ }, ({ path }) => path.includes('/node_modules/') ? undefined : {
    contents: readFileSync(path, 'utf8').replaceAll(/^[ \t]+/gm, ''), loader: 'js',
  }),
};
/** What the page, which shows events itself, never asks its tracer for: lines for a terminal, and tracks in other tools. */
const unused = {
  name: 'unused',
  setup: ({ onLoad }) => onLoad({ filter: /\/read\/(devtools|lines)\.js$/ }, () => ({ contents: 'export const replay = 0, isOutside = 0, withThreads = 0;', loader: 'js' })),
};
const common = { bundle: true, minify: true, target: 'es2022', legalComments: 'none', plugins: [sheets, templates, unused], external: ['node:*'], loader: { '.html': 'text' }, logLevel: 'warning' };

/** A bundle's text. Terser finds more to shorten than esbuild. @param {string} entry @param {'esm' | 'iife'} format */
async function bundled(entry, format) {
  const { outputFiles: [{ text }] } = await build({ ...common, entryPoints: [join(inspector, entry)], format, write: false });
  const { code } = await minify(text, { module: format === 'esm', ecma: 2020, compress: { passes: 3 } });
  return code;
}

/** Escapes tags that a browser would take for the end of an inline script; means the same in strings, templates and regular expressions. */
const escaped = (script) => script.replaceAll(/<(?=!--|\/?script)/gi, '\\x3c');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
/** Page and report have the same script: that of a report is inline, as a page opened from disk cannot load files beside it. */
const script = escaped(await bundled('page/inspector.js', 'esm')), worker = await bundled('trace/worker.js', 'iife');

function writeSite() {
  const site = join(output, 'site');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  writeFileSync(join(site, 'inspector.js'), script);
  writeFileSync(join(site, 'worker.js'), worker);
  for (const file of ['index.html', 'page.css']) copyFileSync(join(inspector, 'page', file), join(site, file));
  for (const file of ['timeline.wasm', 'demo/toy_kernel.wasm']) copyFileSync(join(modules, file), join(site, basename(file)));
}

function writeReport() {
  const style = readFileSync(join(inspector, 'page/page.css'), 'utf8');
  const parts = {
    script, style, 'script-hash': hash(script), 'style-hash': hash(style),
    worker: Buffer.from(worker).toString('base64'),
    'timeline-wasm': readFileSync(join(modules, 'timeline.wasm')).toString('base64'),
  };
  const page = readFileSync(join(inspector, 'page/report.html'), 'utf8');
  writeFileSync(join(output, 'report.html'), page.replaceAll(/\{\{([a-z-]+)\}\}/g, (_, part) => parts[part]));
}

writeSite();
writeReport();
