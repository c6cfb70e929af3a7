/* Makes call trees of spans: each stands below its parent's node. */
#include "tree.h"

#include <stdlib.h>

/* --------------------------------------------------------------------- nodes */

/* A node's number has 31 bits. */
static uint64_t path_of(uint32_t parent, uint32_t name, uint32_t track)
{
    uint64_t around = (uint64_t)parent << 32;
    return name != TIMELINE_NONE ? around | name : around | track | UINT64_C(1) << 63;
}

/* Where a path is looked for first. */
static inline uint32_t first_slot(const struct timeline_tree *tree, uint64_t path)
{
    uint64_t hash = path * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32 ^ hash >> 47) & (tree->slot_count - 1);
}

/* The slot of a path, or the free one where it belongs. */
static inline uint32_t slot_of(const struct timeline_tree *tree, uint64_t path)
{
    uint32_t mask = tree->slot_count - 1, at = first_slot(tree, path);
    while (tree->slots[at].node && tree->slots[at].path != path)
        at = (at + 1) & mask;
    return at;
}

#define SLOTS_FIRST 256u

static bool make_slots(struct timeline_tree *tree)
{
    struct tree_slot *old = tree->slots;
    uint32_t count = tree->slot_count, larger = count ? count * 2 : SLOTS_FIRST;
    struct tree_slot *slots = larger > count ? calloc(larger, sizeof *slots) : NULL;
    if (!slots)
        return false;
    tree->slots = slots;
    tree->slot_count = larger;
    for (uint32_t i = 0; i < count; i++)
        if (old[i].node)
            slots[slot_of(tree, old[i].path)] = old[i];
    free(old);
    return true;
}

/* Returns the new node, or TIMELINE_NONE. */
static uint32_t add_node(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track)
{
    struct timeline_node *nodes = array_grow(tree->nodes, tree->count, &tree->room, sizeof *nodes);
    if (!nodes)
        return TIMELINE_NONE;
    tree->nodes = nodes;
    if (tree->count >= NOT_ITSELF - 1 || (tree->count >= tree->slot_count / 2 && !make_slots(tree)))
        return TIMELINE_NONE;
    nodes[tree->count] = (struct timeline_node){
        .parent = parent, .name = name, .track = track, .longest = TIMELINE_NONE, .longest_ns = -1
    };
    return tree->count++;
}

static uint32_t add_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track, uint64_t path)
{
    uint32_t node = add_node(tree, parent, name, track);
    if (node != TIMELINE_NONE)
        tree->slots[slot_of(tree, path)] = (struct tree_slot){ path, node };
    return node;
}

uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track)
{
    const uint64_t path = path_of(parent, name, track);
    uint32_t node = tree->slots[slot_of(tree, path)].node;
    return node ? node : add_child(tree, parent, name, track, path);
}

struct timeline_tree *tree_create(const struct timeline_view *view)
{
    struct timeline_tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        return NULL;
    tree->view = view;
    if (add_node(tree, TIMELINE_NONE, TIMELINE_NONE, TIMELINE_NONE) == 0)
        return tree;
    timeline_tree_destroy(tree);
    return NULL;
}

