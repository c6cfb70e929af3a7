/* Call trees of a scope, top-down, inverted and by thread, compared with the paths of all events. */
#include "expressions.h"
#include "random_views.h"
#include "timeline/builder.h"

struct scope {
    struct random_view *random;
    struct timeline_scope range;
    bool per_thread;
};

static bool is_hit(const struct scope *scope, uint32_t number)
{
    return !scope->range.hits || strstr(scope->random->events[number].detail, "Needle");
}

static uint64_t part_of(const struct scope *scope, const struct timeline_event *event)
{
    int64_t from_ns = event->start_ns > scope->range.from_ns ? event->start_ns : scope->range.from_ns;
    int64_t to_ns = event_end_ns(event) < scope->range.to_ns ? event_end_ns(event) : scope->range.to_ns;
    return to_ns > from_ns ? (uint64_t)(to_ns - from_ns) : 0;
}

/* Whether a span is a call of the tree: it reaches into the range, passes the view, and is a hit if only hits are
 * wanted. */
static bool is_call(const struct scope *scope, uint32_t number)
{
    const struct timeline_event *event = &scope->random->events[number];
    return event->kind == TIMELINE_SPAN && event->start_ns <= scope->range.to_ns &&
           (event->start_ns >= scope->range.from_ns || event_end_ns(event) > scope->range.from_ns) &&
           view_position(scope->random->view, number) != TIMELINE_NONE && is_hit(scope, number);
}

/* The nearest call around this one; TIMELINE_NONE if there is none. */
static uint32_t caller_of(const struct scope *scope, uint32_t number)
{
    do
        number = scope->random->events[number].parent;
    while (number != TIMELINE_NONE && !is_call(scope, number));
    return number;
}

static uint64_t self_of(const struct scope *scope, uint32_t number)
{
    const struct random_view *random = scope->random;
    uint64_t self_ns = part_of(scope, &random->events[number]);
    for (uint32_t i = 0; i < random->trace->count; i++)
        if (random->events[i].parent == number && random->events[i].kind == TIMELINE_SPAN &&
            !(random->events[i].flags & TIMELINE_OVERLAP))
            self_ns -= part_of(scope, &random->events[i]);
    return self_ns;
}

/* Whether a call's names match those of a node and the nodes around it. */
static bool is_of(const struct scope *scope, const struct timeline_node *nodes, uint32_t node, uint32_t number)
{
    uint32_t track = scope->random->events[number].track;
    while (nodes[node].name != TIMELINE_NONE) {
        if (number == TIMELINE_NONE || scope->random->events[number].name_id != nodes[node].name)
            return false;
        number = caller_of(scope, number);
        node = nodes[node].parent;
    }
    return number == TIMELINE_NONE &&
           (nodes[node].track == TIMELINE_NONE ? !scope->per_thread : nodes[node].track == track);
}

/* The same for an inverted tree: the nodes' names are those of callers, starting with the child of the root. */
static bool is_called_by(const struct scope *scope, const struct timeline_node *nodes, uint32_t node, uint32_t number)
{
    if (node == 0)
        return true;
    uint32_t depth = 0;
    for (uint32_t at = node; nodes[at].parent != 0; at = nodes[at].parent)
        depth++;
    for (; depth > 0 && number != TIMELINE_NONE; depth--) {
        uint32_t at = node;
        for (uint32_t up = 0; up < depth; up++)
            at = nodes[at].parent;
        if (scope->random->events[number].name_id != nodes[at].name)
            return false;
        number = caller_of(scope, number);
    }
    return number != TIMELINE_NONE && scope->random->events[number].name_id == nodes[node].name;
}

static bool is_inner(const struct scope *scope, uint32_t number)
{
    uint32_t name = scope->random->events[number].name_id;
    for (number = caller_of(scope, number); number != TIMELINE_NONE; number = caller_of(scope, number))
        if (scope->random->events[number].name_id == name)
            return true;
    return false;
}

