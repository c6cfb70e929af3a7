/*
 * Turns calls that refer to their callers, in any order, into frames of samples.
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
    uint32_t frame; /* initially CALL_NOT_FRAMED */
    uint8_t category;
    bool known; /* defined, not only referred to */
};

/* Gives every node its frame. In damaged text calls may form a cycle: the one reached twice is then outermost. False
 * without memory. */
bool call_nodes_frame(struct samples *samples, struct call_node *nodes, uint32_t count);

#endif
