/*
 * Performance analysis with ringscope: does every tick fit into a frame, and which system calls does
 * it spend its time on?
 *
 * The counters count whether tracing is on or off, so this program never enables it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../toy_kernel/toy_kernel.h"

#define FRAME_MS 16

static void print_ticks(const struct trace_summary *summary)
{
    double calls = (double)summary->syscall_count / (double)summary->tick_count;
    printf("%d ticks, %.3f ms on average, %.1f syscalls per tick\n", (int)summary->tick_count, summary->avg_tick_time,
           calls);
    if (summary->max_tick_time > FRAME_MS)
        printf("warning: the longest tick took %.3f ms, a frame is %d ms\n", summary->max_tick_time, FRAME_MS);
}

static void print_operation(const char *name)
{
    struct trace_perf perf;
    if (trace_op_stats(name, &perf) == TRACER_OK)
        printf("%-8s %4d calls, average %.3f ms, longest %.3f ms, %.1f%% succeed\n", name, (int)perf.count,
               perf_avg_time(&perf), perf.max_time, 100 * perf_success_rate(&perf));
}

int main(void)
{
    struct toy_kernel *kernel;
    struct trace_summary summary;
    if (toy_kernel_create(&kernel, trace_default(), 1) != TRACER_OK)
        return EXIT_FAILURE;
    while (toy_kernel_step(kernel))
        ;
    if (trace_summary(&summary) != TRACER_OK)
        return EXIT_FAILURE;
    print_ticks(&summary);
    print_operation("open");
    print_operation("read");
    print_operation("write");
    trace_close();
    toy_kernel_destroy(kernel); /* whose clock the tracer had */
    return EXIT_SUCCESS;
}
