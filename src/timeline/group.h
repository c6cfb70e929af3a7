/*
 * Makes a view's groups, when all that passes its filter is known, a part at a time.
 */
#ifndef RINGSCOPE_GROUP_H
#define RINGSCOPE_GROUP_H

#include "view.h"

/* Neighbours that are left of a row, or of a block of it. */
struct group_list {
    struct group *groups;
    size_t count, room;
};

/* The work, which goes on from row to row and from block to block. */
struct grouping {
    struct timeline_view *view;
    struct group_list block, left; /* left: of the row's blocks so far */
    uint32_t row;
    uint32_t at; /* the next position */
};

/* False without memory. */
bool grouping_begin(struct grouping *grouping, struct timeline_view *view);
/* At least so many positions further, or to the end: more says whether it is. ERROR_MEMORY. */
enum tracer_error grouping_step(struct grouping *grouping, uint32_t events, bool *more);
void grouping_end(struct grouping *grouping);

#endif