static void check_node(const struct scope *scope, const struct timeline_node *nodes, uint32_t node, bool turned)
{
    struct timeline_node sum = { 0 };
    int64_t longest_ns = 0;
    for (uint32_t i = 0; i < scope->random->trace->count; i++) {
        if (!is_call(scope, i) || !(turned ? is_called_by(scope, nodes, node, i) : is_of(scope, nodes, node, i)))
            continue;
        const struct timeline_event *event = &scope->random->events[i];
        sum.count++;
        sum.errors += event->flags & TIMELINE_ERROR;
        sum.total_ns += turned && is_inner(scope, i) ? 0 : part_of(scope, event);
        sum.self_ns += self_of(scope, i);
        sum.wait_ns += event->flags & TIMELINE_WAITS ? part_of(scope, event) : 0;
        longest_ns = event->duration_ns > longest_ns ? event->duration_ns : longest_ns;
    }
    assert_int_equal(nodes[node].count, sum.count);
    assert_int_equal(nodes[node].errors, sum.errors);
    assert_int_equal(nodes[node].total_ns, sum.total_ns);
    assert_int_equal(nodes[node].self_ns, sum.self_ns);
    if (!turned)
        assert_int_equal(nodes[node].wait_ns, sum.wait_ns);
    assert_int_equal(scope->random->events[nodes[node].longest].duration_ns, longest_ns);
}

/* Checks some of the nodes, and that the totals of all nodes equal those of all calls. */
static void check_tree(const struct scope *scope, const struct timeline_tree *tree, bool turned)
{
    uint32_t count, calls = 0, counted = 0;
    const struct timeline_node *nodes = timeline_tree_nodes(tree, &count);
    for (uint32_t i = 0; i < scope->random->trace->count; i++)
        calls += is_call(scope, i);
    for (uint32_t i = 1; i < count; i++) {
        assert_true(nodes[i].parent < i);
        bool is_top = nodes[nodes[i].parent].name == TIMELINE_NONE;
        counted += nodes[i].name != TIMELINE_NONE && (!turned || is_top) ? nodes[i].count : 0;
        if (nodes[i].name != TIMELINE_NONE && trace_below(scope->random->trace, count) < 12)
            check_node(scope, nodes, i, turned);
    }
    assert_int_equal(counted, calls);
    uint32_t under_root = 0;
    for (uint32_t i = 1; i < count; i++)
        under_root += nodes[i].parent == 0 ? nodes[i].count : 0;
    assert_int_equal(nodes[0].count, under_root);
}

static struct timeline_tree *grow(const struct scope *scope)
{
    struct timeline_tree *tree;
    bool more = true;
    assert_int_equal(timeline_tree_begin(&tree, scope->random->view, &scope->range, scope->per_thread), TRACER_OK);
    while (more) {
        uint32_t step = 1 + (uint32_t)trace_below(scope->random->trace, 100);
        assert_int_equal(timeline_tree_step(tree, step, &more), TRACER_OK);
    }
    assert_true(timeline_tree_share(tree) == 1);
    return tree;
}

/* All calls of a name, however deeply nested, are in the root's child or below it. */
static void check_callees(const struct scope *scope, const struct timeline_tree *tree, uint32_t name)
{
    struct timeline_tree *callees;
    uint32_t count, calls = 0, found = 0;
    uint64_t total_ns = 0;
    assert_int_equal(timeline_tree_callees(&callees, tree, name), TRACER_OK);
    const struct timeline_node *nodes = timeline_tree_nodes(callees, &count);
    for (uint32_t i = 0; i < scope->random->trace->count; i++) {
        if (!is_call(scope, i) || scope->random->events[i].name_id != name)
            continue;
        calls++;
        total_ns += is_inner(scope, i) ? 0 : part_of(scope, &scope->random->events[i]);
    }
    for (uint32_t i = 1; i < count; i++)
        found += nodes[i].name == name ? nodes[i].count : 0;
    assert_int_equal(found, calls);
    if (calls) {
        assert_int_equal(nodes[1].name, name);
        assert_int_equal(nodes[1].total_ns, total_ns);
        assert_int_equal(nodes[0].total_ns, total_ns);
    }
    timeline_tree_destroy(callees);
}

