/*
 * Call trees: nodes, parents before their children, found by parent and name.
 */
#ifndef RINGSCOPE_TIMELINE_TREE_H
#define RINGSCOPE_TIMELINE_TREE_H

#include "search.h"

/* A node is found by its parent and its name, or its track. */
struct tree_slot {
    uint64_t path; /* from tree_path() */
    uint32_t node; /* 0, which is the root: the slot is free */
};

struct timeline_tree {
    const struct timeline_view *view;
    struct timeline_scope scope;
    bool per_thread;
    bool whole; /* the scope covers the whole trace */
    bool all; /* the scope has all events of the view, which has no list of them */
    struct timeline_node *nodes;
    uint32_t count, room;
    struct tree_slot *slots; /* open addressing, at least half of them free */
    uint32_t slot_count, slot_shift; /* 2^(64 - slot_shift) slots */
    uint32_t *
        node_of; /* of each of the track's events; 0: not seen; NOT_ITSELF: left out, its children belong to the node */
    uint32_t track_event; /* the track's first event */
    uint32_t row, event, position; /* the next ones */
    uint32_t row_end; /* the row's first event beyond the scope */
    bool in_row;
};

#define NOT_ITSELF (UINT32_C(1) << 31)

/* A node's number has 31 bits. */
static inline uint64_t tree_path_of_name(uint32_t parent, uint32_t name)
{
    return (uint64_t)parent << 32 | name;
}
static inline uint64_t tree_path(uint32_t parent, uint32_t name, uint32_t track)
{
    return name != TIMELINE_NONE ? tree_path_of_name(parent, name)
                                 : tree_path_of_name(parent, track) | UINT64_C(1) << 63;
}

/* The slot where the search for a path begins. */
static inline uint32_t tree_first_slot(const struct timeline_tree *tree, uint64_t path)
{
    return (uint32_t)(path * UINT64_C(0x9e3779b97f4a7c15) >> tree->slot_shift);
}

/* The slot of a path, or the free one where it belongs. */
static inline uint32_t tree_slot_of(const struct timeline_tree *tree, uint64_t path)
{
    uint32_t mask = tree->slot_count - 1, at = tree_first_slot(tree, path);
    if (tree->slots[at].path == path) /* or the slot is free and the path 0 */
        return at;
    while (tree->slots[at].node && tree->slots[at].path != path)
        at = (at + 1) & mask;
    return at;
}

/* The child of a node, created if there is none; TIMELINE_NONE without memory. */
uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track);
/* Adds a child whose path is known to be new. */
uint32_t tree_add_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track, uint64_t path);
/* Has only the root. NULL without memory. */
struct timeline_tree *tree_create(const struct timeline_view *view);

#endif
