/* Stores the nodes of call trees, in a table that finds them by path. */
#include "tree.h"

#include <stdlib.h>

#define SLOTS_FIRST 256u
#define SHIFT_FIRST 56u

static bool make_slots(struct timeline_tree *tree)
{
    struct tree_slot *old = tree->slots;
    uint32_t count = tree->slot_count, larger = count ? count * 2 : SLOTS_FIRST;
    struct tree_slot *slots = larger > count ? calloc(larger, sizeof *slots) : NULL;
    if (!slots)
        return false;
    tree->slots = slots;
    tree->slot_shift = count ? tree->slot_shift - 1 : SHIFT_FIRST;
    tree->slot_count = larger;
    for (uint32_t i = 0; i < count; i++)
        if (old[i].node)
            slots[tree_slot_of(tree, old[i].path)] = old[i];
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

uint32_t tree_add_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track, uint64_t path)
{
    uint32_t node = add_node(tree, parent, name, track);
    if (node != TIMELINE_NONE)
        tree->slots[tree_slot_of(tree, path)] = (struct tree_slot){ path, node };
    return node;
}

uint32_t tree_child(struct timeline_tree *tree, uint32_t parent, uint32_t name, uint32_t track)
{
    const uint64_t path = tree_path(parent, name, track);
    uint32_t node = tree->slots[tree_slot_of(tree, path)].node;
    return node ? node : tree_add_child(tree, parent, name, track, path);
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
