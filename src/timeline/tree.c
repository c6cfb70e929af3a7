/* Makes call trees of spans: each stands below its parent's node. */
#include "tree.h"

#include <stdlib.h>

/* --------------------------------------------------------------------- nodes */

struct path {
    uint32_t parent, name, track;
};

static uint64_t hash_of(const struct path *path)
{
    uint64_t hash = ((uint64_t)path->parent << 32 | path->name) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ hash >> 29 ^ path->track) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ hash >> 32;
}

static bool is_at(const void *owner, uint32_t id, const void *key)
{
    const struct timeline_node *node = &((const struct timeline_tree *)owner)->nodes[id];
    const struct path *path = key;
    return node->parent == path->parent && node->name == path->name && node->track == path->track;
}

static uint32_t add_node(struct timeline_tree *tree, const struct path *path)
{
    struct timeline_node *nodes = array_grow(tree->nodes, tree->count, &tree->room, sizeof *nodes);
    if (!nodes)
        return TIMELINE_NONE;
    tree->nodes = nodes;
    uint32_t *last = array_grow(tree->last_child, tree->count, &tree->last_room, sizeof *last);
    if (!last)
        return TIMELINE_NONE;
    tree->last_child = last;
    if (tree->count >= NOT_ITSELF - 1 || !hash_table_add(&tree->by_path, hash_of(path), tree->count))
        return TIMELINE_NONE;
    last[tree->count] = TIMELINE_NONE;
    nodes[tree->count] = (struct timeline_node){
        .parent = path->parent, .name = path->name, .track = path->track, .longest = TIMELINE_NONE
    };
    return tree->count++;
}

uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track)
{
    const struct path path = { parent, name, track };
    uint32_t last = parent == TIMELINE_NONE ? TIMELINE_NONE : tree->last_child[parent];
    if (last != TIMELINE_NONE && is_at(tree, last, &path))
        return last;
    uint32_t found = hash_table_find(&tree->by_path, hash_of(&path), is_at, tree, &path);
    if (found == HASH_TABLE_NONE)
        found = add_node(tree, &path);
    if (found != TIMELINE_NONE && parent != TIMELINE_NONE)
        tree->last_child[parent] = found;
    return found;
}

struct timeline_tree *tree_create(const struct timeline_view *view)
{
    struct timeline_tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        return NULL;
    tree->view = view;
    if (tree_child(tree, TIMELINE_NONE, TIMELINE_NONE, TIMELINE_NONE) == 0)
        return tree;
    timeline_tree_destroy(tree);
    return NULL;
}

void timeline_tree_destroy(struct timeline_tree *tree)
{
    if (!tree)
        return;
    free(tree->nodes);
    free(tree->last_child);
    free(tree->node_of);
    hash_table_free(&tree->by_path);
    free(tree);
}

const struct timeline_node *timeline_tree_nodes(const struct timeline_tree *tree, uint32_t *count)
{
    *count = tree->count;
    return tree->nodes;
}

/* -------------------------------------------------------------------- events */

static int64_t duration_within(const struct timeline_tree *tree, uint32_t event)
{
    const struct timeline *timeline = tree->view->timeline;
    int64_t start_ns = timeline->starts[event], end_ns = event_end(timeline, event);
    if (start_ns < tree->scope.from_ns)
        start_ns = tree->scope.from_ns;
    if (end_ns > tree->scope.to_ns)
        end_ns = tree->scope.to_ns;
    return end_ns > start_ns ? end_ns - start_ns : 0;
}

/* Whether an event of the row is one of the scope's; they are asked about in their order. */
static bool is_in_scope(struct timeline_tree *tree, uint32_t event)
{
    const struct timeline_view *view = tree->view;
    const struct timeline_search *hits = tree->scope.hits;
    uint32_t end = view->row_first[tree->row + 1];
    while (tree->position < end && view_event(view, tree->position) < event)
        tree->position++;
    uint32_t position = tree->position;
    return position < end && view_event(view, position) == event &&
           (!hits || (position < hits->looked && hits->found[position / 64] >> position % 64 & 1));
}

/* Where an event's node stands: below that of the span around it. */
static uint32_t node_around(struct timeline_tree *tree, uint32_t event)
{
    const struct timeline *timeline = tree->view->timeline;
    uint32_t parent = timeline->parents[event];
    if (parent != TIMELINE_NONE && tree->node_of[parent]) /* which may end where the range begins */
        return tree->node_of[parent] & ~NOT_ITSELF;
    return tree->per_thread ? tree_child(tree, 0, TIMELINE_NONE, timeline->row_track[tree->row]) : 0;
}

