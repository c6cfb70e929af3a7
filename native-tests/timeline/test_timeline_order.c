/* The table's order, checked by comparing neighbours, and the way back from an event to its place. */
#include "random_views.h"

static int64_t sign_of(int64_t difference)
{
    return (difference > 0) - (difference < 0);
}

/* Compares two events by a key: below 0, 0, above 0. */
static int64_t compare_by(const struct random_view *random, enum timeline_key key, const struct timeline_event *a,
                          const struct timeline_event *b)
{
    const struct timeline *timeline = random->trace->timeline;
    switch (key) {
    case TIMELINE_BY_START:
        return sign_of(a->start_ns - b->start_ns);
    case TIMELINE_BY_DURATION:
        return sign_of(a->duration_ns - b->duration_ns);
    case TIMELINE_BY_NAME:
        return strcmp(a->name, b->name);
    case TIMELINE_BY_CATEGORY:
        return strcmp(timeline_category(timeline, a->category, NULL), timeline_category(timeline, b->category, NULL));
    default:
        return (int64_t)a->track - b->track;
    }
}

static void check_neighbours(const struct random_view *random, const struct timeline_order *order,
                             enum timeline_key key, bool descending)
{
    for (uint32_t i = 1; i < random->count; i++) {
        const struct timeline_event *before = &random->events[timeline_order_event(order, i - 1)];
        const struct timeline_event *after = &random->events[timeline_order_event(order, i)];
        int64_t compared = compare_by(random, key, before, after);
        assert_true(descending ? compared >= 0 : compared <= 0);
        if (compared == 0)
            assert_true(before->start_ns <= after->start_ns);
    }
}

/* Each passing event has exactly one place, and no other event has any. */
static void check_places(const struct random_view *random, struct timeline_order *order)
{
    uint32_t placed = 0;
    for (uint32_t i = 0; i < random->count; i++)
        assert_int_equal(timeline_order_position(order, timeline_order_event(order, i)), i);
    for (uint32_t i = 0; i < random->trace->count; i++)
        placed += timeline_order_position(order, i) != TIMELINE_NONE;
    assert_int_equal(placed, random->count);
    assert_int_equal(timeline_order_event(order, random->count), TIMELINE_NONE);
    assert_int_equal(timeline_order_event(order, TIMELINE_NONE), TIMELINE_NONE);
    assert_int_equal(timeline_order_position(order, random->trace->count), TIMELINE_NONE);
}

static void orders_of(struct random_view *random)
{
    for (int key = TIMELINE_BY_START; key <= TIMELINE_BY_TRACK; key++) {
        for (int descending = 0; descending < 2; descending++) {
            struct timeline_order *order;
            assert_int_equal(timeline_order_create(&order, random->view, (enum timeline_key)key, descending),
                             TRACER_OK);
            check_neighbours(random, order, (enum timeline_key)key, descending);
            check_places(random, order);
            timeline_order_destroy(order);
        }
    }
}

static void order_views(struct random_trace *trace)
{
    for_views(trace, orders_of);
}

static void every_event_that_passes_has_its_place(void **state)
{
    (void)state;
    for_random_traces(order_views);
}

/* Steps of any size give the same order, and it is empty until the last. */
static void steps_of(struct random_view *random)
{
    for (int key = TIMELINE_BY_START; key <= TIMELINE_BY_TRACK; key++) {
        struct timeline_order *whole, *order;
        bool more = true;
        double share = 0;
        assert_int_equal(timeline_order_create(&whole, random->view, (enum timeline_key)key, key % 2), TRACER_OK);
        assert_int_equal(timeline_order_begin(&order, random->view, (enum timeline_key)key, key % 2), TRACER_OK);
        for (uint32_t events = 1; more; events = events % 13 + 1) {
            assert_true(timeline_order_share(order) >= share);
            share = timeline_order_share(order);
            assert_int_equal(timeline_order_event(order, 0), TIMELINE_NONE);
            assert_int_equal(timeline_order_position(order, 0), TIMELINE_NONE);
            assert_int_equal(timeline_order_step(order, events, &more), TRACER_OK);
        }
        for (uint32_t i = 0; i <= random->count; i++)
            assert_int_equal(timeline_order_event(order, i), timeline_order_event(whole, i));
        assert_true(timeline_order_share(order) == 1);
        timeline_order_destroy(order);
        timeline_order_destroy(whole);
    }
}

static void order_views_in_steps(struct random_trace *trace)
{
    for_views(trace, steps_of);
}

static void an_order_is_made_in_steps(void **state)
{
    (void)state;
    for_random_traces(order_views_in_steps);
}

static void given_up_of(struct random_view *random)
{
    for (uint32_t events = 1; events < 600; events += 7) {
        struct timeline_order *order;
        bool more;
        assert_int_equal(timeline_order_begin(&order, random->view, TIMELINE_BY_NAME, true), TRACER_OK);
        assert_int_equal(timeline_order_step(order, events, &more), TRACER_OK);
        timeline_order_destroy(order);
    }
}

static void an_order_is_given_up_at_any_time(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 100, .tracks = 2, .span_ns = 1000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(1, &shape);
    with_view(trace, &(struct event_filter){ 0 }, given_up_of);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_that_passes_has_its_place),
        cmocka_unit_test(an_order_is_made_in_steps),
        cmocka_unit_test(an_order_is_given_up_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
