/* A view under construction, with its filter: JavaScript asks for it a part at a time. */
#ifndef RINGSCOPE_WASM_FILTERING_H
#define RINGSCOPE_WASM_FILTERING_H

#include "../../timeline/query/expression.h"
#include "timeline_wasm.h"

struct wasm_filtering {
    struct event_filter filter;
    struct expression *expression; /* NULL: none */
    char *text; /* the text to filter by */
    uint8_t *hidden_tracks;
    struct timeline_making *making;
};

/* Parses an expression that JavaScript gave; NULL if the text is "". On ERROR_ARGUMENT, the message says why, and
 * numbers[0] and [1] say where. */
enum tracer_error wasm_expression(struct expression **result, const char *text, struct exchange *exchange);

/* The scope that JavaScript gave in numbers: from, to, 1 for the search's hits only, and enum timeline_only. */
static inline struct timeline_scope wasm_scope(const struct wasm_trace *trace, const struct exchange *exchange)
{
    return (struct timeline_scope){
        .from_ns = (int64_t)exchange->numbers[0],
        .to_ns = (int64_t)exchange->numbers[1],
        .hits = exchange->numbers[2] == 1 ? trace->search : NULL,
        .only = exchange->numbers[3] == 1   ? TIMELINE_CALLS
                : exchange->numbers[3] == 2 ? TIMELINE_SAMPLES
                                            : TIMELINE_ALL,
    };
}

#endif
