/* Statistics of a scope, grouped by anything that events have in common, compared with counting every event. */
#include "expressions.h"
#include "random_views.h"
#include "timeline/groups.h"

/* One row of the statistics, and all its durations. */
struct counted {
    struct timeline_statistic of;
    uint64_t *durations_ns; /* ascending */
    uint32_t of_category[TIMELINE_CATEGORIES];
};

struct range {
    int64_t from_ns, to_ns;
    enum timeline_group by;
    struct timeline_groups *groups;
    struct timeline_search *hits; /* NULL: all count */
};

/* Whether the event begins in the range, including its end as for windows and density, or is a span that reaches into
 * it. */
static bool is_in(const struct timeline_event *event, const struct range *range)
{
    bool begins = event->start_ns >= range->from_ns;
    return event->start_ns <= range->to_ns && (begins || event_end_ns(event) > range->from_ns);
}

/* The part of a span that is within the range. */
static uint64_t part_of(const struct timeline_event *event, const struct range *range)
{
    int64_t from_ns = event->start_ns > range->from_ns ? event->start_ns : range->from_ns;
    int64_t to_ns = event_end_ns(event) < range->to_ns ? event_end_ns(event) : range->to_ns;
    return to_ns > from_ns ? (uint64_t)(to_ns - from_ns) : 0;
}

static bool has_key(const struct random_view *random, const struct range *range, const struct timeline_event *event,
                    uint32_t key)
{
    struct timeline_track track;
    const char *text = timeline_groups_text(range->groups, key);
    assert_true(timeline_track(random->trace->timeline, event->track, &track));
    switch (range->by) {
    case TIMELINE_GROUP_NAME:
        return strcmp(event->name, text) == 0;
    case TIMELINE_GROUP_CATEGORY:
        return event->category == key;
    case TIMELINE_GROUP_PROCESS:
        return track.process == key;
    case TIMELINE_GROUP_THREAD:
        return event->track == key;
    case TIMELINE_GROUP_WORK:
        return strcmp(event->name, text) == 0 && key % 2 == ((event->flags & TIMELINE_WAITS) != 0);
    case TIMELINE_GROUP_DETAIL:
        return strcmp(event->detail, text) == 0;
    default:
        return strcmp(event->flags & TIMELINE_ERROR ? "(failed)" : "", text) == 0;
    }
}

/* Whether the event passes the view and, if only hits count, is a hit. */
static bool counts(const struct random_view *random, const struct range *range, uint32_t number)
{
    return view_position(random->view, number) != TIMELINE_NONE &&
           (!range->hits || strstr(random->events[number].detail, "Needle"));
}

/* Whether a passing event with the same key contains it. */
static bool is_inner(const struct random_view *random, const struct range *range, const struct timeline_event *event,
                     uint32_t key)
{
    while (!(event->flags & TIMELINE_OVERLAP) && event->parent != TIMELINE_NONE) {
        uint32_t parent = event->parent;
        event = &random->events[parent];
        if (has_key(random, range, event, key) && counts(random, range, parent))
            return true;
    }
    return false;
}

static uint64_t self_of(const struct random_view *random, const struct range *range, uint32_t number)
{
    uint64_t self_ns = part_of(&random->events[number], range);
    for (uint32_t i = 0; i < random->trace->count; i++)
        if (random->events[i].parent == number && !(random->events[i].flags & TIMELINE_OVERLAP))
            self_ns -= part_of(&random->events[i], range);
    return self_ns;
}

static void insert_duration(struct counted *counted, uint64_t duration_ns)
{
    uint32_t at = counted->of.spans++;
    for (; at > 0 && counted->durations_ns[at - 1] > duration_ns; at--)
        counted->durations_ns[at] = counted->durations_ns[at - 1];
    counted->durations_ns[at] = duration_ns;
}

static void count_key(const struct random_view *random, const struct range *range, uint32_t key,
                      struct counted *counted)
{
    uint64_t *durations_ns = counted->durations_ns;
    *counted = (struct counted){ .durations_ns = durations_ns };
    for (uint32_t i = 0; i < random->count; i++) {
        const struct timeline_event *event = &random->events[random->passing[i]];
        if (!has_key(random, range, event, key) || !is_in(event, range) || !counts(random, range, random->passing[i]))
            continue;
        counted->of.count++;
        counted->of.errors += (event->flags & TIMELINE_ERROR) != 0;
        counted->of_category[event->category]++;
        if (event->kind != TIMELINE_SPAN)
            continue;
        counted->of.total_ns += is_inner(random, range, event, key) ? 0 : part_of(event, range);
        counted->of.sum_ns += part_of(event, range);
        counted->of.self_ns += self_of(random, range, random->passing[i]);
        insert_duration(counted, part_of(event, range));
    }
}

