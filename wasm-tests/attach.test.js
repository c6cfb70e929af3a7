/** Tracer.attach(): a tracer that an application links, read from JavaScript. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { inProject } from './support/paths.js';
import { Tracer, ToyKernel } from './support/tracer.js';

const require = createRequire(import.meta.url);
const loadApp = () => require(inProject('build/wasm/tests/app.js'))({ wasmBinary: readFileSync(inProject('build/wasm/tests/app.wasm')) });

async function attach(t, app) {
  const tracer = Tracer.attach(app);
  t.after(() => tracer.dispose());
  tracer.enable();
  return tracer;
}

test('an Emscripten module’s default tracer is read and written', async (t) => {
  const app = await loadApp();
  const tracer = await attach(t, app);
  assert.equal(app._app_run(), 7);
  tracer.event('CUSTOM', 'from JavaScript', 'detail');
  assert.deepEqual(tracer.events().map(({ category, name, detail }) => [category, name, detail]), [
    ['PROCESS', 'run', 'app'], ['FILE', 'save note', undefined], ['CUSTOM', 'from JavaScript', 'detail']]);
  assert.equal(tracer.stats().note.count, 1);
  assert.equal(tracer.info().clock, 'performance.now');
});

test('what C records carries performance.now() since the tracer was made', async (t) => {
  const app = await loadApp();
  const [before, realBefore] = [performance.now(), Date.now()];
  const tracer = await attach(t, app);
  const realAfter = Date.now();
  app._app_run();
  const [run] = tracer.events();
  assert.ok(run.timestamp >= 0 && run.timestamp <= performance.now() - before, `${run.timestamp}`);
  const created = tracer.info().created_realtime;
  assert.ok(created >= realBefore - 1 && created <= realAfter + 1, `${created} is not between ${realBefore} and ${realAfter}`);
});

test('Module works, too, where Emscripten has shortened the names of exports', async (t) => {
  const app = await loadApp();
  const tracer = await attach(t, { ...app, asm: { a: app.asm.tracer_wasm_describe, b: app.asm.memory } });
  app._app_run();
  assert.equal(tracer.events().length, 2);
});

test('a module that traps leaves an image that shows what it was inside of', async (t) => {
  const app = await loadApp();
  const tracer = await attach(t, app);
  assert.throws(() => app._app_trap(), WebAssembly.RuntimeError);
  assert.equal(tracer.openSpans().at(-1).name, 'traps');
  assert.equal((await Tracer.open(tracer.image().slice())).openSpans().at(-1).name, 'traps');
});

test('an instance’s default tracer outlives what is attached to it', async () => {
  const kernel = await ToyKernel.boot();
  const instance = kernel.instance;
  const one = Tracer.attach(instance);
  one.enable();
  one.event('FILE', 'kept');
  one.dispose();
  const two = Tracer.attach(instance);
  assert.equal(two.events()[0].name, 'kept');
  two.dispose();
  kernel.dispose();
});

test('a module without the tracer is refused', async () => {
  assert.throws(() => Tracer.attach({}), (error) => error instanceof TypeError && /@ringscope\.rsp/.test(error.message));
  assert.throws(() => Tracer.attach(new WebAssembly.Instance(new WebAssembly.Module(
    new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])))), TypeError);
});
