/*
 * Counts the events that a wrapped image holds without merging its lanes: as long as each lane is ordered by end, its
 * evicted part is its beginning, and a search by time finds how long that part is.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/lower_bound.h"
#include "walk.h"

struct counting {
    struct walk *walk;
    uint32_t piece; /* cached clock piece: see clock_time_near() */
    uint64_t records[LANE_CHUNK * RECORD_WORDS];
    bool failed; /* an event is unreadable or out of order: the lanes must be merged instead */
};

static uint64_t end_ns(struct counting *counting, const uint64_t *record)
{
    uint64_t time_ns, duration_ns;
    record_times(record, &counting->walk->copy.rate, &counting->piece, &time_ns, &duration_ns);
    return add_saturating(time_ns, duration_ns);
}

static uint64_t end_at(struct counting *counting, struct lane *lane, uint64_t position)
{
    if (lane_load(lane, position, position + 1, counting->records, NULL) != TRACER_OK ||
        !record_sound(counting->records)) {
        counting->failed = true;
        return 0;
    }
    return end_ns(counting, counting->records);
}

struct ending {
    struct counting *counting;
    struct lane *lane;
    uint64_t ns; /* by which a lane's events have ended */
    uint64_t count; /* of all lanes' events, that have ended by a time */
};

static inline bool has_ended_by(const void *context, uint64_t position)
{
    const struct ending *wanted = context;
    return !wanted->counting->failed && end_at(wanted->counting, wanted->lane, position) <= wanted->ns;
}

/* How many events of the lane have ended before a time, or at it. */
static uint64_t ended_by(struct counting *counting, struct lane *lane, uint64_t ns)
{
    struct ending wanted = { .counting = counting, .lane = lane, .ns = ns };
    return lower_bound(lane->low, lane->high, has_ended_by, &wanted) - lane->low;
}

static uint64_t all_ended_by(struct counting *counting, uint64_t ns)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < counting->walk->merge.lane_count; i++)
        sum += ended_by(counting, &counting->walk->merge.lanes[i].lane, ns);
    return sum;
}

static inline bool fewer_ended_by(const void *context, uint64_t ns)
{
    const struct ending *wanted = context;
    return !wanted->counting->failed && all_ended_by(wanted->counting, ns) < wanted->count;
}

/* The first time by which so many events have ended. */
static uint64_t time_of(struct counting *counting, uint64_t count)
{
    struct ending wanted = { .counting = counting, .count = count };
    return lower_bound(0, UINT64_MAX, fewer_ended_by, &wanted);
}

/* Whether an event ended before the one recorded before it. Conversion keeps the order of ticks. */
static bool out_of_order(struct counting *counting, const uint64_t *record, const uint64_t *before)
{
    if ((record[3] ^ before[3]) & RECORD_TIME_NS)
        return end_ns(counting, record) < end_ns(counting, before);
    uint64_t length = record_kind(record) == TRACE_KIND_SPAN ? record[1] : 0;
    uint64_t length_before = record_kind(before) == TRACE_KIND_SPAN ? before[1] : 0;
    return add_saturating(record[0], length) < add_saturating(before[0], length_before);
}

/* Counts the events of a lane from a position on, and checks their order. */
static void count_from(struct counting *counting, struct lane *lane, uint64_t from)
{
    uint64_t before[RECORD_WORDS] = { 0 }, held[RECORD_CATEGORY_MASK + 1] = { 0 };
    while (from < lane->high && !counting->failed) {
        uint64_t count = lane->high - from < LANE_CHUNK ? lane->high - from : LANE_CHUNK;
        if (lane_load(lane, from, from + count, counting->records, NULL) != TRACER_OK || lane->unreadable)
            counting->failed = true;
        for (uint64_t i = 0; i < count && !counting->failed; i++) {
            const uint64_t *record = counting->records + i * RECORD_WORDS;
            counting->failed = out_of_order(counting, record, i ? record - RECORD_WORDS : before);
            held[record_category(record)]++;
        }
        memcpy(before, counting->records + (count - 1) * RECORD_WORDS, sizeof before);
        from += count;
    }
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        counting->walk->held[c] += held[c];
    if (end_ns(counting, before) > counting->walk->newest_ns)
        counting->walk->newest_ns = end_ns(counting, before);
}

/* Of events that ended at exactly this time, those of the first lanes are the oldest. */
static void count_all(struct counting *counting, uint64_t evicted, uint64_t ns)
{
    uint64_t at_ns = evicted - (ns ? all_ended_by(counting, ns - 1) : 0);
    for (uint32_t i = 0; i < counting->walk->merge.lane_count && !counting->failed; i++) {
        struct lane *lane = &counting->walk->merge.lanes[i].lane;
        uint64_t before = ns ? ended_by(counting, lane, ns - 1) : 0, by = ended_by(counting, lane, ns);
        uint64_t more = by - before < at_ns ? by - before : at_ns;
        at_ns -= more;
        count_from(counting, lane, lane->low + before + more);
    }
}

static void forget(struct walk *walk)
{
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        walk->held[c] = 0;
    for (uint32_t i = 0; i < walk->merge.lane_count; i++)
        walk->merge.lanes[i].lane.unreadable = 0;
}

bool walk_count_held(struct walk *walk)
{
    uint64_t positions = merge_positions(&walk->merge);
    if (walk->copy.unsettled || positions <= walk->limit)
        return false;
    struct counting *counting = calloc(1, sizeof *counting);
    if (!counting)
        return false;
    counting->walk = walk;
    count_all(counting, positions - walk->limit, time_of(counting, positions - walk->limit));
    bool counted = !counting->failed;
    free(counting);
    if (!counted)
        forget(walk);
    return counted;
}
