/* Searching: the hits, their number in a range, and the next one, compared with looking at every event. */
#include <strings.h>

#include "expressions.h"
#include "random_views.h"
#include "timeline/search.h"

/* The expected hits. */
struct expected {
    struct random_view *random;
    uint32_t *hits; /* events by start, then by index */
    uint32_t count;
};

static bool contains(const char *text, const char *needle)
{
    size_t bytes = strlen(needle);
    for (size_t i = 0; text && i + bytes <= strlen(text); i++)
        if (strncasecmp(text + i, needle, bytes) == 0)
            return true;
    return false;
}

static void expect_hits(struct expected *expected, const char *text, bool details)
{
    const struct random_view *random = expected->random;
    expected->count = 0;
    for (uint32_t i = 0; i < random->count; i++) {
        const struct timeline_event *event = &random->events[random->passing[i]];
        if (contains(event->name, text) || (details && contains(event->detail, text)))
            expected->hits[expected->count++] = random->passing[i];
    }
}

static uint32_t rank_in(const struct expected *expected, uint32_t event)
{
    for (uint32_t rank = 0; rank < expected->count; rank++)
        if (expected->hits[rank] == event)
            return rank;
    return TIMELINE_NONE;
}

/* ------------------------------------------------------------------ counting */

static uint32_t hits_in_positions(const struct expected *expected, uint32_t first, uint32_t end)
{
    uint32_t count = 0;
    for (uint32_t position = first; position < end; position++)
        count += rank_in(expected, view_event(expected->random->view, position)) != TIMELINE_NONE;
    return count;
}

static void check_ranges(const struct expected *expected, const struct timeline_search *search)
{
    struct random_view *random = expected->random;
    for (int i = 0; i < 20; i++) {
        uint32_t first = (uint32_t)trace_below(random->trace, random->count + UINT64_C(1));
        uint32_t end = first + (uint32_t)trace_below(random->trace, random->count - first + UINT64_C(1));
        assert_int_equal(search_count(search, first, end), hits_in_positions(expected, first, end));
    }
}

/* ---------------------------------------------------------------------- next */

static void check_next(const struct expected *expected, const struct timeline_search *search, uint32_t event,
                       int direction, uint32_t rank)
{
    uint32_t found_rank = TIMELINE_NONE;
    uint32_t found = timeline_search_next(search, event, 0, direction, &found_rank);
    assert_int_equal(found, expected->hits[rank]);
    assert_int_equal(found_rank, rank);
}

/* From each passing event, whether it is a hit or not. */
static void check_next_of_events(const struct expected *expected, const struct timeline_search *search)
{
    const struct random_view *random = expected->random;
    uint32_t after = 0;
    for (uint32_t i = 0; i < random->count; i++) {
        uint32_t event = random->passing[i], before = after;
        after += after < expected->count && expected->hits[after] == event;
        check_next(expected, search, event, 1, after % expected->count);
        check_next(expected, search, event, -1, (before + expected->count - 1) % expected->count);
    }
}

/* An event that begins exactly at the time is the next one, and also the last one before. */
static void check_next_of_times(const struct expected *expected, const struct timeline_search *search)
{
    struct random_view *random = expected->random;
    for (int i = 0; i < 20; i++) {
        uint64_t duration_ns = (uint64_t)timeline_duration_ns(random->trace->timeline);
        int64_t time_ns = (int64_t)trace_below(random->trace, duration_ns + 3) - 1;
        uint32_t next = 0, past = 0, rank;
        while (next < expected->count && random->events[expected->hits[next]].start_ns < time_ns)
            next++;
        while (past < expected->count && random->events[expected->hits[past]].start_ns <= time_ns)
            past++;
        uint32_t found = timeline_search_next(search, TIMELINE_NONE, time_ns, 1, &rank);
        assert_int_equal(found, expected->hits[next % expected->count]);
        assert_int_equal(rank, next % expected->count);
        found = timeline_search_next(search, TIMELINE_NONE, time_ns, -1, &rank);
        assert_int_equal(found, expected->hits[(past + expected->count - 1) % expected->count]);
        assert_int_equal(rank, (past + expected->count - 1) % expected->count);
    }
}

/* ---------------------------------------------------------- the whole search */

static void check_found(struct expected *expected, struct timeline_search *search)
{
    uint32_t rank;
    assert_int_equal(timeline_search_hits(search), expected->count);
    check_ranges(expected, search);
    if (expected->count == 0) {
        assert_int_equal(timeline_search_next(search, TIMELINE_NONE, 0, 1, &rank), TIMELINE_NONE);
        assert_int_equal(timeline_search_next(search, TIMELINE_NONE, 0, -1, &rank), TIMELINE_NONE);
        return;
    }
    check_next_of_events(expected, search);
    check_next_of_times(expected, search);
}

/* Until all events have been searched, the hits are those found so far: never fewer than before, never more than there
 * are. */
static void look_at_all(const struct expected *expected, struct timeline_search *search, uint32_t step)
{
    uint32_t hits = 0, turns = 0;
    for (bool more = true; more; turns++) {
        more = timeline_search_step(search, step);
        assert_true(timeline_search_hits(search) >= hits && timeline_search_hits(search) <= expected->count);
        hits = timeline_search_hits(search);
        assert_int_equal(search_count(search, 0, expected->random->count), hits);
        assert_true(turns <= expected->random->count / step + 1);
    }
    assert_false(timeline_search_step(search, step));
}

static void check_search(struct expected *expected, const char *text, bool details)
{
    static const uint32_t steps[] = { 1, 64, 100, 513, UINT32_MAX };
    expect_hits(expected, text, details);
    struct timeline_search *search;
    char asked[40];
    snprintf(asked, sizeof asked, details ? "\"%s\"" : "name:*%s*", text);
    assert_int_equal(timeline_search_create(&search, expected->random->view, expression_of(asked)), TRACER_OK);
    assert_int_equal(timeline_search_hits(search), 0);
    look_at_all(expected, search, steps[trace_below(expected->random->trace, 5)]);
    check_found(expected, search);
    timeline_search_destroy(search);
}

static void searches_of(struct random_view *random)
{
    static const char *const texts[] = { "open", "CLOSE", "e", "", "needle", "1", "no such text", "readwrite" };
    struct expected expected = { random, malloc((random->count + 1) * sizeof *expected.hits), 0 };
    assert_non_null(expected.hits);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_search(&expected, texts[i], false);
        check_search(&expected, texts[i], true);
    }
    free(expected.hits);
}

static void search_views(struct random_trace *trace)
{
    for_views(trace, searches_of);
}

static void a_search_finds_what_looking_at_every_event_finds(void **state)
{
    (void)state;
    for_random_traces(search_views);
}

/* More than one block of counts, which random traces are too small for. */
static void a_long_trace_is_searched_in_blocks(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 1700, .tracks = 2, .span_ns = 100000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(3, &shape);
    with_view(trace, &(struct event_filter){ 0 }, searches_of);
    with_view(trace, &(struct event_filter){ .hidden_categories = 2 }, searches_of);
    trace_free(trace);
}

/* Few events of each row are in the view, so that they are checked one by one. */
static void a_search_among_few_of_many_events_finds_them(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 30000, .tracks = 2, .span_ns = 3000000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(4, &shape);
    const struct event_filter filter = { .min_duration_ns = 49 };
    with_view(trace, &filter, searches_of);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_finds_what_looking_at_every_event_finds),
        cmocka_unit_test(a_long_trace_is_searched_in_blocks),
        cmocka_unit_test(a_search_among_few_of_many_events_finds_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
