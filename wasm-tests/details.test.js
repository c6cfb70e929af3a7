/** Names and details of any kind are read back as valid text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeTracer } from './support/tracer.js';

const REPLACEMENT = '\ufffd';

const texts = {
  quotes: ['"quoted" \\ back', '"quoted" \\ back'],
  'control characters': ['\x01\n\t\x1b', '\x01\n\t\x1b'],
  'other scripts': ['Käse 漢字 🙂', 'Käse 漢字 🙂'],
  'two bytes': ['Käse', 'Käse'],
  'three bytes': ['漢字', '漢字'],
  'a lone high surrogate': ['a\ud800b', `a${REPLACEMENT}b`],
  'a lone low surrogate': ['\udc00', REPLACEMENT],
  'a surrogate at the end': ['x'.repeat(63) + '\ud83d', 'x'.repeat(63) + REPLACEMENT],
  NUL: ['a\0b', `a${REPLACEMENT}b`],
  'just at the loop’s limit': ['x'.repeat(64), 'x'.repeat(64)],
  'just beyond it': ['x'.repeat(65), 'x'.repeat(65)],
  nothing: ['', ''],
};

for (const [what, [given, expected]] of Object.entries(texts)) {
  test(`a detail of ${what}`, async (t) => {
    const { tracer } = await fakeTracer(t);
    tracer.event('FILE', 'event', given);
    tracer.record({ category: 'FILE', name: 'record', detail: given });
    const span = tracer.span('FILE', 'span');
    span.end(given);
    assert.deepEqual(tracer.events().map((event) => event.detail), [expected, expected, expected]);
  });

  test(`a name of ${what}`, async (t) => {
    const { tracer } = await fakeTracer(t);
    tracer.event('FILE', given);
    assert.equal(tracer.events()[0].name, expected);
  });
}

test('a detail of 64 KiB is kept, one of 1 MiB is cut and marked', async (t) => {
  const { tracer } = await fakeTracer(t, { detailBytes: 1 << 18 });
  const kept = '0123456789abcdef'.repeat(4096);
  tracer.event('FILE', 'kept', kept);
  tracer.event('FILE', 'cut', 'ü'.repeat(1 << 20));
  const [first, second] = tracer.events();
  assert.equal(first.detail, kept);
  assert.equal(first.detail_truncated, undefined);
  assert.equal(second.detail_truncated, true);
  assert.match(second.detail, /^ü+\ufffd?$/);
  assert.equal(Buffer.byteLength(second.detail.replace(REPLACEMENT, '?')), tracer.info().detail_bytes_max);
  assert.equal(tracer.summary().losses.details_truncated, 1);
});

test('a detail that is no string is written as one', async (t) => {
  const { tracer } = await fakeTracer(t);
  tracer.event('FILE', 'number', 42);
  tracer.event('FILE', 'null', null);
  assert.deepEqual(tracer.events().map((event) => event.detail), ['42', undefined]);
});

test('a name that is no string is refused', async (t) => {
  const { tracer } = await fakeTracer(t);
  assert.throws(() => tracer.event('FILE', undefined), TypeError);
});

test('names beyond the table go into the detail', async (t) => {
  const { tracer } = await fakeTracer(t, { names: 8 });
  for (let i = 0; i < 20; i++) tracer.event('FILE', `name ${i}`, `detail ${i}`);
  assert.deepEqual(tracer.events().map((event) => [event.name, event.detail]),
    Array.from({ length: 20 }, (_, i) => [`name ${i}`, `detail ${i}`]));
  assert.ok(tracer.summary().losses.names_overflowed > 0);
});
