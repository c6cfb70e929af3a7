/* Recording with one thread: the cost of a call site while it is disabled, and the cost of an event. */
#include "bench.h"

#include <string.h>

#define CAPACITY_SMALL 1000
#define CAPACITY_LARGE 4000000
#define DETAIL "/etc/passwd" /* 11 bytes */

/* ----------------------------------------------------------------- the loops */

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
        trace_event(TRACE_FILE, "open", DETAIL);
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

static void failed_span_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier()) {
        TRACE_SCOPE_AS(span, TRACE_FILE, "load config");
        trace_span_fail(&span);
    }
}

static void flow_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_flow_out(TRACE_FILE, "sent", i);
}

static void filled_event_loop(void *context, uint64_t count)
{
    const struct trace_event *event = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_event_ex(event);
}

static void instance_loop(void *context, uint64_t count)
{
    struct tracer *tracer = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        tracer_event(tracer, TRACE_FILE, "open", NULL);
}

/* The events of one call site go to several tracers. */
#define TURN_TRACERS 8u /* a power of two */

static void turn_loop(void *context, uint64_t count)
{
    struct tracer *const *tracers = context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        tracer_event(tracers[i % TURN_TRACERS], TRACE_FILE, "open", NULL);
}

/* --------------------------------------------------------- disabled call sites */

static bool measure_site(bool enable, uint32_t filter, struct bench_result *result)
{
    struct trace_summary summary;
    struct tracer_message message;
    if (!bench_ok(result, trace_open(NULL, &message), &message))
        return false;
    if (enable)
        trace_enable();
    trace_set_filter(filter);
    bench_compare((struct bench_loop){ event_loop, NULL }, bench_empty(), result);
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
    { "site.disabled", "ns", BOUND_RATIO, 2.2, "loop.empty", measure_disabled },
    { "site.filtered", "ns", BOUND_RATIO, 2.2, "loop.empty", measure_filtered },
};
const struct bench_group site_benches = BENCH_GROUP(sites);

/* ------------------------------------------------- against reading the clock */

/* The large ring has one lane, because each lane has room for all events. */
static struct tracer_options options_for(uint64_t capacity_events)
{
    return (struct tracer_options){
        .capacity_events = capacity_events,
        .lanes = capacity_events >= CAPACITY_LARGE ? 1 : 0,
        .prefault = true,
    };
}

/* Measures the default tracer. */
static bool measure(const struct tracer_options *options, struct bench_loop subject, struct bench_loop base,
                    struct bench_result *result)
{
    struct tracer_message message;
    if (!bench_ok(result, trace_open(options, &message), &message))
        return false;
    trace_enable();
    bool ok = bench_record(trace_default(), subject, base, result);
    trace_close();
    return ok;
}

static bool against_clock(uint64_t capacity_events, void (*loop)(void *, uint64_t), void *context,
                          struct bench_result *result)
{
    const struct tracer_options options = options_for(capacity_events);
    return measure(&options, (struct bench_loop){ loop, context }, bench_clock(), result);
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
    bool ok = bench_record(tracer, (struct bench_loop){ instance_loop, tracer }, bench_clock(), result);
    tracer_destroy(tracer);
    return ok;
}

static const struct bench records[] = {
    { "clock.bare", "ns", BOUND_NONE, 0, NULL, measure_clock },
    { "record.event", "ns", BOUND_RATIO, BENCH_LIMIT(1.08, 1.15), "clock.bare", measure_event },
    { "record.event.4m", "ns", BOUND_RATIO, BENCH_LIMIT(1.08, 1.15), "clock.bare", measure_event_large },
    { "record.event.instance", "ns", BOUND_RATIO, BENCH_LIMIT(1.08, 1.15), "clock.bare", measure_instance },
    { "record.detail", "ns", BOUND_RATIO, BENCH_LIMIT(1.15, 1.25), "clock.bare", measure_detail },
    { "record.detail.4m", "ns", BOUND_RATIO, BENCH_LIMIT(1.15, 1.25), "clock.bare", measure_detail_large },
    { "record.names", "ns", BOUND_RATIO, 1.6, "clock.bare", measure_names },
    { "record.span", "ns", BOUND_RATIO, BENCH_LIMIT(2.15, 2.3), "clock.bare", measure_span },
};
const struct bench_group record_benches = BENCH_GROUP(records);

/* ------------------------------------------- as cheap as the event that it replaces */

static bool create_tracers(struct tracer *tracers[TURN_TRACERS], struct bench_result *result)
{
    const struct tracer_options options = options_for(CAPACITY_SMALL);
    struct tracer_message message;
    for (unsigned i = 0; i < TURN_TRACERS; i++) {
        if (!bench_ok(result, tracer_create(&tracers[i], &options, &message), &message))
            return false;
        tracer_enable(tracers[i]);
    }
    return true;
}

static bool all_recorded(struct tracer *const tracers[TURN_TRACERS], uint64_t events, struct bench_result *result)
{
    uint64_t recorded = 0;
    for (unsigned i = 0; i < TURN_TRACERS; i++) {
        struct trace_summary summary;
        if (!bench_ok(result, tracer_summary(tracers[i], &summary), NULL))
            return false;
        recorded += summary.losses.recorded[TRACE_FILE];
    }
    return recorded == events || bench_fail(result, "of %llu events, %llu were recorded", (unsigned long long)events,
                                            (unsigned long long)recorded);
}

