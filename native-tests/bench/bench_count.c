/* Counting operations, which happens whether tracing is on or off. */
#include "bench.h"

#include <string.h>

#define DURATIONS 1024 /* a power of two */

/* From 2^6 to 2^20 ns, so that they fall into many buckets of the histogram. */
static void fill_durations(double durations_ms[DURATIONS])
{
    uint64_t seed = 2;
    for (int i = 0; i < DURATIONS; i++) {
        uint64_t random = bench_random(&seed);
        durations_ms[i] = (double)((64 + (random & 63)) << (random >> 32) % 14) / 1e6;
    }
}

static void op_loop(void *context, uint64_t count)
{
    const double *durations_ms = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_op("read", durations_ms[i % DURATIONS], true);
}

static bool all_counted(uint64_t calls, struct bench_result *result)
{
    struct trace_perf perf;
    if (!bench_ok(result, trace_op_stats("read", &perf), NULL))
        return false;
    if (perf.count != calls || !perf.has_percentiles)
        return bench_fail(result, "of %llu calls, %llu were counted, percentiles: %d", (unsigned long long)calls,
                          (unsigned long long)perf.count, perf.has_percentiles);
    return true;
}

static bool measure_op(struct bench_result *result)
{
    const struct tracer_options options = { .prefault = true };
    double durations_ms[DURATIONS];
    struct tracer_message message;
    fill_durations(durations_ms);
    if (!bench_ok(result, trace_open(&options, &message), &message))
        return false;
    uint64_t calls = bench_compare((struct bench_loop){ op_loop, durations_ms },
                                   bench_plain_count(durations_ms, DURATIONS - 1), result);
    bool ok = all_counted(calls, result);
    trace_close();
    return ok;
}

static const struct bench counts[] = {
    { "count.op", "ns", BOUND_RATIO, 3, "plain counts", measure_op },
};
const struct bench_group count_benches = BENCH_GROUP(counts);
