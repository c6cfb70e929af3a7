/*
 * Call trees: nodes, parents before their children, found by parent and name.
 */
#ifndef RINGSCOPE_TIMELINE_TREE_H
#define RINGSCOPE_TIMELINE_TREE_H

#include "search.h"

/* A node is found by its parent and its name, or its track. */
struct tree_slot {
    uint64_t path; /* as tree_path() makes it */
    uint32_t node; /* 0, the root: the slot is free */
};

struct timeline_tree {
    const struct timeline_view *view;
    struct timeline_scope scope;
    bool per_thread;
    bool whole; /* the scope has all of the trace */
    bool all; /* and all events of the view, which has no list of them */
    struct timeline_node *nodes;
    uint32_t count, room;
    struct tree_slot *slots; /* open addressing; half of them are free */
    uint32_t slot_count;
    uint32_t *node_of; /* of the track's events; 0: not met; NOT_ITSELF: left out, its children belong to the node */
    uint32_t track_event; /* the first one of the track */
    uint32_t row, event, position; /* what comes next */
    uint32_t row_end; /* the first event of the row that is beyond the scope */
    bool in_row;
    /* Neighbours mostly have the same parent: */
    bool has_parent; /* known */
    uint32_t parent, around; /* an event, and the node that what is inside of it stands below */
    uint64_t inside_ns; /* what is inside of it, and is still to be taken from its self time */
};

#define NOT_ITSELF (UINT32_C(1) << 31)

/* A node's number has 31 bits. */
static inline uint64_t tree_path(uint32_t parent, uint32_t name, uint32_t track)
{
    uint64_t around = (uint64_t)parent << 32;
    return name != TIMELINE_NONE ? around | name : around | track | UINT64_C(1) << 63;
}

/* Where a path is looked for first. */
static inline uint32_t tree_first_slot(const struct timeline_tree *tree, uint64_t path)
{
    uint64_t hash = path * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(hash >> 32 ^ hash >> 47) & (tree->slot_count - 1);
}

/* The slot of a path, or the free one where it belongs. */
static inline uint32_t tree_slot_of(const struct timeline_tree *tree, uint64_t path)
{
    uint32_t mask = tree->slot_count - 1, at = tree_first_slot(tree, path);
    while (tree->slots[at].node && tree->slots[at].path != path)
        at = (at + 1) & mask;
    return at;
}

/* The child of a node, made if there is none; TIMELINE_NONE without memory. */
uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track);
/* Adds a child whose path is known to be new. */
uint32_t tree_add_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track, uint64_t path);
/* Empty but for the root. NULL without memory. */
struct timeline_tree *tree_create(const struct timeline_view *view);

#endif
