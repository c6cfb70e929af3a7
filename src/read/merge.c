/* Merges lanes backwards, with a heap of their newest events. */
#include "merge.h"

#include <stdlib.h>

#include "../base/heap.h"

static enum tracer_error load_older(struct merge *merge, struct merge_lane *at)
{
    struct lane *lane = &at->lane;
    uint64_t to = at->next;
    at->from = to - lane->low > LANE_CHUNK ? to - LANE_CHUNK : lane->low;
    enum tracer_error error = lane_load(lane, at->from, to, at->records, merge->scratch);
    if (error == TRACER_OK && at->order)
        error = source_read(&lane->reader->source,
                            lane->reader->sections[IMAGE_ORDER].offset_bytes + at->from * sizeof *at->order, at->order,
                            (size_t)(to - at->from) * sizeof *at->order);
    return error;
}

/* Moves to the next older sound event; false at the lane's end. */
static bool step(struct merge *merge, struct merge_lane *at)
{
    bool empty = false; /* the last load had no sound event */
    while (at->next > at->lane.low) {
        if (at->next == at->from) {
            if (empty)
                at->next = at->from = lane_skip_hole(&at->lane, at->next);
            empty = true;
            if (at->next == at->lane.low)
                return false;
            merge->error = load_older(merge, at);
            if (merge->error != TRACER_OK)
                return false;
            continue; /* low may have gone up */
        }
        at->next--;
        const uint64_t *record = merge_record(at);
        if (!record_sound(record))
            continue;
        record_times(record, &at->lane.copy->rate, &at->piece, &at->time_ns, &at->duration_ns);
        at->end_ns = add_saturating(at->time_ns, at->duration_ns);
        return true;
    }
    return false;
}

/* The newest is on top; of two at the same time, the one of the later lane is newer. */
static inline bool is_newer(const struct merge *merge, struct merge_lane *const *a, struct merge_lane *const *b)
{
    (void)merge;
    return (*a)->end_ns > (*b)->end_ns || ((*a)->end_ns == (*b)->end_ns && (*a)->lane.index > (*b)->lane.index);
}

HEAP_FUNCTIONS(newest, struct merge_lane *, struct merge, is_newer)

static bool allocate(struct merge *merge, uint32_t lanes, bool sealed)
{
    size_t chunk_bytes = (size_t)LANE_CHUNK * RECORD_BYTES;
    merge->lanes = calloc(lanes, sizeof *merge->lanes);
    merge->heap = calloc(lanes, sizeof *merge->heap);
    merge->records = malloc(lanes * chunk_bytes);
    merge->scratch = malloc(chunk_bytes);
    merge->order = sealed ? malloc(LANE_CHUNK * sizeof *merge->order) : NULL;
    if (sealed && !merge->order)
        return false;
    return merge->lanes && merge->heap && merge->records && merge->scratch;
}

static uint32_t count_lanes(const struct tracer_reader *reader, const struct live_copy *copy)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < reader->lanes; i++)
        count += copy->lanes[i].head > copy->lanes[i].first;
    return count;
}

static enum tracer_error add_lane(struct merge *merge, struct lane lane, bool hold_back)
{
    struct merge_lane *at = &merge->lanes[merge->lane_count];
    at->lane = lane;
    at->order = merge->order;
    at->records = merge->records + (size_t)merge->lane_count * LANE_CHUNK * RECORD_WORDS;
    enum tracer_error error = hold_back ? lane_hold_back(&at->lane, at->records, merge->scratch) : TRACER_OK;
    at->next = at->from = at->lane.high;
    if (lane.low < lane.high)
        merge->lane_count++;
    return error;
}

enum tracer_error merge_init(struct merge *merge, const struct tracer_reader *reader, const struct live_copy *copy,
                             const uint64_t *since)
{
    enum tracer_error error = TRACER_OK;
    *merge = (struct merge){ .whole = since != NULL };
    uint32_t lanes = count_lanes(reader, copy);
    if (lanes == 0)
        return TRACER_OK;
    if (!allocate(merge, lanes, reader->sealed))
        return TRACER_ERROR_MEMORY;
    for (uint32_t i = 0; i < reader->lanes && merge->lane_count < lanes && error == TRACER_OK; i++) {
        struct lane lane;
        lane_init(&lane, reader, copy, i);
        if (since)
            lane_begin_at(&lane, since[i]);
        error = add_lane(merge, lane, since && copy->live);
    }
    return error;
}

void merge_free(struct merge *merge)
{
    for (uint32_t i = 0; i < merge->lane_count; i++)
        lane_free(&merge->lanes[i].lane);
    free(merge->lanes);
    free(merge->heap);
    free(merge->records);
    free(merge->scratch);
    free(merge->order);
    *merge = (struct merge){ 0 };
}

uint64_t merge_positions(const struct merge *merge)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < merge->lane_count; i++)
        sum += merge->lanes[i].lane.high - merge->lanes[i].lane.low;
    return sum;
}

uint64_t merge_unreadable(const struct merge *merge)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < merge->lane_count; i++)
        sum += merge->lanes[i].lane.unreadable;
    return sum;
}

static struct merge_lane *end(struct merge *merge)
{
    merge->heap_count = 0;
    return NULL;
}

static struct merge_lane *begin(struct merge *merge)
{
    merge->begun = true;
    for (uint32_t i = 0; i < merge->lane_count && merge->error == TRACER_OK; i++) {
        if (step(merge, &merge->lanes[i]))
            merge->heap[merge->heap_count++] = &merge->lanes[i];
        else if (merge->lanes[i].lane.overwritten && !merge->whole)
            return end(merge);
    }
    newest_build(merge, merge->heap, merge->heap_count);
    return merge->heap_count > 0 && merge->error == TRACER_OK ? merge->heap[0] : NULL;
}

struct merge_lane *merge_next(struct merge *merge)
{
    if (!merge->begun)
        return begin(merge);
    if (merge->heap_count == 0)
        return NULL;
    struct merge_lane *top = merge->heap[0];
    if (merge->peeked) {
        merge->peeked = false;
        return top;
    }
    if (!step(merge, top)) {
        if (top->lane.overwritten && !merge->whole)
            return end(merge);
        merge->heap[0] = merge->heap[--merge->heap_count];
    }
    if (merge->heap_count > 1)
        newest_sink(merge, merge->heap, merge->heap_count, 0);
    return merge->heap_count > 0 && merge->error == TRACER_OK ? merge->heap[0] : NULL;
}

bool merge_newest(struct merge *merge, uint64_t *end_ns)
{
    const struct merge_lane *top = begin(merge);
    merge->peeked = true;
    *end_ns = top ? top->end_ns : 0;
    return merge->error == TRACER_OK;
}
