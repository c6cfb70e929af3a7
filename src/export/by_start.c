/*
 * Sorts the events of a snapshot by start, in 4 bytes each.
 *
 * They come in the order of their ends. Walking back from the newest end, an event may start after all events still to
 * come as soon as it starts at or after the next one's end. Until then it is pending: pending events are the spans open
 * at that time, in a heap with the latest start on top. Events that leave the heap fill the index from its end; the
 * heap is at its beginning, and together they never exceed the events walked.
 */
#include "by_start.h"

#include <stdlib.h>

#include "../base/heap.h"

struct sorting {
    const struct tracer_snapshot *snapshot;
    uint32_t *index; /* [0, waiting) is the heap, [filled, count) is sorted */
    uint32_t waiting, filled;
};

/* Whether a comes after b. Of two with the same start, the shorter does, since it is inside the other. */
static bool later(const struct sorting *sorting, uint32_t a, uint32_t b)
{
    const struct snapshot_event *first = snapshot_event(sorting->snapshot, a);
    const struct snapshot_event *second = snapshot_event(sorting->snapshot, b);
    if (first->time_ns != second->time_ns)
        return first->time_ns > second->time_ns;
    uint64_t first_end = snapshot_end_ns(first), second_end = snapshot_end_ns(second);
    return first_end != second_end ? first_end < second_end : a > b;
}

static inline bool is_later(const struct sorting *sorting, const uint32_t *a, const uint32_t *b)
{
    return later(sorting, *a, *b);
}

HEAP_FUNCTIONS(latest, uint32_t, struct sorting, is_later)

static void push(struct sorting *sorting, uint32_t event)
{
    sorting->index[sorting->waiting] = event;
    latest_rise(sorting, sorting->index, sorting->waiting++);
}

static void pop(struct sorting *sorting)
{
    uint32_t top = sorting->index[0];
    sorting->index[0] = sorting->index[--sorting->waiting];
    if (sorting->waiting > 1)
        latest_sink(sorting, sorting->index, sorting->waiting, 0);
    sorting->index[--sorting->filled] = top;
}

static void walk_back(struct sorting *sorting, uint32_t count)
{
    for (uint32_t i = count; i-- > 0;) {
        uint64_t end_ns = snapshot_end_ns(snapshot_event(sorting->snapshot, i));
        while (sorting->waiting > 0 && snapshot_event(sorting->snapshot, sorting->index[0])->time_ns > end_ns)
            pop(sorting);
        push(sorting, i);
    }
    while (sorting->waiting > 0)
        pop(sorting);
}

static bool is_sorted(const struct sorting *sorting, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (later(sorting, sorting->index[i - 1], sorting->index[i]))
            return false;
    }
    return true;
}

/* A lane keeps its own order, whatever times its program gave. If they are out of order, the above is not enough. */
static void heap_sort(struct sorting *sorting, uint32_t count)
{
    sorting->waiting = count;
    latest_build(sorting, sorting->index, count);
    sorting->filled = count;
    while (sorting->waiting > 0)
        pop(sorting);
}

uint32_t *events_by_start(const struct tracer_snapshot *snapshot)
{
    size_t count = tracer_snapshot_count(snapshot);
    struct sorting sorting = { .snapshot = snapshot, .filled = (uint32_t)count };
    if (count >= UINT32_MAX)
        return NULL;
    sorting.index = malloc((count + 1) * sizeof *sorting.index);
    if (!sorting.index)
        return NULL;
    walk_back(&sorting, (uint32_t)count);
    if (!is_sorted(&sorting, (uint32_t)count))
        heap_sort(&sorting, (uint32_t)count);
    return sorting.index;
}
