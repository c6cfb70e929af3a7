/*
 * Empty spans, which have no duration: times do not tell which of the spans that begin or end with them are around them.
 * An image says it in a field (FIELD_PLACE).
 */
#ifndef RINGSCOPE_TIMELINE_EMPTY_SPANS_H
#define RINGSCOPE_TIMELINE_EMPTY_SPANS_H

#include "builder.h"

/* The field of a timeline's event; 0: its time tells everything. */
uint64_t empty_span_place(const struct timeline *timeline, uint32_t event);

struct empty_span {
    int64_t start_ns;
    uint64_t place; /* the field */
    uint32_t track, event; /* of the builder */
};

/* Those that have been loaded. All zero: none. */
struct empty_spans {
    struct empty_span *all;
    uint32_t count, room;
};

/* Adds the builder's last event, if it is one. place: its field. False without memory. */
bool empty_spans_add(struct empty_spans *spans, const struct timeline_builder *builder, uint64_t place);
/* Passes all places to the builder, when all of its events have been added. False without memory. */
bool empty_spans_settle(const struct empty_spans *spans, struct timeline_builder *builder);

#endif
