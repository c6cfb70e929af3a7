/*
 * The mappings of processes, by which addresses are assigned to files, reported by the kernel's perf events of all
 * processors. See perf_event_open(2).
 */
#ifndef RINGSCOPE_BPF_MAPPED_H
#define RINGSCOPE_BPF_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

#include "../spaces.h"

struct mapped_ring {
    int descriptor;
    void *pages; /* a struct perf_event_mmap_page, followed by the ring */
};

struct mapped {
    struct mapped_ring *rings;
    unsigned count;
    size_t ring_bytes;
    char *record; /* where a record that wraps around the ring is put together */
};

/* Returns 0, or an errno, in which case nothing is open. */
int mapped_open(struct mapped *mapped, unsigned cpus);
void mapped_read(struct mapped *mapped, struct spaces *spaces);
void mapped_close(struct mapped *mapped);

#endif
