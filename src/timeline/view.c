/* The positions of events in a view. */
#include "view.h"

#include <stdlib.h>

#include "../base/lower_bound.h"

void timeline_view_destroy(struct timeline_view *view)
{
    if (!view)
        return;
    free(view->events);
    free(view->row_first);
    free(view->groups);
    free(view->group_first);
    free(view->ranges);
    free(view);
}

uint32_t timeline_view_events(const struct timeline_view *view)
{
    return view->count;
}

uint64_t timeline_view_bytes(const struct timeline_view *view)
{
    uint64_t rows = view->timeline->row_count;
    return sizeof *view + (view->events ? (uint64_t)view->count * sizeof *view->events : 0) +
           (uint64_t)view->group_count * sizeof *view->groups +
           rows * (sizeof *view->group_first + sizeof *view->row_first) +
           (uint64_t)view->timeline->track_count * sizeof *view->ranges;
}

struct looked_for {
    const struct timeline_view *view;
    int64_t time_ns;
    uint32_t event;
};

static inline bool is_before_event(const void *context, uint64_t position)
{
    const struct looked_for *wanted = context;
    return wanted->view->events[position] < wanted->event;
}

static inline bool begins_before(const void *context, uint64_t position)
{
    const struct looked_for *wanted = context;
    return wanted->view->timeline->starts[view_event(wanted->view, (uint32_t)position)] < wanted->time_ns;
}

uint32_t view_position(const struct timeline_view *view, uint32_t event)
{
    if (!view->events)
        return event < view->count ? event : TIMELINE_NONE;
    struct looked_for wanted = { .view = view, .event = event };
    uint32_t position = (uint32_t)lower_bound(0, view->count, is_before_event, &wanted);
    return position < view->count && view->events[position] == event ? position : TIMELINE_NONE;
}

uint32_t view_begins_at(const struct timeline_view *view, uint32_t row, int64_t time_ns)
{
    struct looked_for wanted = { .view = view, .time_ns = time_ns };
    return (uint32_t)lower_bound(view->row_first[row], view->row_first[row + 1], begins_before, &wanted);
}
