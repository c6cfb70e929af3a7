/* Counts the events of a range by a key, in steps. */
#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "groups.h"
#include "ranks.h"
#include "search.h"

/* ------------------------------------------------------------------ counting */

/* The stages of the work; those that visit events go from row to row. */
enum { NOTING_DEPTHS, COUNTING, SUBTRACTING, GATHERING, RANKING, DONE };

struct timeline_counting {
    const struct timeline_view *view;
    struct timeline_scope scope;
    const struct timeline_groups *groups;
    struct timeline_statistic *statistics; /* by key */
    uint32_t *votes; /* by key: for the category, by Boyer and Moore's majority vote */
    uint32_t *depths; /* by key: the depth, from 1, of all its spans; SEVERAL: one may be inside another */
    uint32_t key_count;
    uint64_t *counted; /* one bit per span */
    int64_t *durations; /* of spans, grouped by key */
    size_t *ends; /* by key: where its durations end, as far as they are collected */
    unsigned stage;
    uint32_t row; /* the current one; RANKING: the key */
    uint32_t at; /* position in it; SUBTRACTING: event */
    bool in_row;
};

enum { SEVERAL = UINT32_MAX };

/* The key of an event in the current row, or elsewhere in its track. */
static inline uint32_t key_of(const struct timeline_counting *counting, uint32_t event)
{
    return group_key(counting->groups, counting->row, event);
}

static void vote(struct timeline_counting *counting, uint32_t key, uint8_t category)
{
    uint32_t *votes = &counting->votes[key];
    if (*votes == 0)
        counting->statistics[key].category = category;
    if (counting->statistics[key].category == category)
        ++*votes;
    else
        --*votes;
}

/* The part of a span's duration that lies within the range. */
static int64_t duration_within(const struct timeline_counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    int64_t start_ns = timeline->starts[event], end_ns = event_end(timeline, event);
    if (start_ns < counting->scope.from_ns)
        start_ns = counting->scope.from_ns;
    if (end_ns > counting->scope.to_ns)
        end_ns = counting->scope.to_ns;
    return end_ns > start_ns ? end_ns - start_ns : 0;
}

static bool is_counted(const struct timeline_counting *counting, uint32_t event)
{
    return counting->counted[event / 64] >> event % 64 & 1;
}

/* Whether a counted span with the same key encloses it: in a recursion only the outermost span adds to the total. Outer
 * rows come before inner ones, so enclosing spans have been counted; a key of a single depth has none. A span that
 * overlaps another is not inside it. */
static bool is_within_its_like(const struct timeline_counting *counting, uint32_t event, uint32_t key)
{
    const struct timeline *timeline = counting->view->timeline;
    if (counting->depths[key] != SEVERAL)
        return false;
    uint32_t at = event;
    while (!(timeline->kinds[at] & TIMELINE_OVERLAP) && timeline->parents[at] != TIMELINE_NONE) {
        at = timeline->parents[at];
        if (key_of(counting, at) == key && is_counted(counting, at))
            return true;
    }
    return false;
}

static void note_depth(struct timeline_counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    uint32_t *depth = &counting->depths[key_of(counting, event)];
    uint32_t row = counting->row, own = row - timeline->tracks[timeline->row_track[row]].first_row + 1;
    if (event_kind(timeline, event) == TIMELINE_SPAN)
        *depth = *depth == 0 || *depth == own ? own : (uint32_t)SEVERAL;
}

static void count_span(struct timeline_counting *counting, struct timeline_statistic *statistic, uint32_t event,
                       uint32_t key)
{
    uint64_t duration_ns = (uint64_t)duration_within(counting, event);
    if (statistic->spans == 0 || duration_ns < statistic->min_ns)
        statistic->min_ns = duration_ns;
    if (statistic->spans == 0 || duration_ns > statistic->max_ns) {
        statistic->max_ns = duration_ns;
        statistic->longest = event;
    }
    statistic->spans++;
    sum_add(&statistic->sum_ns, duration_ns);
    sum_add(&statistic->self_ns, duration_ns); /* the children's time is subtracted later */
    if (!is_within_its_like(counting, event, key))
        sum_add(&statistic->total_ns, duration_ns);
    counting->counted[event / 64] |= UINT64_C(1) << event % 64;
}

static void count_event(struct timeline_counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    uint32_t key = key_of(counting, event);
    struct timeline_statistic *statistic = &counting->statistics[key];
    if (statistic->count++ == 0)
        statistic->longest = event;
    statistic->errors += event_flags(timeline, event) & TIMELINE_ERROR;
    vote(counting, key, timeline->categories[event]);
    if (event_kind(timeline, event) == TIMELINE_SPAN)
        count_span(counting, statistic, event, key);
}

