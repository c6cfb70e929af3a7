/* Prints counters and histograms of traces; see metrics.h. */
#include "metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../export/json.h"
#include "../image/reader.h"
#include "../platform/wide.h"

/* A trace, and the labels of all its samples. */
struct measured {
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    char *labels;
};

/* ----------------------------------------------------------------------- labels */

/* Writes a label's value, escaping three characters. */
static void put_value(struct buffer *scratch, const char *text, FILE *out)
{
    const char *valid = json_valid(scratch, text, strlen(text));
    for (; valid && *valid; valid++) {
        if (*valid == '\n') {
            fputs("\\n", out);
            continue;
        }
        if (*valid == '\\' || *valid == '"')
            fputc('\\', out);
        fputc(*valid, out);
    }
}

/* file: NULL if there is only one. NULL without memory. */
static char *labels_of(struct buffer *scratch, const struct tracer_info *info, const char *file)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs("program=\"", out);
    put_value(scratch, info->program, out);
    fprintf(out, "\",pid=\"%" PRIu64 "\"", (uint64_t)info->pid);
    if (file) {
        fputs(",file=\"", out);
        put_value(scratch, file, out);
        fputs("\"", out);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static void put_family(const struct metrics *metrics, const char *name, const char *type, const char *help)
{
    fprintf(metrics->out, "# HELP ringscope_%s %s\n# TYPE ringscope_%s %s\n", name, help, name, type);
}

/* Begins a sample with its name and labels, to which more may be added. */
static void begin_sample(const struct metrics *metrics, const struct measured *source, const char *name)
{
    fprintf(metrics->out, "ringscope_%s{%s", name, source->labels);
}

static void put_seconds(const struct metrics *metrics, uint64_t ns)
{
    fprintf(metrics->out, "} %" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000u, ns % 1000000000u);
}

/* ---------------------------------------------------------------- of the summary */

#define IN_SUMMARY(field) offsetof(struct trace_summary, field)
#define IN_LOSSES(field) offsetof(struct trace_summary, losses.field)

struct number {
    const char *name, *type, *help;
    size_t offset; /* of a uint64_t in the summary, or of one for each category */
};

static const struct number numbers[] = {
    { "events_held", "gauge", "Events in the buffer.", IN_SUMMARY(event_count) },
    { "events_capacity", "gauge", "Events that the buffer keeps.", IN_SUMMARY(capacity) },
    { "ticks_total", "counter", "Scheduler ticks.", IN_SUMMARY(tick_count) },
    { "tasks_polled_total", "counter", "Tasks polled in ticks.", IN_SUMMARY(tasks_polled) },
    { "tasks_spawned_total", "counter", "Tasks spawned.", IN_SUMMARY(tasks_spawned) },
    { "tasks_completed_total", "counter", "Tasks completed.", IN_SUMMARY(tasks_completed) },
    { "processes_spawned_total", "counter", "Processes spawned.", IN_SUMMARY(processes_spawned) },
    { "processes_exited_total", "counter", "Processes exited.", IN_SUMMARY(processes_exited) },
    { "processes", "gauge", "Processes that run.", IN_SUMMARY(current_process_count) },
    { "signals_delivered_total", "counter", "Signals delivered.", IN_SUMMARY(signals_delivered) },
    { "timers_fired_total", "counter", "Timers fired.", IN_SUMMARY(timers_fired) },
    { "read_bytes_total", "counter", "Bytes read.", IN_SUMMARY(bytes_read) },
    { "written_bytes_total", "counter", "Bytes written.", IN_SUMMARY(bytes_written) },
    { "details_truncated_total", "counter", "Details that were cut.", IN_LOSSES(details_truncated) },
    { "counts_lost_total", "counter", "Counts of threads that had no lane.", IN_LOSSES(counts_lost) },
};

static const struct number times[] = {
    { "uptime_seconds", "gauge", "Time since tracing was enabled.", IN_SUMMARY(uptime_ns) },
    { "tick_seconds_total", "counter", "Time spent in ticks.", IN_SUMMARY(total_tick_ns) },
};

static const struct number by_category[] = {
    { "events_attempted_total", "counter", "Events that were to be recorded.", IN_LOSSES(attempted) },
    { "events_recorded_total", "counter", "Events recorded.", IN_LOSSES(recorded) },
    { "events_evicted_total", "counter", "Events evicted by newer ones.", IN_LOSSES(evicted) },
};

static uint64_t number_of(const struct measured *source, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)&source->summary + offset, sizeof value);
    return value;
}

