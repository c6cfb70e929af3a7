/** Recording never throws for lack of memory, and takes no more than was set aside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { inPackage } from './support/paths.js';
import { Tracer, fakeTracer } from './support/tracer.js';

test('any number of names takes a bounded memory, and each is recorded', async (t) => {
  const { tracer } = await fakeTracer(t, { capacityEvents: 10 });
  const record = (from, to) => {
    for (let i = from; i < to; i++) {
      tracer.event('FILE', `name ${i}`, `detail ${i}`);
      tracer.span('FILE', `span ${i}`).end();
      tracer.op(`operation ${i}`, 1);
    }
  };
  record(0, 20000);
  const before = tracer.memory.memory.buffer.byteLength;
  record(20000, 100000);
  tracer.counter('FILE', 'a name that is new', 5);
  tracer.record({ category: 'FILE', name: 'another'.repeat(100) });
  assert.equal(tracer.memory.memory.buffer.byteLength, before);
  const [, , first] = tracer.events().reverse();
  assert.equal(first.name, 'span 99999');
  assert.deepEqual(tracer.events().slice(-2).map((event) => event.name), ['a name that is new', 'another'.repeat(100).slice(0, 255)]);
  assert.equal(tracer.summary().syscall_count, 100000);
});

test('any number of spans may be open, in whatever order they end', async (t) => {
  const { tracer, clock } = await fakeTracer(t, { capacityEvents: 5000 });
  const spans = Array.from({ length: 3000 }, (_, i) => tracer.span('FILE', `open ${i % 10}`));
  const before = tracer.memory.memory.buffer.byteLength;
  for (let i = 0; i < 20000; i++) tracer.span('FILE', 'left open');
  assert.equal(tracer.memory.memory.buffer.byteLength, before);
  clock.ms = 5;
  spans[2999].fail();
  for (const span of spans) span.end('done');
  const ended = tracer.events({ text: 'done' });
  assert.deepEqual([ended.length, ended.filter((event) => event.duration === 5).length, ended.filter((event) => event.failed).length], [3000, 3000, 1]);
});

const open = (tracer) => tracer.openSpans().map((span) => span.name).sort();

test('open spans are those that have begun and not ended, whatever the order', async (t) => {
  const { tracer } = await fakeTracer(t);
  const names = ['p', 'q', 'r', 's'], orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 0, 3, 1], [0, 3, 1, 2]];
  for (const order of orders) {
    const spans = names.slice(0, 2).map((name) => tracer.span('FILE', name));
    const left = new Set(names.slice(0, 2));
    const [first, ...rest] = order.filter((i) => i < 2);
    spans[first].end();
    left.delete(names[first]);
    for (const name of names.slice(2)) {
      spans.push(tracer.span('IPC', name));
      left.add(name);
      assert.deepEqual(open(tracer), [...left].sort(), `${order}`);
    }
    for (const i of [...rest, ...order.filter((index) => index >= 2)]) {
      spans[i].end();
      left.delete(names[i]);
      assert.deepEqual(open(tracer), [...left].sort(), `${order}, after ${names[i]}`);
    }
  }
  const image = await Tracer.open(tracer.save());
  t.after(() => image.dispose());
  assert.deepEqual(open(image), []);
});

test('a span that outlives the call it began in stays open, also in what is saved', async (t) => {
  const { tracer } = await fakeTracer(t);
  const { traceImports } = await import('../build/web/ringscope.js');
  let span;
  const { begin, other } = traceImports({ env: { begin: () => (span = tracer.span('IPC', 'outlives')), other: () => open(tracer) } }, tracer).env;
  begin();
  assert.deepEqual(other(), ['other', 'outlives']);
  const image = await Tracer.open(tracer.save());
  t.after(() => image.dispose());
  assert.deepEqual(open(image), ['outlives']);
  span.end();
  assert.deepEqual(open(tracer), []);
});

test('{ async: true } with a function calls it', async (t) => {
  const { tracer, clock } = await fakeTracer(t);
  assert.equal(tracer.span('IPC', 'at once', { async: true }, () => (clock.ms = 3)), 3);
  assert.equal(await tracer.span('IPC', 'later', { async: true }, async () => 4), 4);
  assert.throws(() => tracer.span('IPC', 'fails', { async: true }, () => { throw new Error('as it should'); }), /as it should/);
  assert.deepEqual(tracer.events().map(({ name, duration, failed }) => [name, duration, failed]), [['at once', 3, undefined], ['later', 0, undefined], ['fails', 0, true]]);
});

const IN_WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
(async () => {
  const { WorkerTracer } = await import(workerData.package);
  const tracer = await WorkerTracer.join(workerData.trace);
  for (let i = 0; i < 20000; i++) tracer.event('FILE', 'GET /user/' + i);
  for (let i = 0; i < 20000; i++) tracer.span('FILE', 'left open ' + i);
  for (let i = 0; i < 100; i++) tracer.record({ category: 'FILE', name: 'long', detail: 'x'.repeat(60000) });
  tracer.event('FILE', 'the last one');
  tracer.dispose();
  parentPort.postMessage('done');
})();`;

test('a worker records any number of names and spans', async (t) => {
  const tracer = await Tracer.loadShared({ capacityEvents: 100000, detailBytes: 1 << 24 });
  t.after(() => tracer.dispose());
  tracer.enable();
  const worker = new Worker(IN_WORKER, { eval: true, workerData: { trace: tracer.share('w'), package: inPackage('ringscope.js') } });
  assert.equal(await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)), 'done');
  assert.equal(tracer.events().filter((event) => event.name.startsWith('GET /user/')).length, 20000);
  assert.deepEqual(tracer.events({ last: 1 }).map((event) => event.name), ['the last one']);
  assert.equal(tracer.events({ name: 'long' }).at(-1).detail.length, 60000);
});
