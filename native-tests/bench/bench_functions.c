/* The hooks of libringscope_functions: the calls of a function that does nothing. */
#define _GNU_SOURCE
#include "bench.h"

#include <stdlib.h>

#define CALLED 1000000 /* calls that bench_called measures */

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

/* ------------------------------------------------------------------ uftrace */

/* Runs the command, a line of shell, and reads the number that it prints. */
static bool ns_of(const char *command, double *ns, struct bench_result *result)
{
    char text[64] = "";
    FILE *output = popen(command, "r");
    if (!output)
        return bench_fail(result, "no shell");
    bool read = fgets(text, sizeof text, output) && sscanf(text, "%lf", ns) == 1;
    return (pclose(output) == 0 && read) || bench_fail(result, "failed: %.200s", command);
}

/* Whether our ring has the calls: a library that is not found would cost nothing. */
static bool has_calls(const char *trace, struct bench_result *result)
{
    char path[BENCH_PATH_MAX + 8];
    struct tracer_reader *reader;
    struct trace_summary summary;
    struct tracer_message message;
    snprintf(path, sizeof path, "%s.ring", trace);
    if (!bench_ok(result, tracer_reader_open(&reader, path, &message), &message))
        return false;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    tracer_reader_close(reader);
    return bench_ok(result, error, NULL) &&
           (summary.event_count >= CALLED || bench_fail(result, "the calls are not in the trace"));
}

/* What each adds to the processor time of the thread that calls. Our ring holds the last million calls; uftrace writes
 * all to files in memory, by threads of another process, whose time is not counted. */
static bool compare_with_uftrace(const char *trace, struct bench_result *result)
{
    static const char plain[] = "\"$DIRECTORY/bench_called\"";
    static const char ours[] = "RINGSCOPE=\"$TRACE.ring\",events=1000000 "
                               "LD_PRELOAD=\"$DIRECTORY/libringscope_functions.so\" \"$DIRECTORY/bench_called\"";
    static const char uftrace[] =
        "uftrace record --no-libcall --no-event -d \"$TRACE.data\" \"$DIRECTORY/bench_called\"";
    struct bench_pairs pairs = { 0 };
    for (int round = 0; round < BENCH_ROUNDS_LONG; round++) {
        double plain_ns = 0, ours_ns = 0, uftrace_ns = 0;
        bool ok = ns_of(plain, &plain_ns, result) && ns_of(ours, &ours_ns, result) && has_calls(trace, result) &&
                  ns_of(uftrace, &uftrace_ns, result);
        if (system("rm -rf \"$TRACE\".*") != 0 || !ok)
            return false;
        bench_add_pair(&pairs, ours_ns - plain_ns, uftrace_ns - plain_ns);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool measure_uftrace(struct bench_result *result)
{
    char directory[BENCH_PATH_MAX], trace[BENCH_PATH_MAX];
    if (!BENCH_SHARED || system("uftrace --version >/dev/null 2>&1") != 0) {
        result->skipped = true;
        return bench_fail(result, BENCH_SHARED ? "there is no uftrace" : "the program preloads the shared library");
    }
    if (!bench_own_directory(directory))
        return bench_fail(result, "where this program is, is unknown");
    bench_path(trace, BENCH_TMPFS);
    bench_unpin();
    bool ok =
        setenv("DIRECTORY", directory, 1) == 0 && setenv("TRACE", trace, 1) == 0 && compare_with_uftrace(trace, result);
    bench_pin(0);
    return ok;
}

/* Two clock readings, and a quarter more; ahead of uftrace by half. */
static const struct bench rows[] = {
    { "functions.hooks", "ns", BOUND_RATIO, 2.5, "clock.bare", measure_hooks },
    { "functions.uftrace", "ns", BOUND_RATIO, 1 / 1.5, "uftrace", measure_uftrace },
};
const struct bench_group functions_benches = BENCH_GROUP(rows);
