/* Filters: patterns and texts by themselves, and the same queries of images and timelines. */
#include <inttypes.h>

#include "base/find_text.h"
#include "core/tracer_tables.h"
#include "reading.h"
#include "timeline/load.h"
#include "timeline/view.h"

/* --------------------------------------------------------------------- texts */

static bool is_as(const char *pattern, const char *text)
{
    return pattern_matches(pattern, strlen(pattern), text, strlen(text));
}

static void a_pattern_is_all_of_a_text(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } cases[] = {
        { "", "", true },
        { "", "a", false },
        { "a", "", false },
        { "open", "open", true },
        { "open", "OPEN", true },
        { "open", "opens", false },
        { "pen", "open", false },
        { "*", "", true },
        { "*", "open", true },
        { "o*", "open", true },
        { "*n", "open", true },
        { "o*n", "on", true },
        { "o*n", "open", true },
        { "o*n", "opened", false },
        { "*pe*", "open", true },
        { "*pe*", "o", false },
        { "**", "open", true },
        { "a*b*c", "a-b-b-c", true },
        { "a*b*c", "acb", false },
        { "*ab", "aab", true },
        { "*aab*b", "aaaabb", true },
        { "*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
        { "a*", "*a", false },
        { "*", "*", true },
        { "\xc3\xa4", "\xc3\x84", false } /* umlauts are not ASCII */,
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (is_as(cases[i].pattern, cases[i].text) != cases[i].matches)
            fail_msg("pattern \"%s\", text \"%s\"", cases[i].pattern, cases[i].text);
}

/* Texts are searched many bytes at a time, which must not reach beyond the end. */
static void a_text_is_found_wherever_it_stands_and_nowhere_else(void **state)
{
    char text[80];
    (void)state;
    for (size_t needle_bytes = 0; needle_bytes < 20; needle_bytes++) {
        char wanted[24] = "";
        struct needle needle;
        memset(wanted, 'N', needle_bytes);
        assert_true(needle_create(&needle, wanted));
        for (size_t bytes = 0; bytes < 60; bytes++) {
            memset(text, 'n', sizeof text); /* beyond the end there are matches */
            memset(text, '-', bytes);
            assert_int_equal(needle_in(&needle, text, bytes), needle_bytes == 0);
            for (size_t at = 0; at + needle_bytes <= bytes; at++) {
                memset(text, '-', bytes);
                memset(text + at, 'n', needle_bytes);
                assert_true(needle_in(&needle, text, bytes));
            }
        }
        needle_free(&needle);
    }
}

/* ------------------------------------------------------ images and timelines */

static uint64_t random_state = 88172645463325252u;

static uint64_t below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

#define EVENTS 300u

static const char *const names[] = { "open", "Read", "read_all", "close", "o*n", "", "beyond the table", "beyond it" };
#define NAMES (sizeof names / sizeof names[0])

static void record_one(const struct fixture *fixture, unsigned number)
{
    char detail[64];
    snprintf(detail, sizeof detail, "%u %s", number, below(2) ? "a Needle" : "hay");
    struct trace_event event = {
        .timestamp = (double)below(1000),
        .category = (enum trace_category)below(TRACE_CATEGORY_COUNT),
        .name = names[below(NAMES)],
        .detail = detail,
        .has = TRACE_HAS_TIMESTAMP,
    };
    if (below(2)) {
        event.has |= TRACE_HAS_DURATION;
        event.duration = (double)below(50);
    } else if (below(4) == 0) {
        event.kind = TRACE_KIND_SAMPLE;
        event.value = (double)below(9);
    }
    if (below(3) == 0)
        event.pid = (uint32_t)(7 + below(2));
    else if (below(3) == 0)
        event.track = tracer_add_track(fixture->tracer, (uint32_t)(7 + below(2)), (uint32_t)below(3), "worker");
    if (below(4) == 0)
        event.has |= TRACE_FAILED;
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

static uint32_t program_pid;

static void choose(struct tracer_query *query)
{
    static const char *const patterns[] = { "open", "READ", "read*", "*o*", "beyond*", "o*n", "", "?", "none" };
    static const char *const processes[] = { "SEVEN", "e*", "test_filter", "", "*", "none" };
    static const char *const threads[] = { "worker", "Work*", "", "*", "none" };
    static const char *const texts[] = { "needle", "NEEDLE", "1", "a", "beyond", "no such text", "" };
    *query = (struct tracer_query){ 0 };
    if (below(3) == 0)
        query->categories = (uint32_t)below(TRACE_MASK_ALL) + 1;
    if (below(3) == 0)
        query->name = patterns[below(sizeof patterns / sizeof patterns[0])];
    if (below(3) == 0)
        query->text = texts[below(sizeof texts / sizeof texts[0])];
    if ((query->has_pid = below(4) == 0))
        query->pid = below(3) ? (uint32_t)(7 + below(3)) : program_pid;
    if ((query->has_tid = below(5) == 0))
        query->tid = (uint32_t)below(3);
    if ((query->has_since = below(3) == 0))
        query->since = (double)below(1000);
    if ((query->has_until = below(3) == 0))
        query->until = (double)below(1100);
    if (below(4) == 0)
        query->min_duration = (double)below(30);
    query->failed = below(5) == 0;
    if (below(5) == 0)
        query->process = processes[below(sizeof processes / sizeof processes[0])];
    if (below(5) == 0)
        query->thread = threads[below(sizeof threads / sizeof threads[0])];
}

/* The same query with the timeline's ids and times. */
static struct event_filter as_filter(const struct timeline *timeline, const struct tracer_query *query)
{
    const int64_t origin_ns = timeline_origin_ns(timeline);
    const int64_t since_ns = (int64_t)(query->since * 1e6) - origin_ns;
    const int64_t until_ns = (int64_t)(query->until * 1e6) - origin_ns;
    struct event_filter filter = {
        .has_pid = query->has_pid,
        .has_tid = query->has_tid,
        .has_since = query->has_since && since_ns > 0,
        .has_until = query->has_until,
        .failed = query->failed,
        .pid = query->pid,
        .tid = query->tid,
        .name = query->name,
        .text = query->text,
        .process = query->process,
        .thread = query->thread,
        .min_duration_ns = (int64_t)(query->min_duration * 1e6),
        .since_ns = (uint64_t)since_ns,
        .until_ns = (uint64_t)until_ns,
    };
    if (query->has_until && until_ns < 0)
        filter.hidden_categories = UINT64_MAX;
    const char *name;
    for (uint32_t i = 0; (name = timeline_category(timeline, i, NULL)) && i < 64; i++) {
        enum trace_category category;
        if (query->categories && trace_category_parse(name, &category) && !(query->categories >> category & 1))
            filter.hidden_categories |= UINT64_C(1) << i;
    }
    return filter;
}

/* Which events passed, by the numbers that their details begin with. */
static unsigned pass_image(struct fixture *fixture, const struct tracer_query *query, bool passed[EVENTS])
{
    size_t count = fixture_events(fixture, query);
    for (size_t i = 0; i < count; i++)
        passed[strtoul(fixture_event(fixture, i).detail, NULL, 10)] = true;
    return (unsigned)count;
}

static unsigned pass_timeline(const struct timeline *timeline, const struct event_filter *filter, bool passed[EVENTS])
{
    struct timeline_view *view;
    assert_int_equal(timeline_view_create(&view, timeline, filter, NULL), TRACER_OK);
    unsigned count = timeline_view_events(view);
    for (uint32_t i = 0; i < count; i++) {
        struct timeline_event event;
        assert_true(timeline_event(timeline, view_event(view, i), &event));
        passed[strtoul(event.detail, NULL, 10)] = true;
    }
    timeline_view_destroy(view);
    return count;
}

static struct timeline *load(const struct fixture *fixture)
{
    struct tracer_reader *reader = reading_attach(fixture);
    struct tracer_info info;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    assert_non_null(builder);
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    program_pid = info.pid;
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    return timeline;
}

static void an_image_and_its_timeline_pass_the_same_events(void **state)
{
    /* Two names do not fit into the table, and are in their events' details. */
    struct fixture *fixture =
        fixture_begin((struct tracer_options){ .capacity_events = EVENTS, .names = NAMES + 1, .detail_bytes = 65536 });
    unsigned some = 0;
    (void)state;
    table_process(fixture->tracer, 7, 0, PROCESS_TIME_UNKNOWN, "seven");
    table_process(fixture->tracer, 8, 0, PROCESS_TIME_UNKNOWN, "eight");
    for (unsigned i = 0; i < EVENTS; i++)
        record_one(fixture, i);
    struct timeline *timeline = load(fixture);
    for (int i = 0; i < 2000; i++) {
        bool by_image[EVENTS] = { false }, by_timeline[EVENTS] = { false };
        struct tracer_query query;
        choose(&query);
        const struct event_filter filter = as_filter(timeline, &query);
        unsigned count = pass_image(fixture, &query, by_image);
        assert_int_equal(pass_timeline(timeline, &filter, by_timeline), count);
        for (unsigned number = 0; number < EVENTS; number++)
            if (by_image[number] != by_timeline[number])
                fail_msg("query %d, event %u: the image says %d", i, number, by_image[number]);
        some += count > 0 && count < EVENTS;
    }
    assert_true(some > 1000); /* otherwise the queries match nothing */
    timeline_destroy(timeline);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_is_all_of_a_text),
        cmocka_unit_test(a_text_is_found_wherever_it_stands_and_nowhere_else),
        cmocka_unit_test(an_image_and_its_timeline_pass_the_same_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
