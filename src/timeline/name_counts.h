/*
 * The events of an image counted by name, without being loaded: a small part of the work, and no memory for each.
 */
#ifndef RINGSCOPE_TIMELINE_NAME_COUNTS_H
#define RINGSCOPE_TIMELINE_NAME_COUNTS_H

#include "../read/snapshot.h"
#include "texts.h"

/* All zero: none. */
struct name_counts {
    struct interned names;
    uint32_t *counts; /* by id: how many events timeline_load() would add */
    uint32_t room, total;
};

/* Counts. False if only loading can tell, because a program may be writing to the image, or because it has stacks, so
 * that its samples may be drawn as spans; also after an error, which loading reports as well. rest: of the same image;
 * may be without events. */
bool name_counts_make(struct name_counts *counts, struct tracer_reader *reader, const struct tracer_snapshot *rest);
void name_counts_free(struct name_counts *counts);

#endif
