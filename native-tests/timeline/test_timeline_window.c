/* The contents of a window, the hit at a point and the drawing of a counter, compared with looking at every event. */
#include "expressions.h"
#include "random_trace.h"

/* The passing events of a view, row by row, found by checking each event itself. */
struct passing {
    const struct timeline_event *events; /* all events, by index */
    uint32_t *indices;
    uint32_t count;
};

static struct timeline_event *all_events(const struct random_trace *trace)
{
    struct timeline_event *events = calloc(trace->count + 1, sizeof *events);
    assert_non_null(events);
    for (uint32_t i = 0; i < trace->count; i++)
        events[i] = trace_event_at(trace->timeline, i);
    return events;
}

static int64_t end_of(const struct timeline_event *event)
{
    return event->start_ns + event->duration_ns;
}

static void pass_row(struct passing *passing, const struct timeline_view *view, uint32_t row, uint32_t event_count)
{
    passing->count = 0;
    for (uint32_t i = 0; i < event_count; i++)
        if (passing->events[i].row == row && view_position(view, i) != TIMELINE_NONE)
            passing->indices[passing->count++] = i;
}

/* ------------------------------------------------------------------- windows */

struct shown {
    const struct timeline_window *window;
    const struct passing *passing;
    double pixel_ns;
    uint32_t next; /* the next passing event that no earlier rect covers */
    const uint8_t *hits; /* by event */
};

static void check_hidden(const struct shown *shown, uint32_t at)
{
    const struct timeline_event *event = &shown->passing->events[shown->passing->indices[at]];
    assert_true(end_of(event) < shown->window->from_ns || event->start_ns > shown->window->to_ns);
}

static void check_run(const struct shown *shown, const struct timeline_rect *rect, uint32_t first)
{
    const struct timeline_event *events = shown->passing->events;
    const uint32_t *indices = shown->passing->indices;
    unsigned flags = 0, hits = 0, of_category = 0;
    bool has_longest = false;
    double busy_ns = 0;
    for (uint32_t i = first; i < first + rect->count; i++) {
        flags |= events[indices[i]].flags;
        hits += shown->hits[indices[i]];
        of_category += events[indices[i]].category == rect->category;
        has_longest |= indices[i] == rect->event;
        busy_ns += (double)events[indices[i]].duration_ns;
        assert_true(events[indices[i]].duration_ns <= events[rect->event].duration_ns);
    }
    assert_int_equal(rect->flags, flags);
    assert_int_equal(rect->hits, hits);
    assert_true(has_longest);
    assert_true(rect->busy_ns >= busy_ns * 0.99999 && rect->busy_ns <= busy_ns * 1.00001);
    assert_true(of_category > 0);
}

/* Finds the events that a rect covers, and checks that all events skipped before it are outside the window. */
static void check_rect(struct shown *shown, const struct timeline_rect *rect)
{
    const struct passing *passing = shown->passing;
    int64_t start_ns = (int64_t)rect->start_ns + shown->window->from_ns;
    uint32_t first = shown->next;
    while (first < passing->count && passing->events[passing->indices[first]].start_ns != start_ns)
        check_hidden(shown, first++);
    assert_true(rect->count > 0 && rect->count <= passing->count - first);
    const struct timeline_event *last = &passing->events[passing->indices[first + rect->count - 1]];
    assert_int_equal((int64_t)rect->duration_ns, end_of(last) - start_ns);
    assert_true(rect->count == 1 || rect->duration_ns < shown->pixel_ns);
    assert_true(start_ns <= shown->window->to_ns && end_of(last) >= shown->window->from_ns);
    check_run(shown, rect, first);
    shown->next = first + rect->count;
}

static uint32_t check_row(struct shown *shown, const struct timeline_rect *rects, uint32_t count, uint32_t row)
{
    uint32_t used = 0;
    shown->next = 0;
    for (; used < count && rects[used].row == row; used++) {
        check_rect(shown, &rects[used]);
        if (used > 0 && rects[used - 1].row == row)
            assert_true(rects[used].start_ns + rects[used].duration_ns - rects[used - 1].start_ns >= shown->pixel_ns);
    }
    for (uint32_t i = shown->next; i < shown->passing->count; i++)
        check_hidden(shown, i);
    return used;
}

