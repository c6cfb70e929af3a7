/*
 * The tables of an image, while a timeline is laid out as one.
 */
#ifndef RINGSCOPE_AS_IMAGE_INTERNAL_H
#define RINGSCOPE_AS_IMAGE_INTERNAL_H

#include "as_image.h"
#include "columns.h"

#define IN_DETAIL 0u /* a name that has no entry, for it is too long or the table is full: it goes to the detail */

/* The ids of names, each with a label: what it is in the timeline is a name and a category. */
struct as_image_names {
    uint64_t *keys;
    uint32_t *ids; /* IN_DETAIL: none */
    uint32_t count, key_room, id_room;
    struct hash_table by_key;
};

struct laying {
    const struct timeline *timeline;
    struct tracer_snapshot *snapshot;
    struct as_image_left *left;
    struct as_image_names names;
    bool failed; /* there was no memory for a note */
    uint32_t *track_ids; /* by its tracks; 0: none */
    uint8_t categories[TIMELINE_CATEGORIES]; /* the image's */
    uint32_t labels[TIMELINE_CATEGORIES]; /* ids of names: how they are called, if not as the image's; 0: so */
    bool foreign[TIMELINE_CATEGORIES]; /* they are none of the image's, and have no label for it is too long */
};

/* The id of an event's name; IN_DETAIL: it has no entry. */
uint32_t as_image_name(const struct laying *laying, uint32_t event);
/* Fills the snapshot's tables of names and tracks, and what stands above. False without memory. */
bool as_image_tables(struct laying *laying);
/* Gives an event of the image its texts: arguments, detail, and its name if that has no entry. False without memory. */
bool as_image_text(struct laying *laying, uint32_t event, struct snapshot_event *to);
/* The same of that name alone. */
bool as_image_name_text(struct laying *laying, uint32_t event, struct snapshot_event *to);

#endif
