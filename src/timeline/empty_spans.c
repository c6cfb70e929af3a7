/* Places empty spans among those of the same time; see empty_spans.h. */
#include "empty_spans.h"

#include <stdlib.h>

#include "../image/image.h"

/* --------------------------------------------------------------------- saving */

static uint32_t number_of(uint32_t event)
{
    return event % PLACE_NUMBER_MASK + 1;
}

static bool is_empty(const struct timeline *timeline, uint32_t event)
{
    return event_kind(timeline, event) == TIMELINE_SPAN && event_duration(timeline, event) == 0 &&
           !(timeline->kinds[event] & TIMELINE_ASYNC) && !event_is_open(timeline, event);
}

/* How many of the spans around an event begin with it, less how many end with it. */
static int16_t count_around(const struct timeline *timeline, uint32_t event)
{
    const int64_t time_ns = timeline->starts[event];
    int among = 0;
    for (uint32_t at = timeline->parents[event]; at != TIMELINE_NONE; at = timeline->parents[at]) {
        const bool begins = timeline->starts[at] == time_ns;
        if (!begins && (event_end(timeline, at) > time_ns || event_is_open(timeline, at)))
            break;
        among += begins ? 1 : -1;
        if (abs(among) == AROUND_AMONG_MAX)
            break;
    }
    return (int16_t)among;
}

/* Whether no event in its row, or in the next, has the time of the event, so that only spans around it begin then. */
static bool is_alone(const struct timeline *timeline, uint32_t event)
{
    const uint32_t row = event_row(timeline, event), parent = timeline->parents[event];
    const struct track_entry *track = &timeline->tracks[timeline->row_track[row]];
    const int64_t time_ns = timeline->starts[event];
    if (row != (parent == TIMELINE_NONE ? track->first_row : event_row(timeline, parent) + 1))
        return false;
    if (event + 1 < timeline->row_first[row + 1] && timeline->starts[event + 1] == time_ns)
        return false;
    if (row + 1 == track->first_row + track->rows)
        return true;
    const uint32_t below = row_begins_at(timeline, row + 1, time_ns);
    return below == timeline->row_first[row + 2] || timeline->starts[below] > time_ns;
}

uint64_t empty_span_place(const struct timeline *timeline, uint32_t event)
{
    const uint32_t parent = timeline->parents[event];
    if (!is_empty(timeline, event))
        return 0;
    if (parent != TIMELINE_NONE && is_empty(timeline, parent))
        return place_word(0, number_of(event), number_of(parent));
    const int16_t among = count_around(timeline, event);
    return among >= 0 && is_alone(timeline, event) ? 0 : place_word(among, number_of(event), 0);
}

/* -------------------------------------------------------------------- loading */

bool empty_spans_add(struct empty_spans *spans, const struct timeline_builder *builder, uint64_t place)
{
    const struct chunk *last = builder->last;
    const uint32_t at = last ? last->count - 1 : 0;
    if (!last || last->kinds[at] >> FLAG_BITS != TIMELINE_SPAN || last->kinds[at] & TIMELINE_ASYNC ||
        last->durations[at])
        return true;
    struct empty_span *all = array_grow(spans->all, spans->count, &spans->room, sizeof *all);
    if (!all)
        return false;
    spans->all = all;
    all[spans->count++] = (struct empty_span){ last->starts[at], place, last->tracks[at], builder->count - 1 };
    return true;
}

static int compare_spans(const void *a, const void *b)
{
    const struct empty_span *left = a, *right = b;
    if (left->track != right->track)
        return left->track < right->track ? -1 : 1;
    if (left->start_ns != right->start_ns)
        return left->start_ns < right->start_ns ? -1 : 1;
    const uint32_t number = place_number(left->place), other = place_number(right->place);
    return (number > other) - (number < other);
}

/* What the builder is to know about a span, given all of them in order. */
static uint32_t around_of(const struct empty_spans *spans, const struct empty_span *span)
{
    struct empty_span key = *span;
    const int16_t among = place_among(span->place);
    if (!place_within(span->place))
        return AROUND_AMONG + (uint32_t)(among < -AROUND_AMONG_MAX  ? -AROUND_AMONG_MAX
                                         : among > AROUND_AMONG_MAX ? AROUND_AMONG_MAX
                                                                    : among);
    key.place = place_word(0, place_within(span->place), 0);
    const struct empty_span *found = bsearch(&key, spans->all, spans->count, sizeof key, compare_spans);
    return found ? found->event : AROUND_UNKNOWN;
}

bool empty_spans_settle(const struct empty_spans *spans, struct timeline_builder *builder)
{
    bool ok = true;
    if (spans->count)
        qsort(spans->all, spans->count, sizeof *spans->all, compare_spans);
    for (uint32_t i = 0; ok && i < spans->count; i++)
        ok = builder_set_around(builder, spans->all[i].event, around_of(spans, &spans->all[i]));
    return ok;
}
