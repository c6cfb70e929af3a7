/*
 * Builds a timeline from any holder of events: a builder, which hands them over, or a growing trace, which keeps them.
 */
#ifndef RINGSCOPE_TIMELINE_BUILD_H
#define RINGSCOPE_TIMELINE_BUILD_H

#include "builder.h"
#include "layout.h"

struct event_holder {
    void *context;
    /* Puts all events into the columns, track by track. remap: maps the builder's tracks to the timeline's;
     * TIMELINE_NONE for those without events. False without memory, or cancelled. */
    bool (*handle)(void *context, struct timeline *timeline, const uint32_t *remap, struct build_steps *steps);
    /* Makes rows of one track's events; called in the order of the timeline's tracks. False as above. */
    bool (*lay_out_track)(void *context, struct layout *layout, uint32_t track, uint32_t first);
};

/* As timeline_build(), with a builder that has the tables and each track's number of events. */
enum tracer_error build_from(struct timeline **result, struct timeline_builder *builder,
                             const struct event_holder *holder, const struct timeline_progress *progress);

#endif
