/* Recording with one thread: what a call site costs while it is not wanted, and what an event costs. */
#include "bench.h"

#include <string.h>

#define CAPACITY_SMALL 1000
#define CAPACITY_LARGE 4000000

/* -------------------------------------------------------------- what is done */

static void event_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_event(TRACE_FILE, "open", NULL);
}

static void detail_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_event(TRACE_FILE, "open", "/etc/passwd");
}

static void names_loop(void *context, uint64_t count)
{
    const struct bench_names *names = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_event(TRACE_FILE, names->text[names->order[i % BENCH_ORDER]], NULL);
}

static void span_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        TRACE_SPAN (TRACE_FILE, "load config") {
            bench_barrier();
        }
    }
}

static void instance_loop(void *context, uint64_t count)
{
    struct tracer *tracer = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        tracer_event(tracer, TRACE_FILE, "open", NULL);
}

/* ------------------------------------------------------ not wanted: call sites */

static bool measure_site(bool enable, uint32_t filter, struct bench_result *result)
{
    struct trace_summary summary;
    struct tracer_message message;
    if (!bench_ok(result, trace_open(NULL, &message), &message))
        return false;
    if (enable)
        trace_enable();
    trace_set_filter(filter);
    bench_compare((struct bench_loop){ event_loop, NULL }, bench_empty(), BOUND_EXCESS, result);
    bool ok = bench_ok(result, trace_summary(&summary), NULL);
    if (ok && summary.losses.attempted[TRACE_FILE] != 0)
        ok = bench_fail(result, "events were recorded that were not wanted");
    trace_close();
    return ok;
}

static bool measure_disabled(struct bench_result *result)
{
    return measure_site(false, TRACE_MASK_ALL, result);
}

static bool measure_filtered(struct bench_result *result)
{
    return measure_site(true, TRACE_MASK_ALL & ~TRACE_MASK(TRACE_FILE), result);
}

static bool measure_empty(struct bench_result *result)
{
    bench_alone(bench_empty(), result);
    return true;
}

static const struct bench sites[] = {
    { "loop.empty", "ns", BOUND_NONE, 0, NULL, measure_empty },
    { "site.disabled", "ns", BOUND_EXCESS, 0.3, "loop.empty", measure_disabled },
    { "site.filtered", "ns", BOUND_EXCESS, 0.3, "loop.empty", measure_filtered },
};
const struct bench_group site_benches = BENCH_GROUP(sites);

/* ------------------------------------------------- against reading the clock */

/* The large ring with one lane, for each lane has room for all events. */
static struct tracer_options options_for(uint64_t capacity_events)
{
    return (struct tracer_options){
        .capacity_events = capacity_events,
        .lanes = capacity_events >= CAPACITY_LARGE ? 1 : 0,
        .prefault = true,
    };
}

/* Of the default tracer. */
static bool measure(const struct tracer_options *options, struct bench_loop subject, struct bench_loop base,
                    enum bench_bound bound, struct bench_result *result)
{
    struct tracer_message message;
    if (!bench_ok(result, trace_open(options, &message), &message))
        return false;
    trace_enable();
    bool ok = bench_record(trace_default(), subject, base, bound, result);
    trace_close();
    return ok;
}

static bool against_clock(uint64_t capacity_events, void (*loop)(void *, uint64_t), void *context,
                          struct bench_result *result)
{
    const struct tracer_options options = options_for(capacity_events);
    return measure(&options, (struct bench_loop){ loop, context }, bench_clock(), BOUND_RATIO, result);
}

static bool measure_clock(struct bench_result *result)
{
    bench_alone(bench_clock(), result);
    return true;
}

static bool measure_event(struct bench_result *result)
{
    return against_clock(CAPACITY_SMALL, event_loop, NULL, result);
}

static bool measure_event_large(struct bench_result *result)
{
    return against_clock(CAPACITY_LARGE, event_loop, NULL, result);
}

static bool measure_detail(struct bench_result *result)
{
    return against_clock(CAPACITY_SMALL, detail_loop, NULL, result);
}

static bool measure_detail_large(struct bench_result *result)
{
    return against_clock(CAPACITY_LARGE, detail_loop, NULL, result);
}

static bool measure_names(struct bench_result *result)
{
    struct bench_names names;
    bench_names_init(&names);
    return against_clock(CAPACITY_SMALL, names_loop, &names, result);
}

static bool measure_span(struct bench_result *result)
{
    return against_clock(CAPACITY_SMALL, span_loop, NULL, result);
}

static bool measure_instance(struct bench_result *result)
{
    struct tracer *tracer;
    struct tracer_message message;
    const struct tracer_options options = options_for(CAPACITY_SMALL);
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record(tracer, (struct bench_loop){ instance_loop, tracer }, bench_clock(), BOUND_RATIO, result);
    tracer_destroy(tracer);
    return ok;
}

static const struct bench records[] = {
    { "clock.bare", "ns", BOUND_NONE, 0, NULL, measure_clock },
    { "record.event", "ns", BOUND_RATIO, 1.08, "clock.bare", measure_event },
    { "record.event.4m", "ns", BOUND_RATIO, 1.08, "clock.bare", measure_event_large },
    { "record.event.instance", "ns", BOUND_RATIO, 1.08, "clock.bare", measure_instance },
    { "record.detail", "ns", BOUND_RATIO, 1.15, "clock.bare", measure_detail },
    { "record.detail.4m", "ns", BOUND_RATIO, 1.15, "clock.bare", measure_detail_large },
    { "record.names", "ns", BOUND_RATIO, 1.6, "clock.bare", measure_names },
    { "record.span", "ns", BOUND_RATIO, 2.15, "clock.bare", measure_span },
};
const struct bench_group record_benches = BENCH_GROUP(records);

/* -------------------------------- recording itself, the clock being a variable */

static double kernel_time(void *variable)
{
    return *(volatile double *)variable;
}

static bool measure_program_clock(void (*loop)(void *, uint64_t), struct bench_result *result)
{
    double now_ms = 1000.25;
    struct tracer_options options = options_for(CAPACITY_SMALL);
    options.clock = kernel_time;
    options.clock_argument = &now_ms;
    return measure(&options, (struct bench_loop){ loop, NULL }, bench_empty(), BOUND_VALUE, result);
}

static bool measure_program_clock_event(struct bench_result *result)
{
    return measure_program_clock(event_loop, result);
}

static bool measure_program_clock_detail(struct bench_result *result)
{
    return measure_program_clock(detail_loop, result);
}

static bool measure_program_clock_span(struct bench_result *result)
{
    return measure_program_clock(span_loop, result);
}

static const struct bench program_clocks[] = {
    { "kernel_time.event", "ns", BOUND_VALUE, 5, NULL, measure_program_clock_event },
    { "kernel_time.detail", "ns", BOUND_VALUE, 8, NULL, measure_program_clock_detail },
    { "kernel_time.span", "ns", BOUND_VALUE, 8, NULL, measure_program_clock_span },
};
const struct bench_group program_clock_benches = BENCH_GROUP(program_clocks);
