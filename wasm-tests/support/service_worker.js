/** A service worker that traces a module's calls, and reports them. */
import { Tracer, traceWebAssembly } from '../../build/web/ringscope.js';

addEventListener('install', () => /** @type {any} */ (globalThis).skipWaiting());

addEventListener('message', async (/** @type {any} */ { data, ports }) => {
  const tracer = await Tracer.load();
  tracer.enable();
  const undo = traceWebAssembly(tracer);
  const { instance } = await WebAssembly.instantiate(data, { env: { ask: (/** @type {number} */ n) => n + 1 } });
  const result = /** @type {any} */ (instance.exports).run(6);
  undo();
  ports[0].postMessage([result, tracer.events().map((event) => event.name)]);
  tracer.dispose();
});
