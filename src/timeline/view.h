/*
 * The events that pass a filter: positions 0, 1, 2 … in the order of the columns, each standing for an event. Beside
 * them, groups: neighbours in a row that look like one from a distance.
 *
 * A row's groups are levels of blocks. Blocks of the lowest level have GROUP_EVENTS positions, those of other levels
 * GROUP_BLOCKS blocks of the level below; the top level has at most GROUP_BLOCKS blocks. A window starts at the top,
 * takes whatever is narrower than a pixel as one, and looks into the rest, so that it costs as much as it shows,
 * whatever the size of the trace and the distribution of its events. Blocks by time would be looked into less often,
 * but took ten times as long to make.
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

/* The number of positions follows from the group's index, so that a group takes half a cache line. */
struct group {
    int64_t start_ns, end_ns;
    uint32_t longest; /* position of the longest event */
    float longest_ns; /* its duration, so that drawing need not look it up */
    float busy_ns; /* sum of durations: events of a row do not overlap */
    uint8_t category; /* if more than half of its events have the same, that one */
    uint8_t flags; /* of any of its events */
};

/* The number of a row's positions in a block of a level. */
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
    uint32_t *events; /* by position; NULL: all pass, and a position is an event */
    uint32_t *row_first; /* positions; one more than there are rows */
    struct group *groups; /* row by row, each with the lowest level first */
    uint32_t group_count;
    uint32_t *group_first; /* by row; counters, and rows of at most GROUP_EVENTS positions, have no groups */
    struct value_range *ranges; /* by track, for counters */
};

static inline uint32_t view_event(const struct timeline_view *view, uint32_t position)
{
    return view->events ? view->events[position] : position;
}

#define FLOAT_EXACT 16777216.0f /* below this, a float represents every integer */

/* Whether a group's longest event is longer than the one at a position, whose duration is longest_ns. */
static inline bool group_is_longer(const struct timeline_view *view, const struct group *group, uint32_t longest,
                                   float longest_ns)
{
    if (group->longest_ns < FLOAT_EXACT || group->longest_ns != longest_ns)
        return group->longest_ns > longest_ns;
    return event_duration(view->timeline, view_event(view, group->longest)) >
           event_duration(view->timeline, view_event(view, longest));
}

/* A group of a single event. */
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

/* The position of an event in the view; TIMELINE_NONE: it does not pass. */
uint32_t view_position(const struct timeline_view *view, uint32_t event);
/* The first position of a row whose event begins at the time or later; if there is none, the next row's first. */
uint32_t view_begins_at(const struct timeline_view *view, uint32_t row, int64_t time_ns);

#endif