static void check_scope(const struct scope *scope)
{
    struct timeline_tree *tree = grow(scope), *turned;
    check_tree(scope, tree, false);
    if (!scope->per_thread) {
        assert_int_equal(timeline_tree_invert(&turned, tree, TIMELINE_NONE), TRACER_OK);
        check_tree(scope, turned, true);
        timeline_tree_destroy(turned);
        for (uint32_t name = 0; timeline_name(scope->random->trace->timeline, name); name++)
            check_callees(scope, tree, name);
    }
    timeline_tree_destroy(tree);
}

static void trees_of(struct random_view *random)
{
    struct timeline_search *hits;
    assert_int_equal(timeline_search_create(&hits, random->view, expression_of("needle")), TRACER_OK);
    while (timeline_search_step(hits, 1000)) {
    }
    for (int i = 0; i < 4; i++) {
        struct scope scope = { .random = random, .per_thread = i % 2, .range.hits = i == 3 ? hits : NULL };
        random_range(random, &scope.range.from_ns, &scope.range.to_ns);
        check_scope(&scope);
    }
    timeline_search_destroy(hits);
}

static void tree_views(struct random_trace *trace)
{
    for_views(trace, trees_of);
}

static void trees_are_those_of_all_paths(void **state)
{
    (void)state;
    for_random_traces(tree_views);
}

/* ------------------------------------------------------------------- large */

#define LARGE_NAMES 15u
#define LARGE_DEPTH 3u
#define LARGE_PATHS (LARGE_NAMES * LARGE_NAMES * LARGE_NAMES)
#define LARGE_TRACKS 2u
#define STACK_NS 100

/* Start and end of each span of a stack. */
static const int64_t large_start[LARGE_DEPTH] = { 0, 10, 20 }, large_end[LARGE_DEPTH] = { 90, 80, 60 };