/* The first position of a row whose event reaches into the range. */
static uint32_t reaches_into(const struct timeline_counting *counting, uint32_t row)
{
    const struct timeline_view *view = counting->view;
    uint32_t position = view_begins_at(view, row, counting->scope.from_ns);
    if (position > view->row_first[row] &&
        event_end(view->timeline, view_event(view, position - 1)) > counting->scope.from_ns)
        position--;
    return position;
}

static bool is_hit(const struct timeline_counting *counting, uint32_t position)
{
    const struct timeline_search *hits = counting->scope.hits;
    return !hits || (position < hits->looked && hits->found[position / 64] >> position % 64 & 1);
}

/* Calls visit for the view's events that reach into the range, looking at no more than the given number of events.
 * False: there are more. */
static bool for_each(struct timeline_counting *counting, uint32_t *events,
                     void (*visit)(struct timeline_counting *, uint32_t event))
{
    const struct timeline_view *view = counting->view;
    for (; counting->row < view->timeline->row_count; counting->row++, counting->in_row = false) {
        *events -= *events > 0; /* skipping rows takes time too */
        if (scope_leaves_out(&counting->scope, counting->view->timeline, counting->row))
            continue;
        if (!counting->in_row)
            counting->at = reaches_into(counting, counting->row);
        counting->in_row = true;
        for (; counting->at < view->row_first[counting->row + 1]; counting->at++) {
            uint32_t event = view_event(view, counting->at);
            if (view->timeline->starts[event] > counting->scope.to_ns) /* inclusive: the last event may be there */
                break;
            if (*events == 0)
                return false;
            --*events;
            if (is_hit(counting, counting->at))
                visit(counting, event);
        }
    }
    counting->row = counting->at = 0;
    counting->in_row = false;
    return true;
}

/* Subtracts the children's time from their parents', whether or not the children pass the filter. */
static bool subtract_children(struct timeline_counting *counting, uint32_t *events)
{
    const struct timeline *timeline = counting->view->timeline;
    for (; counting->at < timeline->count; counting->at++) {
        uint32_t event = counting->at, parent = timeline->parents[event];
        if (*events == 0)
            return false;
        --*events;
        while (event >= timeline->row_first[counting->row + 1])
            counting->row++;
        if (parent == TIMELINE_NONE || timeline->kinds[event] & TIMELINE_OVERLAP) /* or it would count twice */
            continue;
        if (is_counted(counting, parent))
            sum_subtract(&counting->statistics[key_of(counting, parent)].self_ns,
                         (uint64_t)duration_within(counting, event));
    }
    counting->row = counting->at = 0;
    return true;
}

static void gather(struct timeline_counting *counting, uint32_t event)
{
    if (event_kind(counting->view->timeline, event) == TIMELINE_SPAN)
        counting->durations[counting->ends[key_of(counting, event)]++] = duration_within(counting, event);
}

static bool begin_gathering(struct timeline_counting *counting)
{
    size_t spans = 0;
    counting->ends = malloc(((size_t)counting->key_count + 1) * sizeof *counting->ends);
    for (uint32_t key = 0; counting->ends && key < counting->key_count; spans += counting->statistics[key++].spans)
        counting->ends[key] = spans;
    counting->durations = malloc((spans + 1) * sizeof *counting->durations);
    return counting->ends && counting->durations;
}

static bool find_percentiles(struct timeline_counting *counting, uint32_t *events)
{
    for (; counting->row < counting->key_count; counting->row++) {
        struct timeline_statistic *statistic = &counting->statistics[counting->row];
        if (*events == 0)
            return false;
        *events -= statistic->spans < *events ? statistic->spans : *events;
        if (statistic->spans == 0)
            continue;
        int64_t *durations = counting->durations + counting->ends[counting->row] - statistic->spans;
        statistic->p99_ns = value_at_percentile(durations, statistic->spans, 99);
        statistic->p90_ns = value_at_percentile(durations, statistic->spans, 90);
        statistic->p50_ns = value_at_percentile(durations, statistic->spans, 50);
    }
    return true;
}

static int by_total(const void *a, const void *b)
{
    const struct timeline_statistic *left = a, *right = b;
    if (left->total_ns != right->total_ns)
        return left->total_ns > right->total_ns ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return left->key < right->key ? -1 : 1;
}

