/*
 * What processes map, so that addresses can be told from which file they are: told by the kernel's perf events, of all
 * processors. See perf_event_open(2).
 */
#ifndef RINGSCOPE_BPF_MAPPED_H
#define RINGSCOPE_BPF_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

#include "../spaces.h"

struct mapped_ring {
    int descriptor;
    void *pages; /* a struct perf_event_mmap_page, and behind it the ring */
};

struct mapped {
    struct mapped_ring *rings;
    unsigned count;
    size_t ring_bytes;
    char *record; /* one that goes over the ring's end is put together here */
};

/* 0, or an errno: nothing is open then. */
int mapped_open(struct mapped *mapped, unsigned cpus);
void mapped_read(struct mapped *mapped, struct spaces *spaces);
void mapped_close(struct mapped *mapped);

#endif