static void count_call(struct timeline_tree *tree, uint32_t node, uint32_t event, uint64_t duration_ns)
{
    const struct timeline *timeline = tree->view->timeline;
    struct timeline_node *to = &tree->nodes[node];
    to->count++;
    to->errors += event_flags(timeline, event) & TIMELINE_ERROR;
    to->total_ns += duration_ns;
    to->self_ns += duration_ns; /* less what is directly inside, which comes later */
    if (to->longest == TIMELINE_NONE || timeline->durations[event] > timeline->durations[to->longest])
        to->longest = event;
}

/* What is inside of a call is no part of its self time, whether it passes or not; what overlaps counts nowhere twice. */
static void subtract(struct timeline_tree *tree, uint32_t event, uint64_t duration_ns)
{
    const struct timeline *timeline = tree->view->timeline;
    uint32_t parent = timeline->parents[event];
    if (parent == TIMELINE_NONE || timeline->kinds[event] & TIMELINE_OVERLAP || !tree->node_of[parent] ||
        tree->node_of[parent] & NOT_ITSELF)
        return;
    tree->nodes[tree->node_of[parent]].self_ns -= duration_ns;
}

static bool add_event(struct timeline_tree *tree, uint32_t event)
{
    const struct timeline *timeline = tree->view->timeline;
    if (event_kind(timeline, event) != TIMELINE_SPAN)
        return true;
    uint64_t duration_ns = (uint64_t)duration_within(tree, event);
    uint32_t node = node_around(tree, event), around = node;
    bool is_call = is_in_scope(tree, event);
    if (node != TIMELINE_NONE && is_call)
        node = tree_child(tree, node, timeline->names[event], TIMELINE_NONE);
    if (node == TIMELINE_NONE)
        return false;
    tree->node_of[event] = is_call ? node : around | NOT_ITSELF;
    if (is_call)
        count_call(tree, node, event, duration_ns);
    subtract(tree, event, duration_ns);
    return true;
}

/* The first event of the row that reaches into the range: spans of a row do not overlap. */
static uint32_t reaches_into(const struct timeline_tree *tree)
{
    const struct timeline *timeline = tree->view->timeline;
    const struct timeline_view everything = { .timeline = timeline, .row_first = timeline->row_first };
    uint32_t first = view_begins_at(&everything, tree->row, tree->scope.from_ns);
    bool before = first > timeline->row_first[tree->row] && event_end(timeline, first - 1) > tree->scope.from_ns;
    return first - before;
}

/* Threads and the root have the sums of what is below them. */
static void sum_up(struct timeline_tree *tree)
{
    for (uint32_t i = tree->count - 1; i > 0; i--) {
        const struct timeline_node *node = &tree->nodes[i];
        struct timeline_node *parent = &tree->nodes[node->parent];
        if (parent->name != TIMELINE_NONE)
            continue;
        parent->total_ns += node->total_ns;
        parent->count += node->count;
        parent->errors += node->errors;
    }
}

enum tracer_error timeline_tree_begin(struct timeline_tree **result, const struct timeline_view *view,
                                      const struct timeline_scope *scope, bool per_thread)
{
    struct timeline_tree *tree = *result = tree_create(view);
    if (!tree)
        return TRACER_ERROR_MEMORY;
    tree->scope = *scope;
    tree->per_thread = per_thread;
    tree->node_of = calloc((size_t)view->timeline->count + 1, sizeof *tree->node_of);
    if (tree->node_of)
        return TRACER_OK;
    timeline_tree_destroy(tree);
    *result = NULL;
    return TRACER_ERROR_MEMORY;
}

enum tracer_error timeline_tree_step(struct timeline_tree *tree, uint32_t events, bool *more)
{
    const struct timeline *timeline = tree->view->timeline;
    *more = true;
    for (; tree->row < timeline->row_count; tree->row++, tree->in_row = false) {
        if (!tree->in_row) {
            tree->event = reaches_into(tree);
            tree->position = view_begins_at(tree->view, tree->row,
                                            timeline->starts[tree->event < timeline->count ? tree->event : 0]);
        }
        tree->in_row = true;
        for (; tree->event < timeline->row_first[tree->row + 1]; tree->event++) {
            if (timeline->starts[tree->event] > tree->scope.to_ns)
                break;
            if (events == 0)
                return TRACER_OK;
            events--;
            if (!add_event(tree, tree->event))
                return TRACER_ERROR_MEMORY;
        }
        events -= events > 0; /* rows that are passed by take time as well */
    }
    if (tree->node_of)
        sum_up(tree);
    free(tree->node_of);
    tree->node_of = NULL;
    *more = false;
    return TRACER_OK;
}

double timeline_tree_share(const struct timeline_tree *tree)
{
    const struct timeline *timeline = tree->view->timeline;
    return tree->row == timeline->row_count ? 1 : tree->event / (timeline->count + 1.0);
}