static bool is_counter(const struct timeline *timeline, uint32_t row)
{
    struct timeline_track track;
    for (uint32_t i = 0; timeline_track(timeline, i, &track); i++)
        if (row >= track.first_row && row < track.first_row + track.rows)
            return track.counter != TIMELINE_NONE;
    return false;
}

static void check_window(const struct random_trace *trace, const struct timeline_view *view, struct passing *passing,
                         const struct timeline_window *window, const uint8_t *hits)
{
    uint32_t most = timeline_window_max(window), used = 0;
    struct timeline_rect *rects = malloc((most + 1) * sizeof *rects);
    assert_non_null(rects);
    uint32_t count = timeline_window(view, window, rects, most + 1);
    assert_true(count <= most);
    double pixel_ns = (double)(window->to_ns - window->from_ns) / window->width_px;
    struct shown shown = {
        .window = window, .passing = passing, .pixel_ns = pixel_ns < 1 ? 1 : pixel_ns, .hits = hits
    };
    for (uint32_t row = window->first_row; row < window->first_row + window->rows; row++) {
        if (is_counter(trace->timeline, row))
            continue;
        pass_row(passing, view, row, trace->count);
        used += check_row(&shown, rects + used, count - used, row);
    }
    assert_int_equal(used, count);
    free(rects);
}

static void check_windows(struct random_trace *trace, const struct timeline_view *view, struct passing *passing)
{
    struct timeline_search *search;
    uint8_t *hits = calloc(trace->count + 1, 1);
    uint64_t duration_ns = (uint64_t)timeline_duration_ns(trace->timeline) + 2;
    assert_non_null(hits);
    assert_int_equal(timeline_search_create(&search, view, expression_of("name:*rea*")), TRACER_OK);
    while (timeline_search_step(search, 100)) {
    }
    for (uint32_t i = 0; i < trace->count; i++)
        hits[i] = view_position(view, i) != TIMELINE_NONE && strstr(passing->events[i].name, "rea");
    for (int i = 0; i < 40; i++) {
        struct timeline_window window = {
            .from_ns = (int64_t)trace_below(trace, duration_ns) - 1,
            .width_px = (uint32_t)(1u << trace_below(trace, 10)),
            .first_row = (uint32_t)trace_below(trace, 3),
            .rows = (uint32_t)trace_below(trace, 300),
            .search = search,
        };
        window.to_ns = window.from_ns + trace_length(trace, (int64_t)duration_ns);
        check_window(trace, view, passing, &window, hits);
    }
    timeline_search_destroy(search);
    free(hits);
}

static struct event_filter random_filter(struct random_trace *trace)
{
    struct event_filter filter = { .hidden_categories = trace_below(trace, 32) };
    if (trace_below(trace, 2))
        filter.min_duration_ns = trace_length(trace, timeline_duration_ns(trace->timeline) / 8);
    return filter;
}

static void with_views(struct random_trace *trace,
                       void (*test)(struct random_trace *, const struct timeline_view *, struct passing *))
{
    struct timeline_event *events = all_events(trace);
    struct passing passing = { events, malloc((trace->count + 1) * sizeof *passing.indices), 0 };
    assert_non_null(passing.indices);
    for (int i = 0; i < 3; i++) {
        const struct event_filter filter = random_filter(trace);
        struct timeline_view *view = trace_view(trace, i ? &filter : NULL);
        test(trace, view, &passing);
        timeline_view_destroy(view);
    }
    free(passing.indices);
    free(events);
}

static void windows_of(struct random_trace *trace)
{
    with_views(trace, check_windows);
}

static void a_window_shows_every_event_once_or_in_a_run(void **state)
{
    (void)state;
    for_random_traces(windows_of);
}

/* ---------------------------------------------------------------------- hits */

