/* A view that is being made, with what it is made by: JavaScript asks for it a part at a time. */
#ifndef RINGSCOPE_WASM_FILTERING_H
#define RINGSCOPE_WASM_FILTERING_H

#include "../../timeline/query/expression.h"
#include "timeline_wasm.h"

struct wasm_filtering {
    struct event_filter filter;
    struct expression *expression; /* NULL: none */
    char *text; /* the filter's */
    uint8_t *hidden_tracks;
    struct timeline_making *making;
};

/* The expression of a text of the exchange; NULL where that is "". ERROR_ARGUMENT: the message says why, and where:
 * numbers[0] and [1]. */
enum tracer_error wasm_expression(struct expression **result, const char *text, struct exchange *exchange);

#endif
