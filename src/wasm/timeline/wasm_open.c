/* Loads traces for JavaScript. */
#include <stdlib.h>

#include "../../image/reader.h"
#include "../../timeline/query/expression.h"
#include "progress.h"
#include "timeline_wasm.h"

struct wasm_trace *timeline_wasm_create(void)
{
    struct wasm_trace *trace = calloc(1, sizeof *trace);
    if (trace)
        trace->builder = timeline_builder_create();
    if (trace && trace->builder)
        return trace;
    free(trace);
    return NULL;
}

static void forget_view(struct wasm_trace *trace)
{
    timeline_wasm_filter_stop(trace);
    timeline_wasm_tree_stop(trace);
    timeline_wasm_count_stop(trace);
    timeline_groups_destroy(trace->groups);
    trace->groups = NULL;
    timeline_wasm_order_stop(trace);
    timeline_order_destroy(trace->order);
    timeline_search_destroy(trace->search);
    timeline_view_destroy(trace->view);
    expression_destroy(trace->expression);
    trace->expression = NULL;
    trace->order = NULL;
    trace->search = NULL;
    trace->view = NULL;
}

void timeline_wasm_destroy(struct wasm_trace *trace)
{
    forget_view(trace);
    timeline_destroy(trace->timeline);
    trace_import_destroy(trace->import);
    timeline_builder_destroy(trace->builder);
    timeline_live_destroy(trace->live);
    timeline_merge_destroy(trace->merge);
    timeline_loading_end(trace->loading);
    tracer_reader_close(trace->reader);
    free(trace->scratch);
    free(trace);
}

static bool read_file(void *context, uint64_t offset_bytes, void *buffer, size_t size_bytes)
{
    (void)context;
    return timeline_import_read((double)offset_bytes, buffer, (uint32_t)size_bytes);
}

enum tracer_error timeline_wasm_load_begin(struct wasm_trace *trace, double size_bytes, struct exchange *exchange)
{
    uint64_t size;
    if (trace->reader || !exchange_integer(size_bytes, &size))
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    struct source source = source_from(read_file, NULL, size);
    enum tracer_error error = reader_open_source(&trace->reader, &source, &exchange->message);
    if (error == TRACER_OK)
        error = timeline_loading_begin(&trace->loading, trace->builder, trace->reader);
    return exchange_fail(exchange, error);
}

enum tracer_error timeline_wasm_load_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange)
{
    bool done = false;
    if (!trace->loading)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = timeline_loading_step(trace->loading, events, &wasm_progress, &done);
    if (error != TRACER_OK || done) {
        timeline_loading_end(trace->loading);
        trace->loading = NULL;
    }
    exchange->numbers[0] = done;
    return exchange_fail(exchange, error);
}

struct gzip_file {
    double offset, size;
};

static size_t read_packed(void *context, unsigned char *to, size_t bytes)
{
    struct gzip_file *file = context;
    size_t count = file->size - file->offset < (double)bytes ? (size_t)(file->size - file->offset) : bytes;
    if (count && !timeline_import_read(file->offset, to, (uint32_t)count))
        return SIZE_MAX;
    file->offset += (double)count;
    return count;
}

static bool write_unpacked(void *context, const unsigned char *bytes, size_t count)
{
    const struct gzip_file *file = context;
    return timeline_import_progress(file->offset, file->size) &&
           timeline_import_write((const char *)bytes, (uint32_t)count);
}

enum tracer_error timeline_wasm_gunzip(struct wasm_trace *trace, double size_bytes, struct exchange *exchange)
{
    struct gzip_file file = { .size = size_bytes };
    const struct inflate_ends ends = { read_packed, write_unpacked, &file };
    return exchange_fail(exchange, gunzip(&ends, trace->builder));
}

enum tracer_error timeline_wasm_feed(struct wasm_trace *trace, const char *bytes, uint32_t size_bytes,
                                     struct exchange *exchange)
{
    if (!trace->import)
        trace->import = trace_import_create(trace->builder);
    if (!trace->import)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    return exchange_fail(exchange, trace_import_feed(trace->import, bytes, size_bytes, &exchange->message));
}