/* The smallest value that this percentage does not exceed. */
static uint64_t percentile_of(const struct counted *counted, uint32_t per_cent)
{
    for (uint32_t i = 0; i < counted->of.spans; i++)
        if ((i + 1) * UINT64_C(100) >= (uint64_t)counted->of.spans * per_cent)
            return counted->durations_ns[i];
    return 0;
}

static void check_percentiles(const struct timeline_statistic *given, const struct counted *counted)
{
    uint32_t spans = counted->of.spans;
    assert_int_equal(given->min_ns, spans ? counted->durations_ns[0] : 0);
    assert_int_equal(given->max_ns, spans ? counted->durations_ns[spans - 1] : 0);
    assert_int_equal(given->p50_ns, percentile_of(counted, 50));
    assert_int_equal(given->p90_ns, percentile_of(counted, 90));
    assert_int_equal(given->p99_ns, percentile_of(counted, 99));
}

/* The category shared by more than half of the events, if there is one. */
static void check_category(const struct timeline_statistic *given, const struct counted *counted)
{
    assert_true(given->category < TIMELINE_CATEGORIES);
    assert_true(counted->of_category[given->category] > 0);
    for (uint32_t category = 0; category < TIMELINE_CATEGORIES; category++)
        if (counted->of_category[category] > counted->of.count / 2)
            assert_int_equal(given->category, category);
}

static void check_longest(const struct random_view *random, const struct range *range,
                          const struct timeline_statistic *given)
{
    const struct timeline_event *longest = &random->events[given->longest];
    assert_true(is_in(longest, range));
    assert_true(has_key(random, range, longest, given->key));
    assert_int_equal(given->track, longest->track);
    assert_true(timeline_view_events(random->view) > 0 && view_position(random->view, given->longest) != TIMELINE_NONE);
    if (given->spans) {
        assert_int_equal(longest->kind, TIMELINE_SPAN);
        assert_int_equal(part_of(longest, range), given->max_ns);
    }
}

static void check_statistic(const struct random_view *random, const struct range *range,
                            const struct timeline_statistic *given, const struct counted *counted)
{
    assert_int_equal(given->count, counted->of.count);
    assert_int_equal(given->spans, counted->of.spans);
    assert_int_equal(given->errors, counted->of.errors);
    assert_int_equal(given->total_ns, counted->of.total_ns);
    assert_int_equal(given->sum_ns, counted->of.sum_ns);
    assert_int_equal(given->self_ns, counted->of.self_ns);
    check_percentiles(given, counted);
    check_category(given, counted);
    check_longest(random, range, given);
}

/* Counts in steps of any size. */
static struct timeline_statistic *count_in_steps(const struct random_view *random, const struct range *range,
                                                 uint32_t *count)
{
    const struct timeline_scope scope = { .from_ns = range->from_ns, .to_ns = range->to_ns, .hits = range->hits };
    struct timeline_counting *counting;
    bool more = true;
    double share = 0;
    assert_int_equal(timeline_counting_begin(&counting, random->view, range->groups, &scope), TRACER_OK);
    while (more) {
        uint32_t step = 1 + (uint32_t)trace_below(random->trace, 200);
        assert_int_equal(timeline_counting_step(counting, step, &more), TRACER_OK);
        assert_true(timeline_counting_share(counting) >= share && timeline_counting_share(counting) <= 1);
        share = timeline_counting_share(counting);
    }
    return timeline_counting_take(counting, count);
}

static void check_range(const struct random_view *random, const struct range *range, struct counted *counted)
{
    uint32_t count, events = 0, expected = 0;
    struct timeline_statistic *given = count_in_steps(random, range, &count);
    for (uint32_t i = 0; i < count; i++) {
        count_key(random, range, given[i].key, counted);
        check_statistic(random, range, &given[i], counted);
        assert_true(given[i].count > 0);
        assert_true(i == 0 || given[i - 1].total_ns >= given[i].total_ns);
        events += given[i].count;
    }
    for (uint32_t i = 0; i < random->count; i++)
        expected += is_in(&random->events[random->passing[i]], range) && counts(random, range, random->passing[i]);
    assert_int_equal(events, expected);
    free(given);
}

static struct timeline_groups *groups_of(const struct random_view *random, enum timeline_group by)
{
    struct timeline_groups *groups;
    bool more = true;
    assert_int_equal(timeline_groups_create(&groups, random->trace->timeline, by), TRACER_OK);
    while (more)
        assert_int_equal(timeline_groups_step(groups, 7, &more), TRACER_OK);
    assert_true(timeline_groups_share(groups) == 1);
    return groups;
}

