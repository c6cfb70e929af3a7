/* ringscope metrics: what was counted, as Prometheus reads it (text exposition format 0.0.4). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../export/json.h"
#include "commands.h"
#include "input.h"

static const struct cli_option options[] = { { 0 } };

/* A trace, and the labels that all its samples have. */
struct measured {
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    char *labels;
};

struct metrics {
    struct measured *all;
    int count;
    struct buffer valid;
};

/* ----------------------------------------------------------------------- labels */

/* A label's value, in which three characters are escaped. */
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

/* file: NULL: there is but one. NULL without memory. */
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

static void put_family(const char *name, const char *type, const char *help)
{
    printf("# HELP ringscope_%s %s\n# TYPE ringscope_%s %s\n", name, help, name, type);
}

/* A sample's name and labels, to which more may be added. */
static void begin_sample(const struct measured *of, const char *name)
{
    printf("ringscope_%s{%s", name, of->labels);
}

static void put_seconds(uint64_t ns)
{
    printf("} %" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000u, ns % 1000000000u);
}

/* ---------------------------------------------------------------- of the summary */

#define IN_SUMMARY(field) offsetof(struct trace_summary, field)
#define IN_LOSSES(field) offsetof(struct trace_summary, losses.field)

struct number {
    const char *name, *type, *help;
    size_t offset; /* of a uint64_t, or one for each category, in the summary */
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

static uint64_t number_of(const struct measured *of, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)&of->summary + offset, sizeof value);
    return value;
}

static void put_number(const struct metrics *metrics, const struct number *number, bool seconds)
{
    put_family(number->name, number->type, number->help);
    for (int i = 0; i < metrics->count; i++) {
        uint64_t value = number_of(&metrics->all[i], number->offset);
        begin_sample(&metrics->all[i], number->name);
        if (seconds)
            put_seconds(value);
        else
            printf("} %" PRIu64 "\n", value);
    }
}

static void put_categories(const struct metrics *metrics, const struct number *number)
{
    put_family(number->name, number->type, number->help);
    for (int i = 0; i < metrics->count; i++)
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
            begin_sample(&metrics->all[i], number->name);
            printf(",category=\"%s\"} %" PRIu64 "\n", trace_category_name((enum trace_category)c),
                   number_of(&metrics->all[i], number->offset + c * sizeof(uint64_t)));
        }
}

static void put_losses(const struct metrics *metrics)
{
    static const char *const reasons[TRACE_LOSS_COUNT] = { "contention", "invalid", "orphaned", "overrun" };
    put_family("events_lost_total", "counter", "Events that were not recorded.");
    for (int i = 0; i < metrics->count; i++)
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
            uint64_t lost = 0;
            for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
                lost += metrics->all[i].summary.losses.lost[reason][c];
            begin_sample(&metrics->all[i], "events_lost_total");
            printf(",reason=\"%s\"} %" PRIu64 "\n", reasons[reason], lost);
        }
}

/* -------------------------------------------------------------- of the operations */

static void begin_operation(struct metrics *metrics, const struct measured *of, const char *name, const char *operation)
{
    begin_sample(of, name);
    fputs(",operation=\"", stdout);
    put_value(&metrics->valid, operation, stdout);
    putchar('"');
}

/* A bucket has calls of less than 2^(i + 1) ns, which in whole ns is at most one less. The last has no upper bound. */
static void put_buckets(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf)
{
    static const char name[] = "operation_duration_seconds_bucket";
    unsigned used = 0;
    uint64_t sum = 0;
    for (unsigned i = 0; i + 1 < TRACE_LOG2_BUCKETS; i++)
        used = perf->log2_buckets[i] ? i + 1 : used;
    for (unsigned i = 0; i < used; i++) {
        uint64_t most_ns = (2ull << i) - 1;
        sum += perf->log2_buckets[i];
        begin_operation(metrics, of, name, perf->name);
        printf(",le=\"%" PRIu64 ".%09" PRIu64 "\"} %" PRIu64 "\n", most_ns / 1000000000u, most_ns % 1000000000u, sum);
    }
    begin_operation(metrics, of, name, perf->name);
    printf(",le=\"+Inf\"} %" PRIu64 "\n", perf->count);
}

