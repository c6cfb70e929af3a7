/* Sums of durations: those of a damaged or made-up trace may be too large for 64 bits, and saturate. */
#include "random_views.h"
#include "timeline/builder.h"

#define TRACKS 5000u /* of the longest span there is: 4096 of them are 2^64 ns */
#define OUTER_NS (TIMELINE_TIME_MAX_NS - 1)
#define INNER_NS (OUTER_NS / 2)

/* On each track, a span inside of a longer one. */
static struct random_trace longest_spans(void)
{
    struct random_trace trace = { 0 };
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline_item outer = { .kind = TIMELINE_SPAN, .duration_ns = OUTER_NS };
    struct timeline_item inner = { .kind = TIMELINE_SPAN, .duration_ns = INNER_NS };
    outer.name = timeline_builder_name(builder, "outer", 5);
    inner.name = timeline_builder_name(builder, "inner", 5);
    for (uint32_t i = 0; i < TRACKS; i++) {
        outer.track = inner.track = timeline_builder_track(builder, 1, i + 1, TIMELINE_NONE);
        timeline_builder_add(builder, &outer);
        timeline_builder_add(builder, &inner);
    }
    assert_int_equal(timeline_build(&trace.timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return trace;
}

/* What children take is subtracted from self time, except from a sum that has saturated before. */
static void check(const struct timeline *timeline, uint32_t name, uint64_t total_ns, uint64_t self_ns)
{
    bool outer = strcmp(timeline_name(timeline, name), "outer") == 0;
    assert_int_equal(total_ns, outer ? UINT64_MAX : (uint64_t)INNER_NS * TRACKS);
    if (!outer || self_ns != UINT64_MAX)
        assert_int_equal(self_ns, (uint64_t)(outer ? OUTER_NS - INNER_NS : INNER_NS) * TRACKS);
}

static void statistics_saturate(void **state)
{
    struct random_trace trace = longest_spans();
    struct timeline_view *view = trace_view(&trace, NULL);
    struct timeline_statistic *given;
    uint32_t count;
    (void)state;
    assert_int_equal(timeline_statistics(view, 0, INT64_MAX, false, &given, &count), TRACER_OK);
    assert_int_equal(count, 2);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(given[i].count, TRACKS);
        check(trace.timeline, given[i].key, given[i].total_ns, given[i].self_ns);
    }
    free(given);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
}

static void check_nodes(const struct timeline *timeline, const struct timeline_tree *tree, bool top_down)
{
    uint32_t count;
    const struct timeline_node *nodes = timeline_tree_nodes(tree, &count);
    assert_int_equal(nodes[0].total_ns, UINT64_MAX);
    for (uint32_t i = 1; i < count; i++)
        if (nodes[i].parent == 0 || top_down)
            check(timeline, nodes[i].name, nodes[i].total_ns, nodes[i].self_ns);
}

static void trees_saturate(void **state)
{
    struct random_trace trace = longest_spans();
    struct timeline_view *view = trace_view(&trace, NULL);
    const struct timeline_scope scope = { .from_ns = 0, .to_ns = INT64_MAX / 2 };
    struct timeline_tree *tree, *inverted;
    bool more = true;
    (void)state;
    assert_int_equal(timeline_tree_begin(&tree, view, &scope, false), TRACER_OK);
    while (more)
        assert_int_equal(timeline_tree_step(tree, 5000, &more), TRACER_OK);
    assert_int_equal(timeline_tree_invert(&inverted, tree, TIMELINE_NONE), TRACER_OK);
    check_nodes(trace.timeline, tree, true);
    check_nodes(trace.timeline, inverted, false);
    timeline_tree_destroy(inverted);
    timeline_tree_destroy(tree);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_saturate),
        cmocka_unit_test(trees_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
