/*
 * Samples of an image: events with the label SAMPLE and a stack. They become a flame chart on a track beside that of
 * their thread, not on it: what a thread did between two samples is unknown, so no call is inside a sampled function.
 */
#ifndef RINGSCOPE_TIMELINE_SAMPLED_H
#define RINGSCOPE_TIMELINE_SAMPLED_H

#include "../read/tables.h"
#include "timeline.h"

struct samples;

/* All zero: no samples yet. Borrows everything except what sampled_free() releases. */
struct sampled {
    struct timeline_builder *builder;
    const struct frame_table *frames;
    const struct text_table *names;
    struct samples *samples;
    uint32_t *known; /* sample ids, by frame of the table; SAMPLES_ROOT: not yet known */
    uint32_t *path; /* room for a stack */
};

/* Adds a stack of the table to its thread's chart, with the time and detail of the item. False without memory. */
bool sampled_add(struct sampled *sampled, const struct image_track *track, const struct timeline_item *item,
                 uint64_t stack);
/* Call after the last one. False without memory. */
bool sampled_end(struct sampled *sampled);
void sampled_free(struct sampled *sampled);

#endif
