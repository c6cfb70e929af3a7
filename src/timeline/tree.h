/*
 * Call trees: nodes, parents before their children, found by parent and name.
 */
#ifndef RINGSCOPE_TIMELINE_TREE_H
#define RINGSCOPE_TIMELINE_TREE_H

#include "search.h"

struct timeline_tree {
    const struct timeline_view *view;
    struct timeline_scope scope;
    bool per_thread;
    struct timeline_node *nodes;
    uint32_t count, room;
    struct hash_table by_path;
    uint32_t *last_child; /* by node: the one that was found last, which nearly always comes next */
    uint32_t last_room;
    uint32_t *node_of; /* by event, 0: not met; NOT_ITSELF: it is left out, and those inside it belong there */
    uint32_t row, event, position; /* what comes next */
    bool in_row;
};

#define NOT_ITSELF (UINT32_C(1) << 31)

/* The child of a node, made if there is none; TIMELINE_NONE without memory. */
uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track);
/* Empty but for the root. NULL without memory. */
struct timeline_tree *tree_create(const struct timeline_view *view);

#endif
