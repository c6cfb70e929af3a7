/*
 * What events are counted by: each has a key. Names, categories and tracks are known of every event; texts get keys
 * beforehand, once for all scopes.
 */
#ifndef RINGSCOPE_TIMELINE_GROUPS_H
#define RINGSCOPE_TIMELINE_GROUPS_H

#include "columns.h"

struct timeline_groups {
    const struct timeline *timeline;
    enum timeline_group by;
    uint32_t key_count;
    uint32_t *keys; /* of events by their texts; NULL: the columns say it */
    uint32_t keyed; /* how many events have theirs */
    struct interned texts; /* by key */
};

static inline uint32_t group_key(const struct timeline_groups *groups, uint32_t row, uint32_t event)
{
    const struct timeline *timeline = groups->timeline;
    switch (groups->by) {
    case TIMELINE_GROUP_NAME:
        return timeline->names[event];
    case TIMELINE_GROUP_CATEGORY:
        return timeline->categories[event];
    case TIMELINE_GROUP_THREAD:
        return timeline->row_track[row];
    case TIMELINE_GROUP_PROCESS:
        return timeline->tracks[timeline->row_track[row]].process;
    default:
        return groups->keys[event];
    }
}

/* "ENOENT" of "… = -1 ENOENT (No such file)", "(failed)" where it is not known, "" where nothing failed. Borrowed, and does
 * not end in NUL. */
const char *event_error(const struct timeline *timeline, uint32_t event, size_t *bytes);

/* By what the columns say. */
struct timeline_groups groups_plain(const struct timeline *timeline, enum timeline_group by);

#endif