/* Keeps the keys that occur, sorted. */
static uint32_t tidy(struct timeline_counting *counting)
{
    const struct timeline *timeline = counting->view->timeline;
    uint32_t kept = 0;
    for (uint32_t key = 0; key < counting->key_count; key++) {
        if (counting->statistics[key].count == 0)
            continue;
        counting->statistics[key].key = key;
        counting->statistics[key].track = timeline->row_track[event_row(timeline, counting->statistics[key].longest)];
        if (counting->groups->by == TIMELINE_GROUP_CATEGORY)
            counting->statistics[key].category = key;
        counting->statistics[kept++] = counting->statistics[key];
    }
    qsort(counting->statistics, kept, sizeof *counting->statistics, by_total);
    return kept;
}

/* --------------------------------------------------------------------- whole */

enum tracer_error timeline_counting_begin(struct timeline_counting **result, const struct timeline_view *view,
                                          const struct timeline_groups *groups, const struct timeline_scope *scope)
{
    struct timeline_counting *counting = calloc(1, sizeof *counting);
    *result = counting;
    if (!counting)
        return TRACER_ERROR_MEMORY;
    *counting = (struct timeline_counting){ .view = view, .scope = *scope, .groups = groups };
    counting->key_count = groups->key_count;
    counting->statistics = calloc((size_t)counting->key_count + 1, sizeof *counting->statistics);
    counting->votes = calloc((size_t)counting->key_count + 1, sizeof *counting->votes);
    counting->depths = calloc((size_t)counting->key_count + 1, sizeof *counting->depths);
    counting->counted = calloc((size_t)view->timeline->count / 64 + 1, sizeof *counting->counted);
    if (counting->statistics && counting->votes && counting->depths && counting->counted)
        return TRACER_OK;
    timeline_counting_destroy(counting);
    *result = NULL;
    return TRACER_ERROR_MEMORY;
}

/* Continues a stage. True: it is complete. */
static bool go_on(struct timeline_counting *counting, uint32_t *events)
{
    switch (counting->stage) {
    case NOTING_DEPTHS:
        return for_each(counting, events, note_depth);
    case COUNTING:
        return for_each(counting, events, count_event);
    case SUBTRACTING:
        return subtract_children(counting, events);
    case GATHERING:
        return for_each(counting, events, gather);
    default:
        return find_percentiles(counting, events);
    }
}

enum tracer_error timeline_counting_step(struct timeline_counting *counting, uint32_t events, bool *more)
{
    while (counting->stage != DONE && go_on(counting, &events)) {
        counting->stage++;
        if (counting->stage == GATHERING && !begin_gathering(counting))
            return TRACER_ERROR_MEMORY;
    }
    *more = counting->stage != DONE;
    return TRACER_OK;
}

double timeline_counting_share(const struct timeline_counting *counting)
{
    const struct timeline_view *view = counting->view;
    double within = counting->stage == SUBTRACTING ? counting->at / (view->timeline->count + 1.0)
                    : counting->stage == RANKING   ? counting->row / (counting->key_count + 1.0)
                                                   : counting->at / (view->count + 1.0);
    return (counting->stage + (counting->stage < DONE ? within : 0)) / (double)DONE;
}

struct timeline_statistic *timeline_counting_take(struct timeline_counting *counting, uint32_t *count)
{
    struct timeline_statistic *statistics = counting->statistics;
    *count = tidy(counting);
    counting->statistics = NULL;
    timeline_counting_destroy(counting);
    return statistics;
}

void timeline_counting_destroy(struct timeline_counting *counting)
{
    if (!counting)
        return;
    free(counting->statistics);
    free(counting->votes);
    free(counting->depths);
    free(counting->counted);
    free(counting->durations);
    free(counting->ends);
    free(counting);
}

enum tracer_error timeline_statistics_of(const struct timeline_view *view, const struct timeline_groups *groups,
                                         const struct timeline_scope *scope, struct timeline_statistic **result,
                                         uint32_t *count)
{
    struct timeline_counting *counting;
    bool more = true;
    enum tracer_error error = timeline_counting_begin(&counting, view, groups, scope);
    while (error == TRACER_OK && more)
        error = timeline_counting_step(counting, UINT32_MAX, &more);
    *result = error == TRACER_OK ? timeline_counting_take(counting, count) : NULL;
    if (error != TRACER_OK) {
        timeline_counting_destroy(counting);
        *count = 0;
    }
    return error;
}

enum tracer_error timeline_statistics(const struct timeline_view *view, int64_t from_ns, int64_t to_ns,
                                      bool by_category, struct timeline_statistic **result, uint32_t *count)
{
    const struct timeline_scope scope = { .from_ns = from_ns, .to_ns = to_ns };
    const struct timeline_groups groups =
        groups_plain(view->timeline, by_category ? TIMELINE_GROUP_CATEGORY : TIMELINE_GROUP_NAME);
    return timeline_statistics_of(view, &groups, &scope, result, count);
}