void timeline_tree_destroy(struct timeline_tree *tree)
{
    if (!tree)
        return;
    free(tree->nodes);
    free(tree->node_of);
    free(tree->slots);
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

/* Where the nodes of what is inside of an event stand: below that event's, which may end where the range begins. */
static uint32_t node_inside(struct timeline_tree *tree, uint32_t parent)
{
    if (parent != TIMELINE_NONE && tree->node_of[parent])
        return tree->node_of[parent] & ~NOT_ITSELF;
    return tree->per_thread ? tree_child(tree, 0, TIMELINE_NONE, tree->view->timeline->row_track[tree->row]) : 0;
}

/* What is inside of a call is no part of its self time, whether it passes or not. */
static void leave_parent(struct timeline_tree *tree)
{
    uint32_t parent = tree->has_parent ? tree->parent : TIMELINE_NONE;
    if (parent != TIMELINE_NONE && tree->node_of[parent] && !(tree->node_of[parent] & NOT_ITSELF))
        tree->nodes[tree->node_of[parent]].self_ns -= tree->inside_ns;
    tree->inside_ns = 0;
    tree->has_parent = false;
}

static bool enter_parent(struct timeline_tree *tree, uint32_t parent)
{
    leave_parent(tree);
    tree->parent = parent;
    tree->around = node_inside(tree, parent);
    tree->has_parent = tree->around != TIMELINE_NONE;
    return tree->has_parent;
}

/* A large tree is in no cache: what an event needs of it is asked for while others are looked at, a batch at a time. */
#define BATCH 64u

struct call {
    uint64_t path; /* unless it is left out */
    uint64_t within_ns;
    int64_t duration_ns;
    uint32_t event, around;
    uint32_t node; /* TIMELINE_NONE: it is left out */
    uint8_t kind;
};

/* Collects calls of the row up to an event. False without memory. */
static bool collect(struct timeline_tree *tree, uint32_t end, struct call *calls, uint32_t *count)
{
    const struct timeline *timeline = tree->view->timeline;
    for (*count = 0; tree->event < end && *count < BATCH; tree->event++) {
        uint32_t event = tree->event, parent = timeline->parents[event];
        struct call *call = &calls[*count];
        call->kind = timeline->kinds[event];
        if (call->kind >> FLAG_BITS != TIMELINE_SPAN)
            continue;
        if (!(tree->has_parent && tree->parent == parent) && !enter_parent(tree, parent))
            return false;
        bool is_call = tree->all || is_in_scope(tree, event);
        call->event = event;
        call->around = tree->around;
        call->node = is_call ? 0 : TIMELINE_NONE;
        call->duration_ns = timeline->durations[event];
        call->within_ns = (uint64_t)(tree->whole ? call->duration_ns : duration_within(tree, event));
        call->path = path_of(tree->around, timeline->names[event], TIMELINE_NONE);
        tree->inside_ns += call->kind & TIMELINE_OVERLAP ? 0 : call->within_ns; /* what overlaps counts nowhere twice */
        __builtin_prefetch(&tree->slots[first_slot(tree, call->path)]);
        ++*count;
    }
    return true;
}

static bool find_nodes(struct timeline_tree *tree, struct call *calls, uint32_t count, bool innermost)
{
    const uint32_t *names = tree->view->timeline->names;
    for (uint32_t i = 0; i < count; i++) {
        struct call *call = &calls[i];
        bool is_call = call->node != TIMELINE_NONE;
        if (is_call) {
            call->node = tree->slots[slot_of(tree, call->path)].node;
            if (!call->node)
                call->node = add_child(tree, call->around, names[call->event], TIMELINE_NONE, call->path);
            if (call->node == TIMELINE_NONE)
                return false;
            __builtin_prefetch(&tree->nodes[call->node], 1);
        }
        if (!innermost) /* nothing is inside of it that would ask */
            tree->node_of[call->event] = is_call ? call->node : call->around | NOT_ITSELF;
    }
    return true;
}

static void count_calls(struct timeline_tree *tree, const struct call *calls, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct call *call = &calls[i];
        if (call->node == TIMELINE_NONE)
            continue;
        struct timeline_node *to = &tree->nodes[call->node];
        to->count++;
        to->errors += call->kind & TIMELINE_ERROR;
        to->total_ns += call->within_ns;
        to->self_ns += call->within_ns; /* less what is directly inside, which comes later */
        to->longest = call->duration_ns > to->longest_ns ? call->event : to->longest;
        to->longest_ns = call->duration_ns > to->longest_ns ? call->duration_ns : to->longest_ns;
    }
}

/* Goes on with the row up to an event. False without memory. */
static bool add_events(struct timeline_tree *tree, uint32_t end)
{
    const struct timeline *timeline = tree->view->timeline;
    const struct track_entry *track = &timeline->tracks[timeline->row_track[tree->row]];
    struct call calls[BATCH];
    uint32_t count;
    while (tree->event < end) {
        if (!collect(tree, end, calls, &count) ||
            !find_nodes(tree, calls, count, tree->row + 1 == track->first_row + track->rows - track->ticks))
            return false;
        count_calls(tree, calls, count);
    }
    return true;
}

/* Which events of a row reach into the range: spans of a row do not overlap. */
static void begin_row(struct timeline_tree *tree)
{
    const struct timeline *timeline = tree->view->timeline;
    const struct timeline_view everything = { .timeline = timeline, .row_first = timeline->row_first };
    uint32_t first = view_begins_at(&everything, tree->row, tree->scope.from_ns);
    bool before = first > timeline->row_first[tree->row] && event_end(timeline, first - 1) > tree->scope.from_ns;
    tree->event = first - before;
    tree->row_end = view_begins_at(&everything, tree->row, tree->scope.to_ns + 1); /* what begins at the end counts */
    tree->position =
        view_begins_at(tree->view, tree->row, timeline->starts[tree->event < timeline->count ? tree->event : 0]);
    tree->in_row = true;
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
    tree->whole = scope->from_ns <= 0 && scope->to_ns >= view->timeline->duration_ns;
    tree->all = !view->events && !scope->hits;
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
        if (!tree->in_row)
            begin_row(tree);
        uint32_t left = tree->event < tree->row_end ? tree->row_end - tree->event : 0;
        uint32_t count = left < events ? left : events;
        bool ok = add_events(tree, tree->event + count);
        leave_parent(tree);
        if (!ok)
            return TRACER_ERROR_MEMORY;
        if (count < left)
            return TRACER_OK;
        events -= count;
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
