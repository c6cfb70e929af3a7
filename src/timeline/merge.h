/*
 * Merges several traces into one: each becomes a group of processes, all on the clock of the first.
 */
#ifndef RINGSCOPE_TIMELINE_MERGE_H
#define RINGSCOPE_TIMELINE_MERGE_H

#include "timeline.h"

/* Time 0 of a timeline, the time of its first event, on other clocks. */
struct merge_clock {
    char boot_id[40]; /* "": unknown */
    uint64_t monotonic_ns; /* CLOCK_MONOTONIC since that boot; 0: unknown */
    uint64_t realtime_ns; /* CLOCK_REALTIME; 0: unknown */
};

struct timeline_merge;

struct timeline_merge *timeline_merge_create(void); /* NULL: no memory */
void timeline_merge_destroy(struct timeline_merge *merge);

/* The clock of an image's timeline. Errors as for tracer_snapshot_create(). */
enum tracer_error merge_clock_of(struct merge_clock *clock, struct tracer_reader *reader,
                                 const struct timeline *timeline);
/* The clock of another tool's trace: times since 1970 are those of CLOCK_REALTIME. */
struct merge_clock merge_clock_of_timeline(const struct timeline *timeline);

/* Adds a trace, aligned by its clock and then shifted later by shift_ns. CLOCK_MONOTONIC aligns traces of one boot,
 * else CLOCK_REALTIME; if neither is known it starts with the first trace, which is noted. If the first trace has no
 * clock, the traces after it are still aligned with each other. Its processes are named
 * "NAME: …"; those whose pids an earlier trace uses get others. ERROR_MEMORY. */
struct merge_input {
    const struct timeline *timeline;
    const char *name;
    struct merge_clock clock;
    int64_t shift_ns;
};
enum tracer_error timeline_merge_add(struct timeline_merge *merge, const struct merge_input *input);

/* Builds the timeline of everything that was added, and empties the merge. Errors as for timeline_build(). */
enum tracer_error timeline_merge_build(struct timeline **result, struct timeline_merge *merge,
                                       const struct timeline_progress *progress);
/* The clock of the result, once it is built. */
struct merge_clock timeline_merge_clock(const struct timeline_merge *merge);

#endif
