/*
 * A small cooperative kernel that shows how to use ringscope. It has processes, a scheduler, files, pipes, shared
 * memory, signals, timers and a compositor, and traces and counts every system call through the public interface only.
 * Its programs run from a seed under the kernel's own time, so that the same seed records the same events on every
 * machine, natively and in WebAssembly.
 *
 *     toy_kernel_create(&kernel, tracer, 1);
 *     tracer_enable(tracer);
 *     while (toy_kernel_step(kernel))
 *         ;
 *
 * One thread at a time per kernel, and the same one throughout: its spans nest on that thread.
 */
#ifndef RINGSCOPE_TOY_KERNEL_H
#define RINGSCOPE_TOY_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "ringscope.h"

#ifdef __cplusplus
extern "C" {
#endif

struct toy_kernel;

/* Creates a kernel that has just booted, before its first tick. Sets the tracer's clock, which clears the tracer's
 * events, and enables nothing. The tracer then takes its time from the kernel, so the kernel may be destroyed only when
 * the tracer is no longer used. The caller owns *kernel. ERROR_ARGUMENT, ERROR_MEMORY. */
enum tracer_error toy_kernel_create(struct toy_kernel **kernel, struct tracer *tracer, uint64_t seed);

/* Runs one tick of the scheduler, about a 60th of a second of kernel time. False once every program has ended; further
 * calls do nothing. */
bool toy_kernel_step(struct toy_kernel *kernel);

/* Kernel time in ms since boot, which is the tracer's time. */
double toy_kernel_now_ms(const struct toy_kernel *kernel);

/* Everything that the programs have printed so far; borrowed until the next step. */
const char *toy_kernel_console(const struct toy_kernel *kernel);

/* Ends the kernel. Call it after tracer_destroy() of the kernel's tracer. (Removing the clock from the tracer here
 * would clear the recorded events.) NULL is accepted. */
void toy_kernel_destroy(struct toy_kernel *kernel);

#ifdef __cplusplus
}
#endif

#endif
