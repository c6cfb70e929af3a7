/*
 * Fills a builder from ringscope's own images.
 */
#ifndef RINGSCOPE_TIMELINE_LOAD_H
#define RINGSCOPE_TIMELINE_LOAD_H

#include "timeline.h"

/* Adds all events, open spans, names and losses of the image, visiting them without a snapshot. Errors of the reader,
 * and ERROR_CANCELLED. */
enum tracer_error timeline_load(struct timeline_builder *builder, struct tracer_reader *reader,
                                const struct timeline_progress *progress);

/* The same in steps, between which a caller can read ahead in a file. */
struct timeline_loading;

/* Reads the image's tables. The builder and the reader are borrowed until the end. */
enum tracer_error timeline_loading_begin(struct timeline_loading **result, struct timeline_builder *builder,
                                         struct tracer_reader *reader);
/* Adds about this many more events, and with the last ones everything else; then *done is true. */
enum tracer_error timeline_loading_step(struct timeline_loading *loading, uint64_t events,
                                        const struct timeline_progress *progress, bool *done);
/* Can be called at any time, also with NULL. */
void timeline_loading_end(struct timeline_loading *loading);

/* The events that a segment added to a builder. The open spans follow them. */
struct timeline_loaded {
    uint32_t events;
    int64_t newest_end_ns, oldest_end_ns; /* of the first and the last event, if there are any */
};

/* The same for a trace of several images, the oldest first. Names in this one replace earlier ones; reporting evicted
 * events is up to the caller. */
enum tracer_error timeline_load_segment(struct timeline_builder *builder, struct tracer_reader *reader,
                                        struct timeline_loaded *loaded);

#endif
