/** The toy kernel in WebAssembly: step by step, and equal to the native one byte for byte. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { nativeProgram } from './support/paths.js';
import { ToyKernel } from './support/tracer.js';

async function boot(t, options) {
  const kernel = await ToyKernel.boot(options);
  t.after(() => kernel.dispose());
  kernel.tracer.enable();
  return kernel;
}

/** The same output as native/toy_json.c. */
function json({ tracer }) {
  const { memory } = tracer;
  const [summary] = memory.callText('tracer_wasm_summary', tracer.reader).split('\0');
  return `${tracer.export('json')}${summary}\n${memory.callText('tracer_wasm_operations', tracer.reader)}\n`;
}

for (const [seed, steps] of [[1, 40], [1, 100000], [2, 100000], [4294967297, 300]])
  test(`seed ${seed} gives the same JSON as natively after ${steps} steps`, async (t) => {
    const kernel = await boot(t, { seed });
    for (let step = 0; step < steps && kernel.step(); step++);
    assert.equal(json(kernel), execFileSync(nativeProgram('tests/toy_json'), [seed, steps], { encoding: 'utf8' }));
  });

test('each step takes kernel time on and records', async (t) => {
  const kernel = await boot(t);
  let time = kernel.now(), recorded = 0;
  for (let step = 0; step < 20; step++) {
    assert.equal(kernel.step(), true);
    assert.ok(kernel.now() > time, `${kernel.now()} after ${time}`);
    time = kernel.now();
    const { losses } = kernel.tracer.summary();
    const all = Object.values(losses.recorded).reduce((a, b) => a + b, 0);
    assert.ok(all > recorded, `${all} after ${recorded}`);
    recorded = all;
  }
});

test('its programs print to a console, and end', async (t) => {
  const kernel = await boot(t);
  while (kernel.step());
  assert.equal(kernel.step(), false);
  assert.match(kernel.console(), /\S/);
});

test('two kernels in one page do not know of each other', async (t) => {
  const [one, two] = [await boot(t, { seed: 1 }), await boot(t, { seed: 2 })];
  while (one.step());
  assert.equal(two.tracer.events().length, 0);
  while (two.step());
  assert.notEqual(json(one), json(two));
});
