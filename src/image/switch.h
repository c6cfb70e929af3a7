/*
 * Switching an image by its control word, from the program that records or from another process.
 */
#ifndef RINGSCOPE_SWITCH_H
#define RINGSCOPE_SWITCH_H

#include "image.h"

/* ticks: the image's time now, from which uptime counts. Enabling twice or disabling twice changes nothing. */
void switch_enable(struct image_header *header, uint64_t ticks);
void switch_disable(struct image_header *header, uint64_t ticks);

void switch_filter(struct image_header *header, uint32_t mask);

/* Requests a save. Those who save look for requests now and then; those who record do not. */
void switch_ask_snapshot(struct image_header *header);

/* Where an image may hold remains of an epoch: LANES and ASYNC, or copies of them; and how many names fit. */
struct switch_rest {
    const struct image_lane *lanes;
    uint32_t lane_count;
    const struct image_async *async;
    uint32_t async_count;
    uint32_t names_room;
};

/* Begins new epochs: the next ones of which nothing remains, neither there nor in the header. Epoch numbers are reused,
 * and records from before a thread fell asleep must not reappear. There is room for new names afterwards. */
enum switch_epochs { SWITCH_EVENTS = 1, SWITCH_STATS = 2, SWITCH_BOTH = 3 };
void switch_epochs(struct image_header *header, enum switch_epochs which, const struct switch_rest *rest);

#endif
