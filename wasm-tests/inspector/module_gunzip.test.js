/** The timeline module without a worker: gzip-compressed input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, gzipSync } from 'node:zlib';
import { createModule, sourceOf } from '../support/trace_module.js';

/** Unpacks in the module; returns the text and the notes. */
async function unpack(packed) {
  const module = await createModule(), pieces = [];
  module.source = sourceOf(packed);
  module.gunzip(packed.length, (piece) => pieces.push(Buffer.from(piece)));
  module.feed(new TextEncoder().encode('[]'));
  module.end();
  module.build();
  return { bytes: Buffer.concat(pieces), notes: module.overview().notes };
}

/** Bytes of many kinds: repeated near and far, random, in long runs. */
function mixed(size, seed) {
  const bytes = Buffer.alloc(size);
  let random = seed;
  const next = (below) => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) % below;
  for (let at = 0; at < size;) {
    const length = Math.min(1 + next(600), size - at), way = next(4);
    if (way === 0) for (let i = 0; i < length; i++) bytes[at + i] = next(256);
    else if (way === 1) bytes.fill(next(256), at, at + length);
    else for (let i = 0, back = 1 + next(Math.min(at, way === 2 ? 9 : 40000) + 1); i < length; i++) bytes[at + i] = at + i >= back ? bytes[at + i - back] : 65;
    at += length;
  }
  return bytes;
}

test('what zlib packs is unpacked, whatever its blocks are', async () => {
  for (const [i, size] of [0, 1, 100, 70000, 700000].entries())
    for (const level of [0, 1, 6, 9])
      for (const strategy of [constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY]) {
        const bytes = mixed(size, i + 1), { bytes: unpacked, notes } = await unpack(gzipSync(bytes, { level, strategy }));
        assert.ok(unpacked.equals(bytes), `${size} bytes, level ${level}, strategy ${strategy}`);
        assert.deepEqual(notes, []);
      }
});

test('all members of a gzip file count, zeros after them do not, anything else is noted', async () => {
  const one = gzipSync('one '), two = gzipSync('two');
  const both = await unpack(Buffer.concat([one, Buffer.alloc(20), two, Buffer.alloc(600)]));
  assert.deepEqual([both.bytes.toString(), both.notes], ['one two', []]);
  assert.deepEqual((await unpack(Buffer.concat([one, Buffer.from('more')]))).notes, ['Data that is not gzip follows']);
  const damaged = Buffer.from(one);
  damaged[damaged.length - 6] ^= 1;
  assert.match((await unpack(damaged)).notes[0], /do not match its checksum/);
});

test('of a gzip file that is cut off there is all that can be read', async () => {
  const text = mixed(3000, 5), packed = gzipSync(text);
  let last = 0;
  for (let at = 2; at < packed.length; at += at < 40 ? 1 : 37) {
    const { bytes, notes } = await unpack(packed.subarray(0, at));
    assert.ok(bytes.equals(text.subarray(0, bytes.length)), `cut at ${at}`);
    assert.match(notes[0], new RegExp(`The gzip file is cut off: ${bytes.length} bytes`));
    assert.ok(bytes.length >= last, 'more of the file is more of the text');
    last = bytes.length;
  }
  assert.ok(last > 1000, `${last} bytes`);
});
