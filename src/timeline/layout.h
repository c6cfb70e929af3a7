/*
 * Orders the events of one track and lays them out in rows.
 */
#ifndef RINGSCOPE_TIMELINE_LAYOUT_H
#define RINGSCOPE_TIMELINE_LAYOUT_H

#include "columns.h"

/* How far a build is: every event counts when it is in the columns, in order, in a row, and in its final place. */
struct build_steps {
    const struct timeline_progress *progress; /* NULL: none is wanted */
    double done, total;
    double next; /* how many are done at the next report */
    bool cancelled;
};
#define STEPS_PER_EVENT 4
#define STEPS_AT_ONCE \
    65536u /* between two reports: a few milliseconds, while a report for each of many tracks takes seconds */

/* Counts further steps. False: the build is cancelled. */
bool build_goes_on(struct build_steps *steps, double more);

struct layout {
    struct timeline *timeline;
    struct build_steps *steps;
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

/* Turns the events [first, first + count) of a track into rows of the timeline. False without memory, or cancelled. */
bool layout_track(struct layout *layout, uint32_t track, uint32_t first, uint32_t count);
/* The same for a track whose events are already in place, in rows of these sizes. */
bool layout_rows(struct layout *layout, uint32_t track, uint32_t first, const uint32_t *row_sizes, uint32_t rows);

#endif
