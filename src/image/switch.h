/*
 * The control word of an image: switching it, from the program that records or from another process.
 */
#ifndef RINGSCOPE_SWITCH_H
#define RINGSCOPE_SWITCH_H

#include "image.h"

/* ticks: the image's time now, from which uptime counts. On to on, and off to off, change nothing. */
void switch_enable(struct image_header *header, uint64_t ticks);
void switch_disable(struct image_header *header, uint64_t ticks);

void switch_filter(struct image_header *header, uint32_t mask);

/* What an epoch may have left in an image: LANES and ASYNC, or copies of them; and how many names there is room for. */
struct switch_rest {
    const struct image_lane *lanes;
    uint32_t lane_count;
    const struct image_async *async;
    uint32_t async_count;
    uint32_t names_room;
};

/* Begins new epochs. They are the next ones of which nothing is left, neither in the rest nor in the header: epochs are
 * used again, and what a thread recorded before it fell asleep must not come back then. New events find room for new
 * names. */
enum switch_epochs { SWITCH_EVENTS = 1, SWITCH_STATS = 2, SWITCH_BOTH = 3 };
void switch_epochs(struct image_header *header, enum switch_epochs which, const struct switch_rest *rest);

#endif
