/* Counts events by name, and presents them like operations. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "../export/json.h"

struct names {
    struct asked_view asked;
    struct operation_table table;
};

enum tracer_error names_wanted(struct tracer_reader *reader, bool *wanted)
{
    struct trace_summary summary;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    *wanted = error == TRACER_OK && summary.syscall_count == 0 && summary.event_count > 0;
    return error;
}

void names_destroy(struct names *names)
{
    if (!names)
        return;
    asked_view_free(&names->asked);
    free(names->table.rows);
    free(names);
}

struct operation_table *names_table(struct names *names)
{
    return &names->table;
}

/* ------------------------------------------------------------------- counting */

static double ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

/* Events that are not spans count, without a duration. */
static struct operation_row row_of(const struct timeline *timeline, const struct timeline_statistic *statistic)
{
    return (struct operation_row){
        .perf = {
            .name = timeline_name(timeline, statistic->key),
            .count = statistic->count,
            .errors = statistic->errors,
            .total_time = ms(statistic->total_ns),
            .min_time = ms(statistic->min_ns),
            .max_time = ms(statistic->max_ns),
            .total_ns = statistic->total_ns,
            .min_ns = statistic->min_ns,
            .max_ns = statistic->max_ns,
            .has_percentiles = statistic->spans > 0,
            .p50 = ms(statistic->p50_ns),
            .p90 = ms(statistic->p90_ns),
            .p99 = ms(statistic->p99_ns),
        },
        .self_ns = statistic->self_ns,
        .nested_ns = statistic->sum_ns - statistic->total_ns,
        .untimed = statistic->count - statistic->spans,
    };
}

static enum tracer_error count(struct names *names)
{
    struct timeline_statistic *statistics;
    uint32_t rows;
    enum tracer_error error =
        timeline_statistics(names->asked.view, INT64_MIN / 4, INT64_MAX / 4, false, &statistics, &rows);
    if (error != TRACER_OK)
        return error;
    names->table = (struct operation_table){ .title = "name", .with_self = true, .count = rows };
    names->table.rows = malloc(((size_t)rows + 1) * sizeof *names->table.rows);
    for (uint32_t i = 0; names->table.rows && i < rows; i++)
        names->table.rows[i] = row_of(names->asked.timeline, &statistics[i]);
    free(statistics);
    return names->table.rows ? TRACER_OK : TRACER_ERROR_MEMORY;
}

enum tracer_error names_count(struct names **result, struct tracer_reader *reader, const struct expression *expression)
{
    struct names *names = calloc(1, sizeof *names);
    enum tracer_error error = names ? asked_view_create(&names->asked, reader, expression) : TRACER_ERROR_MEMORY;
    if (error == TRACER_OK)
        error = count(names);
    if (error != TRACER_OK)
        names_destroy(names);
    *result = error == TRACER_OK ? names : NULL;
    return error;
}

/* ----------------------------------------------------------------------- JSON */

static void add_ms(struct json_object *o, const char *key, uint64_t ns)
{
    json_add_fixed(o, key, ns, 6);
}

static void fill(struct json_object *o, const struct operation_row *row, const char *name)
{
    const struct trace_perf *perf = &row->perf;
    json_begin(o);
    json_add_text(o, "name", name);
    json_add_integer(o, "count", perf->count);
    json_add_integer(o, "errors", perf->errors);
    add_ms(o, "total_time", perf->total_ns);
    add_ms(o, "self_time", row->self_ns);
    if (!perf->has_percentiles)
        return;
    add_ms(o, "min_time", perf->min_ns);
    add_ms(o, "max_time", perf->max_ns);
    json_add_fixed(o, "p50", (uint64_t)(perf->p50 * 1e6 + 0.5), 6);
    json_add_fixed(o, "p90", (uint64_t)(perf->p90 * 1e6 + 0.5), 6);
    json_add_fixed(o, "p99", (uint64_t)(perf->p99 * 1e6 + 0.5), 6);
}

static bool put(struct buffer *to, const char *text)
{
    size_t size = strlen(text);
    if (!buffer_reserve(to, size + 1))
        return false;
    memcpy(to->bytes + to->used, text, size + 1);
    to->used += size;
    return true;
}

char *names_json(const struct names *names)
{
    struct json_object *o = calloc(1, sizeof *o);
    struct buffer to = { 0 }, scratch = { 0 };
    bool ok = o && put(&to, "[");
    for (size_t i = 0; ok && i < names->table.count; i++) {
        const struct operation_row *row = &names->table.rows[i];
        const char *name = json_valid(&scratch, row->perf.name, strlen(row->perf.name));
        ok = name && (i == 0 || put(&to, ","));
        if (!ok)
            break;
        fill(o, row, name);
        ok = json_print(&to, o, strlen(name));
    }
    ok = ok && put(&to, "]");
    buffer_free(&scratch);
    free(o);
    if (!ok)
        buffer_free(&to);
    return to.bytes;
}
