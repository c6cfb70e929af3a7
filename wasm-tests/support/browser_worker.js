/** A worker in a page: records into the tracer that is posted to it. */
import { WorkerTracer } from '../../build/web/ringscope.js';

globalThis.onmessage = async ({ data }) => {
  const tracer = await WorkerTracer.join(data);
  for (let i = 0; i < 100; i++) tracer.event('FILE', 'open', `${data.name} ${i}`);
  tracer.span('IPC', 'ünïcode 漢字', () => {});
  tracer.dispose();
  globalThis.postMessage('done');
};