static int64_t gap_of(const struct timeline_event *event, int64_t time_ns)
{
    if (event->start_ns > time_ns)
        return event->start_ns - time_ns;
    return time_ns < end_of(event) ? -1 : time_ns - end_of(event);
}

/* -1: inside an event. */
static int64_t nearest_gap(const struct passing *passing, int64_t time_ns)
{
    int64_t nearest_ns = INT64_MAX;
    for (uint32_t i = 0; i < passing->count; i++) {
        int64_t gap_ns = gap_of(&passing->events[passing->indices[i]], time_ns);
        nearest_ns = gap_ns < nearest_ns ? gap_ns : nearest_ns;
    }
    return nearest_ns;
}

static void check_hits(struct random_trace *trace, const struct timeline_view *view, struct passing *passing)
{
    for (int i = 0; i < 200; i++) {
        uint32_t row = (uint32_t)trace_below(trace, timeline_rows(trace->timeline) + 1);
        int64_t time_ns = (int64_t)trace_below(trace, (uint64_t)timeline_duration_ns(trace->timeline) + 2);
        int64_t tolerance_ns = trace_length(trace, timeline_duration_ns(trace->timeline));
        uint32_t hit = timeline_hit(view, row, time_ns, tolerance_ns);
        pass_row(passing, view, row, trace->count);
        int64_t nearest_ns = nearest_gap(passing, time_ns);
        assert_int_equal(hit != TIMELINE_NONE, nearest_ns <= tolerance_ns);
        if (hit == TIMELINE_NONE)
            continue;
        assert_int_equal(passing->events[hit].row, row);
        assert_true(view_position(view, hit) != TIMELINE_NONE);
        assert_int_equal(gap_of(&passing->events[hit], time_ns), nearest_ns);
    }
}

static void hits_of(struct random_trace *trace)
{
    with_views(trace, check_hits);
}

static void a_point_hits_the_event_under_it_or_the_nearest(void **state)
{
    (void)state;
    for_random_traces(hits_of);
}

/* ------------------------------------------------------------------ counters */

static uint32_t pixel_at(const struct timeline_window *window, int64_t time_ns)
{
    double pixel_ns = (double)(window->to_ns - window->from_ns) / window->width_px;
    return (uint32_t)((double)(time_ns - window->from_ns) / (pixel_ns < 1 ? 1 : pixel_ns));
}

/* Draws the counter again, pixel by pixel, from the samples of its row. */
static void check_points(const struct passing *passing, const struct timeline_window *window,
                         const struct timeline_point *points, uint32_t count)
{
    uint32_t at = 0, first = 0;
    while (first < passing->count && passing->events[passing->indices[first]].start_ns < window->from_ns)
        first++;
    for (uint32_t pixel = 0; pixel < window->width_px; pixel++) {
        struct timeline_point expected = { .x_px = pixel };
        bool known = pixel == 0 && first > 0;
        if (known)
            expected.min = expected.max = expected.last = passing->events[passing->indices[first - 1]].value;
        for (uint32_t i = first; i < passing->count; i++) {
            const struct timeline_event *event = &passing->events[passing->indices[i]];
            if (event->start_ns > window->to_ns || pixel_at(window, event->start_ns) != pixel)
                continue;
            expected.min = !known || event->value < expected.min ? event->value : expected.min;
            expected.max = !known || event->value > expected.max ? event->value : expected.max;
            expected.last = event->value;
            expected.count++;
            known = true;
        }
        if (!known)
            continue;
        assert_true(at < count);
        assert_int_equal(points[at].x_px, pixel);
        assert_int_equal(points[at].count, expected.count);
        assert_true(points[at].min == expected.min && points[at].max == expected.max);
        assert_true(points[at].last == expected.last);
        at++;
    }
    assert_int_equal(at, count);
}

static void check_range(const struct passing *passing, double low, double high)
{
    bool has_low = passing->count == 0, has_high = has_low;
    for (uint32_t i = 0; i < passing->count; i++) {
        double value = passing->events[passing->indices[i]].value;
        assert_true(value >= low && value <= high);
        has_low |= value == low;
        has_high |= value == high;
    }
    assert_true(has_low && has_high);
}

