/* Makes the groups of a view's rows; see view.h. */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_LEAST \
    3u /* members: fewer would save too little for what a group takes, more make windows look at more of them */
#define BLOCK_EVENTS 32768u /* grouped at a time, so that what is at work stays in the processor's cache */

/* The neighbours that are left of a row, or of a block of it. */
struct list {
    struct group *groups;
    size_t count, room;
};

static struct group leaf(const struct timeline_view *view, uint32_t position)
{
    const struct timeline *timeline = view->timeline;
    uint32_t event = view_event(view, position);
    return (struct group){
        .start_ns = timeline->starts[event],
        .end_ns = event_end(timeline, event),
        .first = position,
        .count = 1,
        .longest = position,
        .longest_ns = (float)event_duration(timeline, event),
        .category = timeline->categories[event],
        .flags = event_flags(timeline, event),
    };
}

/* Room in the view for so many groups more. */
static bool reserve(struct timeline_view *view, uint32_t more)
{
    size_t needed = (size_t)view->group_count + more, room = view->group_room;
    if (needed <= room)
        return true;
    room = needed + needed / 2 + 1024;
    if (room > UINT32_MAX || room > SIZE_MAX / sizeof *view->groups)
        return false;
    struct group *groups = realloc(view->groups, room * sizeof *groups);
    if (!groups)
        return false;
    view->groups = groups;
    view->group_room = (uint32_t)room;
    return true;
}

/* Keeps groups in the view; where, or UINT32_MAX without memory. */
static uint32_t keep(struct timeline_view *view, const struct group *groups, uint32_t count)
{
    if (!reserve(view, count))
        return UINT32_MAX;
    uint32_t first = view->group_count;
    if (count)
        memcpy(view->groups + first, groups, count * sizeof *groups);
    view->group_count += count;
    return first;
}

static uint8_t most_frequent(const struct group *groups, uint32_t count)
{
    uint32_t weights[TIMELINE_CATEGORIES] = { 0 };
    uint8_t best = groups[0].category;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t category = groups[i].category;
        weights[category] += groups[i].count;
        if (weights[category] > weights[best])
            best = category;
    }
    return best;
}

/* One group of several, which the view keeps unless they are events. False without memory. */
static bool make_group(struct timeline_view *view, const struct group *members, uint32_t count, struct group *made)
{
    bool leaves = true;
    *made = members[0];
    for (uint32_t i = 0; i < count; i++) {
        leaves = leaves && members[i].count == 1;
        made->flags |= members[i].flags;
        if (group_is_longer(view, &members[i], made->longest, made->longest_ns)) {
            made->longest = members[i].longest;
            made->longest_ns = members[i].longest_ns;
        }
    }
    made->end_ns = members[count - 1].end_ns;
    made->count = members[count - 1].first + members[count - 1].count - members[0].first;
    made->category = most_frequent(members, count);
    made->child_count = leaves ? 0 : (uint16_t)count;
    made->children = leaves ? 0 : keep(view, members, count);
    return made->children != UINT32_MAX;
}

/* The smallest extent of three neighbours: below it there is nothing to group. */
static uint64_t least_extent(const struct list *list)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i + GROUP_LEAST <= list->count; i++) {
        uint64_t extent = (uint64_t)(list->groups[i + GROUP_LEAST - 1].end_ns - list->groups[i].start_ns);
        if (extent < least)
            least = extent;
    }
    return least;
}

/* Groups neighbours that lie within width, in place. Any three of them extend to at least half of it, so that a group
 * has at most five, but for those of one moment. False without memory. */
static bool group_within(struct timeline_view *view, struct list *list, uint64_t width)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count;) {
        size_t end = i + 1;
        while (end < list->count && end - i < UINT16_MAX &&
               (uint64_t)(list->groups[end].end_ns - list->groups[i].start_ns) < width)
            end++;
        if (end - i < GROUP_LEAST) {
            list->groups[kept++] = list->groups[i++];
            continue;
        }
        struct group made;
        if (!make_group(view, list->groups + i, (uint32_t)(end - i), &made))
            return false;
        list->groups[kept++] = made;
        i = end;
    }
    list->count = kept;
    return true;
}

static bool group_list(struct timeline_view *view, struct list *list)
{
    while (list->count >= GROUP_LEAST) {
        uint64_t least = least_extent(list), width = 1;
        while (width <= least)
            width <<= 1;
        if (!group_within(view, list, width))
            return false;
    }
    return true;
}

static bool append(struct list *list, const struct group *groups, size_t count)
{
    if (list->count + count > list->room) {
        size_t room = (list->count + count) * 2;
        struct group *larger = realloc(list->groups, room * sizeof *larger);
        if (!larger)
            return false;
        list->groups = larger;
        list->room = room;
    }
    memcpy(list->groups + list->count, groups, count * sizeof *groups);
    list->count += count;
    return true;
}

/* What is at work: one block, and what is left of the row's blocks. */
struct work {
    struct list block, row;
};

static bool group_row(struct timeline_view *view, struct work *work, uint32_t row)
{
    uint32_t end = view->row_first[row + 1];
    work->row.count = 0;
    for (uint32_t at = view->row_first[row]; at < end;) {
        work->block.count = 0;
        while (at < end && work->block.count < BLOCK_EVENTS)
            work->block.groups[work->block.count++] = leaf(view, at++);
        if (!group_list(view, &work->block) || !append(&work->row, work->block.groups, work->block.count))
            return false;
    }
    if (!group_list(view, &work->row))
        return false;
    uint32_t first = keep(view, work->row.groups, (uint32_t)work->row.count);
    view->rows[row] = (struct row_groups){ first, (uint32_t)work->row.count };
    return first != UINT32_MAX;
}

static enum tracer_error group_rows(struct timeline_view *view, struct work *work,
                                    const struct timeline_progress *progress)
{
    const struct timeline *timeline = view->timeline;
    for (uint32_t row = 0; row < timeline->row_count; row++) {
        if (progress && !progress->report(progress->context, view->row_first[row], view->count))
            return TRACER_ERROR_CANCELLED;
        bool counter = timeline->tracks[timeline->row_track[row]].counter != TIMELINE_NONE;
        if (!counter && !group_row(view, work, row))
            return TRACER_ERROR_MEMORY;
    }
    return TRACER_OK;
}

enum tracer_error view_group(struct timeline_view *view, const struct timeline_progress *progress)
{
    struct work work = { .block.groups = malloc(BLOCK_EVENTS * sizeof(struct group)) };
    enum tracer_error error = work.block.groups ? group_rows(view, &work, progress) : TRACER_ERROR_MEMORY;
    free(work.block.groups);
    free(work.row.groups);
    return error;
}
