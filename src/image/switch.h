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

/* Begins new epochs: adds to them. */
void switch_epochs(struct image_header *header, uint32_t events, uint32_t stats);

#endif
