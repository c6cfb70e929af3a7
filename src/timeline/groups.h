/*
 * The keys that events are counted by. Names, categories and tracks are in the columns; texts get keys beforehand, once
 * for all scopes.
 */
#ifndef RINGSCOPE_TIMELINE_GROUPS_H
#define RINGSCOPE_TIMELINE_GROUPS_H

#include "columns.h"

struct timeline_groups {
    const struct timeline *timeline;
    enum timeline_group by;
    uint32_t key_count;
    uint32_t *keys; /* by event, for keys of texts; NULL: the columns have them */
    uint32_t keyed; /* how many events have one so far */
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
    case TIMELINE_GROUP_WORK:
        return 2 * timeline->names[event] + ((timeline->kinds[event] & TIMELINE_WAITS) != 0);
    default:
        return groups->keys[event];
    }
}

/* "ENOENT" in "… = -1 ENOENT (No such file)", "(failed)" if the error is unknown, "" if the event did not fail.
 * Borrowed, and not NUL-terminated. */
const char *event_error(const struct timeline *timeline, uint32_t event, size_t *bytes);

/* Groups by a key that is in the columns. */
struct timeline_groups groups_plain(const struct timeline *timeline, enum timeline_group by);

#endif
