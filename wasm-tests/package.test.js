/** The npm package: installed elsewhere, it does what its README describes, with its types. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { compileTypes, pack } from './support/package.js';
import { inProject } from './support/paths.js';

const readme = readFileSync(inProject('web/README.md'), 'utf8');
const block = (language, text = readme) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)[1];
let directory;

const run = (program, args) => execFileSync(program, args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-package-'));
  writeFileSync(join(directory, 'package.json'), '{"private":true,"type":"module"}');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', pack(directory)]);
});
after(() => rmSync(directory, { recursive: true }));

test('the README’s example prints what the README says', () => {
  writeFileSync(join(directory, 'example.js'), block('js'));
  assert.equal(run(process.execPath, ['example.js']), block('text'));
  writeFileSync(join(directory, 'first.js'), block('js test=node file=app.mjs', readFileSync(inProject('README.md'), 'utf8')));
  assert.equal(run(process.execPath, ['first.js']), 'FILE open /etc/passwd\n');
});

test('the package has what it exports, and nothing that is not for users', () => {
  const installed = join(directory, 'node_modules/ringscope');
  const files = execFileSync('find', ['.', '-type', 'f'], { cwd: installed, encoding: 'utf8' }).split('\n');
  for (const name of ['ringscope.js', 'ringscope.wasm', 'ringscope-mt.wasm', 'ringscope-merge.wasm', 'toy_kernel.wasm', 'inspector/inspector.js', 'inspector/worker.js',
    'inspector/timeline.wasm', 'inspector/toy_kernel.wasm', 'bundled/inline.js', 'bundled/auto.js', 'bundled/ringscope.iife.js', 'bundled/ringscope.cjs', 'types/ringscope.d.ts', 'bin/ringscope-wasm.js', 'report.html', 'README.md', 'LICENSE'])
    assert.ok(files.includes(`./${name}`), `${name} is missing`);
  assert.deepEqual(files.filter((name) => /tsconfig|test|\.map$/.test(name)), []);
});

test('what reads no exports finds the same files by main, module and alias', () => {
  const { exports, main, module, alias } = JSON.parse(readFileSync(join(directory, 'node_modules/ringscope/package.json'), 'utf8'));
  assert.deepEqual([main, module], [exports['.'].require, exports['.'].default]);
  const others = Object.entries(exports).filter(([name]) => !/^\.$|\.(wasm|json)$/.test(name));
  assert.deepEqual(alias, Object.fromEntries(others.map(([name, entry]) => [name, entry.default ?? entry])));
});

test('its version is that of ringscope.h', () => {
  const [, version] = /^#define TRACER_VERSION "(.*)"$/m.exec(readFileSync(inProject('src/ringscope.h'), 'utf8'));
  assert.equal(JSON.parse(readFileSync(join(directory, 'node_modules/ringscope/package.json'), 'utf8')).version, version);
});

test('its command runs', () => {
  assert.match(run('npx', ['--offline', 'ringscope-wasm', 'help']), /^usage: ringscope-wasm run/);
  const save = "import { Tracer } from 'ringscope'; import { writeFileSync } from 'node:fs'; const tracer = await Tracer.load(); tracer.enable(); tracer.event('FILE', 'open'); writeFileSync('a.ring', tracer.save())";
  run(process.execPath, ['--input-type=module', '-e', save]);
  assert.match(run('npx', ['--offline', 'ringscope-wasm', 'events', 'a.ring']), /^\[[0-9.]+\] FILE open: \n$/);
  assert.match(run('npx', ['--offline', 'ringscope-wasm', 'report', 'a.ring']), /<script type="application\/octet-stream" id="trace" data-name="a\.ring">/);
});

test('its types hold for a program in TypeScript, and catch mistakes', () => {
  mkdirSync(join(directory, 'node_modules/@types'), { recursive: true });
  symlinkSync(inProject('wasm-tests/node_modules/@types/node'), join(directory, 'node_modules/@types/node'));
  const check = (text) => {
    writeFileSync(join(directory, 'program.ts'), text);
    return run(inProject('wasm-tests/node_modules/.bin/tsc'), ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023',
      '--lib', 'es2023,esnext.disposable,dom', '--skipLibCheck', 'false', '--types', 'node', 'program.ts']);
  };
  const program = (line) => `import { Tracer } from 'ringscope'; import { ToyKernel } from 'ringscope/toy-kernel';
    const tracer: Tracer = await Tracer.load({ capacityEvents: 10 }); const kernel = await ToyKernel.boot({ seed: 2 });
    const sum: number = tracer.span('FILE', 'add', () => 1 + 2); { using span = tracer.span('FILE', 'scope'); }
    tracer.event('FILE', 'open', String(sum)); const first: string | undefined = tracer.events({ last: 1 })[0].detail;
    kernel.step(); ${line}; export { first };`;
  assert.equal(check(program('')), '');
  assert.throws(() => check(program("tracer.event('FILE', 5)")));
  assert.throws(() => check(program("tracer.counter('FILE', 'heap', 'much')")));
  assert.equal(check(program("const errors: number = tracer.summary().losses.missed + tracer.stats().read.errors; tracer.event('file', 'x'); tracer.event('Compositor', 'x'); tracer.export('chrome')")), '');
  assert.equal(check("import { traced } from 'ringscope/test'; const trace = await traced(() => 'a text'); export const found: string = trace.result + trace.calls('read')[0].name"), '');
  assert.throws(() => check("import { traced } from 'ringscope/test'; (await traced(() => 1)).assertCalled(5)"));
  assert.equal(check("import { tracer, undo, show, save } from 'ringscope/auto'; tracer.event('FILE', 'x'); undo(); export const element: HTMLElement = await show(); export const bytes: Uint8Array = await save()"), '');
  for (const mistake of ["tracer.event('FLIE', 'x')", "tracer.export('jsno')", 'tracer.summary().sycall_count', "tracer.stats().read.count.length", "tracer.setFilter(['NONE'])"])
    assert.throws(() => check(program(mistake)), mistake);
});

test('the JavaScript is typed without a mistake', () => {
  assert.equal(compileTypes(), '');
});