/* One call site and one thread, with another tracer each time; compared with one tracer. */
static bool measure_turns(struct bench_result *result)
{
    struct tracer *tracers[TURN_TRACERS] = { NULL }, *alone[TURN_TRACERS];
    bool ok = create_tracers(tracers, result);
    if (ok) {
        for (unsigned i = 0; i < TURN_TRACERS; i++)
            alone[i] = tracers[0];
        uint64_t events =
            bench_compare((struct bench_loop){ turn_loop, tracers }, (struct bench_loop){ turn_loop, alone }, result);
        ok = all_recorded(tracers, 2 * events, result);
    }
    for (unsigned i = 0; i < TURN_TRACERS; i++)
        tracer_destroy(tracers[i]);
    return ok;
}

static bool measure_failed_span(struct bench_result *result)
{
    return against_clock(CAPACITY_SMALL, failed_span_loop, NULL, result);
}

static bool measure_flow(struct bench_result *result)
{
    return against_clock(CAPACITY_SMALL, flow_loop, NULL, result);
}

static bool measure_filled(struct bench_result *result)
{
    struct trace_event event = { .category = TRACE_FILE, .name = "open" };
    return against_clock(CAPACITY_SMALL, filled_event_loop, &event, result);
}

/* Both are recorded: every second event is a failure. */
static bool measure_failed(struct bench_result *result)
{
    const struct tracer_options options = options_for(CAPACITY_SMALL);
    struct trace_event event = { .category = TRACE_FILE, .name = "open" }, failed = event;
    struct tracer_message message;
    failed.has = TRACE_FAILED;
    if (!bench_ok(result, trace_open(&options, &message), &message))
        return false;
    trace_enable();
    bench_compare((struct bench_loop){ filled_event_loop, &failed }, (struct bench_loop){ filled_event_loop, &event },
                  result);
    struct tracer_snapshot *snapshot = trace_events(NULL);
    bool ok = snapshot && tracer_snapshot_get(snapshot, tracer_snapshot_count(snapshot) - 1, &event);
    if (!ok || !(event.has & TRACE_FAILED))
        ok = bench_fail(result, "the last event has not failed");
    tracer_snapshot_destroy(snapshot);
    trace_close();
    return ok;
}

static const struct bench kinds[] = {
    { "record.flow", "ns", BOUND_RATIO, BENCH_LIMIT(1.08, 1.15), "clock.bare", measure_flow },
    { "record.span.failed", "ns", BOUND_RATIO, BENCH_LIMIT(2.15, 2.3), "clock.bare", measure_failed_span },
    { "record.filled", "ns", BOUND_NONE, 0, "clock.bare", measure_filled },
    { "record.turns", "ns", BOUND_RATIO, 1.3, "one tracer", measure_turns },
    { "record.filled.failed", "ns", BOUND_RATIO, 1.08, "record.filled", measure_failed },
};
const struct bench_group kind_benches = BENCH_GROUP(kinds);

/* ----------------------------------------------------- with the system's clock */

static bool measure_system_clock(void (*loop)(void *, uint64_t), struct bench_result *result)
{
    struct tracer_options options = options_for(CAPACITY_SMALL);
    options.clock_source = TRACER_CLOCK_MONOTONIC;
    return measure(&options, (struct bench_loop){ loop, NULL }, bench_system_clock(), result);
}

static bool measure_system_clock_event(struct bench_result *result)
{
    return measure_system_clock(event_loop, result);
}

static bool measure_system_clock_detail(struct bench_result *result)
{
    return measure_system_clock(detail_loop, result);
}

static bool measure_system_clock_span(struct bench_result *result)
{
    return measure_system_clock(span_loop, result);
}

static bool measure_system_clock_flow(struct bench_result *result)
{
    return measure_system_clock(flow_loop, result);
}

static const struct bench system_clocks[] = {
    { "monotonic.event", "ns", BOUND_RATIO, 1.3, "clock_gettime", measure_system_clock_event },
    { "monotonic.detail", "ns", BOUND_RATIO, 1.4, "clock_gettime", measure_system_clock_detail },
    { "monotonic.flow", "ns", BOUND_RATIO, 1.3, "clock_gettime", measure_system_clock_flow },
    { "monotonic.span", "ns", BOUND_RATIO, 2.6, "clock_gettime", measure_system_clock_span },
};
const struct bench_group system_clock_benches = BENCH_GROUP(system_clocks);

/* ------------------------------ recording itself, with a variable as the clock */

static double kernel_time(void *variable)
{
    return *(volatile double *)variable;
}

static bool measure_program_clock(void (*loop)(void *, uint64_t), const char *text, struct bench_result *result)
{
    double now_ms = 1000.25;
    struct tracer_options options = options_for(CAPACITY_SMALL);
    options.clock = kernel_time;
    options.clock_argument = &now_ms;
    const struct bench_plain_ring ring = { kernel_time, &now_ms, text };
    return measure(&options, (struct bench_loop){ loop, NULL }, bench_plain_ring(&ring), result);
}

static bool measure_program_clock_event(struct bench_result *result)
{
    return measure_program_clock(event_loop, NULL, result);
}

static bool measure_program_clock_detail(struct bench_result *result)
{
    return measure_program_clock(detail_loop, DETAIL, result);
}

static bool measure_program_clock_span(struct bench_result *result)
{
    return measure_program_clock(span_loop, NULL, result);
}

static const struct bench program_clocks[] = {
    { "kernel_time.event", "ns", BOUND_RATIO, 4, "plain ring", measure_program_clock_event },
    { "kernel_time.detail", "ns", BOUND_RATIO, 2.2, "plain ring", measure_program_clock_detail },
    { "kernel_time.span", "ns", BOUND_RATIO, 7.5, "plain ring", measure_program_clock_span },
};
const struct bench_group program_clock_benches = BENCH_GROUP(program_clocks);
