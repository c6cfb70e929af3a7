/*
 * Samples of an image, events of the label SAMPLE with a stack: a flame chart on a track beside that of their thread, for what a
 * thread did between two samples is not known, and so no call is within a sampled function.
 */
#ifndef RINGSCOPE_TIMELINE_SAMPLED_H
#define RINGSCOPE_TIMELINE_SAMPLED_H

#include "../read/tables.h"
#include "timeline.h"

struct samples;

/* All zero: no samples yet. Borrows all but what sampled_free() releases. */
struct sampled {
    struct timeline_builder *builder;
    const struct frame_table *frames;
    const struct text_table *names;
    struct samples *samples;
    uint32_t *known; /* of samples, by frame of the table; SAMPLES_ROOT: not yet */
    uint32_t *path; /* room for a stack */
};

/* Adds a stack of the table, at the time and with the detail of the item, to what a thread did. False without memory. */
bool sampled_add(struct sampled *sampled, const struct image_track *track, const struct timeline_item *item,
                 uint64_t stack);
/* After the last. False without memory. */
bool sampled_end(struct sampled *sampled);
void sampled_free(struct sampled *sampled);

#endif