static void statistics_of(struct random_view *random)
{
    struct counted counted = { .durations_ns = malloc((random->count + 1) * sizeof *counted.durations_ns) };
    struct timeline_search *hits;
    assert_non_null(counted.durations_ns);
    assert_int_equal(timeline_search_create(&hits, random->view, expression_of("needle")), TRACER_OK);
    while (timeline_search_step(hits, 1000)) {
    }
    for (int i = 0; i < 2 * TIMELINE_GROUPS; i++) {
        struct range range = { .by = (enum timeline_group)(i % TIMELINE_GROUPS) };
        range.groups = groups_of(random, range.by);
        range.hits = trace_below(random->trace, 2) ? hits : NULL;
        random_range(random, &range.from_ns, &range.to_ns);
        if (range.by != TIMELINE_GROUP_DETAIL || random->count < 200) /* each has its own: that takes long */
            check_range(random, &range, &counted);
        timeline_groups_destroy(range.groups);
    }
    timeline_search_destroy(hits);
    free(counted.durations_ns);
}

static void statistic_views(struct random_trace *trace)
{
    for_views(trace, statistics_of);
}

static void statistics_are_those_of_counting_every_event(void **state)
{
    (void)state;
    for_random_traces(statistic_views);
}

/* As in images of system calls. */
static void errors_are_named_as_their_details_end(void **state)
{
    static const char *const details[] = { "x = -1 ENOENT", " = -1 E = -1 EAGAIN (Try again)", "a = -1 ENOENT", "no",
                                           "= -1 ENOENT" };
    static const char *const errors[] = { "ENOENT", "EAGAIN", "ENOENT", "(failed)", "" };
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    struct timeline_groups *groups;
    bool more;
    (void)state;
    for (uint32_t i = 0; i < 5; i++) {
        const struct timeline_item item = {
            .start_ns = i,
            .detail = details[i],
            .detail_bytes = strlen(details[i]),
            .track = timeline_builder_track(builder, 1, 1, TIMELINE_NONE),
            .name = timeline_builder_name(builder, "call", 4),
            .category = (uint8_t)timeline_builder_category(builder, "file", 4),
            .flags = i < 4 ? TIMELINE_ERROR : 0,
        };
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_int_equal(timeline_groups_create(&groups, timeline, TIMELINE_GROUP_ERROR), TRACER_OK);
    assert_int_equal(timeline_groups_step(groups, 100, &more), TRACER_OK);
    for (uint32_t i = 0; i < 5; i++)
        assert_string_equal(timeline_groups_text(groups, group_key(groups, 0, i)), errors[i]);
    timeline_groups_destroy(groups);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

/* An event at the very end is part of the whole: the page asks for [0, duration]. */
static void the_whole_range_has_every_event(void **state)
{
    (void)state;
    struct random_trace trace = { .random = 1 };
    for (int i = 0; i < 3; i++)
        trace_push(&trace)->start_ns = INT64_C(1000) * i; /* instants */
    trace_build(&trace);
    struct timeline_view *view = trace_view(&trace, NULL);
    struct timeline_statistic *given;
    uint32_t count;
    assert_int_equal(timeline_statistics(view, 0, timeline_duration_ns(trace.timeline), false, &given, &count),
                     TRACER_OK);
    assert_int_equal(count, 1);
    assert_int_equal(given[0].count, 3);
    free(given);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
    free(trace.events);
    free(trace.event_of);
    free(trace.number_of);
}

/* Durations that fall and then rise, the worst case for a pivot from fixed places: hours instead of seconds, so the
 * test's time limit is what fails. */
static void percentiles_of_falling_and_rising_durations(void **state)
{
    (void)state;
    const uint32_t half = 1500000;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline_item item = { .kind = TIMELINE_SPAN,
                                  .track = timeline_builder_track(builder, 1, 1, TIMELINE_NONE) };
    item.name = timeline_builder_name(builder, "work", 4);
    item.category = (uint8_t)timeline_builder_category(builder, "all", 3);
    for (uint32_t i = 0; i < 2 * half; i++, item.start_ns += INT64_C(2) * half) {
        item.duration_ns = i < half ? half - i : i - half + 1;
        timeline_builder_add(builder, &item);
    }
    struct random_trace trace = { 0 };
    assert_int_equal(timeline_build(&trace.timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    struct timeline_view *view = trace_view(&trace, NULL);
    struct timeline_statistic *given;
    uint32_t count;
    assert_int_equal(timeline_statistics(view, 0, INT64_MAX, false, &given, &count), TRACER_OK);
    assert_int_equal(given[0].spans, 2 * half);
    assert_int_equal(given[0].p50_ns, half / 2);
    assert_int_equal(given[0].p90_ns, half / 10 * 9);
    assert_int_equal(given[0].p99_ns, half / 100 * 99);
    free(given);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_named_as_their_details_end),
        cmocka_unit_test(statistics_are_those_of_counting_every_event),
        cmocka_unit_test(the_whole_range_has_every_event),
        cmocka_unit_test(percentiles_of_falling_and_rising_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
