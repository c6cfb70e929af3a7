/* Makes views of the events that pass a filter. */
#include "making.h"

#include <stdlib.h>

#define STEP_EVENTS (1u << 20) /* between reports, if the view is made at once */

/* ------------------------------------------------------------------- sifting */

/* A list of all events is not needed. */
static void fit(struct timeline_view *view)
{
    if (view->count == view->timeline->count) {
        free(view->events);
        view->events = NULL;
        return;
    }
    uint32_t *fitting = realloc(view->events, ((size_t)view->count + 1) * sizeof *view->events);
    if (fitting)
        view->events = fitting;
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

static void finish_sifting(struct timeline_making *making)
{
    struct timeline_view *view = making->view;
    const struct timeline *timeline = view->timeline;
    making->sifted = true;
    view->row_first[timeline->row_count] = view->count;
    if (view->events)
        fit(view);
    for (uint32_t i = 0; i < timeline->track_count; i++)
        if (timeline->tracks[i].counter != TIMELINE_NONE)
            view->ranges[i] = range_of(view, &timeline->tracks[i]);
}

/* Sifts at most that many events; returns how many are left of the number. */
static uint32_t sift(struct timeline_making *making, uint32_t events)
{
    struct timeline_view *view = making->view;
    const struct timeline *timeline = view->timeline;
    while (making->row < timeline->row_count && events > 0) {
        uint32_t first = timeline->row_first[making->row], end = timeline->row_first[making->row + 1];
        if (making->event == first)
            view->row_first[making->row] = view->count;
        if (!sieve_takes_row(&making->sieve, making->row))
            making->event = end;
        uint32_t upto = end - making->event < events ? end : making->event + events;
        view->count += sieve_select(&making->sieve, making->row, making->event, upto, view->events + view->count);
        events -= upto - making->event;
        making->event = upto;
        if (upto < end)
            break;
        making->row++;
        events -= events > 0; /* skipping rows takes time too */
    }
    if (making->row == timeline->row_count)
        finish_sifting(making);
    return events;
}

/* -------------------------------------------------------------------- making */

static bool allocate(struct timeline_making *making)
{
    struct timeline_view *view = making->view;
    const struct timeline *timeline = view->timeline;
    view->row_first = malloc(((size_t)timeline->row_count + 1) * sizeof *view->row_first);
    view->ranges = calloc((size_t)timeline->track_count + 1, sizeof *view->ranges);
    making->grouping.view = view;
    return view->row_first && view->ranges;
}

/* A filter that hides nothing needs no list of events. */
static bool begin_sifting(struct timeline_making *making)
{
    struct timeline_view *view = making->view;
    const struct timeline *timeline = view->timeline;
    if (!sieve_hides_nothing(&making->sieve)) {
        view->events = malloc(((size_t)timeline->count + 1) * sizeof *view->events);
        return view->events != NULL;
    }
    making->whole = true;
    view->count = timeline->count;
    memcpy(view->row_first, timeline->row_first, ((size_t)timeline->row_count + 1) * sizeof *view->row_first);
    making->row = timeline->row_count;
    return true;
}

enum tracer_error timeline_making_begin(struct timeline_making **result, const struct timeline *timeline,
                                        const struct event_filter *filter, const struct expression *expression)
{
    struct timeline_making *making = calloc(1, sizeof *making);
    *result = making;
    bool ok = making && sieve_create(&making->sieve, timeline, filter, expression);
    if (ok)
        making->view = calloc(1, sizeof *making->view);
    ok = ok && making->view;
    if (ok) {
        making->view->timeline = timeline;
        ok = allocate(making) && begin_sifting(making);
    }
    if (ok)
        return TRACER_OK;
    timeline_making_destroy(making);
    *result = NULL;
    return TRACER_ERROR_MEMORY;
}

enum tracer_error timeline_making_step(struct timeline_making *making, uint32_t events, bool *more)
{
    *more = true;
    if (!making->sifted)
        events = sift(making, events);
    return making->sifted && events > 0 ? grouping_step(&making->grouping, events, more) : TRACER_OK;
}

double timeline_making_share(const struct timeline_making *making)
{
    const struct timeline *timeline = making->view->timeline;
    double all = timeline->count ? timeline->count : 1, passing = making->view->count ? making->view->count : 1;
    if (!making->sifted)
        return making->event / all / 2;
    double before = making->whole ? 0 : 0.5;
    return before + making->grouping.at / passing * (1 - before);
}

struct timeline_view *timeline_making_take(struct timeline_making *making)
{
    struct timeline_view *view = making->view;
    making->view = NULL;
    timeline_making_destroy(making);
    return view;
}

void timeline_making_destroy(struct timeline_making *making)
{
    if (!making)
        return;
    sieve_free(&making->sieve);
    timeline_view_destroy(making->view);
    free(making);
}

/* -------------------------------------------------------------------- at once */

static enum tracer_error make_all(struct timeline_making *making, const struct timeline_progress *progress)
{
    bool more = true;
    while (more) {
        if (progress && !progress->report(progress->context, timeline_making_share(making), 1))
            return TRACER_ERROR_CANCELLED;
        enum tracer_error error = timeline_making_step(making, STEP_EVENTS, &more);
        if (error != TRACER_OK)
            return error;
    }
    return TRACER_OK;
}

enum tracer_error timeline_view_create_asked(struct timeline_view **result, const struct timeline *timeline,
                                             const struct event_filter *filter, const struct expression *expression,
                                             const struct timeline_progress *progress)
{
    struct timeline_making *making;
    enum tracer_error error = timeline_making_begin(&making, timeline, filter, expression);
    *result = NULL;
    if (error == TRACER_OK)
        error = make_all(making, progress);
    if (error == TRACER_OK)
        *result = timeline_making_take(making);
    else
        timeline_making_destroy(making);
    return error;
}

enum tracer_error timeline_view_create(struct timeline_view **result, const struct timeline *timeline,
                                       const struct event_filter *filter, const struct timeline_progress *progress)
{
    return timeline_view_create_asked(result, timeline, filter, NULL, progress);
}
