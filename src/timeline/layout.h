/*
 * Orders the events of one track and lays them out in rows.
 */
#ifndef RINGSCOPE_TIMELINE_LAYOUT_H
#define RINGSCOPE_TIMELINE_LAYOUT_H

#include "columns.h"

struct layout {
    struct timeline *timeline;
    bool newest_first; /* how events came */
    bool around; /* the timeline's parents say what is around events, as far as it is known; see builder.h */
    uint32_t open_most; /* rows that had something, in the track */
    unsigned char *memory; /* for the longest track: LAYOUT_BYTES an event */
    struct row_end *open; /* what is open at the time, by row */
    uint32_t open_room, open_count;
    uint32_t row_room; /* of the timeline's rows */
    uint32_t *remap; /* of the track's events as they came: where each went in the timeline; NULL: nobody asks */
};

#define LAYOUT_BYTES (2 * sizeof(uint64_t) + 2 * sizeof(uint32_t))

/* The events [first, first + count) of a track become rows of the timeline. False without memory. */
bool layout_track(struct layout *layout, uint32_t track, uint32_t first, uint32_t count);
/* The same of a track whose events stand at their places already, in rows of these sizes. */
bool layout_rows(struct layout *layout, uint32_t track, uint32_t first, const uint32_t *row_sizes, uint32_t rows);

#endif
