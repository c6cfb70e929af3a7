/** A worker that records as it is told: events in bursts, spans, operations. */
import { parentPort, workerData } from 'node:worker_threads';
import { WorkerTracer } from '../../build/web/ringscope.js';

const { shared, events, flag } = workerData;
const tracer = await WorkerTracer.join(shared);
const name = shared.name ?? 'worker';
const gate = new Int32Array(flag);

Atomics.add(gate, 0, 1);
Atomics.notify(gate, 0);
Atomics.wait(gate, 1, 0); // until all are ready
for (let i = 0; i < events; i++) {
  if (i % 3 === 0) tracer.event('FILE', 'open', `${name} ${i}`);
  else if (i % 3 === 1) tracer.span('IPC', `span of ${name}`, () => tracer.op('read', 0.5, i % 2 === 0));
  else tracer.record({ category: 'CUSTOM', name: 'record', detail: `${name} ${i}`, value: i });
}
tracer.io(1, 2);
let refusal = '';
try {
  tracer.events();
} catch (error) {
  refusal = error.message;
}
tracer.dispose();
tracer.dispose();
parentPort?.postMessage({ refusal });
