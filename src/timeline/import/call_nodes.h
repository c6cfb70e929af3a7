/*
 * Calls that know what called them, in any order, as frames of samples.
 */
#ifndef RINGSCOPE_IMPORT_CALL_NODES_H
#define RINGSCOPE_IMPORT_CALL_NODES_H

#include "samples.h"

#define NO_CALL UINT32_MAX
#define CALL_NOT_FRAMED (UINT32_MAX - 1)

struct call_node {
    int64_t id;
    uint32_t parent; /* an index; NO_CALL: it is outermost */
    uint32_t name; /* the builder's */
    uint32_t frame; /* CALL_NOT_FRAMED at first */
    uint8_t category;
    bool known; /* it is more than something that others speak of */
};

/* Gives every node its frame. Of damaged text, calls may be inside each other: the one that is come to twice is then
 * outermost. False without memory. */
bool call_nodes_frame(struct samples *samples, struct call_node *nodes, uint32_t count);

#endif
