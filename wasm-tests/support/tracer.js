/** Tracers under a fake clock, which end with their test. */
import { ToyKernel } from '../../build/web/toy-kernel/toy_kernel.js';
import { Tracer } from '../../build/web/ringscope.js';

export { Tracer, ToyKernel };

/**
 * An enabled tracer whose time is clock.ms.
 * @param {import('node:test').TestContext} t
 * @param {object} [options]
 */
export async function fakeTracer(t, options = {}) {
  const clock = { ms: 0 };
  const tracer = await Tracer.load({ clock: () => clock.ms, ...options });
  t.after(() => tracer.dispose());
  tracer.enable();
  return { tracer, clock };
}
