/** The imports of other languages' runtimes: wasm-bindgen's, Go's, AssemblyScript's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceImports } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';

const told = (tracer) => tracer.events().map(({ category, name, detail, failed }) => [category, name, detail, failed]);

test('texts of wasm-bindgen, with its hash and without', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 });
  new TextEncoder().encodeInto('pänic', new Uint8Array(memory.buffer, 100));
  const fail = () => { throw new Error('pänic'); };
  const { wbg } = traceImports({ wbg: { __wbindgen_throw: fail, __wbg___wbindgen_throw_0123456789abcdef: fail, __wbindgen_string_new: () => 1 } }, tracer, { memory });
  for (const name of ['__wbindgen_throw', '__wbg___wbindgen_throw_0123456789abcdef']) assert.throws(() => wbg[name](100, 6), /pänic/);
  wbg.__wbindgen_string_new(100, 6);
  assert.deepEqual(told(tracer), [['CUSTOM', '__wbindgen_throw', 'pänic', true], ['CUSTOM', '__wbindgen_throw', 'pänic', true], ['CUSTOM', '__wbindgen_string_new', 'pänic', undefined]]);
  assert.deepEqual(tracer.events().map(({ args, error }) => [args, error]), [[{ message: 'pänic' }, 'pänic'], [{ message: 'pänic' }, 'pänic'], [{ text: 'pänic' }, undefined]]);
});

test('what stands behind the stack pointer of Go', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 }), view = new DataView(memory.buffer);
  const sp = 1000;
  const names = ['runtime.wasmWrite', 'runtime.wasmExit', 'runtime.getRandomData', 'syscall/js.stringVal', 'syscall/js.valueCall'];
  const { gojs } = traceImports({ gojs: Object.fromEntries(names.map((name) => [name, () => {}])) }, tracer, { memory });
  const call = (name, ...words) => {
    words.forEach((word, i) => view.setBigUint64(sp + 8 + 8 * i, BigInt(word), true));
    gojs[name](sp);
  };
  call('runtime.wasmWrite', 2, 100, 5);
  call('runtime.wasmExit', 3);
  call('runtime.getRandomData', 100, 16, 16);
  new TextEncoder().encodeInto('hello', new Uint8Array(memory.buffer, 100));
  call('syscall/js.stringVal', 100, 5);
  call('syscall/js.valueCall', 1, 100, 5, 0, 0, 0);
  assert.deepEqual(told(tracer).map((event) => event.slice(0, 3)), [['FILE', 'runtime.wasmWrite', '2 5 bytes'], ['PROCESS', 'runtime.wasmExit', '3'],
    ['SYSCALL', 'runtime.getRandomData', '16 bytes'], ['CUSTOM', 'syscall/js.stringVal', 'hello'], ['CUSTOM', 'syscall/js.valueCall', 'hello']]);
  assert.equal(tracer.summary().bytes_written, 5);
});

test('what Go calls is read before the call, which moves its stack', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 }), view = new DataView(memory.buffer);
  new TextEncoder().encodeInto('querySelector', new Uint8Array(memory.buffer, 100));
  const moves = () => new Uint8Array(memory.buffer).fill(0x78, 100, 3000);
  const items = { 'syscall/js.valueCall': moves, 'syscall/js.valueGet': () => {
    moves();
    throw new TypeError('of null');
  }, 'syscall/js.valueSet': async () => moves() };
  const { gojs } = traceImports({ gojs: items }, tracer, { memory });
  const put = (text, sp) => {
    const { written } = new TextEncoder().encodeInto(text, new Uint8Array(memory.buffer, 100));
    [7, 100, written].forEach((word, i) => view.setBigUint64(sp + 8 + 8 * i, BigInt(word), true));
    return sp;
  };
  gojs['syscall/js.valueCall'](put('querySelector', 1000));
  assert.throws(() => gojs['syscall/js.valueGet'](put('length', 1000)), /of null/);
  await gojs['syscall/js.valueSet'](put('title', 1000));
  gojs['syscall/js.valueCall'](0xffff0000);
  assert.deepEqual(told(tracer).map((event) => event.slice(1)), [['syscall/js.valueCall', 'querySelector', undefined], ['syscall/js.valueGet', 'length', true],
    ['syscall/js.valueSet', 'title', undefined], ['syscall/js.valueCall', undefined, undefined]]);
  assert.deepEqual(tracer.events().map(({ args }) => args), [{ method: 'querySelector' }, { property: 'length' }, { property: 'title' }, undefined]);
});

test('why AssemblyScript gives up, and where nothing can be read', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 }), view = new DataView(memory.buffer);
  const put = (at, text) => {
    view.setUint32(at - 4, text.length * 2, true);
    [...text].forEach((character, i) => view.setUint16(at + 2 * i, character.charCodeAt(0), true));
    return at;
  };
  const { env } = traceImports({ env: { abort: () => {} } }, tracer, { memory });
  env.abort(put(100, 'índex'), put(200, 'a.ts'), 3, 7);
  env.abort(0, put(200, 'a.ts'), 3, 7);
  env.abort(0xfffffff0, 0, 3, 7);
  env.abort();
  assert.deepEqual(told(tracer).map(([category, , detail]) => [category, detail]), [['PROCESS', 'índex in a.ts(3:7)'], ['PROCESS', ' in a.ts(3:7)'], ['PROCESS', undefined], ['PROCESS', '']]);
});
