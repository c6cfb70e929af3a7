/*
 * Call trees: nodes, parents before their children, found by parent and name.
 */
#ifndef RINGSCOPE_TIMELINE_TREE_H
#define RINGSCOPE_TIMELINE_TREE_H

#include "search.h"

/* A node is found by its parent and its name, or its track. */
struct tree_slot {
    uint64_t path; /* as path_of() makes it */
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
    uint32_t *node_of; /* by event, 0: not met; NOT_ITSELF: it is left out, and those inside it belong there */
    uint32_t row, event, position; /* what comes next */
    uint32_t row_end; /* the first event of the row that is beyond the scope */
    bool in_row;
    /* Neighbours mostly have the same parent: */
    bool has_parent; /* known */
    uint32_t parent, around; /* an event, and the node that what is inside of it stands below */
    uint64_t inside_ns; /* what is inside of it, and is still to be taken from its self time */
};

#define NOT_ITSELF (UINT32_C(1) << 31)

/* The child of a node, made if there is none; TIMELINE_NONE without memory. */
uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track);
/* Empty but for the root. NULL without memory. */
struct timeline_tree *tree_create(const struct timeline_view *view);

#endif
