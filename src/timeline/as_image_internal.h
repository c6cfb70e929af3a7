/*
 * The tables of an image, while a timeline is laid out as one.
 */
#ifndef RINGSCOPE_AS_IMAGE_INTERNAL_H
#define RINGSCOPE_AS_IMAGE_INTERNAL_H

#include "as_image.h"
#include "columns.h"

#define IN_DETAIL 0u /* a name that has no entry, for it is too long or the table is full: it goes to the detail */

struct laying {
    const struct timeline *timeline;
    struct tracer_snapshot *snapshot;
    struct as_image_left *left;
    uint32_t *name_ids; /* by the timeline's names; IN_DETAIL: none */
    bool failed; /* there was no memory for a note */
    uint32_t *track_ids; /* by its tracks; 0: none */
    uint8_t categories[TIMELINE_CATEGORIES]; /* the image's */
    bool foreign[TIMELINE_CATEGORIES]; /* they are none of the image's */
};

/* Fills the snapshot's tables of names and tracks, and what stands above. False without memory. */
bool as_image_tables(struct laying *laying);

#endif
