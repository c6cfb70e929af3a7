/* Shared by the files that join snapshots. */
#ifndef RINGSCOPE_JOIN_INTERNAL_H
#define RINGSCOPE_JOIN_INTERNAL_H

#include "../base/hash_table.h"
#include "join.h"

/* Translates one part's ids to those of the whole. */
struct join_ids {
    const struct tracer_snapshot *from;
    uint32_t *names, *tracks;
    uint32_t first_lane;
    uint64_t shift_ns; /* its time 0 on the whole's clock */
    uint64_t first_async_id; /* added to its async ids */
};

struct joining {
    struct tracer_snapshot *whole;
    struct join_ids *parts;
    size_t count;
    struct buffer text; /* of the names */
    struct hash_table names; /* by text and label */
};

/* Assigns ids to names, threads and processes. ERROR_MEMORY, ERROR_TOO_LARGE. */
enum tracer_error join_tables(struct joining *joining, const struct join_part *parts);

/* Adds up the statistics. ERROR_MEMORY. */
enum tracer_error join_statistics(struct joining *joining);

#endif