static void put_number(const struct metrics *metrics, const struct number *number, bool seconds)
{
    put_family(metrics, number->name, number->type, number->help);
    for (uint32_t i = 0; i < metrics->count; i++) {
        uint64_t value = number_of(&metrics->all[i], number->offset);
        begin_sample(metrics, &metrics->all[i], number->name);
        if (seconds)
            put_seconds(metrics, value);
        else
            fprintf(metrics->out, "} %" PRIu64 "\n", value);
    }
}

static void put_categories(const struct metrics *metrics, const struct number *number)
{
    put_family(metrics, number->name, number->type, number->help);
    for (uint32_t i = 0; i < metrics->count; i++)
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
            begin_sample(metrics, &metrics->all[i], number->name);
            fprintf(metrics->out, ",category=\"%s\"} %" PRIu64 "\n", trace_category_name((enum trace_category)c),
                    number_of(&metrics->all[i], number->offset + c * sizeof(uint64_t)));
        }
}

static void put_losses(const struct metrics *metrics)
{
    static const char *const reasons[TRACE_LOSS_COUNT] = { "contention", "invalid", "orphaned", "overrun" };
    put_family(metrics, "events_lost_total", "counter", "Events that were not recorded.");
    for (uint32_t i = 0; i < metrics->count; i++)
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
            uint64_t lost = 0;
            for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
                sum_add(&lost, metrics->all[i].summary.losses.lost[reason][c]);
            begin_sample(metrics, &metrics->all[i], "events_lost_total");
            fprintf(metrics->out, ",reason=\"%s\"} %" PRIu64 "\n", reasons[reason], lost);
        }
}

/* -------------------------------------------------------------- of the operations */

static void begin_operation(struct metrics *metrics, const struct measured *source, const char *name,
                            const char *operation)
{
    begin_sample(metrics, source, name);
    fputs(",operation=\"", metrics->out);
    put_value(&metrics->valid, operation, metrics->out);
    fputc('"', metrics->out);
}

/* A bucket has calls shorter than 2^(i + 1) ns, so at most one whole ns less. The last has no upper bound. */
static void put_buckets(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf)
{
    static const char name[] = "operation_duration_seconds_bucket";
    unsigned used = 0;
    uint64_t sum = 0;
    for (unsigned i = 0; i + 1 < TRACE_LOG2_BUCKETS; i++)
        used = perf->log2_buckets[i] ? i + 1 : used;
    for (unsigned i = 0; i < used; i++) {
        uint64_t most_ns = (2ull << i) - 1;
        sum += perf->log2_buckets[i];
        begin_operation(metrics, source, name, perf->name);
        fprintf(metrics->out, ",le=\"%" PRIu64 ".%09" PRIu64 "\"} %" PRIu64 "\n", most_ns / 1000000000u,
                most_ns % 1000000000u, sum);
    }
    begin_operation(metrics, source, name, perf->name);
    fprintf(metrics->out, ",le=\"+Inf\"} %" PRIu64 "\n", perf->count);
}

static void put_histogram(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf)
{
    if (!perf->has_percentiles)
        return;
    put_buckets(metrics, source, perf);
    begin_operation(metrics, source, "operation_duration_seconds_sum", perf->name);
    put_seconds(metrics, perf->total_ns);
    begin_operation(metrics, source, "operation_duration_seconds_count", perf->name);
    fprintf(metrics->out, "} %" PRIu64 "\n", perf->count);
}

