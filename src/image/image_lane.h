/*
 * LANES, and open spans: those of each lane, async ones, and, in a sealed image, all of them.
 */
#ifndef RINGSCOPE_IMAGE_LANE_H
#define RINGSCOPE_IMAGE_LANE_H

#include "image_header.h"

#define STACK_DEPTH_MAX 64u

/* An open span. packed: see stack_sound(). */
struct image_open_span {
    uint64_t start_ticks;
    uint64_t packed;
};

/* A lane's statistics, all sums except max_tick_ns; indices of image_lane.stats. */
enum image_stat {
    STAT_TICKS,
    STAT_TASKS_POLLED,
    STAT_TASKS_COMPLETED,
    STAT_TASKS_SPAWNED,
    STAT_TICK_TOTAL_NS,
    STAT_TICK_MAX_NS,
    STAT_PROCESSES_SPAWNED,
    STAT_PROCESSES_EXITED,
    STAT_SIGNALS_DELIVERED,
    STAT_TIMERS_FIRED,
    STAT_BYTES_READ,
    STAT_BYTES_WRITTEN,
    STAT_COUNT
};

/* The thread or process that owns a lane. A pid has meaning only in its namespace, and only for one start. */
struct image_owner {
    uint64_t process; /* the random identity of its process */
    uint64_t pid_tid; /* pid | tid << 32; tid 0: the process */
    uint64_t start; /* start time from /proc; 0: unknown */
    uint64_t pid_namespace; /* 0: unknown */
    uint64_t check; /* owner_check(): whether these fields are those of this owner */
    uint64_t reserved[4];
};

static inline uint64_t owner_check(uint64_t owner, const struct image_owner *who)
{
    return owner ^ who->process ^ who->pid_tid ^ who->start ^ who->pid_namespace ^ IMAGE_MAGIC;
}

struct image_lane {
    /* Positions since the image was made; they never decrease. Position p is in slot p modulo the number of slots.
     * Readers take [max(first, head - slots), head). */
    uint64_t head;
    uint64_t detail_head; /* bytes */
    uint64_t first; /* head when the lane was last cleared */
    uint64_t events_epoch;
    uint64_t stats_epoch;
    uint64_t owner; /* the writer's random identity; 0: free */
    uint64_t depth; /* of open spans: see stack_depth() */
    struct image_owner who; /* for proving its death */
    uint64_t recorded[16]; /* events by category since the lane was cleared */
    uint64_t stats[16];
    struct image_open_span stack[STACK_DEPTH_MAX];
};

/* The second word of an open span: name, track and category as in word 3 of its future record, without the mark, and
 * the low 24 bits of the start as a check that detects an entry that was being written. */
#define STACK_TRACK_SHIFT 16
#define STACK_CATEGORY_SHIFT 32
#define STACK_CHECK_SHIFT 40
static inline bool stack_sound(const struct image_open_span *span)
{
    return span->packed >> STACK_CHECK_SHIFT == (span->start_ticks & 0xffffff);
}
/* The packed word of a span that has ended but is still on the stack: never sound. */
static inline uint64_t stack_ended(uint64_t start_ticks)
{
    return (~start_ticks & 0xffffff) << STACK_CHECK_SHIFT;
}

/* ASYNC: open spans that may end on another thread, and those of threads without a lane of their own. state: 0 while
 * free; an entry of another events epoch is free too. */
#define ASYNC_SPANS 256u
struct image_async {
    uint64_t state;
    struct image_open_span span;
    uint64_t reserved;
};
#define ASYNC_CLAIMED 2ull /* being filled in */
static inline uint64_t async_open(uint32_t events_epoch)
{
    return (uint64_t)events_epoch << 2 | 1;
}

/* A lane's depth. Low half: how many spans are open, one inside another; entries beyond STACK_DEPTH_MAX are not kept.
 * High half, if not 0: where the list of open spans ends; those beyond the depth have outlived the span that they began
 * in. Both are one word, so that beginning a span at that depth also drops them from the list. */
#define STACK_LISTED_SHIFT 32
static inline uint64_t stack_depth(uint64_t word)
{
    return (uint32_t)word;
}
static inline uint64_t stack_listed(uint64_t word)
{
    uint64_t listed = word >> STACK_LISTED_SHIFT, depth = stack_depth(word);
    return listed > depth ? listed : depth;
}

/* OPEN: lane by lane, outermost first, then async ones. */
#define OPEN_PACKED_MASK ((1ull << 36) - 1)
#define OPEN_PARENT_ENDED (1ull << 36)
#define OPEN_ASYNC (1ull << 37)
struct image_open {
    uint64_t start_ns;
    uint64_t packed; /* as in an open span, with flags instead of the check */
    uint64_t lane_depth; /* lane | depth << 32 */
};

#endif
