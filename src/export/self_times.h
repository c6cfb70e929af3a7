/*
 * The self times of spans, without the spans directly inside, for spans ordered by start: a stack for each track.
 */
#ifndef RINGSCOPE_EXPORT_SELF_TIMES_H
#define RINGSCOPE_EXPORT_SELF_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#define SELF_TIMES_NONE UINT64_MAX

struct self_stack;

/* All zero: empty, and without tracks. */
struct self_times {
    struct self_stack *stacks;
    uint32_t tracks;
    void (*known)(void *context, uint64_t span, uint64_t self_ns); /* called once for each span */
    void *context;
};

struct self_span {
    uint64_t number, start_ns, end_ns;
    uint32_t track;
};

/* False without memory. */
bool self_times_init(struct self_times *times, uint32_t tracks);
/* The number of the innermost span that contains the one to be entered next, or SELF_TIMES_NONE. */
uint64_t self_times_holder(struct self_times *times, const struct self_span *span);
bool self_times_enter(struct self_times *times, const struct self_span *span);
/* Ends all open spans. */
void self_times_end(struct self_times *times);
void self_times_free(struct self_times *times);

#endif
