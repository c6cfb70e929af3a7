/** Performance analysis: does every tick fit into a frame? The same as src/examples/use_performance.c. */
import { ToyKernel } from '../toy-kernel/toy_kernel.js';

const FRAME_MS = 16;
const kernel = await ToyKernel.boot();
while (kernel.step());

const summary = kernel.tracer.summary();
const calls = summary.syscall_count / summary.tick_count;
console.log(
  `${summary.tick_count} ticks, ${summary.avg_tick_time.toFixed(3)} ms on average, ${calls.toFixed(1)} syscalls per tick`);
if (summary.max_tick_time > FRAME_MS)
  console.log(`warning: the longest tick took ${summary.max_tick_time.toFixed(3)} ms, a frame is ${FRAME_MS} ms`);

const stats = kernel.tracer.stats();
for (const name of ['open', 'read', 'write']) {
  const { count, avg_time, max_time, success_rate } = stats[name];
  console.log(
    `${name.padEnd(8)} ${String(count).padStart(4)} calls, average ${avg_time.toFixed(3)} ms, ` +
      `longest ${max_time.toFixed(3)} ms, ${(100 * success_rate).toFixed(1)}% succeed`);
}
kernel.dispose();
