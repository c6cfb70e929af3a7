/*
 * Orders the events of one track and lays them out in rows.
 */
#ifndef RINGSCOPE_TIMELINE_LAYOUT_H
#define RINGSCOPE_TIMELINE_LAYOUT_H

#include "columns.h"

struct layout {
    struct timeline *timeline;
    bool newest_first; /* the order of the incoming events */
    bool around; /* the timeline's parents are set where they are known; see builder.h */
    uint32_t open_most; /* rows used so far in the track */
    unsigned char *memory; /* for the longest track: LAYOUT_BYTES per event */
    struct row_end *open; /* the open span of each row */
    uint32_t open_room, open_count;
    uint32_t row_room; /* of the timeline's rows */
    uint32_t *remap; /* maps the track's incoming events to their places in the timeline; NULL: not wanted */
};

#define LAYOUT_BYTES (2 * sizeof(uint64_t) + 2 * sizeof(uint32_t))

/* Turns the events [first, first + count) of a track into rows of the timeline. False without memory. */
bool layout_track(struct layout *layout, uint32_t track, uint32_t first, uint32_t count);
/* The same for a track whose events are already in place, in rows of these sizes. */
bool layout_rows(struct layout *layout, uint32_t track, uint32_t first, const uint32_t *row_sizes, uint32_t rows);

#endif
