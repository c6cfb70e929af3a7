/* The table's order, against comparing neighbours, and the way back from an event to its place. */
#include "random_views.h"

static int64_t sign_of(int64_t difference)
{
    return (difference > 0) - (difference < 0);
}

/* Of two events by a key: below 0, 0, above 0. */
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

/* Each event that passes has one place, and no other event has any. */
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
            assert_int_equal(timeline_order_create(&order, random->view, (enum timeline_key)key, descending, NULL),
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

static bool never(void *context, double done, double total)
{
    (void)done;
    (void)total;
    ++*(int *)context;
    return false;
}

static void cancel_of(struct random_view *random)
{
    int asked = 0;
    const struct timeline_progress progress = { never, &asked };
    struct timeline_order *order = (struct timeline_order *)(void *)&asked;
    assert_int_equal(timeline_order_create(&order, random->view, TIMELINE_BY_NAME, false, &progress),
                     TRACER_ERROR_CANCELLED);
    assert_null(order);
    assert_int_equal(asked, 1);
}

static void an_order_can_be_cancelled(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 100, .tracks = 2, .span_ns = 1000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(1, &shape);
    with_view(trace, &(struct event_filter){ 0 }, cancel_of);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_that_passes_has_its_place),
        cmocka_unit_test(an_order_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