static void check_counters(struct random_trace *trace, const struct timeline_view *view, struct passing *passing)
{
    struct timeline_track track;
    struct timeline_point points[64];
    double low, high;
    for (uint32_t i = 0; timeline_track(trace->timeline, i, &track); i++) {
        uint64_t duration_ns = (uint64_t)timeline_duration_ns(trace->timeline) + 2;
        struct timeline_window window = { .from_ns = (int64_t)trace_below(trace, duration_ns) - 1,
                                          .width_px = 1 + (uint32_t)trace_below(trace, 64) };
        window.to_ns = window.from_ns + trace_length(trace, (int64_t)duration_ns);
        uint32_t count = timeline_counter(view, &window, i, points, &low, &high);
        if (track.counter == TIMELINE_NONE) {
            assert_int_equal(count, 0);
            continue;
        }
        assert_int_equal(track.rows, 1);
        pass_row(passing, view, track.first_row, trace->count);
        check_points(passing, &window, points, count);
        check_range(passing, low, high);
    }
}

static void counters_of(struct random_trace *trace)
{
    with_views(trace, check_counters);
}

static void a_counter_has_a_point_for_each_pixel_with_samples(void **state)
{
    (void)state;
    for_random_traces(counters_of);
}

/* The value that holds where the window begins is one of the first pixel's. */
static void a_counter_begins_with_the_value_before_the_window(void **state)
{
    (void)state;
    struct random_trace trace = { .random = 1 };
    for (uint32_t i = 0; i < 3; i++) {
        struct listed *event = trace_push(&trace);
        event->kind = TIMELINE_SAMPLE;
        event->counter = 0;
        event->value = 10.0 - i;
        event->start_ns = i * INT64_C(100);
    }
    trace_build(&trace);
    struct timeline_view *view = trace_view(&trace, NULL);
    const struct timeline_window window = { .from_ns = 50, .to_ns = 1050, .width_px = 1 };
    struct timeline_point point;
    double low, high;
    assert_int_equal(timeline_counter(view, &window, 0, &point, &low, &high), 1);
    assert_int_equal(point.count, 2);
    assert_true(point.max == 10 && point.min == 8 && point.last == 8);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
    free(trace.events);
    free(trace.event_of);
    free(trace.number_of);
}

/* --------------------------------------------------------------- one by one */

/* That many narrow spans of one category after one of another: the run gets the first category. */
static void a_run_has_the_category_of_most_of_its_events(void **state)
{
    (void)state;
    for (uint32_t others = 2; others < 40; others++) {
        struct random_trace trace = { .random = others };
        for (uint32_t i = 0; i <= others; i++) {
            struct listed *event = trace_push(&trace);
            event->kind = TIMELINE_SPAN;
            event->duration_ns = 10;
            event->start_ns = i * INT64_C(1000);
            event->category = i > 0;
        }
        trace_build(&trace);
        struct timeline_view *view = trace_view(&trace, NULL);
        const struct timeline_window window = { .to_ns = 10000000, .width_px = 10, .rows = 1 };
        struct timeline_rect rects[8];
        assert_int_equal(timeline_window(view, &window, rects, 8), 1);
        assert_int_equal(rects[0].count, others + 1);
        assert_string_equal(timeline_category(trace.timeline, rects[0].category, NULL), trace_sort(1));
        timeline_view_destroy(view);
        timeline_destroy(trace.timeline);
        free(trace.events);
        free(trace.event_of);
        free(trace.number_of);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_shows_every_event_once_or_in_a_run),
        cmocka_unit_test(a_point_hits_the_event_under_it_or_the_nearest),
        cmocka_unit_test(a_counter_has_a_point_for_each_pixel_with_samples),
        cmocka_unit_test(a_counter_begins_with_the_value_before_the_window),
        cmocka_unit_test(a_run_has_the_category_of_most_of_its_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
