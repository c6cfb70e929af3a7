/*
 * The tables of an image while it is made from a timeline.
 */
#ifndef RINGSCOPE_AS_IMAGE_INTERNAL_H
#define RINGSCOPE_AS_IMAGE_INTERNAL_H

#include "as_image.h"
#include "columns.h"

#define IN_DETAIL 0u /* a name without an entry, because it is too long or the table is full: it goes into the detail */

/* The ids of names with their labels, which stand for a timeline's names and categories. */
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
    bool failed; /* no memory for a note */
    uint32_t *track_ids; /* by the timeline's track; 0: none */
    uint8_t categories[TIMELINE_CATEGORIES]; /* the image's category for each */
    uint32_t labels[TIMELINE_CATEGORIES]; /* name ids of their labels, if they differ from the image's; 0: none */
    bool foreign[TIMELINE_CATEGORIES]; /* unknown to images, and without a label because it would be too long */
};

/* The id of an event's name; IN_DETAIL if it has no entry. */
uint32_t as_image_name(const struct laying *laying, uint32_t event);
/* Fills the snapshot's tables of names and tracks, and the maps above. False without memory. */
bool as_image_tables(struct laying *laying);
/* Gives an event of the image its texts: arguments, detail, and its name if that has no entry. False without memory. */
bool as_image_text(struct laying *laying, uint32_t event, struct snapshot_event *to);
/* The same for the name alone. */
bool as_image_name_text(struct laying *laying, uint32_t event, struct snapshot_event *to);

#endif
