/* The hooks of libringscope_functions: the calls of a function that does nothing. */
#include "bench.h"

void __cyg_profile_func_enter(void *function, void *call_site);
void __cyg_profile_func_exit(void *function, void *call_site);

/* The hooks are the library's, or the C library's own, which do nothing. */
static void hook_loop(void *context, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        __cyg_profile_func_enter(context, context);
        bench_barrier();
        __cyg_profile_func_exit(context, context);
    }
}

static bool measure_hooks(struct bench_result *result)
{
    const struct tracer_options options = { .prefault = true };
    struct bench_loop hooks = { hook_loop, (void *)&functions_benches };
    struct trace_summary summary;
    struct tracer_message message;
    if (!bench_ok(result, trace_open(&options, &message), &message))
        return false;
    trace_enable();
    hooks.run(hooks.context, 1);
    bool ok = bench_ok(result, trace_summary(&summary), NULL);
    if (ok && summary.event_count == 0) {
        result->skipped = true;
        ok = bench_fail(result, "built without libringscope_functions");
    }
    trace_reset();
    ok = ok && bench_record(trace_default(), hooks, bench_clock(), result);
    trace_close();
    return ok;
}

/* Two clock readings, and a quarter more. */
static const struct bench rows[] = {
    { "functions.hooks", "ns", BOUND_RATIO, 2.5, "clock.bare", measure_hooks },
};
const struct bench_group functions_benches = BENCH_GROUP(rows);
