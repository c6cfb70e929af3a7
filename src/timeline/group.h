/*
 * Makes a view's groups, when all that passes its filter is known, a part at a time.
 */
#ifndef RINGSCOPE_GROUP_H
#define RINGSCOPE_GROUP_H

#include "view.h"

/* The work, which goes on from row to row and from block to block. All zero but for the view: it begins. */
struct grouping {
    struct timeline_view *view;
    uint32_t row;
    uint32_t at; /* the next position */
    uint32_t made; /* groups */
};

/* The levels of a row, the lowest first. */
#define GROUP_LEVELS 32u
struct group_levels {
    unsigned count;
    uint32_t first[GROUP_LEVELS], blocks[GROUP_LEVELS]; /* among the groups; how many */
};
struct group_levels row_levels(const struct timeline_view *view, uint32_t row);

/* At least so many positions further, or to the end: more says whether it is. ERROR_MEMORY. */
enum tracer_error grouping_step(struct grouping *grouping, uint32_t events, bool *more);

#endif
