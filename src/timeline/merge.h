/*
 * Several traces as one: each a group of processes, all on the clock of the first.
 */
#ifndef RINGSCOPE_TIMELINE_MERGE_H
#define RINGSCOPE_TIMELINE_MERGE_H

#include "timeline.h"

/* What is known of a timeline's time 0, at which its first event is. */
struct merge_clock {
    char boot_id[40]; /* "": not known */
    uint64_t monotonic_ns; /* CLOCK_MONOTONIC since that boot; 0: not known */
    uint64_t realtime_ns; /* CLOCK_REALTIME; 0: not known */
};

struct timeline_merge;

struct timeline_merge *timeline_merge_create(void); /* NULL: no memory */
void timeline_merge_destroy(struct timeline_merge *merge);

/* The clock of an image's timeline. As tracer_snapshot_create(). */
enum tracer_error merge_clock_of(struct merge_clock *clock, struct tracer_reader *reader,
                                 const struct timeline *timeline);
/* That of another trace: times since 1970 are CLOCK_REALTIME's. */
struct merge_clock merge_clock_of_timeline(const struct timeline *timeline);

/* Adds a trace, whose time 0 is where the clock says, by shift_ns later. By CLOCK_MONOTONIC if both are of one boot, else
 * by CLOCK_REALTIME; without either it begins with the first, which is noted. Its processes are called "NAME: …"; those
 * whose pids an earlier trace has get others. ERROR_MEMORY. */
struct merge_input {
    const struct timeline *timeline;
    const char *name;
    struct merge_clock clock;
    int64_t shift_ns;
};
enum tracer_error timeline_merge_add(struct timeline_merge *merge, const struct merge_input *input);

/* Everything that was added, and leaves it empty. As timeline_build(). */
enum tracer_error timeline_merge_build(struct timeline **result, struct timeline_merge *merge,
                                       const struct timeline_progress *progress);
/* The clock on which the result is, once it is built. */
struct merge_clock timeline_merge_clock(const struct timeline_merge *merge);

#endif