static void put_histogram(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf)
{
    if (!perf->has_percentiles)
        return;
    put_buckets(metrics, of, perf);
    begin_operation(metrics, of, "operation_duration_seconds_sum", perf->name);
    put_seconds(perf->total_ns);
    begin_operation(metrics, of, "operation_duration_seconds_count", perf->name);
    printf("} %" PRIu64 "\n", perf->count);
}

static void put_calls(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf)
{
    begin_operation(metrics, of, "operation_calls_total", perf->name);
    printf("} %" PRIu64 "\n", perf->count);
}

static void put_errors(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf)
{
    begin_operation(metrics, of, "operation_errors_total", perf->name);
    printf("} %" PRIu64 "\n", perf->errors);
}

static void put_total(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf)
{
    begin_operation(metrics, of, "operation_seconds_total", perf->name);
    put_seconds(perf->total_ns);
}

typedef void put_operation(struct metrics *metrics, const struct measured *of, const struct trace_perf *perf);

static void put_operations(struct metrics *metrics, put_operation *put)
{
    struct trace_perf perf;
    for (int i = 0; i < metrics->count; i++)
        for (size_t n = 0; tracer_snapshot_op(metrics->all[i].snapshot, n, &perf); n++)
            if (perf.count)
                put(metrics, &metrics->all[i], &perf);
}

static void put_all(struct metrics *metrics)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put_number(metrics, &numbers[i], false);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        put_number(metrics, &times[i], true);
    for (size_t i = 0; i < sizeof by_category / sizeof by_category[0]; i++)
        put_categories(metrics, &by_category[i]);
    put_losses(metrics);
    put_family("operation_calls_total", "counter", "Calls of the operation, failed ones included.");
    put_operations(metrics, put_calls);
    put_family("operation_errors_total", "counter", "Calls that failed.");
    put_operations(metrics, put_errors);
    put_family("operation_seconds_total", "counter", "Time spent in the operation.");
    put_operations(metrics, put_total);
    put_family("operation_duration_seconds", "histogram", "How long calls took, of operations that have histograms.");
    put_operations(metrics, put_histogram);
}

/* ------------------------------------------------------------------------ command */

static int measure(const struct cli_call *call, struct metrics *metrics, const char *path)
{
    const struct tracer_query none = { .without_events = true };
    struct measured *of = &metrics->all[metrics->count];
    struct cli_input input;
    struct tracer_info info;
    int code = input_open_path(call, path, &input);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_reader_info(input.reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&of->snapshot, input.reader, &none);
    if (error == TRACER_OK) {
        tracer_snapshot_summary(of->snapshot, &of->summary);
        of->labels = labels_of(&metrics->valid, &info, call->count > 1 ? input.name : NULL);
        metrics->count++;
        error = of->labels ? TRACER_OK : TRACER_ERROR_MEMORY;
    }
    code = error == TRACER_OK ? CLI_SUCCESS : input_fail(call, &input, error);
    input_close(&input);
    return code;
}

static int run(const struct cli_call *call)
{
    struct metrics metrics = { .all = calloc((size_t)call->count, sizeof *metrics.all) };
    int code = CLI_SUCCESS;
    if (!metrics.all)
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    for (int i = 0; i < call->count && code == CLI_SUCCESS; i++)
        code = measure(call, &metrics, call->arguments[i]);
    if (code == CLI_SUCCESS) {
        put_all(&metrics);
        code = cli_finish(call);
    }
    for (int i = 0; i < metrics.count; i++) {
        tracer_snapshot_destroy(metrics.all[i].snapshot);
        free(metrics.all[i].labels);
    }
    free(metrics.all);
    buffer_free(&metrics.valid);
    return code;
}

const struct cli_command cli_metrics = {
    .name = "metrics",
    .synopsis = "FILE...",
    .summary = "print what was counted, for Prometheus",
    .help = "The text goes to the textfile collector of node_exporter, or to whatever reads the exposition format.",
    .example = "ringscope metrics app.ring",
    .example_text = "counters, and histograms of the operations",
    .options = options,
    .operands = { { .name = "FILE" } },
    .least = 1,
    .many = true,
    .run = run,
};
