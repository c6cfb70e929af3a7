/* Builds call trees of spans: each span is counted in a node below its parent's node. */
#include "tree.h"

#include <stdlib.h>

#include "../platform/arch.h"
#include "../platform/wide.h"

static uint64_t duration_within(const struct timeline_tree *tree, uint32_t event)
{
    const struct timeline *timeline = tree->view->timeline;
    int64_t start_ns = timeline->starts[event], end_ns = event_end(timeline, event);
    if (start_ns < tree->scope.from_ns)
        start_ns = tree->scope.from_ns;
    if (end_ns > tree->scope.to_ns)
        end_ns = tree->scope.to_ns;
    return end_ns > start_ns ? (uint64_t)(end_ns - start_ns) : 0;
}

/* Whether an event of the row is in the scope. Must be called for events in ascending order. */
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

/* Copied, so that a loop over events need not load them again after each call. */
struct columns {
    const uint32_t *names, *parents;
    const int64_t *durations;
    const uint8_t *kinds;
};

static struct columns columns_of(const struct timeline *timeline)
{
    return (struct columns){ timeline->names, timeline->parents, timeline->durations, timeline->kinds };
}

/* Neighbours that have the same parent. */
struct siblings {
    uint32_t parent; /* an event, or TIMELINE_NONE */
    uint32_t caller; /* the parent's entry in node_of; 0: none */
    uint32_t around; /* the node below which they go: the parent's own, even if it ends where the range begins */
    uint64_t total_ns;
};

/* Without memory, around is TIMELINE_NONE. */
static struct siblings siblings_in(struct timeline_tree *tree, uint32_t parent)
{
    struct siblings siblings = { .parent = parent };
    siblings.caller = parent == TIMELINE_NONE ? 0 : tree->node_of[parent - tree->track_event];
    if (siblings.caller)
        siblings.around = siblings.caller & ~NOT_ITSELF;
    else if (tree->per_thread)
        siblings.around = tree_child(tree, 0, TIMELINE_NONE, tree->view->timeline->row_track[tree->row]);
    return siblings;
}

/* Time spent in a call's children is not part of its self time, whether they pass the filter or not. */
static void leave(struct timeline_tree *tree, struct siblings siblings)
{
    if (siblings.caller && !(siblings.caller & NOT_ITSELF))
        sum_subtract(&tree->nodes[siblings.caller].self_ns, siblings.total_ns);
}

/* The steps for one span are inlined twice, because most trees include everything: checking whether each span is in the
 * scope, and how much of it, takes as long as all the other work. */
struct call {
    uint32_t event;
    uint8_t kind; /* as in the column */
    bool is_call; /* else the tree leaves it out */
    uint32_t node;
    uint64_t path, within_ns;
    int64_t duration_ns;
};

/* Looks at the next span of the row. False without memory. */
always_inline_ bool take_span(struct timeline_tree *tree, const struct columns *columns, uint32_t event,
                              bool everything, struct siblings *siblings, struct call *call)
{
    uint32_t parent = columns->parents[event];
    if (siblings->parent != parent) {
        leave(tree, *siblings);
        *siblings = siblings_in(tree, parent);
        if (siblings->around == TIMELINE_NONE)
            return false;
    }
    call->event = event;
    call->kind = columns->kinds[event];
    call->is_call = everything || tree->all || is_in_scope(tree, event);
    call->path = tree_path_of_name(siblings->around, columns->names[event]);
    call->duration_ns = columns->durations[event];
    call->within_ns = everything || tree->whole ? (uint64_t)call->duration_ns : duration_within(tree, event);
    siblings->total_ns += call->within_ns;
    if (unlikely(call->kind & TIMELINE_OVERLAP)) /* overlapping time is not counted twice */
        siblings->total_ns -= call->within_ns;
    return true;
}

static bool new_node(struct timeline_tree *tree, struct call *call)
{
    call->node = tree_add_child(tree, (uint32_t)(call->path >> 32), (uint32_t)call->path, TIMELINE_NONE, call->path);
    return call->node != TIMELINE_NONE;
}

always_inline_ bool find_node(struct timeline_tree *tree, struct call *call, bool innermost)
{
    call->node = (uint32_t)(call->path >> 32) | NOT_ITSELF;
    if (call->is_call) {
        call->node = tree->slots[tree_slot_of(tree, call->path)].node;
        if (!call->node && !new_node(tree, call))
            return false;
    }
    if (!innermost) /* no other span looks for its parent there */
        tree->node_of[call->event - tree->track_event] = call->node;
    return true;
}

always_inline_ void count_call(struct timeline_tree *tree, const struct call *call)
{
    if (!call->is_call)
        return;
    struct timeline_node *to = &tree->nodes[call->node];
    to->count++;
    to->total_ns += call->within_ns;
    to->self_ns += call->within_ns; /* its children are subtracted later */
    if (unlikely(to->total_ns < call->within_ns)) /* too much, once and for all */
        to->total_ns = to->self_ns = UINT64_MAX;
    if (call->kind & (TIMELINE_ERROR | TIMELINE_WAITS)) {
        to->errors += call->kind & TIMELINE_ERROR;
        sum_add(&to->wait_ns, call->kind & TIMELINE_WAITS ? call->within_ns : 0);
    }
    if (call->duration_ns > to->longest_ns) {
        to->longest = call->event;
        to->longest_ns = call->duration_ns;
    }
}

