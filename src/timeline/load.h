/*
 * Fills a builder from ringscope's own images.
 */
#ifndef RINGSCOPE_TIMELINE_LOAD_H
#define RINGSCOPE_TIMELINE_LOAD_H

#include "timeline.h"

/* Adds all events, open spans, names and losses of the image, visiting them without a snapshot. The
 * reader's errors, ERROR_CANCELLED. */
enum tracer_error timeline_load(struct timeline_builder *builder, struct tracer_reader *reader,
                                const struct timeline_progress *progress);

/* Its parts, for a timeline of several images. First the newest so many events of each, the newest image first; then
 * of the newest what is open, and what was lost; what was evicted is the caller's to tell. */
struct timeline_loaded {
    uint64_t events;
    int64_t newest_end_ns, oldest_end_ns; /* of the first event and the last, if there are any */
};
enum tracer_error timeline_load_events(struct timeline_builder *builder, struct tracer_reader *reader, uint64_t newest,
                                       struct timeline_loaded *loaded);
enum tracer_error timeline_load_rest(struct timeline_builder *builder, struct tracer_reader *reader);

#endif
