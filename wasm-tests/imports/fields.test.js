/** Arguments as fields: whatever they are, all of them are recorded as JSON, and a value that was read is read again
 * when it has changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory, Tracer, traceImports } from '../../build/web/ringscope.js';
import { putFields } from '../../build/web/record/fields.js';
import { fakeTracer } from '../support/tracer.js';

const TEXTS = ['', 'a', '/etc/passwd', 'a"b', 'a\\b', 'tab\there', 'delete\x7f', '\x01', 'Käse', '漢字', '🙂', 'x'.repeat(64), 'x'.repeat(65), `${'x'.repeat(70)}"`];
const VALUES = [0, 9, 10, -1, -0, 1.5, 2 ** 31, 2 ** 53, 1e21, NaN, Infinity, 12345678901234567890n, -5n, true, null, undefined, ...TEXTS];
/** The JSON of a value. */
const asJson = (value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value) ?? 'null');

const ROOM = 4096, BEYOND = 64;

/** Writes into the room of a tracer's memory; the result is read as text. */
async function writer(t) {
  const { memory } = (await fakeTracer(t)).tracer, at = memory.allocate(ROOM + BEYOND);
  assert.ok(memory instanceof Memory);
  t.after(() => memory.free(at));
  return (fields, room = ROOM) => {
    memory.view().fill(0xaa, at, at + room + BEYOND);
    const end = putFields(memory, fields, at, at + room), bytes = memory.view();
    assert.ok(bytes.subarray(at + room, at + room + BEYOND).every((byte) => byte === 0xaa), `${room} bytes: nothing is written beyond them`);
    if (end === 0) return undefined;
    assert.equal(bytes[end], 0);
    return memory.decode(at, end - at);
  };
}

test('any value is written as JSON', async (t) => {
  const keys = VALUES.map((_, i) => ({ key: `"${i}":` }));
  const written = await writer(t), expected = `{${VALUES.map((value, i) => `"${i}":${asJson(value)}`).join(',')}}`;
  assert.equal(written({ keys, values: VALUES }), expected);
  assert.equal(written({ keys: [], values: [] }, 16), '{}');
  assert.equal(written({ keys: [{ key: '"schlüssel":' }], values: [1] }, 64), '{"schlüssel":1}');
});

test('what does not fit is left out, and nothing is written beyond its room', async (t) => {
  const written = await writer(t);
  for (const values of [['/etc/passwd', 3], [3, '/etc/passwd'], [12345, -1], ['a"b', 'ü'], []]) {
    const keys = values.map((_, i) => ({ key: `"${i}":` })), whole = written({ keys, values });
    let least = 0;
    for (let room = 0; room < 128; room++) {
      const text = written({ keys, values }, room);
      if (text !== undefined) least ||= room;
      assert.equal(text, least ? whole : undefined, `${JSON.stringify(values)} in ${room} bytes`);
    }
    assert.ok(least > whole.length, `${least} bytes for ${whole.length}`);
  }
});

/** Reports how a call shows the text at an address of a memory. */
function reader(tracer, memory) {
  const imports = { wasi_snapshot_preview1: { path_create_directory: () => 0 } };
  const { path_create_directory: call } = traceImports(imports, tracer, { memory }).wasi_snapshot_preview1;
  return (bytes) => {
    new Uint8Array(memory.buffer).set(bytes, 64);
    call(3, 64, bytes.length);
    return tracer.events({ last: 1 })[0];
  };
}

test('a text that has changed is read anew', async (t) => {
  const { tracer } = await fakeTracer(t, { detailBytes: 1 << 16 }), read = reader(tracer, new WebAssembly.Memory({ initial: 1 }));
  const encoder = new TextEncoder();
  for (let round = 0; round < 3; round++) {
    for (const text of TEXTS) {
      const { detail, args } = read(encoder.encode(text));
      assert.deepEqual([detail ?? '', args], [text, { fd: 3, path: text }]);
    }
    for (let i = 0; i < 600; i++) {
      // The same at both ends and in the middle, which are compared to find a cached text.
      const text = `/${String(i).padStart(4, '0')}/same/${String(i * 7).padStart(6, '0')}/x`;
      assert.equal(read(encoder.encode(text)).detail, text);
    }
  }
});

test('bytes that are no ASCII are never taken for a text that was read', async (t) => {
  const { tracer } = await fakeTracer(t), read = reader(tracer, new WebAssembly.Memory({ initial: 1 }));
  assert.equal(read([0xc3, 0xa9]).detail, 'é');
  assert.equal(read([0xe9]).detail, '\ufffd');
  assert.equal(read([0xe9, 0x61]).detail, '\ufffda');
  assert.equal(read([0xc3, 0xa9]).detail, 'é');
});

test('what a promise leaves where an argument stood is read, too', async (t) => {
  const { tracer } = await fakeTracer(t), memory = new WebAssembly.Memory({ initial: 1 }), bytes = new Uint8Array(memory.buffer);
  const put = (text) => bytes.set(new TextEncoder().encode(text), 64);
  let settle;
  const imports = { wasi_snapshot_preview1: { path_readlink: () => new Promise((resolve) => (settle = resolve)) } };
  const call = traceImports(imports, tracer, { memory }).wasi_snapshot_preview1.path_readlink;
  put('link');
  bytes[200] = 4;
  const result = call(3, 64, 4, 64, 4, 200);
  put('file');
  settle(0);
  await result;
  const { detail, args, result: answer } = tracer.events()[0];
  assert.deepEqual([detail, args, answer], ['link = file', { fd: 3, path: 'link', len: 4 }, 'file']);
});

test('arguments are kept by a tracer of one’s own and by one that is shared', async (t) => {
  const tracer = await Tracer.loadShared();
  t.after(() => tracer.dispose());
  tracer.enable();
  const read = reader(tracer, new WebAssembly.Memory({ initial: 1 }));
  assert.deepEqual(read(new TextEncoder().encode('a"ü')).args, { fd: 3, path: 'a"ü' });
});
