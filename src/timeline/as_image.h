/*
 * Lays a timeline out as a snapshot, from which a sealed image is written (read/seal.h): so that whatever reads
 * images reads any trace.
 *
 * Images are bounded where timelines are not. What does not fit is kept in another form where there is one, and
 * counted in any case: nothing is left out in silence.
 */
#ifndef RINGSCOPE_TIMELINE_AS_IMAGE_H
#define RINGSCOPE_TIMELINE_AS_IMAGE_H

#include "../read/seal.h"
#include "timeline.h"

/* What an image has no room for. */
struct as_image_left {
    uint64_t tracks; /* events of tracks beyond the table: they keep no thread */
    uint64_t renumbered; /* processes and threads whose id is none of 32 bits: they have another, and it as a name */
    uint64_t details_cut; /* longer than an image's details may be */
    uint64_t arguments_cut; /* arguments that were left out, for they are too long */
    uint64_t open_names_cut, open_details; /* of spans that never ended */
    uint64_t categories; /* events whose category is none of ringscope's: they are CUSTOM */
};

/* program: what the image is said to be of. The caller destroys *result. ERROR_TOO_LARGE for more events than an
 * image can hold, ERROR_MEMORY. */
enum tracer_error timeline_as_snapshot(struct tracer_snapshot **result, const struct timeline *timeline,
                                       const char *program, struct as_image_left *left);

/* Calls tell with a note for each kind that is not 0. */
void as_image_tell(const struct as_image_left *left, void (*tell)(void *context, const struct timeline_note *note),
                   void *context);

#endif
