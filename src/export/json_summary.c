/* Writes summaries and operations as JSON. */
#include <stdlib.h>
#include <string.h>

#include "../image/clock.h"
#include "../platform/wide.h"
#include "json_lists.h"

/* ------------------------------------------------------------------ summary */

static void add_times(struct json_object *o, const struct trace_summary *s)
{
    uint64_t ticks = s->tick_count ? s->tick_count : 1;
    json_add_integer(o, "tick_count", s->tick_count);
    json_add_fixed(o, "avg_tick_time", s->total_tick_ns / ticks, 6);
    json_add_fixed(o, "max_tick_time", s->max_tick_ns, 6);
    json_add_fixed(o, "total_tick_time", s->total_tick_ns, 6);
    json_add_integer(o, "tasks_polled", s->tasks_polled);
    json_add_integer(o, "tasks_completed", s->tasks_completed);
    json_add_integer(o, "tasks_spawned", s->tasks_spawned);
    json_add_double(o, "avg_tasks_per_tick", s->avg_tasks_per_tick);
}

static void add_kernel(struct json_object *o, const struct trace_summary *s)
{
    json_add_integer(o, "processes_spawned", s->processes_spawned);
    json_add_integer(o, "processes_exited", s->processes_exited);
    json_add_integer(o, "current_process_count", s->current_process_count);
    json_add_integer(o, "peak_process_count", s->peak_process_count);
    json_add_integer(o, "signals_delivered", s->signals_delivered);
    json_add_integer(o, "timers_fired", s->timers_fired);
    json_add_integer(o, "bytes_read", s->bytes_read);
    json_add_integer(o, "bytes_written", s->bytes_written);
}

/* By category, leaving out zeros. */
static void add_categories(struct json_object *o, const char *key, const uint64_t counts[TRACE_CATEGORY_COUNT],
                           struct json_object *child)
{
    json_begin(child);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (counts[c])
            json_add_integer(child, trace_category_name((enum trace_category)c), counts[c]);
    }
    json_add_object(o, key, child);
}

static void add_overflows(struct json_object *o, const struct trace_losses *l)
{
    json_add_integer(o, "without_category", l->without_category);
    json_add_integer(o, "names_overflowed", l->names_overflowed);
    json_add_integer(o, "tracks_overflowed", l->tracks_overflowed);
    json_add_integer(o, "processes_overflowed", l->processes_overflowed);
    json_add_integer(o, "stacks_overflowed", l->stacks_overflowed);
    json_add_integer(o, "details_truncated", l->details_truncated);
    json_add_integer(o, "operations_overflowed", l->operations_overflowed);
    json_add_integer(o, "histograms_missing", l->histograms_missing);
    json_add_integer(o, "counts_lost", l->counts_lost);
    json_add_integer(o, "open_spans_overflowed", l->open_spans_overflowed);
    json_add_integer(o, "missed", l->missed);
}

struct summary_json {
    struct json_object summary, losses, filter;
    struct json_object by_category[5 + TRACE_LOSS_COUNT];
};

static void add_losses(struct summary_json *json, const struct trace_losses *l)
{
    struct json_object *o = &json->losses, *child = json->by_category;
    json_begin(o);
    add_categories(o, "attempted", l->attempted, child++);
    add_categories(o, "recorded", l->recorded, child++);
    add_categories(o, "held", l->held, child++);
    add_categories(o, "evicted", l->evicted, child++);
    add_categories(o, "left_out", l->left_out, child++);
    add_categories(o, "lost_contention", l->lost[TRACE_LOSS_CONTENTION], child++);
    add_categories(o, "lost_invalid", l->lost[TRACE_LOSS_INVALID], child++);
    add_categories(o, "lost_orphaned", l->lost[TRACE_LOSS_ORPHANED], child++);
    add_categories(o, "lost_overrun", l->lost[TRACE_LOSS_OVERRUN], child++);
    add_overflows(o, l);
    json_add_object(&json->summary, "losses", o);
}

/* The categories that are recorded. */
static void add_filter(struct summary_json *json, uint32_t filter)
{
    json_begin_array(&json->filter);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (filter & TRACE_MASK(c))
            json_add_text(&json->filter, NULL, trace_category_name((enum trace_category)c));
    }
    json_add_object(&json->summary, "filter", &json->filter);
}

static void fill_summary(struct summary_json *json, const struct trace_summary *s)
{
    struct json_object *o = &json->summary;
    json_begin(o);
    json_add_fixed(o, "uptime", s->uptime_ns, 6);
    json_add_bool(o, "enabled", s->enabled);
    json_add_integer(o, "event_count", s->event_count);
    json_add_integer(o, "syscall_count", s->syscall_count);
    json_add_integer(o, "syscall_errors", s->syscall_errors);
    add_times(o, s);
    add_kernel(o, s);
    json_add_integer(o, "capacity", s->capacity);
    json_add_fixed(o, "clock_resolution", s->clock_resolution_ns, 6);
    json_add_integer(o, "clock_steps", s->clock_steps);
    json_add_fixed(o, "clock_step_at", s->clock_step_at_ns, 6);
    json_add_signed(o, "clock_step_by", s->clock_step_by_ns, 6);
    add_filter(json, s->filter);
    add_losses(json, &s->losses);
}

