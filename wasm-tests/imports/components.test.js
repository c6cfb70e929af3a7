/** Components, as run by jco: calls of the host under their own names, whichever module they leave through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceWebAssembly } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';
import { assemble } from '../support/wat.js';

const TYPES = '(type $open (func (param i32 i32 i32 i32 i32 i32 i32))) (type $write (func (param i32 i32 i32 i32)))';
/** Calls through a table that is still empty. */
const SHIM = assemble(`(module ${TYPES} (table (export "$imports") 2 funcref)
  (func (export "0") (type $open) (call_indirect (type $open) ${[0, 1, 2, 3, 4, 5, 6].map((i) => `(local.get ${i})`).join('')} (i32.const 0)))
  (func (export "1") (type $write) (call_indirect (type $write) ${[0, 1, 2, 3].map((i) => `(local.get ${i})`).join('')} (i32.const 1))))`);
const MAIN = assemble(`(module ${TYPES} (import "wasi:filesystem/types@0.2.3" "[method]descriptor.open-at" (func $open (type $open)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.write" (func $write (type $write)))
  (import "wasi:cli/stdout@0.2.3" "get-stdout" (func $stdout (result i32)))
  (import "wasi:io/streams@0.2.3" "[resource-drop]output-stream" (func $drop (param i32)))
  (memory (export "memory") 1) (data (i32.const 64) "/a.txt")
  (func (export "run") (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 6) (i32.const 0) (i32.const 0) (i32.const 8))
    (call $write (call $stdout) (i32.const 64) (i32.const 6) (i32.const 8)) (call $drop (i32.const 5))))`);
/** Fills the table. */
const FIXUP = assemble(`(module ${TYPES} (import "actual" "0" (func $open (type $open))) (import "actual" "1" (func $write (type $write)))
  (import "shim" "$imports" (table 2 funcref)) (elem (i32.const 0) $open $write))`);
const NO_ENTRY = 20;

/** Instances as jco makes them, with functions that write their result to a given address. @param {number[][]} results
 * of open-at and write */
async function link([opened, written], host = WebAssembly) {
  const shim = (await host.instantiate(new host.Module(SHIM))).exports;
  const main = await host.instantiate(new host.Module(MAIN), {
    'wasi:filesystem/types@0.2.3': { '[method]descriptor.open-at': shim[0] }, 'wasi:cli/stdout@0.2.3': { 'get-stdout': () => 7 },
    'wasi:io/streams@0.2.3': { '[method]output-stream.write': shim[1], '[resource-drop]output-stream': () => {} },
  });
  const giving = (/** @type {number[]} */ bytes) => (/** @type {number[]} */ ...args) => new Uint8Array(main.exports.memory.buffer).set(bytes, args.at(-1));
  await host.instantiate(new host.Module(FIXUP), { actual: { 0: giving(opened).bind(null), 1: giving(written).bind(null) }, shim: { $imports: shim.$imports } });
  return main.exports;
}

/** @param {import('node:test').TestContext} t @param {number[][]} results */
async function traced(t, results) {
  const { tracer } = await fakeTracer(t), warnings = [], undo = traceWebAssembly(tracer, { warn: (message) => warnings.push(message) });
  t.after(undo);
  (await link(results)).run();
  assert.deepEqual([warnings, tracer.openSpans()], [[], []]);
  return tracer;
}

test('what leaves by a number is told by its name, with its path and its bytes', async (t) => {
  const tracer = await traced(t, [[0, 0, 0, 0, 9], [0]]);
  assert.deepEqual(tracer.events().map(({ category, name, detail, failed }) => [category, name, detail, failed]), [['FILE', 'descriptor.open-at', '/a.txt', undefined],
    ['PROCESS', 'get-stdout', undefined, undefined], ['FILE', 'output-stream.write', '7 = 6', undefined], ['FILE', '[resource-drop]output-stream', undefined, undefined]]);
  assert.equal(tracer.summary().bytes_written, 6);
});

test('results in memory say what failed; the end of a stream is no failure', async (t) => {
  const tracer = await traced(t, [[1, 0, 0, 0, NO_ENTRY], [1, 0, 0, 0, 0]]);
  assert.deepEqual(tracer.events({ failed: true }).map(({ name, detail, error }) => [name, detail, error]),
    [['descriptor.open-at', '/a.txt = no-entry', 'no-entry'], ['output-stream.write', '7 = last-operation-failed', 'last-operation-failed']]);
  const closed = await traced(t, [[0, 0, 0, 0, 9], [1, 0, 0, 0, 1]]);
  assert.deepEqual([closed.events({ failed: true }), closed.summary().bytes_written, closed.stats()['output-stream.write'].errors], [[], 0, 0]);
});

test('numbers without a shim stay numbers, and are no names that were shortened', async (t) => {
  const { tracer } = await fakeTracer(t), warnings = [], undo = traceWebAssembly(tracer, { warn: (message) => warnings.push(message) });
  t.after(undo);
  const names = [0, 1, 2, 3, 4];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(`(module ${names.map((name) => `(import "list" "${name}" (func))`).join('')}
    (func (export "run") ${names.map((name) => `(call ${name})`).join('')}))`)), { list: names.map(() => () => {}) });
  exports.run();
  assert.deepEqual([tracer.events().map(({ name }) => name), warnings], [names.map(String), []]);
});