/* On each track, stacks of three spans one after the other, one for each path of three names. */
static struct timeline *large_timeline(void)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    for (uint32_t i = 0; i < LARGE_NAMES; i++) {
        char name[2] = { (char)('a' + i), '\0' };
        assert_int_equal(timeline_builder_name(builder, name, 1), i);
    }
    for (uint32_t i = 0; i < LARGE_TRACKS * LARGE_PATHS * LARGE_DEPTH; i++) {
        uint32_t depth = i % LARGE_DEPTH, path = i / LARGE_DEPTH % LARGE_PATHS;
        const uint32_t names[] = { path / LARGE_NAMES / LARGE_NAMES, path / LARGE_NAMES % LARGE_NAMES,
                                   path % LARGE_NAMES };
        const struct timeline_item item = {
            .start_ns = (int64_t)path * STACK_NS + large_start[depth],
            .duration_ns = large_end[depth] - large_start[depth],
            .name = names[depth],
            .track = timeline_builder_track(builder, 1, 1 + i / LARGE_DEPTH / LARGE_PATHS, TIMELINE_NONE),
            .kind = TIMELINE_SPAN,
        };
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

/* The total duration of the spans at a depth, over that many stacks on all tracks. */
static uint64_t large_ns(uint32_t stacks, uint32_t depth)
{
    return (uint64_t)stacks * LARGE_TRACKS * (uint64_t)(large_end[depth] - large_start[depth]);
}

/* Each path has one node, whether the tree was small or large when the path was found. The scope holds the first
 * stacks. */
static void check_large(const struct timeline_view *view, uint32_t stacks)
{
    const struct timeline_scope scope = { .from_ns = 0, .to_ns = (int64_t)stacks * STACK_NS - 1 };
    const uint32_t paths[] = { LARGE_NAMES * LARGE_NAMES, LARGE_NAMES, 1 }; /* that pass through a node at a depth */
    struct timeline_tree *tree;
    uint32_t count, calls = 0;
    bool more = true;
    assert_int_equal(timeline_tree_begin(&tree, view, &scope, false), TRACER_OK);
    while (more)
        assert_int_equal(timeline_tree_step(tree, 5000, &more), TRACER_OK);
    const struct timeline_node *nodes = timeline_tree_nodes(tree, &count);
    assert_int_equal(count, 1 + stacks / paths[0] + stacks / paths[1] + stacks);
    for (uint32_t i = 1; i < count; i++) {
        uint32_t depth = 0;
        for (uint32_t at = nodes[i].parent; at != 0 && depth + 1 < LARGE_DEPTH; at = nodes[at].parent)
            depth++;
        assert_int_equal(nodes[i].count, paths[depth] * LARGE_TRACKS);
        assert_int_equal(nodes[i].total_ns, large_ns(paths[depth], depth));
        assert_int_equal(nodes[i].self_ns, large_ns(paths[depth], depth) -
                                               (depth + 1 < LARGE_DEPTH ? large_ns(paths[depth], depth + 1) : 0));
        calls += nodes[i].count;
    }
    assert_int_equal(calls, stacks * LARGE_DEPTH * LARGE_TRACKS);
    timeline_tree_destroy(tree);
}

static void a_tree_of_thousands_of_nodes_has_each_path_once(void **state)
{
    static const struct event_filter everything;
    struct timeline *timeline = large_timeline();
    struct timeline_view *view;
    (void)state;
    assert_int_equal(timeline_view_create(&view, timeline, &everything, NULL), TRACER_OK);
    check_large(view, LARGE_PATHS);
    check_large(view, LARGE_PATHS - LARGE_NAMES * LARGE_NAMES);
    timeline_view_destroy(view);
    timeline_destroy(timeline);
}

/* An empty span at the end of its parent, where the range begins: the parent is not in the range, so the span is at the
 * top, whatever the previous track has left in the parent's entry. */
static void a_child_of_a_span_before_the_range_is_on_top(void **state)
{
    static const struct event_filter everything;
    static const struct timeline_item items[] = {
        { .start_ns = 50, .duration_ns = 100, .name = 0, .track = 0, .kind = TIMELINE_SPAN },
        { .start_ns = 150, .duration_ns = 0, .name = 1, .track = 0, .kind = TIMELINE_SPAN },
        { .start_ns = 0, .duration_ns = 100, .name = 0, .track = 1, .kind = TIMELINE_SPAN },
        { .start_ns = 100, .duration_ns = 0, .name = 1, .track = 1, .kind = TIMELINE_SPAN },
    };
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    struct timeline_view *view;
    struct timeline_tree *tree;
    uint32_t count, on_top = 0;
    bool more = true;
    (void)state;
    timeline_builder_name(builder, "around", 6);
    timeline_builder_name(builder, "inside", 6);
    timeline_builder_track(builder, 1, 1, TIMELINE_NONE);
    timeline_builder_track(builder, 1, 2, TIMELINE_NONE);
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        timeline_builder_add(builder, &items[i]);
    assert_true(builder_set_around(builder, 1, 0));
    assert_true(builder_set_around(builder, 3, 2));
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    assert_int_equal(timeline_view_create(&view, timeline, &everything, NULL), TRACER_OK);
    const struct timeline_scope scope = { .from_ns = 100, .to_ns = 200 };
    assert_int_equal(timeline_tree_begin(&tree, view, &scope, false), TRACER_OK);
    assert_int_equal(timeline_tree_step(tree, 100, &more), TRACER_OK);
    const struct timeline_node *nodes = timeline_tree_nodes(tree, &count);
    assert_int_equal(count, 4); /* the root, around, inside in it, and inside at the top */
    for (uint32_t i = 1; i < count; i++)
        on_top += nodes[i].parent == 0 && nodes[i].name == 1 ? nodes[i].count : 0;
    assert_int_equal(on_top, 1);
    timeline_tree_destroy(tree);
    timeline_view_destroy(view);
    timeline_destroy(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_those_of_all_paths),
        cmocka_unit_test(a_child_of_a_span_before_the_range_is_on_top),
        cmocka_unit_test(a_tree_of_thousands_of_nodes_has_each_path_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