/* The texts stay valid, because doors are constants. */
static void return_door(const struct door *door, struct exchange *exchange)
{
    exchange->texts[0] = door->name;
    exchange->texts[1] = door->title;
}

enum tracer_error timeline_wasm_end(struct wasm_trace *trace, struct exchange *exchange)
{
    enum tracer_error error = timeline_wasm_feed(trace, "", 0, exchange);
    if (error == TRACER_OK)
        error = trace_import_end(trace->import, &exchange->message);
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    return_door(trace_import_door(trace->import), exchange);
    trace->title = trace_import_door(trace->import)->title;
    trace_import_destroy(trace->import);
    trace->import = NULL;
    return TRACER_OK;
}

enum tracer_error timeline_wasm_add_loaded(struct wasm_trace *trace, struct exchange *exchange)
{
    struct timeline *timeline = NULL;
    if (!trace->merge)
        trace->merge = timeline_merge_create();
    if (!trace->merge || trace->live)
        return exchange_fail(exchange, trace->live ? TRACER_ERROR_ARGUMENT : TRACER_ERROR_MEMORY);
    enum tracer_error error = timeline_build(&timeline, trace->builder, &wasm_progress);
    if (error == TRACER_OK) {
        struct merge_input input = {
            .timeline = timeline,
            .name = exchange->texts[0] ? exchange->texts[0] : "",
            .clock = merge_clock_of_timeline(timeline),
        };
        if (trace->reader)
            error = merge_clock_of(&input.clock, trace->reader, timeline);
        if (error == TRACER_OK)
            error = timeline_merge_add(trace->merge, &input);
    }
    timeline_destroy(timeline);
    tracer_reader_close(trace->reader);
    trace->reader = NULL;
    return exchange_fail(exchange, error);
}

enum tracer_error timeline_wasm_follow(struct wasm_trace *trace, double hold_events, struct exchange *exchange)
{
    uint64_t hold;
    if (trace->live || !exchange_integer(hold_events, &hold))
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    trace->live = timeline_live_create(hold);
    return exchange_fail(exchange, trace->live ? TRACER_OK : TRACER_ERROR_MEMORY);
}

enum tracer_error timeline_wasm_add_segment(struct wasm_trace *trace, void *bytes, uint32_t size_bytes,
                                            struct exchange *exchange)
{
    if (trace->live)
        return exchange_fail(exchange, timeline_live_add(trace->live, bytes, size_bytes, &exchange->message));
    free(bytes);
    return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
}

static enum tracer_error build(const struct wasm_trace *trace, struct timeline **timeline)
{
    if (trace->live)
        return timeline_live_build(timeline, trace->live, &wasm_progress);
    if (trace->merge)
        return timeline_merge_build(timeline, trace->merge, &wasm_progress);
    return timeline_build(timeline, trace->builder, &wasm_progress);
}

enum tracer_error timeline_wasm_build(struct wasm_trace *trace, struct exchange *exchange)
{
    static const struct event_filter everything;
    struct timeline *timeline = NULL;
    struct timeline_view *view = NULL;
    enum tracer_error error = build(trace, &timeline);
    if (error == TRACER_OK)
        error = timeline_view_create(&view, timeline, &everything, &wasm_progress);
    if (error != TRACER_OK) {
        timeline_destroy(timeline);
        return exchange_fail(exchange, error);
    }
    forget_view(trace);
    timeline_destroy(trace->timeline);
    trace->timeline = timeline;
    trace->view = view;
    return TRACER_OK;
}

struct tracer_reader *timeline_wasm_reader(const struct wasm_trace *trace)
{
    return trace->live ? timeline_live_newest(trace->live) : trace->reader;
}

enum tracer_error timeline_wasm_summary(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct trace_summary summary;
    enum tracer_error error = trace->live     ? timeline_live_summary(trace->live, &summary)
                              : trace->reader ? tracer_reader_summary(trace->reader, &summary)
                                              : TRACER_ERROR_ARGUMENT;
    return error == TRACER_OK ? exchange_give_summary(exchange, &summary) : exchange_fail(exchange, error);
}
