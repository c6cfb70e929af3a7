/** The arguments of calls are read from the module's memory, wherever that is; anything unreadable is not invented. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantiateTraced, traceImports, traceWebAssembly } from '../../build/web/ringscope.js';
import { fakeTracer } from '../support/tracer.js';
import { assemble } from '../support/wat.js';

const FD_WRITE = '(import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))';
const WRITES = '(func (export "g") (i32.store (i32.const 8) (i32.const 5)) (drop (call $w (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8))))';
const wasi = (calls) => ({ wasi_snapshot_preview1: calls });
const written = wasi({ fd_write: () => 0 });
const shape = (tracer) => tracer.events().map(({ name, detail }) => [name, detail]);

/** A tracer, and the warnings of whatever is traced with these options. */
async function listening(t) {
  const { tracer } = await fakeTracer(t), warnings = [];
  return { tracer, warnings, options: { warn: (message) => warnings.push(message) } };
}

test('a memory is found by its type: exported by any name, or imported', async (t) => {
  const { tracer, warnings, options } = await listening(t);
  const exported = await instantiateTraced(assemble(`(module ${FD_WRITE} (memory (export "e") 1) ${WRITES})`), written, tracer, options);
  exported.exports.g();
  const memory = new WebAssembly.Memory({ initial: 1 });
  const importing = assemble(`(module ${FD_WRITE} (import "x" "y" (memory 1)) ${WRITES})`);
  (await instantiateTraced(importing, { ...written, x: { y: memory } }, tracer, options)).exports.g();
  (await WebAssembly.instantiate(importing, traceImports({ ...written, x: { y: memory } }, tracer, options))).instance.exports.g();
  assert.deepEqual(shape(tracer), Array(3).fill(['fd_write', '1 = 5']));
  assert.deepEqual([tracer.summary().bytes_written, warnings], [15, []]);
});

test('the option takes a memory, an instance, exports, or a function that leads to one', async (t) => {
  const { tracer, options } = await listening(t);
  const bytes = assemble(`(module ${FD_WRITE} (memory (export "e") 1) ${WRITES})`);
  const ways = [(get) => () => get(), (get) => () => get().exports, (get) => () => get().exports.e];
  for (const way of ways) {
    let instance;
    ({ instance } = await WebAssembly.instantiate(bytes, traceImports(written, tracer, { ...options, memory: way(() => instance) })));
    instance.exports.g();
  }
  assert.deepEqual(shape(tracer), Array(3).fill(['fd_write', '1 = 5']));
});

test('without a memory details are absent, no bytes are counted, and that is said once', async (t) => {
  const { tracer, warnings, options } = await listening(t);
  const { exports } = await instantiateTraced(assemble(`(module ${FD_WRITE} (memory 1) ${WRITES})`), written, tracer, options);
  exports.g();
  exports.g();
  assert.deepEqual(shape(tracer), Array(2).fill(['fd_write', undefined]));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], /no memory was found/);
  assert.equal(tracer.summary().bytes_written, 0);
});

test('a start function calls imports before there is an instance', async (t) => {
  const text = `(module ${FD_WRITE} (memory (export "memory") 1) (func $s (drop (call $w (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 8)))) (start $s) ${WRITES})`;
  const { tracer, warnings, options } = await listening(t);
  (await instantiateTraced(assemble(text), written, tracer, options)).exports.g();
  let instance;
  ({ instance } = await WebAssembly.instantiate(assemble(text), traceImports(written, tracer, { ...options, memory: () => instance.exports.memory })));
  instance.exports.g();
  const undo = traceWebAssembly(tracer, options);
  new WebAssembly.Instance(new WebAssembly.Module(assemble(text)), written).exports.g();
  undo();
  assert.deepEqual(shape(tracer), Array(3).fill([['fd_write', undefined], ['fd_write', '1 = 5']]).flat());
  assert.deepEqual(warnings, []);
});

test('addresses of 64 bits are BigInts, and sizes are as wide', async (t) => {
  const { tracer } = await fakeTracer(t);
  const memory = new WebAssembly.Memory({ initial: 1 }), view = new DataView(memory.buffer);
  new Uint8Array(memory.buffer).set(new TextEncoder().encode('name'), 100);
  view.setUint32(200, 4, true);
  view.setBigUint64(208, 2n ** 33n, true);
  const calls = traceImports(wasi({ path_open: () => 0, fd_write: () => 0, fd_seek: () => 0 }), tracer, { memory }).wasi_snapshot_preview1;
  assert.equal(calls.path_open(3, 0, 100n, 4n, 0, 0n, 0n, 0, 200n), 0);
  calls.fd_write(1, 0n, 0n, 208n);
  calls.fd_seek(4, -8n, 2, 208n);
  calls.fd_write(1, 0n, 0n, 2n ** 63n);
  assert.deepEqual(shape(tracer), [['path_open', 'name = 4'], ['fd_write', '1 = 8589934592'], ['fd_seek', '4 END -8 = 8589934592'], ['fd_write', undefined]]);
  assert.equal(tracer.summary().bytes_written, 2 ** 33);
});

test('an address that leads nowhere gives no detail and no bytes', async (t) => {
  const { tracer, warnings, options } = await listening(t);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const calls = traceImports(wasi({ path_open: () => 0, fd_read: () => 0, path_unlink_file: () => 44 }), tracer, { memory, ...options }).wasi_snapshot_preview1;
  calls.path_open(3, 0, 65530, 11, 0, 0n, 0n, 0, 200);
  calls.fd_read(4, 0, 1, 65534);
  calls.fd_read(4, 0, 1, -4);
  calls.path_unlink_file(3, 0xffff_fff0, 0x7fff_ffff);
  assert.deepEqual(shape(tracer), [['path_open', undefined], ['fd_read', undefined], ['fd_read', undefined], ['path_unlink_file', undefined]]);
  assert.deepEqual([tracer.summary().bytes_read, tracer.summary().syscall_errors, warnings], [0, 1, []]);
});

test('a memory may grow, also while the import runs, and be shared', async (t) => {
  for (const shared of [false, true]) {
    const { tracer } = await fakeTracer(t);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared });
    const grow = () => {
      memory.grow(1);
      new Uint8Array(memory.buffer).set(new TextEncoder().encode('far'), 70000);
      return 0;
    };
    const calls = traceImports({ env: { m: memory }, ...wasi({ path_unlink_file: grow }) }, tracer).wasi_snapshot_preview1;
    calls.path_unlink_file(3, 70000, 3);
    assert.deepEqual(shape(tracer), [['path_unlink_file', 'far']], `shared: ${shared}`);
  }
});

test('a description of the caller’s may throw, and a disposed tracer or a bad clock is no matter', async (t) => {
  const { tracer } = await fakeTracer(t);
  const fail = () => {
    throw new Error('from a description');
  };
  const imports = { host: { f: () => 7 } };
  const bad = [{ describe: fail }, { describe: () => ({ given: fail }) }, { describe: () => ({ answer: fail }) }, { describe: () => ({ error: fail }) },
    { describe: () => ({ read: fail }) }, { describe: () => ({ given: () => Symbol('s') }) }, { describe: () => ({ category: 'NONE' }) }, { memory: fail }];
  for (const options of bad) assert.equal(traceImports(imports, tracer, options).host.f(), 7);
  const traced = traceImports(imports, tracer);
  tracer.dispose();
  assert.equal(traced.host.f(), 7);
  let broken = false;
  const { tracer: other } = await fakeTracer(t, { clock: () => (broken ? fail() : 1) });
  const under = traceImports(imports, other);
  broken = true;
  assert.equal(under.host.f(), 7);
  broken = false;
});
