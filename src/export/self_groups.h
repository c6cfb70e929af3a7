/*
 * The self times of spans in groups, for a table that is written group by group. A span's is known when it ends, which
 * may be after its group: so all are nested twice, and the first time those are kept that outlast their group.
 */
#ifndef RINGSCOPE_EXPORT_SELF_GROUPS_H
#define RINGSCOPE_EXPORT_SELF_GROUPS_H

#include "../ringscope.h"
#include "self_times.h"

/* All zero: nothing to free. */
struct self_groups {
    struct self_times nesting;
    uint64_t spans, first; /* numbers: of the next span, and of the first one of the group */
    struct self_outlasting *outlasting; /* by number */
    uint32_t count, room, next;
    uint64_t *values; /* the self times of the group's spans; NULL: all are nested for the first time */
    bool failed; /* out of memory */
};

/* Before the first time; tracks: how many there are. False without memory. */
bool self_groups_init(struct self_groups *groups, uint32_t tracks);
/* The next span, by start; event: a span. */
void self_groups_add(struct self_groups *groups, const struct trace_event *event);
/* A group ends: its values are complete. */
void self_groups_end(struct self_groups *groups);
/* All spans were added: they will be once more, in the same groups, whose self times go to values. */
void self_groups_again(struct self_groups *groups, uint64_t *values);
void self_groups_free(struct self_groups *groups);

#endif
