/** Emscripten without CMake: options that change how code runs, the port, and calls of <emscripten/trace.h>. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inProject, nativeProgram } from './support/paths.js';
import { Tracer } from './support/tracer.js';

const require = createRequire(import.meta.url);
const directory = mkdtempSync(join(tmpdir(), 'ringscope-emcc-'));
const amalgamation = join(directory, 'amalgamation');
const portFile = join(amalgamation, 'ringscope.py');
const archive = `@${join(directory, 'installed/lib/ringscope.rsp')}`;
after(() => rmSync(directory, { recursive: true }));

/** @param {string} program @param {string[]} args */
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

before(() => {
  run('sh', inProject('src/amalgamate.sh'), inProject('build/cjson-src/cjson'), amalgamation);
  run('cmake', '--install', inProject('build/wasm'), '--prefix', join(directory, 'installed'));
});

/** Returns the words that the port adds to a command. @param {string[]} words */
function usePort(...words) {
  const cache = join(directory, 'cache');
  mkdirSync(cache, { recursive: true });
  const printed = run('python3', inProject('wasm-tests/support/use_port.py'), portFile, cache, ...words);
  return printed ? JSON.parse(printed) : undefined;
}

/** Starts an application; its main() has begun. @param {string} name @param {string[]} options */
async function start(name, ...options) {
  const script = join(directory, `${name}.js`);
  run('emcc', inProject('wasm-tests/guests/options.c'), ...options, '-sMODULARIZE', '-sENVIRONMENT=node', '-o', script);
  /** @type {(value?: unknown) => void} */
  let woken = () => undefined;
  const end = new Promise((resolve) => (woken = resolve));
  const app = await require(script)({ wasmBinary: readFileSync(script.replace(/js$/, 'wasm')), woken });
  return { tracer: Tracer.attach(app), end };
}

/** @param {Tracer} tracer */
function assertWhole(tracer) {
  const events = tracer.events().map(({ category, name, detail }) => [category, name, detail]);
  assert.deepEqual(events, [['FILE', 'open', '/etc/passwd'], ['TIMER', 'sleep', undefined]]);
  assert.deepEqual(tracer.openSpans(), []);
  assert.equal(tracer.stats().wake.count, 1);
  for (const format of tracer.memory.constants.formats) assert.ok(tracer.export(format).length > 0, format);
}

const asleep = ['-sASYNCIFY', '-DSLEEP()=emscripten_sleep(20)'];
for (const [how, library] of /** @type {[string, () => string[]][]} */ ([
  ['the archive', () => [archive]],
  ['the port', () => { const { arguments: args, libraries } = usePort(); return [...args, ...libraries]; }],
]))
  test(`-sASYNCIFY works with ${how}: a span is open while its code is suspended`, async () => {
    const { tracer, end } = await start(how.replace(' ', '_'), ...library(), ...asleep);
    assert.deepEqual(tracer.openSpans().map(({ name }) => name), ['sleep']);
    await end;
    assertWhole(tracer);
  });

test('-sMAIN_MODULE works with the amalgamation', async () => {
  const object = join(directory, 'ringscope.o');
  run('emcc', '-fPIC', '-c', join(amalgamation, 'ringscope.c'), '-o', object);
  const { tracer, end } = await start('main_module', `-I${amalgamation}`, '-fPIC', object, '-sMAIN_MODULE=2');
  await end;
  assertWhole(tracer);
});

test('the port compiles the library once for each kind of it, and clears it', () => {
  const [plain] = usePort('dry').built;
  const threads = usePort('dry', 'PTHREADS');
  assert.deepEqual(threads.built, [['ringscope', '-pthread', 'ringscope.c']]);
  const { built, libraries, show } = usePort();
  assert.deepEqual([plain, built], [undefined, []], 'the test before has compiled it');
  assert.notEqual(libraries[0], threads.libraries[0]);
  assert.match(show, /--use-port=.*ringscope\.py/);
  usePort('clear');
  assert.ok(!existsSync(libraries[0]));
  assert.deepEqual(usePort('dry').built, [['ringscope', 'ringscope.c']]);
});

/** The output of guests/traced.c, without the deeply nested parts. @param {string} printed */
function traced(printed) {
  const events = printed.trim().split('\n').map((line) => JSON.parse(line));
  const shown = events.filter(({ name, detail }) => name !== 'deep' && detail !== 'deep');
  const sampled = shown.filter(({ value }) => value !== undefined);
  assert.deepEqual(sampled.map(({ name, value }) => [name, value > 0]), [['program break', true]]);
  const deep = events.filter(({ name }) => name === 'deep');
  assert.equal(deep.length, 128);
  assert.deepEqual(events.filter(({ detail }) => detail === 'deep').map(({ name, failed }) => [name, failed]), [['context too deep', true]]);
  return shown.map(({ category, name, detail, duration, failed }) =>
    [category, name, detail, duration !== undefined && 'span', failed && 'failed'].filter(Boolean).join(' '));
}

const expected = [
  'PROCESS application game', 'PROCESS user ada', 'CUSTOM mark level 1', 'CUSTOM audio no device', 'CUSTOM error no sound failed',
  'MEMORY allocate 0x100, 64 bytes', 'MEMORY type 0x100 is struct level', 'MEMORY storage 0x100 has 80 bytes',
  'MEMORY reallocate 0x100 to 0x200, 128 bytes', 'MEMORY free 0x200', 'MEMORY program break',
  'CUSTOM physics span', 'CUSTOM game span', 'CUSTOM no context to exit failed', 'COMP frame span',
  'SCHED task data 7: url = /level', 'SCHED suspend 7: waits', 'SCHED decode span', 'SCHED task end no task is current failed',
  'SCHED resume 7: has arrived', 'SCHED download span',
];
const guest = inProject('wasm-tests/guests/traced.c');
const shared = join(directory, 'installed/share/ringscope'), shim = join(shared, 'emscripten/trace.c');

test('calls of <emscripten/trace.h> are recorded with the SDK’s own header, whose declarations ours match', () => {
  const [object, script] = [join(directory, 'trace.o'), join(directory, 'traced.js')];
  const define = '-D__EMSCRIPTEN_TRACING__';
  run('emcc', define, '-include', 'emscripten/trace.h', `-I${join(directory, 'installed/include')}`, '-c', shim, '-o', object);
  run('emcc', define, guest, object, archive, '-sENVIRONMENT=node', '-o', script);
  assert.deepEqual(traced(run('node', '--no-experimental-fetch', script)), expected);
});

test('the same calls are recorded natively, and are nothing without the definition', () => {
  const program = join(directory, 'traced');
  const args = [`-I${shared}`, `-I${join(directory, 'installed/include')}`, guest, nativeProgram('libringscope.a'), '-lcjson', '-lm', '-pthread', '-o', program];
  run('cc', '-D__EMSCRIPTEN_TRACING__', shim, ...args);
  assert.deepEqual(traced(run(program)), expected);
  run('cc', ...args);
  assert.equal(run(program), '');
});
