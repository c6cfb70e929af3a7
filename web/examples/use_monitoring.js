/** Monitoring: a regular health check. The same as src/examples/use_monitoring.c. */
import { ToyKernel } from '../toy-kernel/toy_kernel.js';

const TICKS_BETWEEN_CHECKS = 120; // two seconds
const AVERAGE_TICK_MS_MAX = 4;
const kernel = await ToyKernel.boot();
let before = kernel.tracer.summary();

/** Reports changes since the last check, as the difference of two summaries. */
function checkHealth() {
  const now = kernel.tracer.summary();
  const ticks = now.tick_count - before.tick_count;
  const average = ticks > 0 ? (now.total_tick_time - before.total_tick_time) / ticks : 0;
  const errors = now.syscall_errors - before.syscall_errors;
  const health = average > AVERAGE_TICK_MS_MAX ? 'SLOW' : errors ? 'FAILING' : 'healthy';
  const seconds = (kernel.now() / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s: ${String(errors).padStart(2)} errors, average tick ${average.toFixed(2)} ms: ${health}`);
  before = now;
}

for (let tick = 1; kernel.step(); tick++) if (tick % TICKS_BETWEEN_CHECKS === 0) checkHealth();
checkHealth();
kernel.dispose();