/* Adds one span after the other, for trees that fit into a cache. */
always_inline_ bool add_each(struct timeline_tree *tree, uint32_t end, bool innermost, bool everything)
{
    const struct columns columns = columns_of(tree->view->timeline);
    struct siblings siblings = { .parent = tree->event }; /* which no event has as its parent */
    for (uint32_t event = tree->event; event < end; event++) {
        struct call call;
        if (columns.kinds[event] >> FLAG_BITS != TIMELINE_SPAN)
            continue;
        if (!take_span(tree, &columns, event, everything, &siblings, &call) || !find_node(tree, &call, innermost))
            return false;
        count_call(tree, &call);
    }
    leave(tree, siblings);
    tree->event = end;
    return true;
}

#define BATCH 64u

/* For larger trees: prefetches the slot and the node of each span while it works on the others. */
static bool add_batch(struct timeline_tree *tree, uint32_t end, bool innermost)
{
    const struct columns columns = columns_of(tree->view->timeline);
    struct siblings siblings = { .parent = tree->event };
    struct call calls[BATCH];
    uint32_t count = 0;
    for (; tree->event < end && count < BATCH; tree->event++) {
        if (columns.kinds[tree->event] >> FLAG_BITS != TIMELINE_SPAN)
            continue;
        if (!take_span(tree, &columns, tree->event, false, &siblings, &calls[count]))
            return false;
        __builtin_prefetch(&tree->slots[tree_first_slot(tree, calls[count++].path)]);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!find_node(tree, &calls[i], innermost))
            return false;
        __builtin_prefetch(&tree->nodes[calls[i].node & ~NOT_ITSELF], 1);
    }
    for (uint32_t i = 0; i < count; i++)
        count_call(tree, &calls[i]);
    leave(tree, siblings);
    return true;
}

#define CACHED_SLOTS 4096u /* 160 KiB, with at most half as many nodes */
#define AT_ONCE 4096u /* events between two checks of the tree's size */

/* Continues the row up to an event. False without memory. */
static bool add_events(struct timeline_tree *tree, uint32_t end)
{
    const struct timeline *timeline = tree->view->timeline;
    const struct track_entry *track = &timeline->tracks[timeline->row_track[tree->row]];
    bool innermost = tree->row + 1 == track->first_row + track->rows - track->ticks;
    bool everything = tree->all && tree->whole, ok = true;
    while (ok && tree->event < end) {
        uint32_t next = end - tree->event < AT_ONCE ? end : tree->event + AT_ONCE;
        if (ARCH_HAS_PREFETCH && tree->slot_count > CACHED_SLOTS)
            ok = add_batch(tree, next, innermost);
        else if (everything)
            ok = add_each(tree, next, innermost, true);
        else
            ok = add_each(tree, next, innermost, false);
    }
    return ok;
}

/* How many events of a track can have children: all except those of the innermost row. */
static uint32_t outer_events(const struct timeline *timeline, const struct track_entry *track)
{
    uint32_t rows = track->rows - track->ticks;
    return rows ? timeline->row_first[track->first_row + rows - 1] - timeline->row_first[track->first_row] : 0;
}

static uint32_t most_outer_events(const struct timeline *timeline)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < timeline->track_count; i++) {
        uint32_t events = outer_events(timeline, &timeline->tracks[i]);
        most = events > most ? events : most;
    }
    return most;
}

/* At a track's first row, none of its events has been seen. */
static void begin_track(struct timeline_tree *tree, const struct track_entry *track)
{
    tree->track_event = tree->view->timeline->row_first[tree->row];
    memset(tree->node_of, 0, outer_events(tree->view->timeline, track) * sizeof *tree->node_of);
}

/* Finds the events of a row that overlap the range; a row's spans do not overlap each other. */
static void begin_row(struct timeline_tree *tree)
{
    const struct timeline *timeline = tree->view->timeline;
    const struct timeline_view everything = { .timeline = timeline, .row_first = timeline->row_first };
    uint32_t first = view_begins_at(&everything, tree->row, tree->scope.from_ns);
    const struct track_entry *track = &timeline->tracks[timeline->row_track[tree->row]];
    if (tree->row == track->first_row)
        begin_track(tree, track);
    bool before = first > timeline->row_first[tree->row] && event_end(timeline, first - 1) > tree->scope.from_ns;
    tree->event = first - before;
    tree->row_end = view_begins_at(&everything, tree->row, tree->scope.to_ns + 1); /* includes those that begin there */
    tree->position =
        view_begins_at(tree->view, tree->row, timeline->starts[tree->event < timeline->count ? tree->event : 0]);
    if (scope_leaves_out(&tree->scope, timeline, tree->row))
        tree->row_end = tree->event;
    tree->in_row = true;
}

/* Threads and the root have the sums of their children. */
static void sum_up(struct timeline_tree *tree)
{
    for (uint32_t i = tree->count - 1; i > 0; i--) {
        const struct timeline_node *node = &tree->nodes[i];
        struct timeline_node *parent = &tree->nodes[node->parent];
        if (parent->name != TIMELINE_NONE)
            continue;
        sum_add(&parent->total_ns, node->total_ns);
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
    tree->node_of = malloc(((size_t)most_outer_events(view->timeline) + 1) * sizeof *tree->node_of);
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
        if (!add_events(tree, tree->event + count))
            return TRACER_ERROR_MEMORY;
        if (count < left)
            return TRACER_OK;
        events -= count;
        events -= events > 0; /* empty rows take time as well */
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
