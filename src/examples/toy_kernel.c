/* Boots the toy kernel, keeps its time, and ends it. */
#include "toy_kernel.h"

#include <stdlib.h>

#define FRAME_NS 16666667u
#define TICKS 600

struct toy_kernel {
    struct tracer *tracer;
    uint64_t now_ns;
    uint64_t random;
    uint64_t ticks;
};

static double kernel_clock(void *argument)
{
    return toy_kernel_now_ms(argument);
}

double toy_kernel_now_ms(const struct toy_kernel *kernel)
{
    return (double)kernel->now_ns / 1e6;
}

const char *toy_kernel_console(const struct toy_kernel *kernel)
{
    (void)kernel;
    return "";
}

static uint64_t next_random(struct toy_kernel *kernel)
{
    kernel->random = kernel->random * 6364136223846793005u + 1442695040888963407u;
    return kernel->random >> 33;
}

enum tracer_error toy_kernel_create(struct toy_kernel **kernel, struct tracer *tracer, uint64_t seed)
{
    if (!kernel || !tracer)
        return TRACER_ERROR_ARGUMENT;
    struct toy_kernel *made = calloc(1, sizeof *made);
    if (!made)
        return TRACER_ERROR_MEMORY;
    made->tracer = tracer;
    made->random = seed;
    tracer_set_clock(tracer, kernel_clock, made);
    tracer_track(tracer, 0, 0, "kernel");
    *kernel = made;
    return TRACER_OK;
}

bool toy_kernel_step(struct toy_kernel *kernel)
{
    if (kernel->ticks == TICKS)
        return false;
    kernel->ticks++;
    uint64_t work_ns = next_random(kernel) % 12000000u;
    struct trace_span tick = tracer_span_begin(kernel->tracer, TRACE_SCHEDULER, "tick");
    tick.has_pid = 1;
    kernel->now_ns += work_ns;
    trace_span_end(&tick);
    tracer_tick(kernel->tracer, 1, (double)work_ns / 1e6);
    kernel->now_ns += FRAME_NS - kernel->now_ns % FRAME_NS;
    return kernel->ticks < TICKS;
}

void toy_kernel_destroy(struct toy_kernel *kernel)
{
    free(kernel);
}
