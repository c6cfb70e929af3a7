/*
 * Monitoring with ringscope: a health check now and then, on system calls that fail and on ticks that
 * get long.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../toy_kernel/toy_kernel.h"

#define TICKS_BETWEEN_CHECKS 120 /* two seconds */
#define AVERAGE_TICK_MS_MAX 4

/* What is new since the last check, by the difference of two summaries. */
static void check_health(const struct toy_kernel *kernel, struct trace_summary *before)
{
    struct trace_summary now;
    if (trace_summary(&now) != TRACER_OK)
        return;
    double ticks = (double)(now.tick_count - before->tick_count);
    double avg_tick_time = ticks > 0 ? (now.total_tick_time - before->total_tick_time) / ticks : 0;
    int errors = (int)(now.syscall_errors - before->syscall_errors);
    printf("%5.1f s: %2d errors, average tick %.2f ms: %s\n", toy_kernel_now_ms(kernel) / 1000, errors, avg_tick_time,
           avg_tick_time > AVERAGE_TICK_MS_MAX ? "SLOW"
           : errors                            ? "FAILING"
                                               : "healthy");
    *before = now;
}

int main(void)
{
    struct toy_kernel *kernel;
    struct trace_summary before = { 0 };
    if (toy_kernel_create(&kernel, trace_default(), 1) != TRACER_OK)
        return EXIT_FAILURE;
    for (int tick = 1; toy_kernel_step(kernel); tick++)
        if (tick % TICKS_BETWEEN_CHECKS == 0)
            check_health(kernel, &before);
    check_health(kernel, &before);
    trace_close();
    toy_kernel_destroy(kernel); /* whose clock the tracer had */
    return EXIT_SUCCESS;
}
