/* Turns a filter and an expression from JavaScript into a view, a part at a time. */
#include "filtering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum tracer_error wasm_expression(struct expression **result, const char *text, struct exchange *exchange)
{
    struct expression_error wrong;
    *result = NULL;
    if (!text || !text[0])
        return TRACER_OK;
    enum tracer_error error = expression_create(result, text, &wrong);
    if (error == TRACER_ERROR_ARGUMENT) {
        snprintf(exchange->message.text, sizeof exchange->message.text, "%s", wrong.text);
        exchange->numbers[0] = (double)wrong.at;
        exchange->numbers[1] = (double)wrong.bytes;
    }
    return exchange_fail(exchange, error);
}

enum tracer_error timeline_wasm_check(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct expression *expression;
    (void)trace;
    enum tracer_error error = wasm_expression(&expression, exchange->texts[0], exchange);
    expression_destroy(expression);
    return error;
}

/* ------------------------------------------------------------------ beginning */

void timeline_wasm_filter_stop(struct wasm_trace *trace)
{
    struct wasm_filtering *filtering = trace->filtering;
    trace->filtering = NULL;
    if (!filtering)
        return;
    timeline_making_destroy(filtering->making);
    expression_destroy(filtering->expression);
    free(filtering->text);
    free(filtering->hidden_tracks);
    free(filtering);
}

static uint32_t track_count(const struct timeline *timeline)
{
    struct timeline_track track;
    uint32_t count = 0;
    while (timeline_track(timeline, count, &track))
        count++;
    return count;
}

/* JavaScript's memory is only valid during the call. */
static bool copy_given(struct wasm_filtering *filtering, const struct wasm_trace *trace, const uint8_t *hidden_tracks,
                       const struct exchange *exchange)
{
    const char *text = exchange->texts[0] ? exchange->texts[0] : "";
    size_t tracks = track_count(trace->timeline);
    filtering->text = strdup(text);
    filtering->hidden_tracks = malloc(tracks + 1);
    if (!filtering->text || !filtering->hidden_tracks)
        return false;
    memcpy(filtering->hidden_tracks, hidden_tracks, tracks);
    filtering->filter = (struct event_filter){
        .hidden_categories = (uint64_t)(uint32_t)exchange->numbers[0] | (uint64_t)(uint32_t)exchange->numbers[1] << 32,
        .min_duration_ns = (int64_t)exchange->numbers[2],
        .hidden_tracks = filtering->hidden_tracks,
        .keeps_samples = true,
        .text = text[0] ? filtering->text : NULL,
    };
    return true;
}

enum tracer_error timeline_wasm_filter_begin(struct wasm_trace *trace, const uint8_t *hidden_tracks,
                                             struct exchange *exchange)
{
    timeline_wasm_filter_stop(trace);
    struct wasm_filtering *filtering = trace->filtering = calloc(1, sizeof *filtering);
    if (!filtering || !copy_given(filtering, trace, hidden_tracks, exchange)) {
        timeline_wasm_filter_stop(trace);
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    }
    enum tracer_error error = wasm_expression(&filtering->expression, exchange->texts[1], exchange);
    if (error == TRACER_OK)
        error = timeline_making_begin(&filtering->making, trace->timeline, &filtering->filter, filtering->expression);
    if (error != TRACER_OK)
        timeline_wasm_filter_stop(trace);
    return exchange_fail(exchange, error);
}

/* --------------------------------------------------------------------- making */

static void show(struct wasm_trace *trace)
{
    struct wasm_filtering *filtering = trace->filtering;
    timeline_wasm_tree_stop(trace);
    timeline_wasm_count_stop(trace);
    timeline_wasm_order_stop(trace);
    timeline_order_destroy(trace->order);
    timeline_search_destroy(trace->search);
    timeline_view_destroy(trace->view);
    expression_destroy(trace->expression);
    trace->order = NULL;
    trace->search = NULL;
    trace->view = timeline_making_take(filtering->making);
    trace->expression = filtering->expression;
    filtering->making = NULL;
    filtering->expression = NULL;
    timeline_wasm_filter_stop(trace);
}

enum tracer_error timeline_wasm_filter_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange)
{
    bool more = true;
    if (!trace->filtering)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = timeline_making_step(trace->filtering->making, events, &more);
    if (error != TRACER_OK)
        return exchange_fail(exchange, error);
    exchange->numbers[0] = !more;
    exchange->numbers[1] = timeline_making_share(trace->filtering->making);
    if (!more)
        show(trace);
    exchange->numbers[2] = timeline_view_events(trace->view);
    return TRACER_OK;
}
