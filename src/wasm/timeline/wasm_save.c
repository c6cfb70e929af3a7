/* Saves traces, or parts of them, for JavaScript. */
#include <stdlib.h>

#include "../../read/seal.h"
#include "../../timeline/as_image.h"
#include "timeline_wasm.h"

static bool write_piece(void *context, const char *bytes, size_t size)
{
    (void)context;
    return timeline_import_write(bytes, (uint32_t)size);
}

/* An image's own contents; otherwise the timeline, laid out as an image. */
static enum tracer_error take_snapshot(const struct wasm_trace *trace, const struct tracer_query *query,
                                       struct tracer_snapshot **snapshot)
{
    struct as_image_left left;
    if (trace->reader)
        return tracer_snapshot_create(snapshot, trace->reader, query);
    const char *title = trace->merge ? "merged" : trace->title ? trace->title : "imported";
    return trace->timeline && !trace->live ? timeline_as_snapshot(snapshot, trace->timeline, title, &left)
                                           : TRACER_ERROR_ARGUMENT;
}

enum tracer_error timeline_wasm_export(struct wasm_trace *trace, uint32_t format, struct exchange *exchange)
{
    const struct tracer_sink sink = { write_piece, NULL };
    const char *name = tracer_export_format(format);
    struct tracer_snapshot *snapshot;
    enum tracer_error error = name ? take_snapshot(trace, NULL, &snapshot) : TRACER_ERROR_ARGUMENT;
    if (error == TRACER_OK) {
        error = tracer_export(snapshot, name, &sink);
        tracer_snapshot_destroy(snapshot);
    }
    return exchange_fail(exchange, error);
}

/* Replaces a snapshot by the part that a query selects, through an image, because queries read images. */
static enum tracer_error select_from(struct tracer_snapshot **snapshot, const struct tracer_query *query)
{
    uint64_t size_bytes;
    struct tracer_reader *reader = NULL;
    void *bytes = seal_to_memory(*snapshot, &size_bytes);
    enum tracer_error error =
        bytes ? tracer_reader_open_memory(&reader, bytes, (size_t)size_bytes, NULL) : TRACER_ERROR_MEMORY;
    tracer_snapshot_destroy(*snapshot);
    *snapshot = NULL;
    if (error == TRACER_OK)
        error = tracer_snapshot_create(snapshot, reader, query);
    tracer_reader_close(reader);
    free(bytes);
    return error;
}

static enum tracer_error save_some(struct wasm_trace *trace, const struct tracer_query *query, bool all,
                                   struct exchange *exchange)
{
    const struct tracer_sink sink = { write_piece, NULL };
    struct tracer_snapshot *snapshot;
    enum tracer_error error = take_snapshot(trace, query, &snapshot);
    if (error == TRACER_OK && !trace->reader && !all)
        error = select_from(&snapshot, query);
    if (error == TRACER_OK) {
        error = tracer_snapshot_save(snapshot, &sink);
        tracer_snapshot_destroy(snapshot);
    }
    return exchange_fail(exchange, error);
}

enum tracer_error timeline_wasm_save(struct wasm_trace *trace, bool without_details, struct exchange *exchange)
{
    const struct tracer_query query = { .without_details = without_details };
    return save_some(trace, &query, !without_details, exchange);
}

/* An image's times are its own; a timeline converted to an image begins at 0. */
enum tracer_error timeline_wasm_save_range(struct wasm_trace *trace, struct exchange *exchange)
{
    const double origin_ns = trace->reader && trace->timeline ? (double)timeline_origin_ns(trace->timeline) : 0;
    const struct tracer_query query = {
        .has_since = true,
        .has_until = true,
        .since = (origin_ns + exchange->numbers[0]) / 1e6,
        .until = (origin_ns + exchange->numbers[1]) / 1e6,
    };
    return save_some(trace, &query, false, exchange);
}