/* snapshot: NULL, or its lists are added at the end. */
static char *print_summary(const struct trace_summary *summary, const struct tracer_snapshot *snapshot)
{
    struct summary_json *json = calloc(1, sizeof *json);
    struct json_lists lists = { 0 };
    struct buffer to = { 0 };
    bool ok = true;
    if (!json)
        return NULL;
    fill_summary(json, summary);
    size_t bytes = snapshot ? json_lists_add(&lists, &json->summary, snapshot, &ok) : 0;
    if (!ok || !json_print(&to, &json->summary, bytes))
        buffer_free(&to);
    json_lists_free(&lists);
    free(json);
    return to.bytes;
}

char *tracer_summary_json(const struct trace_summary *summary)
{
    return summary ? print_summary(summary, NULL) : NULL;
}

char *tracer_snapshot_summary_json(const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    tracer_snapshot_summary(snapshot, &summary);
    return snapshot ? print_summary(&summary, snapshot) : NULL;
}

/* --------------------------------------------------------------- operations */

struct operations_json {
    struct json_object operation, log2_buckets;
    struct buffer name; /* a copy made valid */
};

/* In millionths, to be printed with six decimals. */
static uint64_t success_rate(const struct trace_perf *perf)
{
    uint64_t millionths;
    wide_quotient(wide_product(perf->count - perf->errors, 1000000), perf->count, &millionths);
    return perf->count ? millionths : 1000000;
}

static uint64_t ms_ns(double ms)
{
    uint64_t ns = 0;
    clock_ns_from_ms(ms, &ns);
    return ns;
}

static void add_percentile(struct json_object *o, const char *key, double ms)
{
    json_add_fixed(o, key, ms_ns(ms), 6);
}

/* Up to the last nonzero one. */
static void add_log2_buckets(struct json_object *o, struct json_object *array, const struct trace_perf *perf)
{
    unsigned count = TRACE_LOG2_BUCKETS;
    while (count > 0 && perf->log2_buckets[count - 1] == 0)
        count--;
    json_begin_array(array);
    for (unsigned i = 0; i < count; i++)
        json_add_integer(array, NULL, perf->log2_buckets[i]);
    json_add_object(o, "log2_buckets", array);
}

static void fill_operation(struct operations_json *json, const struct trace_perf *perf, const char *name)
{
    struct json_object *o = &json->operation;
    json_begin(o);
    json_add_text(o, "name", name);
    json_add_integer(o, "count", perf->count);
    json_add_integer(o, "errors", perf->errors);
    json_add_fixed(o, "total_time", perf->total_ns, 6);
    if (perf->count)
        json_add_fixed(o, "min_time", perf->min_ns, 6);
    json_add_fixed(o, "avg_time", perf->count ? perf->total_ns / perf->count : 0, 6);
    json_add_fixed(o, "max_time", perf->max_ns, 6);
    if (perf->has_percentiles) {
        add_percentile(o, "p50", perf->p50);
        add_percentile(o, "p90", perf->p90);
        add_percentile(o, "p99", perf->p99);
        add_percentile(o, "p999", perf->p999);
    }
    if (perf->without_histogram)
        json_add_integer(o, "without_histogram", perf->without_histogram);
    json_add_fixed(o, "success_rate", success_rate(perf), 6);
    if (perf->has_percentiles)
        add_log2_buckets(o, &json->log2_buckets, perf);
}

static bool print_operation(struct operations_json *json, struct buffer *to, const struct trace_perf *perf)
{
    const char *name = json_valid(&json->name, perf->name, strlen(perf->name));
    if (!name || !buffer_reserve(to, 2))
        return false;
    if (to->used > 1)
        to->bytes[to->used++] = ',';
    fill_operation(json, perf, name);
    return json_print(to, &json->operation, strlen(name));
}

static bool print_operations(struct operations_json *json, struct buffer *to, const struct tracer_snapshot *snapshot)
{
    struct trace_perf perf;
    if (!buffer_reserve(to, 2))
        return false;
    to->bytes[to->used++] = '[';
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++) {
        if (perf.count && !print_operation(json, to, &perf))
            return false;
    }
    if (!buffer_reserve(to, 2))
        return false;
    memcpy(to->bytes + to->used, "]", 2);
    return true;
}

char *tracer_operations_json(const struct tracer_snapshot *snapshot)
{
    struct operations_json *json = snapshot ? calloc(1, sizeof *json) : NULL;
    struct buffer to = { 0 };
    if (!json)
        return NULL;
    if (!print_operations(json, &to, snapshot))
        buffer_free(&to);
    buffer_free(&json->name);
    free(json);
    return to.bytes;
}
