/* Finds events: at a point, and before and after another. */
#include "view.h"

/* Events are ordered by start; those with the same start by number, and so by row. */
struct moment {
    int64_t start_ns;
    uint32_t event; /* TIMELINE_NONE: there is none */
};

static bool comes_before(const struct moment *a, const struct moment *b)
{
    return a->start_ns != b->start_ns ? a->start_ns < b->start_ns : a->event < b->event;
}

uint32_t timeline_hit(const struct timeline_view *view, uint32_t row, int64_t time_ns, int64_t tolerance_ns)
{
    const struct timeline *timeline = view->timeline;
    if (row >= timeline->row_count)
        return TIMELINE_NONE;
    uint32_t next = view_begins_at(view, row, time_ns + 1), best = TIMELINE_NONE;
    int64_t nearest_ns = tolerance_ns;
    if (next > view->row_first[row]) {
        uint32_t event = view_event(view, next - 1);
        int64_t gap_ns = time_ns - event_end(timeline, event);
        if (gap_ns < 0)
            return event;
        if (gap_ns <= nearest_ns) {
            best = event;
            nearest_ns = gap_ns;
        }
    }
    if (next < view->row_first[row + 1]) {
        uint32_t event = view_event(view, next);
        if (timeline->starts[event] - time_ns < nearest_ns || best == TIMELINE_NONE)
            best = timeline->starts[event] - time_ns <= nearest_ns ? event : best;
    }
    return best;
}

/* ---------------------------------------------------------------- neighbours */

static struct moment moment_at(const struct timeline_view *view, uint32_t position)
{
    uint32_t event = view_event(view, position);
    return (struct moment){ view->timeline->starts[event], event };
}

/* The first position of a row after a moment. */
static uint32_t first_after(const struct timeline_view *view, uint32_t row, const struct moment *moment)
{
    uint32_t position = view_begins_at(view, row, moment->start_ns);
    for (; position < view->row_first[row + 1]; position++) {
        struct moment other = moment_at(view, position);
        if (comes_before(moment, &other))
            break;
    }
    return position;
}

/* Which events count: all, or those with a name. */
struct wanted {
    bool any;
    uint32_t name;
};

static bool is_wanted(const struct timeline_view *view, const struct wanted *wanted, uint32_t position)
{
    return wanted->any || view->timeline->names[view_event(view, position)] == wanted->name;
}

/* Replaces best by the nearest wanted event of a row, if that is nearer. */
static void look_after(const struct timeline_view *view, uint32_t row, const struct moment *from,
                       const struct wanted *wanted, struct moment *best)
{
    for (uint32_t at = first_after(view, row, from); at < view->row_first[row + 1]; at++) {
        struct moment moment = moment_at(view, at);
        if (best->event != TIMELINE_NONE && !comes_before(&moment, best))
            return;
        if (is_wanted(view, wanted, at)) {
            *best = moment;
            return;
        }
    }
}

static void look_before(const struct timeline_view *view, uint32_t row, const struct moment *from,
                        const struct wanted *wanted, struct moment *best)
{
    for (uint32_t at = first_after(view, row, from); at > view->row_first[row]; at--) {
        struct moment moment = moment_at(view, at - 1);
        if (best->event != TIMELINE_NONE && !comes_before(best, &moment))
            return;
        if (comes_before(&moment, from) && is_wanted(view, wanted, at - 1)) {
            *best = moment;
            return;
        }
    }
}

uint32_t timeline_neighbour(const struct timeline_view *view, uint32_t event, enum timeline_neighbour among,
                            int direction)
{
    const struct timeline *timeline = view->timeline;
    if (event >= timeline->count)
        return TIMELINE_NONE;
    uint32_t row = event_row(timeline, event), first = row, end = row + 1;
    const struct track_entry *track = &timeline->tracks[timeline->row_track[row]];
    struct moment from = { timeline->starts[event], event }, best = { 0, TIMELINE_NONE };
    struct wanted wanted = { among != TIMELINE_SAME_NAME, timeline->names[event] };
    if (among == TIMELINE_SAME_TRACK) {
        first = track->first_row;
        end = first + track->rows;
    } else if (among == TIMELINE_SAME_NAME) {
        first = 0;
        end = timeline->row_count;
    }
    for (row = first; row < end; row++) {
        if (direction < 0)
            look_before(view, row, &from, &wanted, &best);
        else
            look_after(view, row, &from, &wanted, &best);
    }
    return best.event;
}
