/* Derives trees from a tree: of callers, and of callees. */
#include "tree.h"

#include <stdlib.h>

#include "../platform/wide.h"

/* Whether an enclosing node has the same name: in a recursion, only the outermost adds to the total. */
static bool is_inner(const struct timeline_tree *tree, uint32_t number)
{
    uint32_t name = tree->nodes[number].name;
    for (uint32_t at = tree->nodes[number].parent; at != TIMELINE_NONE; at = tree->nodes[at].parent)
        if (tree->nodes[at].name == name)
            return true;
    return false;
}

static void add_to(struct timeline_node *to, const struct timeline_node *node, bool with_total)
{
    to->count += node->count;
    to->errors += node->errors;
    sum_add(&to->self_ns, node->self_ns);
    sum_add(&to->total_ns, with_total ? node->total_ns : 0);
    if (node->longest_ns > to->longest_ns) {
        to->longest = node->longest;
        to->longest_ns = node->longest_ns;
    }
}

/* Gives the root the sums of its children. */
static void sum_root(struct timeline_tree *tree)
{
    for (uint32_t i = 1; i < tree->count; i++) {
        if (tree->nodes[i].parent != 0)
            continue;
        tree->nodes[0].count += tree->nodes[i].count;
        tree->nodes[0].errors += tree->nodes[i].errors;
        sum_add(&tree->nodes[0].self_ns, tree->nodes[i].self_ns);
        sum_add(&tree->nodes[0].total_ns, tree->nodes[i].total_ns);
    }
}

/* Adds a node under its name, its caller below that, and so on. */
static bool add_path(struct timeline_tree *to, const struct timeline_tree *from, uint32_t number)
{
    const struct timeline_node *node = &from->nodes[number];
    bool with_total = !is_inner(from, number);
    uint32_t place = 0;
    for (uint32_t at = number; at != TIMELINE_NONE; at = from->nodes[at].parent) {
        const struct timeline_node *caller = &from->nodes[at];
        if (caller->name == TIMELINE_NONE && caller->track == TIMELINE_NONE)
            break;
        place = tree_child(to, place, caller->name, caller->track);
        if (place == TIMELINE_NONE)
            return false;
        add_to(&to->nodes[place], node, with_total);
    }
    return true;
}

static enum tracer_error return_tree(struct timeline_tree **result, struct timeline_tree *tree, bool ok)
{
    if (ok) {
        sum_root(tree);
    } else {
        timeline_tree_destroy(tree);
        tree = NULL;
    }
    *result = tree;
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

enum tracer_error timeline_tree_invert(struct timeline_tree **result, const struct timeline_tree *tree, uint32_t name)
{
    struct timeline_tree *to = tree_create(tree->view);
    bool ok = to != NULL;
    for (uint32_t i = 1; ok && i < tree->count; i++)
        if (tree->nodes[i].name != TIMELINE_NONE && (name == TIMELINE_NONE || tree->nodes[i].name == name))
            ok = add_path(to, tree, i);
    return return_tree(result, to, ok);
}

enum tracer_error timeline_tree_callees(struct timeline_tree **result, const struct timeline_tree *tree, uint32_t name)
{
    struct timeline_tree *to = tree_create(tree->view);
    uint32_t *remap = malloc(((size_t)tree->count + 1) * sizeof *remap); /* the other tree's node of each */
    bool ok = to && remap;
    for (uint32_t i = 0; ok && i < tree->count; i++) {
        const struct timeline_node *node = &tree->nodes[i];
        uint32_t around = node->parent == TIMELINE_NONE ? TIMELINE_NONE : remap[node->parent];
        remap[i] = TIMELINE_NONE;
        if (around == TIMELINE_NONE && (node->name != name || name == TIMELINE_NONE))
            continue;
        remap[i] = tree_child(to, around == TIMELINE_NONE ? 0 : around, node->name, TIMELINE_NONE);
        ok = remap[i] != TIMELINE_NONE;
        if (ok)
            add_to(&to->nodes[remap[i]], node, true);
    }
    free(remap);
    return return_tree(result, to, ok);
}
