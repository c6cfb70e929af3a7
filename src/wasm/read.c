/* Reading, for JavaScript: readers, news as images, and the state as a whole, in memory that it frees. */
#include <stdlib.h>
#include <string.h>

#include "../export/json_info.h"
#include "../export/json_lists.h"
#include "../image/clock.h"
#include "../image/reader.h"
#include "../read/seal.h"
#include "wasm.h"

static enum tracer_error return_handle(struct exchange *exchange, enum tracer_error error, void *handle)
{
    exchange->result = error == TRACER_OK ? handle : NULL;
    return exchange_fail(exchange, error);
}

static enum tracer_error return_string(struct exchange *exchange, char *text)
{
    return exchange_give_text(exchange, text, text ? strlen(text) : 0);
}

/* ------------------------------------------------------------------ readers */

enum tracer_error tracer_wasm_reader_open(const void *bytes, uint32_t size, struct exchange *exchange)
{
    struct tracer_reader *reader = NULL;
    return return_handle(exchange, tracer_reader_open_memory(&reader, bytes, size, &exchange->message), reader);
}

enum tracer_error tracer_wasm_reader_attach(struct tracer *tracer, struct exchange *exchange)
{
    struct tracer_reader *reader = NULL;
    return return_handle(exchange, tracer_reader_attach(&reader, tracer), reader);
}

enum tracer_error tracer_wasm_cursor(struct tracer_reader *reader, struct exchange *exchange)
{
    struct tracer_cursor *cursor = NULL;
    return return_handle(exchange, tracer_cursor_create(&cursor, reader), cursor);
}

/* New events as a sealed image; no result: nothing is new. */
enum tracer_error tracer_wasm_read_segment(struct tracer_reader *reader, struct tracer_cursor *cursor,
                                           struct exchange *exchange)
{
    struct tracer_snapshot *snapshot;
    uint64_t bytes = 0;
    enum tracer_error error = tracer_read_since(&snapshot, reader, cursor, NULL);
    exchange->result = NULL;
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    bool wanted = snapshot->has_news;
    void *segment = wanted ? seal_to_memory(snapshot, &bytes) : NULL;
    tracer_snapshot_destroy(snapshot);
    return wanted ? exchange_give_text(exchange, segment, (size_t)bytes) : TRACER_OK;
}

/* --------------------------------------------------- the state as a whole */

/* JSON, NUL, and the printed text, both of the same moment. */
static bool print_summary(const struct trace_summary *summary, FILE *to)
{
    char *json = tracer_summary_json(summary);
    if (!json)
        return false;
    fputs(json, to);
    putc('\0', to);
    free(json);
    return trace_summary_print(summary, to) == TRACER_OK;
}

enum tracer_error exchange_give_summary(struct exchange *exchange, const struct trace_summary *summary)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    bool printed = file && print_summary(summary, file);
    if (file && fclose(file) == 0 && printed)
        return exchange_give_text(exchange, text, bytes);
    free(text);
    return exchange_fail(exchange, TRACER_ERROR_MEMORY);
}

enum tracer_error tracer_wasm_summary(struct tracer_reader *reader, struct exchange *exchange)
{
    struct trace_summary summary;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    return error == TRACER_OK ? exchange_give_summary(exchange, &summary) : exchange_fail(exchange, error);
}

/* ----------------------------------------------- what is open, what it is */

/* A list of a snapshot without events. */
static enum tracer_error return_list(struct exchange *exchange, struct tracer_reader *reader,
                                     char *(*list)(const struct tracer_snapshot *snapshot))
{
    struct tracer_snapshot *snapshot;
    const struct tracer_query none = { .without_events = true };
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, &none);
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    char *text = list(snapshot);
    tracer_snapshot_destroy(snapshot);
    return return_string(exchange, text);
}

enum tracer_error tracer_wasm_operations(struct tracer_reader *reader, struct exchange *exchange)
{
    return return_list(exchange, reader, tracer_operations_json);
}

enum tracer_error tracer_wasm_open_spans(struct tracer_reader *reader, struct exchange *exchange)
{
    return return_list(exchange, reader, open_spans_json);
}

enum tracer_error tracer_wasm_notes(struct tracer_reader *reader, struct exchange *exchange)
{
    return return_list(exchange, reader, notes_json);
}

enum tracer_error tracer_wasm_processes(struct tracer_reader *reader, struct exchange *exchange)
{
    return return_list(exchange, reader, processes_json);
}

enum tracer_error tracer_wasm_info(struct tracer_reader *reader, struct exchange *exchange)
{
    struct tracer_info info;
    char origin[24];
    enum tracer_error error = tracer_reader_info(reader, &info);
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    snprintf(origin, sizeof origin, "%llu", (unsigned long long)reader->header.origin_ticks);
    return return_string(exchange, info_json(&info, NULL, origin));
}
