/*
 * Reads the kernel's BPF ring buffers, one per processor, in the order of their records' times.
 */
#ifndef RINGSCOPE_RINGS_H
#define RINGSCOPE_RINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kernel_event.h"

struct ring_view {
    unsigned long *consumer; /* read position, shared with the kernel */
    const unsigned long *producer;
    const char *data; /* mapped twice in a row, so that no record wraps */
    size_t mask, mapped_bytes; /* at first only the beginning is mapped */
    int descriptor; /* borrowed */
    unsigned long position, end;
};

struct rings {
    struct ring_view *views;
    unsigned count;
    size_t bytes; /* of one ring's data */
    int error; /* errno: a ring could not be mapped any further */
};

/* Maps the rings of the descriptors, which are kept. False, with errno. */
bool rings_open(struct rings *rings, const int *descriptors, unsigned count, size_t bytes);
void rings_close(struct rings *rings);

/* Whether any ring is at least half full. */
bool rings_half_full(const struct rings *rings);

/* By which records are ordered. */
static inline uint64_t rings_end_of(const struct kernel_event *event)
{
    return event->time_ns + event->duration_ns;
}

/* Passes on the records that ended until then, oldest first; returns how many. None once rings->error is set. */
typedef void (*rings_handle)(void *argument, const struct kernel_event *event);
size_t rings_drain(struct rings *rings, uint64_t until_ns, rings_handle handle, void *argument);

#endif
