/* Walks from each call up to one that has a frame already, and back. */
#include "call_nodes.h"

#include <stdlib.h>

/* above has room for all nodes. */
static void frame_node(struct samples *samples, struct call_node *nodes, uint32_t node, uint32_t *above)
{
    uint32_t depth = 0, at = node;
    for (; at != NO_CALL && nodes[at].frame == CALL_NOT_FRAMED; at = nodes[at].parent) {
        nodes[at].frame = SAMPLES_ROOT;
        above[depth++] = at;
    }
    uint32_t frame = at == NO_CALL ? SAMPLES_ROOT : nodes[at].frame;
    while (depth > 0) {
        struct call_node *call = &nodes[above[--depth]];
        frame = call->frame = samples_frame(samples, frame, call->name, call->category);
    }
}

bool call_nodes_frame(struct samples *samples, struct call_node *nodes, uint32_t count)
{
    uint32_t *above = malloc(((size_t)count + 1) * sizeof *above);
    bool ok = above != NULL;
    for (uint32_t i = 0; ok && i < count; i++)
        ok = nodes[i].name != UINT32_MAX;
    for (uint32_t i = 0; ok && i < count; i++)
        frame_node(samples, nodes, i, above);
    free(above);
    return ok;
}
