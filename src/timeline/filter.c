/* Filters the events of a timeline into a view. */
#include <stdlib.h>
#include <string.h>

#include "group.h"

/* A filter, made ready, and what it says of the timeline's names and tracks. */
struct sieve {
    const struct timeline *timeline;
    struct matcher matcher;
    uint8_t *names; /* enum name_answer; NULL: neither name nor text is asked for */
    uint8_t *tracks; /* 1: it passes */
};

static bool asks_for_names(const struct event_filter *filter)
{
    return filter->name || filter->text;
}

static bool passes(const struct sieve *sieve, uint32_t event)
{
    const struct timeline *timeline = sieve->timeline;
    const struct event_facts facts = {
        .start_ns = (uint64_t)timeline->starts[event],
        .duration_ns = (uint64_t)event_duration(timeline, event),
        .category = timeline->categories[event],
        .failed = (event_flags(timeline, event) & TIMELINE_ERROR) != 0,
        .is_sample = event_kind(timeline, event) == TIMELINE_SAMPLE,
    };
    if (!matcher_takes(&sieve->matcher, &facts))
        return false;
    enum name_answer answer = sieve->names ? (enum name_answer)sieve->names[timeline->names[event]] : NAME_YES;
    if (answer != NAME_ASK_DETAIL)
        return answer == NAME_YES;
    const struct event_texts texts = event_texts(timeline, event);
    return (texts.detail && matcher_takes_detail(&sieve->matcher, texts.detail, strlen(texts.detail))) ||
           (texts.arguments && matcher_takes_detail(&sieve->matcher, texts.arguments, strlen(texts.arguments)));
}

/* Appends what passes of a row. */
static void sift_row(struct timeline_view *view, const struct sieve *sieve, uint32_t row)
{
    const struct timeline *timeline = sieve->timeline;
    view->row_first[row] = view->count;
    if (!sieve->tracks[timeline->row_track[row]])
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

/* A name; there may be no names at all. */
static const char *label(const struct timeline *timeline, uint32_t offset)
{
    return timeline->labels.bytes ? timeline->labels.bytes + offset : "";
}

static bool takes_track(const struct sieve *sieve, uint32_t index)
{
    const struct event_filter *filter = sieve->matcher.filter;
    const struct track_entry *track = &sieve->timeline->tracks[index];
    const struct track_facts facts = {
        .pid = track->pid,
        .tid = track->tid,
        .process = label(sieve->timeline, sieve->timeline->processes[track->process].name),
        .thread = label(sieve->timeline, track->name),
    };
    return !(filter->hidden_tracks && filter->hidden_tracks[index]) && matcher_takes_track(&sieve->matcher, &facts);
}

static bool ask_tracks(struct sieve *sieve)
{
    uint32_t count = sieve->timeline->track_count;
    sieve->tracks = malloc((size_t)count + 1);
    for (uint32_t i = 0; sieve->tracks && i < count; i++)
        sieve->tracks[i] = takes_track(sieve, i);
    return sieve->tracks != NULL;
}

static bool ask_names(struct sieve *sieve)
{
    const struct interned *table = &sieve->timeline->name_table;
    if (!asks_for_names(sieve->matcher.filter))
        return true;
    sieve->names = malloc((size_t)table->count + 1);
    for (uint32_t i = 0; sieve->names && i < table->count; i++) {
        const char *name = interned_text(table, i);
        sieve->names[i] = (uint8_t)matcher_ask_name(&sieve->matcher, name, strlen(name));
    }
    return sieve->names != NULL;
}

static bool hides_nothing(const struct sieve *sieve)
{
    const struct event_filter *filter = sieve->matcher.filter;
    bool all_tracks = !memchr(sieve->tracks, 0, sieve->timeline->track_count);
    return all_tracks && !filter->hidden_categories && !filter->failed && filter->min_duration_ns <= 0 &&
           !filter->has_since && !filter->has_until && !asks_for_names(filter);
}

static enum tracer_error filter_events(struct timeline_view *view, const struct event_filter *filter,
                                       const struct timeline_progress *progress)
{
    const struct timeline *timeline = view->timeline;
    struct sieve sieve = { .timeline = timeline };
    enum tracer_error error = TRACER_ERROR_MEMORY;
    if (matcher_create(&sieve.matcher, filter) && ask_tracks(&sieve) && ask_names(&sieve))
        error = TRACER_OK;
    if (error == TRACER_OK && hides_nothing(&sieve)) {
        view->count = timeline->count;
        memcpy(view->row_first, timeline->row_first, ((size_t)timeline->row_count + 1) * sizeof *view->row_first);
    } else if (error == TRACER_OK) {
        error = sift(view, &sieve, progress);
    }
    matcher_free(&sieve.matcher);
    free(sieve.names);
    free(sieve.tracks);
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

static enum tracer_error fill(struct timeline_view *view, const struct event_filter *filter,
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
                                       const struct event_filter *filter, const struct timeline_progress *progress)
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
