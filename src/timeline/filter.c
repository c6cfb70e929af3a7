/* Filters the events of a timeline into a view. */
#include <stdlib.h>
#include <string.h>

#include "group.h"
#include "match.h"

/* A filter, made ready: which categories, names and tracks pass. */
struct sieve {
    const struct timeline *timeline;
    const struct timeline_filter *filter;
    struct needle needle;
    uint8_t *names; /* that contain the text; NULL: there is none to contain */
};

static bool passes(const struct sieve *sieve, uint32_t event)
{
    const struct timeline *timeline = sieve->timeline;
    if (sieve->filter->hidden_categories >> timeline->categories[event] & 1)
        return false;
    enum timeline_kind kind = event_kind(timeline, event);
    if (kind != TIMELINE_SAMPLE && event_duration(timeline, event) < sieve->filter->min_duration_ns)
        return false;
    return !sieve->names || match_event(timeline, event, sieve->names, &sieve->needle);
}

static bool hides_nothing(const struct timeline_filter *filter, const struct timeline *timeline)
{
    bool hides_track = false;
    for (uint32_t i = 0; filter->hidden_tracks && i < timeline->track_count; i++)
        hides_track |= filter->hidden_tracks[i] != 0;
    return !filter->hidden_categories && !hides_track && filter->min_duration_ns <= 0 && !filter->text;
}

/* Appends what passes of a row. */
static void sift_row(struct timeline_view *view, const struct sieve *sieve, uint32_t row)
{
    const struct timeline *timeline = sieve->timeline;
    const uint8_t *hidden = sieve->filter->hidden_tracks;
    view->row_first[row] = view->count;
    if (hidden && hidden[timeline->row_track[row]])
        return;
    for (uint32_t event = timeline->row_first[row]; event < timeline->row_first[row + 1]; event++)
        if (passes(sieve, event))
            view->events[view->count++] = event;
}

static enum tracer_error sift(struct timeline_view *view, const struct sieve *sieve,
                              const struct timeline_progress *progress)
{
    const struct timeline *timeline = sieve->timeline;
    view->events = malloc(((size_t)timeline->count + 1) * sizeof *view->events);
    if (!view->events)
        return TRACER_ERROR_MEMORY;
    for (uint32_t row = 0; row < timeline->row_count; row++) {
        if (progress && !progress->report(progress->context, timeline->row_first[row], timeline->count))
            return TRACER_ERROR_CANCELLED;
        sift_row(view, sieve, row);
    }
    view->row_first[timeline->row_count] = view->count;
    uint32_t *fitting = realloc(view->events, ((size_t)view->count + 1) * sizeof *view->events);
    if (fitting)
        view->events = fitting;
    return TRACER_OK;
}

static enum tracer_error filter_events(struct timeline_view *view, const struct timeline_filter *filter,
                                       const struct timeline_progress *progress)
{
    struct sieve sieve = { .timeline = view->timeline, .filter = filter };
    if (hides_nothing(filter, view->timeline)) {
        view->count = view->timeline->count;
        memcpy(view->row_first, view->timeline->row_first,
               ((size_t)view->timeline->row_count + 1) * sizeof *view->row_first);
        return TRACER_OK;
    }
    if (filter->text && !needle_create(&sieve.needle, filter->text))
        return TRACER_ERROR_MEMORY;
    if (filter->text)
        sieve.names = match_names(view->timeline, &sieve.needle);
    enum tracer_error error = filter->text && !sieve.names ? TRACER_ERROR_MEMORY : sift(view, &sieve, progress);
    needle_free(&sieve.needle);
    free(sieve.names);
    return error;
}

static struct value_range range_of(const struct timeline_view *view, const struct track_entry *track)
{
    struct value_range range = { 0, 0 };
    uint32_t first = view->row_first[track->first_row], end = view->row_first[track->first_row + track->rows];
    for (uint32_t i = first; i < end; i++) {
        double value = event_value(view->timeline, view_event(view, i));
        range.low = i == first || value < range.low ? value : range.low;
        range.high = i == first || value > range.high ? value : range.high;
    }
    return range;
}

static enum tracer_error fill(struct timeline_view *view, const struct timeline_filter *filter,
                              const struct timeline_progress *progress)
{
    const struct timeline *timeline = view->timeline;
    view->row_first = malloc(((size_t)timeline->row_count + 1) * sizeof *view->row_first);
    view->rows = calloc((size_t)timeline->row_count + 1, sizeof *view->rows);
    view->ranges = calloc((size_t)timeline->track_count + 1, sizeof *view->ranges);
    if (!view->row_first || !view->rows || !view->ranges)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = filter_events(view, filter, progress);
    if (error != TRACER_OK)
        return error;
    for (uint32_t i = 0; i < timeline->track_count; i++)
        if (timeline->tracks[i].counter != TIMELINE_NONE)
            view->ranges[i] = range_of(view, &timeline->tracks[i]);
    return view_group(view, progress);
}

enum tracer_error timeline_view_create(struct timeline_view **result, const struct timeline *timeline,
                                       const struct timeline_filter *filter, const struct timeline_progress *progress)
{
    struct timeline_view *view = calloc(1, sizeof *view);
    enum tracer_error error = TRACER_ERROR_MEMORY;
    if (view) {
        view->timeline = timeline;
        error = fill(view, filter, progress);
    }
    if (error != TRACER_OK) {
        timeline_view_destroy(view);
        view = NULL;
    }
    *result = view;
    return error;
}
