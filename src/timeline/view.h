/*
 * What passes a filter: positions 0, 1, 2 … in the order of the columns, each standing for an event. Beside them
 * stand groups: neighbours of a row that are as one from a distance.
 *
 * A row's groups are levels of blocks: the lowest of GROUP_EVENTS positions each, every other of GROUP_BLOCKS blocks of
 * the level below it, up to a level of GROUP_BLOCKS blocks at most. A window then takes, from the top, whatever is
 * narrower than a pixel as one, and looks into the rest: that costs what the window shows, whatever the trace holds and
 * however it is spread. Blocks by time instead would be looked into less often, and took ten times as long to make.
 *
 *     level 1  │        block 0        │      block 1      │
 *     level 0  │ 0..7 │ 8..15 │ … │ … │ 32..39 │ … │ 48,49 │   positions of a row of 50
 */
#ifndef RINGSCOPE_TIMELINE_VIEW_H
#define RINGSCOPE_TIMELINE_VIEW_H

#include "columns.h"

#define GROUP_EVENTS 8u
#define GROUP_BITS 1u
#define GROUP_BLOCKS (1u << GROUP_BITS)

/* How many positions one stands for is known where it stands: half a cache line is looked at for each. */
struct group {
    int64_t start_ns, end_ns;
    uint32_t longest; /* position of the longest event */
    float longest_ns; /* how long that is, so that drawing need not look at it */
    float busy_ns; /* of all together: those of a row do not overlap */
    uint8_t category; /* most have it */
    uint8_t flags; /* any has them */
};

/* How many of a row's positions a block of a level stands for. */
static inline uint32_t group_count(uint32_t positions, unsigned level, uint32_t block)
{
    uint32_t each = GROUP_EVENTS << GROUP_BITS * level, left = positions - block * each;
    return left < each ? left : each;
}

struct value_range {
    double low, high;
};

struct timeline_view {
    const struct timeline *timeline;
    uint32_t count;
    uint32_t *events; /* by position; NULL: all pass, and a position is the event */
    uint32_t *row_first; /* positions; one more than rows */
    struct group *groups; /* row by row, of each the lowest level first */
    uint32_t group_count;
    uint32_t *group_first; /* by row; one of GROUP_EVENTS positions at most, and of a counter, has none */
    struct value_range *ranges; /* of each track that is a counter */
};

static inline uint32_t view_event(const struct timeline_view *view, uint32_t position)
{
    return view->events ? view->events[position] : position;
}

#define FLOAT_EXACT 16777216.0f /* below, a float tells all whole numbers apart */

/* Whether a group's longest event is longer than the one at a position, which lasts longest_ns. */
static inline bool group_is_longer(const struct timeline_view *view, const struct group *group, uint32_t longest,
                                   float longest_ns)
{
    if (group->longest_ns < FLOAT_EXACT || group->longest_ns != longest_ns)
        return group->longest_ns > longest_ns;
    return event_duration(view->timeline, view_event(view, group->longest)) >
           event_duration(view->timeline, view_event(view, longest));
}

/* An event by itself. */
static inline struct group group_of(const struct timeline_view *view, uint32_t position)
{
    const struct timeline *timeline = view->timeline;
    uint32_t event = view_event(view, position);
    return (struct group){
        .start_ns = timeline->starts[event],
        .end_ns = event_end(timeline, event),
        .longest = position,
        .longest_ns = (float)event_duration(timeline, event),
        .busy_ns = (float)event_duration(timeline, event),
        .category = timeline->categories[event],
        .flags = event_flags(timeline, event),
    };
}

/* Where an event stands in the view; TIMELINE_NONE: it does not pass. */
uint32_t view_position(const struct timeline_view *view, uint32_t event);
/* The first position of a row whose event begins at a time or later; of the next row, if none does. */
uint32_t view_begins_at(const struct timeline_view *view, uint32_t row, int64_t time_ns);

#endif
