/** The installed WebAssembly build is found and linked by a third party's project. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tracerImports } from '../build/web/ringscope.js';
import { inProject } from './support/paths.js';
import { Tracer } from './support/tracer.js';

/** The toolchain file that the project itself is built with. */
const toolchain = () =>
  JSON.parse(readFileSync(inProject('CMakePresets.json'), 'utf8')).configurePresets.find(({ name }) => name === 'wasm').toolchainFile;

test('find_package(ringscope) and ringscope::wasm make a module to attach to', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-install-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const [prefix, build] = [join(directory, 'prefix'), join(directory, 'build')];
  const env = { ...process.env, NODE_PATH: '/usr/share/nodejs' };
  const cmake = (...args) => execFileSync('cmake', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  cmake('--install', inProject('build/wasm'), '--prefix', prefix);
  cmake('-G', 'Ninja', '-S', inProject('wasm-tests/consumer'), '-B', build, `-DCMAKE_TOOLCHAIN_FILE=${toolchain()}`,
    `-DCMAKE_FIND_ROOT_PATH=${prefix}`, '-DCMAKE_BUILD_TYPE=Release');
  cmake('--build', build);
  const { instance } = await WebAssembly.instantiate(readFileSync(join(build, 'consumer.wasm')), tracerImports());
  instance.exports._initialize();
  const tracer = Tracer.attach(instance);
  tracer.enable();
  instance.exports.consumer_run();
  assert.deepEqual(tracer.events().map(({ category, name, detail }) => [category, name, detail]), [['FILE', 'open', '/etc/passwd']]);
});

test('emcc alone makes a module to attach to, by the response file', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ringscope-emcc-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const prefix = join(directory, 'a prefix');
  execFileSync('cmake', ['--install', inProject('build/wasm'), '--prefix', prefix], { stdio: 'ignore' });
  for (const [response, thread] of [['ringscope', []], ['ringscope-pthread', ['-sPTHREAD_POOL_SIZE=1', '-sEXPORT_NAME=createApp']]]) {
    const output = join(directory, `${response}.js`);
    execFileSync('emcc', [inProject('wasm-tests/consumer/consumer.c'), `@${prefix}/lib/${response}.rsp`, ...thread, '-O2', '-sMODULARIZE', '--no-entry',
      '-o', output], { env: { ...process.env, NODE_PATH: '/usr/share/nodejs' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const app = await createRequire(import.meta.url)(output)({ wasmBinary: readFileSync(output.replace('.js', '.wasm')) });
    const tracer = Tracer.attach(app);
    tracer.enable();
    app._consumer_run();
    assert.equal(tracer.events()[0].detail, '/etc/passwd');
    app.PThread?.terminateAllThreads();
  }
});
