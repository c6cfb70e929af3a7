/*
 * Turns a timeline into a snapshot, from which a sealed image can be written (read/seal.h), so that everything that
 * reads images can read any trace.
 *
 * Images are bounded, timelines are not. What does not fit is stored in another form if there is one, and is always
 * counted: nothing is left out in silence.
 */
#ifndef RINGSCOPE_TIMELINE_AS_IMAGE_H
#define RINGSCOPE_TIMELINE_AS_IMAGE_H

#include "../read/seal.h"
#include "timeline.h"

/* Ids that are no numbers of 32 bits are numbered from 4294967295 down: no system numbers a process so high. */
#define AS_IMAGE_NUMBERED_FROM 0xf0000000u

/* The reason that the image's header gives for its clock. */
#define AS_IMAGE_CLOCK "imported"

/* Whether an image was made from a timeline. Its flows were arrows, and have the names of the spans at their ends: they
 * are no events of these names. */
bool as_image_made(const struct image_header *header);

/* What did not fit into the image. */
struct as_image_left {
    uint64_t tracks; /* events of tracks beyond the table: they have no thread */
    uint64_t renumbered; /* processes and threads whose id has more than 32 bits: they get another, and it as a name */
    uint64_t details_cut; /* longer than an image's details may be */
    uint64_t arguments_cut; /* arguments that were left out because they are too long */
    uint64_t open_names_cut, open_details; /* of spans that never ended */
    uint64_t categories; /* events with a category unknown to ringscope: they are CUSTOM */
};

/* program: the image's program name. The caller destroys *result. ERROR_TOO_LARGE for more events than fit into an
 * image, ERROR_MEMORY. */
enum tracer_error timeline_as_snapshot(struct tracer_snapshot **result, const struct timeline *timeline,
                                       const char *program, struct as_image_left *left);

/* Calls tell with a note for each nonzero count. */
void as_image_tell(const struct as_image_left *left, void (*tell)(void *context, const struct timeline_note *note),
                   void *context);

#endif
