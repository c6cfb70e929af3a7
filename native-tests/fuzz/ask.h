/* Makes every query of a timeline, and checks what must hold for any timeline. For fuzz targets. */
#ifndef RINGSCOPE_FUZZ_ASK_H
#define RINGSCOPE_FUZZ_ASK_H

#include <stdlib.h>

#include "mutate.h"
#include "timeline/query/expression.h"
#include "timeline/timeline.h"

#define SCREEN_PX 40u

/* Events of a row do not overlap, and their relations to each other are consistent. */
static void check_events(const struct timeline *timeline)
{
    struct timeline_event event, before = { .row = TIMELINE_NONE }, parent;
    for (uint32_t i = 0; timeline_event(timeline, i, &event); i++, before = event) {
        MUST(event.row < timeline_rows(timeline) && event.name, "event %u", i);
        MUST(event.start_ns >= 0 && event.duration_ns >= 0 && event.self_ns >= 0, "event %u", i);
        MUST(event.row != before.row || event.start_ns >= before.start_ns + before.duration_ns, "event %u", i);
        if (event.parent == TIMELINE_NONE)
            continue;
        MUST(timeline_event(timeline, event.parent, &parent), "event %u", i);
        MUST(parent.track == event.track && parent.row < event.row && parent.start_ns <= event.start_ns &&
                 parent.start_ns + parent.duration_ns >= event.start_ns + event.duration_ns,
             "event %u is not within its parent", i);
    }
}

static void ask_window(const struct timeline *timeline, const struct timeline_view *view,
                       const struct timeline_search *search, int64_t from_ns, int64_t to_ns)
{
    const struct timeline_window window = { from_ns, to_ns, SCREEN_PX, 0, timeline_rows(timeline), search };
    uint32_t most = timeline_window_max(&window), shown = 0;
    struct timeline_rect *rects = malloc((most + 1) * sizeof *rects);
    MUST(rects, "no memory");
    uint32_t count = timeline_window(view, &window, rects, most + 1);
    MUST(count <= most, "%u rects, at most %u", count, most);
    for (uint32_t i = 0; i < count; i++)
        shown += rects[i].count;
    MUST(shown <= timeline_view_events(view), "%u events shown", shown);
    free(rects);
    for (uint32_t track = 0, samples = 0; track < timeline_rows(timeline); track++, samples = 0) {
        struct timeline_point points[SCREEN_PX];
        double low, high;
        count = timeline_counter(view, &window, track, points, &low, &high);
        for (uint32_t i = 0; i < count; i++)
            samples += points[i].count;
        MUST(count <= SCREEN_PX && samples <= timeline_events(timeline), "%u points", count);
    }
}

static void ask_events(const struct timeline *timeline, const struct timeline_view *view)
{
    struct timeline_event event;
    for (uint32_t i = 0; timeline_event(timeline, i, &event); i += 1 + i / 4) {
        timeline_hit(view, event.row, event.start_ns, event.duration_ns);
        for (int among = TIMELINE_SAME_ROW; among <= TIMELINE_SAME_NAME; among++) {
            timeline_neighbour(view, i, (enum timeline_neighbour)among, 1);
            timeline_neighbour(view, i, (enum timeline_neighbour)among, -1);
        }
    }
}

static void ask_counts(const struct timeline *timeline, const struct timeline_view *view)
{
    static uint32_t counts[20 * TIMELINE_CATEGORIES];
    int64_t end_ns = timeline_duration_ns(timeline);
    struct timeline_statistic *statistics;
    double bounds_ns[11];
    uint32_t count, all = 0;
    bool sums_fit = end_ns < INT64_MAX / (1 + (int64_t)timeline_events(timeline)); /* otherwise they may overflow */
    for (int by_category = 0; by_category < 2; by_category++) {
        MUST_WORK(timeline_statistics(view, end_ns / 3, end_ns, by_category, &statistics, &count));
        for (uint32_t i = 0; i < count; i++)
            MUST((!sums_fit || statistics[i].self_ns <= statistics[i].total_ns) &&
                     statistics[i].p50_ns <= statistics[i].max_ns,
                 "statistic %u", i);
        free(statistics);
    }
    timeline_density(view, &(struct timeline_dense){ .to_ns = end_ns, .buckets = 20, .end = UINT32_MAX }, counts);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        all += counts[i];
    const uint32_t events = timeline_view_events(view);
    MUST(all >= events && all / 20 <= events, "%u of %u events under way in 20 parts", all, events);
    MUST_WORK(timeline_histogram(view, 0, 10, counts, bounds_ns));
    for (int key = TIMELINE_BY_START; key <= TIMELINE_BY_TRACK; key++) {
        struct timeline_order *order;
        MUST_WORK(timeline_order_create(&order, view, (enum timeline_key)key, key % 2));
        count = timeline_view_events(view);
        MUST(count == 0 || timeline_order_position(order, timeline_order_event(order, count - 1)) == count - 1,
             "order by %d", key);
        timeline_order_destroy(order);
    }
}

static void ask_view(const struct timeline *timeline, const struct event_filter *filter)
{
    struct timeline_view *view;
    struct timeline_search *search;
    uint32_t rank;
    int64_t end_ns = timeline_duration_ns(timeline);
    MUST_WORK(timeline_view_create(&view, timeline, filter, NULL));
    struct expression *expression;
    struct expression_error wrong;
    MUST_WORK(expression_create(&expression, "e -failed /e|[0-9]/ -self>1h", &wrong));
    MUST_WORK(timeline_search_create(&search, view, expression));
    while (timeline_search_step(search, 100)) {
    }
    if (timeline_search_hits(search))
        MUST(timeline_search_next(search, TIMELINE_NONE, end_ns, 1, &rank) != TIMELINE_NONE &&
                 rank < timeline_search_hits(search),
             "no next hit");
    ask_window(timeline, view, search, 0, end_ns);
    ask_window(timeline, view, search, end_ns / 2, end_ns / 2 + 100);
    ask_events(timeline, view);
    ask_counts(timeline, view);
    timeline_search_destroy(search);
    timeline_view_destroy(view);
}

static void ask_everything(const struct timeline *timeline)
{
    static const struct event_filter filters[] = { { 0 },
                                                   { .hidden_categories = 10, .min_duration_ns = 1000 },
                                                   { .text = "a" } };
    check_events(timeline);
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        ask_view(timeline, &filters[i]);
}

#endif
