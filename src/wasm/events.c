/* Events as JSON and as lines, for JavaScript. Only modules that export these functions link the exporters. */
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "wasm.h"

static bool asks(const struct exchange *exchange, enum query_field field)
{
    return (uint32_t)exchange->numbers[QUERY_has] >> field & 1;
}

static bool read_query(const struct exchange *exchange, struct tracer_query *query)
{
    const double *numbers = exchange->numbers;
    *query = (struct tracer_query){
        .categories = (uint32_t)numbers[QUERY_categories],
        .pid = (uint32_t)numbers[QUERY_pid],
        .tid = (uint32_t)numbers[QUERY_tid],
        .has_pid = asks(exchange, QUERY_FIELD_pid),
        .has_tid = asks(exchange, QUERY_FIELD_tid),
        .has_since = asks(exchange, QUERY_FIELD_since),
        .has_until = asks(exchange, QUERY_FIELD_until),
        .since = numbers[QUERY_since],
        .until = numbers[QUERY_until],
        .failed = numbers[QUERY_failed] != 0,
        .without_details = numbers[QUERY_without_details] != 0,
        .min_duration = numbers[QUERY_min_duration],
        .name = exchange->texts[0],
        .text = exchange->texts[1],
        .process = exchange->texts[2],
        .thread = exchange->texts[3],
    };
    return exchange_integer(numbers[QUERY_last], &query->last);
}

static enum tracer_error create_snapshot(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                         const struct exchange *exchange)
{
    struct tracer_query query;
    if (!read_query(exchange, &query))
        return TRACER_ERROR_ARGUMENT;
    return tracer_snapshot_create(snapshot, reader, &query);
}

/* A sink that collects its bytes. */
static bool collect(void *argument, const char *bytes, size_t size)
{
    struct buffer *to = argument;
    if (!buffer_reserve(to, size + 1))
        return false;
    memcpy(to->bytes + to->used, bytes, size);
    to->used += size;
    return true;
}

/* Exports the snapshot, and destroys it. */
static enum tracer_error return_export(struct exchange *exchange, struct tracer_snapshot *snapshot, const char *format)
{
    struct buffer to = { 0 };
    const struct tracer_sink sink = { collect, &to };
    enum tracer_error error = tracer_export(snapshot, format, &sink);
    tracer_snapshot_destroy(snapshot);
    if (error == TRACER_OK)
        return exchange_give_text(exchange, to.bytes, to.used);
    buffer_free(&to);
    return exchange_fail(exchange, error);
}

enum tracer_error tracer_wasm_export(struct tracer_reader *reader, uint32_t format, struct exchange *exchange)
{
    struct tracer_snapshot *snapshot;
    const char *name = tracer_export_format(format);
    enum tracer_error error = name ? create_snapshot(&snapshot, reader, exchange) : TRACER_ERROR_UNKNOWN;
    return error == TRACER_OK ? return_export(exchange, snapshot, name) : exchange_fail(exchange, error);
}

enum tracer_error tracer_wasm_events(struct tracer_reader *reader, struct exchange *exchange)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = create_snapshot(&snapshot, reader, exchange);
    return error == TRACER_OK ? return_export(exchange, snapshot, "json") : exchange_fail(exchange, error);
}

/* The numbers of an event's track and process, and its duration; -1: it has none. */
static void print_whose(const struct trace_event *event, FILE *to)
{
    fprintf(to, "%u %lld %lld ", (unsigned)event->track, event->has & TRACE_HAS_PID ? (long long)event->pid : -1LL,
            event->has & TRACE_HAS_DURATION ? (long long)event->duration_ns : -1LL);
}

/* Prints all events as lines; false without memory. Arguments are printed in place of a detail, as `ringscope events`
 * does. */
static bool print_events(const struct tracer_snapshot *snapshot, bool whose, FILE *to)
{
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        if (whose)
            print_whose(&event, to);
        if (!event.detail && event.arguments) {
            event.detail = event.arguments;
            event.detail_size = 0;
        }
        if (trace_event_print(&event, to) != TRACER_OK)
            return false;
    }
    return true;
}

enum tracer_error tracer_wasm_lines(struct tracer_reader *reader, bool whose, struct exchange *exchange)
{
    struct tracer_snapshot *snapshot;
    char *text = NULL;
    size_t bytes = 0;
    enum tracer_error error = create_snapshot(&snapshot, reader, exchange);
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    FILE *file = open_memstream(&text, &bytes);
    bool printed = file && print_events(snapshot, whose, file);
    tracer_snapshot_destroy(snapshot);
    if (file && fclose(file) == 0 && printed)
        return exchange_give_text(exchange, text, bytes);
    free(text);
    return exchange_fail(exchange, TRACER_ERROR_MEMORY);
}

enum tracer_error tracer_wasm_read_since(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                         struct exchange *exchange)
{
    struct tracer_snapshot *snapshot;
    uint64_t missed = 0;
    enum tracer_error error = tracer_read_since(&snapshot, reader, cursor, &missed);
    exchange->numbers[0] = (double)missed;
    return error == TRACER_OK ? return_export(exchange, snapshot, "json") : exchange_fail(exchange, error);
}
