/*
 * Makes a view's groups once its events are known, a part at a time.
 */
#ifndef RINGSCOPE_GROUP_H
#define RINGSCOPE_GROUP_H

#include "view.h"

/* The state of the work, which goes on from row to row and from block to block. To begin: all zero, except the view. */
struct grouping {
    struct timeline_view *view;
    uint32_t row;
    uint32_t at; /* the next position */
    uint32_t made; /* groups so far */
};

/* The levels of a row, the lowest first. */
#define GROUP_LEVELS 32u
struct group_levels {
    unsigned count;
    uint32_t first[GROUP_LEVELS], blocks[GROUP_LEVELS]; /* index of the level's first group; number of groups */
};
struct group_levels row_levels(const struct timeline_view *view, uint32_t row);

/* Goes on for at least that many positions, or to the end; *more: there is more to do. ERROR_MEMORY. */
enum tracer_error grouping_step(struct grouping *grouping, uint32_t events, bool *more);

#endif