static void put_calls(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf)
{
    begin_operation(metrics, source, "operation_calls_total", perf->name);
    fprintf(metrics->out, "} %" PRIu64 "\n", perf->count);
}

static void put_errors(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf)
{
    begin_operation(metrics, source, "operation_errors_total", perf->name);
    fprintf(metrics->out, "} %" PRIu64 "\n", perf->errors);
}

static void put_total(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf)
{
    begin_operation(metrics, source, "operation_seconds_total", perf->name);
    put_seconds(metrics, perf->total_ns);
}

typedef void put_operation(struct metrics *metrics, const struct measured *source, const struct trace_perf *perf);

static void put_operations(struct metrics *metrics, put_operation *put)
{
    struct trace_perf perf;
    for (uint32_t i = 0; i < metrics->count; i++)
        for (size_t n = 0; tracer_snapshot_op(metrics->all[i].snapshot, n, &perf); n++)
            if (perf.count)
                put(metrics, &metrics->all[i], &perf);
}

void metrics_print(struct metrics *metrics, FILE *out)
{
    metrics->out = out;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put_number(metrics, &numbers[i], false);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        put_number(metrics, &times[i], true);
    for (size_t i = 0; i < sizeof by_category / sizeof by_category[0]; i++)
        put_categories(metrics, &by_category[i]);
    put_losses(metrics);
    put_family(metrics, "operation_calls_total", "counter", "Calls of the operation, failed ones included.");
    put_operations(metrics, put_calls);
    put_family(metrics, "operation_errors_total", "counter", "Calls that failed.");
    put_operations(metrics, put_errors);
    put_family(metrics, "operation_seconds_total", "counter", "Time spent in the operation.");
    put_operations(metrics, put_total);
    put_family(metrics, "operation_duration_seconds", "histogram",
               "How long calls took, of operations that have histograms.");
    put_operations(metrics, put_histogram);
}

/* ------------------------------------------------------------------------ traces */

enum tracer_error metrics_add(struct metrics *metrics, struct tracer_reader *reader, const char *file)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_info info;
    struct measured *all = array_grow(metrics->all, metrics->count, &metrics->room, sizeof *all);
    if (!all)
        return TRACER_ERROR_MEMORY;
    metrics->all = all;
    struct measured *source = &all[metrics->count];
    enum tracer_error error = tracer_reader_info(reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&source->snapshot, reader, &none);
    if (error != TRACER_OK)
        return error;
    tracer_snapshot_summary(source->snapshot, &source->summary);
    source->labels = labels_of(&metrics->valid, &info, file);
    metrics->count++;
    return source->labels ? TRACER_OK : TRACER_ERROR_MEMORY;
}

void metrics_free(struct metrics *metrics)
{
    for (uint32_t i = 0; i < metrics->count; i++) {
        tracer_snapshot_destroy(metrics->all[i].snapshot);
        free(metrics->all[i].labels);
    }
    free(metrics->all);
    buffer_free(&metrics->valid);
}

char *metrics_of_image(const char *path, size_t *size, struct tracer_message *message)
{
    struct metrics metrics = { 0 };
    struct tracer_reader *reader;
    char *text = NULL;
    if (tracer_reader_open(&reader, path, message) != TRACER_OK)
        return NULL;
    enum tracer_error error = metrics_add(&metrics, reader, NULL);
    FILE *out = error == TRACER_OK ? open_memstream(&text, size) : NULL;
    if (out)
        metrics_print(&metrics, out);
    if (error == TRACER_OK && (!out || fclose(out) != 0 || !text)) { /* without memory it may leave no text, silently */
        free(text);
        text = NULL;
        error = TRACER_ERROR_MEMORY;
    }
    metrics_free(&metrics);
    tracer_reader_close(reader);
    if (!text)
        reader_fail(message, error, "%s", tracer_error_text(error));
    return text;
}
