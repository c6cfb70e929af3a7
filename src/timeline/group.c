/* Makes the groups of a view's rows; see view.h. */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#define GROUP_LEAST \
    3u /* members: fewer would save too little for what a group takes, more make windows look at more of them */
#define BLOCK_EVENTS 32768u /* grouped at a time, so that what is at work stays in the processor's cache */

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
static uint64_t least_extent(const struct group_list *list)
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
static bool group_within(struct timeline_view *view, struct group_list *list, uint64_t width)
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

static bool group_all(struct timeline_view *view, struct group_list *list)
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

static bool append(struct group_list *list, const struct group *groups, size_t count)
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

/* A row is done when its blocks are: what is left of them is grouped once more. */
static bool finish_row(struct grouping *grouping)
{
    struct timeline_view *view = grouping->view;
    struct group_list *left = &grouping->left;
    if (!group_all(view, left))
        return false;
    uint32_t first = keep(view, left->groups, (uint32_t)left->count);
    view->rows[grouping->row++] = (struct row_groups){ first, (uint32_t)left->count };
    left->count = 0;
    return first != UINT32_MAX;
}

/* The next block of the row. */
static bool group_block(struct grouping *grouping)
{
    struct timeline_view *view = grouping->view;
    struct group_list *block = &grouping->block;
    uint32_t end = view->row_first[grouping->row + 1];
    block->count = 0;
    while (grouping->at < end && block->count < BLOCK_EVENTS)
        block->groups[block->count++] = group_of(view, grouping->at++);
    return group_all(view, block) && append(&grouping->left, block->groups, block->count);
}

/* Those of counters are drawn by themselves. */
static bool is_counter(const struct timeline *timeline, uint32_t row)
{
    return timeline->tracks[timeline->row_track[row]].counter != TIMELINE_NONE;
}

bool grouping_begin(struct grouping *grouping, struct timeline_view *view)
{
    *grouping = (struct grouping){ .view = view, .block.groups = malloc(BLOCK_EVENTS * sizeof(struct group)) };
    return grouping->block.groups != NULL;
}

enum tracer_error grouping_step(struct grouping *grouping, uint32_t events, bool *more)
{
    const struct timeline_view *view = grouping->view;
    uint32_t start = grouping->at, rows = grouping->row;
    while (grouping->row < view->timeline->row_count &&
           (uint64_t)(grouping->at - start) + (grouping->row - rows) < events) {
        uint32_t end = view->row_first[grouping->row + 1];
        if (is_counter(view->timeline, grouping->row)) {
            grouping->at = end;
            grouping->row++;
        } else if (!(grouping->at < end ? group_block(grouping) : finish_row(grouping))) {
            return TRACER_ERROR_MEMORY;
        }
    }
    *more = grouping->row < view->timeline->row_count;
    return TRACER_OK;
}

void grouping_end(struct grouping *grouping)
{
    free(grouping->block.groups);
    free(grouping->left.groups);
    *grouping = (struct grouping){ .view = NULL };
}
