/* Walks the events of an image. */
#include "walk.h"

enum tracer_error walk_init(struct walk *walk, const struct tracer_reader *reader, const uint64_t *since)
{
    *walk = (struct walk){ .reader = reader,
                           .limit = since || reader->sealed ? UINT64_MAX : reader->header.capacity_events };
    enum tracer_error error = live_copy_take(&walk->copy, reader);
    if (error != TRACER_OK)
        return error;
    return merge_init(&walk->merge, reader, &walk->copy, since);
}

void walk_free(struct walk *walk)
{
    merge_free(&walk->merge);
    live_copy_free(&walk->copy);
}

struct merge_lane *walk_next(struct walk *walk)
{
    if (walk->limit == 0)
        return NULL;
    struct merge_lane *at = merge_next(&walk->merge);
    if (!at)
        return NULL;
    walk->limit--;
    walk->held[record_category(merge_record(at))]++;
    if (at->end_ns > walk->newest_ns)
        walk->newest_ns = at->end_ns;
    return at;
}

uint64_t walk_at_most(const struct walk *walk)
{
    uint64_t positions = merge_positions(&walk->merge);
    return positions < walk->limit ? positions : walk->limit;
}

/* Looks at the newest event of each lane; as far as a lane is in order, its end bounds all others. */
bool walk_counts_suffice(struct walk *walk)
{
    uint64_t held[TRACE_CATEGORY_COUNT] = { 0 }, positions = merge_positions(&walk->merge), recorded = 0;
    if (positions > walk->limit)
        return false;
    for (uint32_t i = 0; i < walk->merge.lane_count; i++) {
        const struct lane *lane = &walk->merge.lanes[i].lane;
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
            held[c] += walk->copy.lanes[lane->index].recorded[c];
    }
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        recorded += held[c];
    if (recorded != positions || !merge_newest(&walk->merge, &walk->newest_ns))
        return false;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        walk->held[c] = held[c];
    return true;
}
