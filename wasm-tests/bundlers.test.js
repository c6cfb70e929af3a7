/** The package processed by bundlers: their output runs in a page, without a warning. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import resolve from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { openPage } from './support/browser.js';
import { OTHER_BUNDLERS, RUNTIMES, missing, runProgram } from './support/other_bundlers.js';
import { pack } from './support/package.js';
import { inProject } from './support/paths.js';

const directory = inProject('build/bundles'), out = (name) => join(directory, 'out', name);
let browser;

// Without a top-level await, which Parcel and Next object to.
const program = (from) => `import { Tracer, traceImports } from '${from}';
globalThis.done = Tracer.load().then((tracer) => {
  tracer.enable();
  traceImports({ env: { f: () => 7 } }, tracer).env.f();
  tracer.event('FILE', 'open', 'bundled');
  globalThis.result = tracer.events().map((event) => event.detail ?? event.name);
});`;
const INSPECTOR = `import 'ringscope/inspector';
globalThis.result = [String(Boolean(customElements.get('ringscope-inspector')))];`;
// (module (import "env" "f" (func)) (start 0)): its call happens before anything can have been loaded.
const AUTO = `import { tracer } from 'ringscope/auto';
const asks = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0, 8, 1, 0]);
new WebAssembly.Instance(new WebAssembly.Module(asks), { env: { f() {} } });
globalThis.result = tracer.events().map((event) => event.name);`;
const ENTRIES = { auto: AUTO, module: program('ringscope'), inline: program('ringscope/inline'), inspector: INSPECTOR };

before(async () => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"private":true,"type":"module"}');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', pack(directory)], { cwd: directory });
  for (const [name, text] of Object.entries(ENTRIES)) writeFileSync(join(directory, `${name}.js`), text);
  browser = await openPage();
});
after(() => browser?.end());

/** The output of a script in the folder, or of a page. @param {string} path */
async function run(path) {
  const page = await browser.page.context().newPage(), isPage = path.endsWith('.html'), url = `/build/bundles/${path}`;
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${browser.origin}${isPage ? url : '/'}`);
  const result = await page.evaluate(async (source) => {
    let failure;
    globalThis.addEventListener('error', ({ message }) => (failure = message));
    globalThis.addEventListener('unhandledrejection', ({ reason }) => (failure = String(reason)));
    if (source) {
      const script = Object.assign(document.createElement('script'), { type: 'module', src: source });
      script.onerror = () => (failure = 'it was not loaded');
      document.head.append(script);
    }
    for (;;) {
      if (failure) return [failure];
      if (globalThis.result) return globalThis.result;
      await new Promise((resolve_) => setTimeout(resolve_, 10));
    }
  }, isPage ? undefined : url).catch((error) => [error.message]);
  await page.close();
  return { result, errors };
}

const expected = { auto: ['f'], module: ['f', 'bundled'], inline: ['f', 'bundled'], inspector: ['true'] };

/** @type {Record<string, (name: string) => Promise<string[]>>} Its complaints. */
const BUNDLERS = {
  webpack: (name) => new Promise((resolve_, reject) => webpack({ mode: 'production', context: directory, entry: `./${name}.js`, performance: false,
    output: { path: out(`webpack-${name}`), filename: 'main.js', publicPath: 'auto' } },
  (error, stats) => (error ? reject(error) : resolve_([...stats.compilation.errors, ...stats.compilation.warnings].map((item) => item.message))))),
  vite: async (name) => {
    const complaints = [];
    await vite({ root: directory, configFile: false, logLevel: 'silent', base: './', build: { outDir: out(`vite-${name}`), emptyOutDir: true, minify: true,
      target: 'es2022', lib: { entry: join(directory, `${name}.js`), formats: ['es'], fileName: () => 'main.js' },
      rollupOptions: { onwarn: (warning) => complaints.push(warning.message) } } });
    return complaints;
  },
  rollup: async (name) => {
    const complaints = [];
    const bundle = await rollup({ input: join(directory, `${name}.js`), plugins: [resolve({ browser: true })], onwarn: (warning) => complaints.push(warning.message) });
    await bundle.write({ dir: out(`rollup-${name}`), entryFileNames: 'main.js', format: 'es' });
    return complaints;
  },
  esbuild: async (name) => {
    const { warnings, errors } = await esbuild({ entryPoints: [join(directory, `${name}.js`)], bundle: true, minify: true, format: 'esm', platform: 'browser',
      outfile: join(out(`esbuild-${name}`), 'main.js'), logLevel: 'silent' });
    return [...errors, ...warnings].map((message) => message.text);
  },
};
const COPIES_FILES = new Set(['webpack', 'vite']);

for (const [bundler, build] of Object.entries(BUNDLERS)) {
  for (const name of Object.keys(ENTRIES)) {
    test(`${bundler} takes ringscope${name === 'module' ? '' : `/${name}`}`, async () => {
      assert.deepEqual(await build(name), []);
      // Bundlers that copy no files load the module from the package, beside the folder of the bundle.
      if (!COPIES_FILES.has(bundler)) cpSync(join(directory, 'node_modules/ringscope/ringscope.wasm'), out('ringscope.wasm'));
      assert.deepEqual(await run(`out/${bundler}-${name}/main.js`), { result: expected[name], errors: [] });
    });
  }
}

for (const [bundler, { program, page, build }] of Object.entries(OTHER_BUNDLERS)) {
  for (const name of Object.keys(ENTRIES)) {
    test(`${bundler} takes ringscope${name === 'module' ? '' : `/${name}`}`, { skip: missing(program) }, async () => {
      assert.deepEqual(build(directory, name, Object.keys(ENTRIES)), []);
      if (bundler === 'bun') cpSync(join(directory, 'node_modules/ringscope/ringscope.wasm'), out('ringscope.wasm'));
      assert.deepEqual(await run(page(name)), { result: expected[name], errors: [] });
    });
  }
}

for (const [runtime, argsOf] of Object.entries(RUNTIMES)) {
  for (const name of ['auto', 'module', 'inline']) {
    test(`${runtime} runs ringscope${name === 'module' ? '' : `/${name}`}`, { skip: missing(runtime) }, () => {
      writeFileSync(join(directory, 'runs.js'), `${ENTRIES[name]}\nawait globalThis.done;\nconsole.log(JSON.stringify(globalThis.result));`);
      const { status, stdout, stderr } = runProgram(runtime, directory, argsOf('runs.js'));
      assert.deepEqual([status, stdout.split('\n')[0]], [0, JSON.stringify(expected[name])], stderr);
    });
  }
}

test('a script without modules makes a global', async () => {
  const page = await browser.page.context().newPage();
  await page.goto(`${browser.origin}/`);
  await page.addScriptTag({ path: join(directory, 'node_modules/ringscope/bundled/ringscope.iife.js') });
  assert.equal(await page.evaluate(async () => {
    const tracer = await globalThis.ringscope.Tracer.load();
    tracer.enable();
    tracer.event('FILE', 'open', 'by a script');
    return tracer.events()[0].detail;
  }), 'by a script');
  await page.close();
});

test('a module is found by an address without an origin', async () => {
  const page = await browser.page.context().newPage();
  await page.goto(`${browser.origin}/`);
  await page.addScriptTag({ path: join(directory, 'node_modules/ringscope/bundled/ringscope.iife.js') });
  assert.equal(await page.evaluate(async () => {
    const tracer = await globalThis.ringscope.Tracer.load({ wasm: '/build/bundles/node_modules/ringscope/ringscope.wasm' });
    tracer.enable();
    tracer.event('FILE', 'open', 'by its path');
    return tracer.events()[0].detail;
  }), 'by its path');
  await page.close();
});

test('require() and import() in Node', () => {
  const text = (load) => `${load}.then(async ({ Tracer }) => {
    for (const tracer of [await Tracer.load(), await Tracer.loadShared()]) { tracer.enable(); tracer.event('FILE', 'open', 'in Node'); console.log(tracer.events()[0].detail); }
  });`;
  writeFileSync(join(directory, 'required.cjs'), text("Promise.resolve(require('ringscope'))"));
  writeFileSync(join(directory, 'inlined.mjs'), text("import('ringscope/inline')"));
  for (const file of ['required.cjs', 'inlined.mjs'])
    assert.equal(execFileSync(process.execPath, [file], { cwd: directory, encoding: 'utf8' }), 'in Node\nin Node\n');
  assert.match(createRequire(join(directory, 'x.js')).resolve('ringscope'), /bundled\/ringscope\.cjs$/);
});
