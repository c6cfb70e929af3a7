/* Makes the groups of a view's rows; see view.h. */
#include "group.h"

#include <stdlib.h>

/* ------------------------------------------------------------------- levels */

static uint32_t blocks_of(uint32_t count, uint32_t each)
{
    return count / each + (count % each != 0);
}

struct group_levels row_levels(const struct timeline_view *view, uint32_t row)
{
    struct group_levels levels = { .count = 0 };
    uint32_t positions = view->row_first[row + 1] - view->row_first[row], first = view->group_first[row];
    if (positions <= GROUP_EVENTS || row_is_counter(view->timeline, row))
        return levels;
    uint32_t blocks = blocks_of(positions, GROUP_EVENTS);
    for (;;) {
        levels.first[levels.count] = first;
        levels.blocks[levels.count++] = blocks;
        if (blocks <= GROUP_BLOCKS)
            return levels;
        first += blocks;
        blocks = blocks_of(blocks, GROUP_BLOCKS);
    }
}

static bool allocate(struct timeline_view *view)
{
    uint32_t rows = view->timeline->row_count, count = 0;
    view->group_first = malloc(((size_t)rows + 1) * sizeof *view->group_first);
    for (uint32_t row = 0; view->group_first && row < rows; row++) {
        view->group_first[row] = count;
        const struct group_levels levels = row_levels(view, row);
        if (levels.count)
            count = levels.first[levels.count - 1] + levels.blocks[levels.count - 1];
    }
    view->group_count = count;
    view->groups = malloc(((size_t)count + 1) * sizeof *view->groups);
    return view->group_first && view->groups;
}

/* -------------------------------------------------------------------- blocks */

/* A group of up to GROUP_EVENTS neighbours. If one category has more than half of the events, the group gets that one, by
 * Boyer and Moore's majority vote. Inlined twice, for views with and without a list of events. */
__attribute__((always_inline)) static inline struct group
block_of(const struct timeline_view *view, const uint32_t *events, uint32_t first, uint32_t count)
{
    const struct timeline *timeline = view->timeline;
    int64_t longest_ns = -1, busy_ns = 0;
    uint32_t longest = first, votes = 0;
    uint8_t category = 0, flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t event = events ? events[first + i] : first + i;
        int64_t duration_ns = event_duration(timeline, event);
        longest = duration_ns > longest_ns ? first + i : longest;
        longest_ns = duration_ns > longest_ns ? duration_ns : longest_ns;
        busy_ns += duration_ns;
        flags |= timeline->kinds[event];
        category = votes ? category : timeline->categories[event];
        votes += timeline->categories[event] == category ? 1 : UINT32_MAX;
    }
    return (struct group){
        .start_ns = timeline->starts[events ? events[first] : first],
        .end_ns = event_end(timeline, events ? events[first + count - 1] : first + count - 1),
        .longest = longest,
        .longest_ns = (float)longest_ns,
        .busy_ns = (float)busy_ns,
        .category = category,
        .flags = flags & FLAGS_MASK,
    };
}

/* A block of the next level. Of its two blocks, the first has at least as many events as the second, or there is no
 * second, so that its category counts. */
static struct group merge(const struct timeline_view *view, const struct group *blocks, bool two)
{
    _Static_assert(GROUP_BLOCKS == 2, "or the category is that of most of the blocks");
    struct group merged = blocks[0];
    if (!two)
        return merged;
    merged.end_ns = blocks[1].end_ns;
    merged.busy_ns += blocks[1].busy_ns;
    merged.flags |= blocks[1].flags;
    if (group_is_longer(view, &blocks[1], merged.longest, merged.longest_ns)) {
        merged.longest = blocks[1].longest;
        merged.longest_ns = blocks[1].longest_ns;
    }
    return merged;
}

/* --------------------------------------------------------------------- whole */

/* Continues the lowest level of the row. */
static void make_blocks(struct grouping *grouping, uint32_t end)
{
    struct timeline_view *view = grouping->view;
    while (grouping->at < end) {
        uint32_t left = view->row_first[grouping->row + 1] - grouping->at;
        uint32_t count = left < GROUP_EVENTS ? left : GROUP_EVENTS;
        view->groups[grouping->made++] = view->events ? block_of(view, view->events, grouping->at, count)
                                                      : block_of(view, NULL, grouping->at, count);
        grouping->at += count;
    }
}

static void finish_row(struct grouping *grouping)
{
    struct timeline_view *view = grouping->view;
    const struct group_levels levels = row_levels(view, grouping->row);
    for (unsigned level = 1; level < levels.count; level++) {
        const struct group *blocks = &view->groups[levels.first[level - 1]];
        for (uint32_t i = 0; i < levels.blocks[level - 1]; i += GROUP_BLOCKS)
            view->groups[grouping->made++] = merge(view, &blocks[i], i + 1 < levels.blocks[level - 1]);
    }
    grouping->row++;
}

enum tracer_error grouping_step(struct grouping *grouping, uint32_t events, bool *more)
{
    struct timeline_view *view = grouping->view;
    if (!view->groups && !allocate(view))
        return TRACER_ERROR_MEMORY;
    while (grouping->row < view->timeline->row_count && events > 0) {
        uint32_t end = view->row_first[grouping->row + 1], left = end - grouping->at, upto = end;
        if (row_levels(view, grouping->row).count) {
            upto = left > events ? grouping->at + blocks_of(events, GROUP_EVENTS) * GROUP_EVENTS : end;
            upto = upto < end ? upto : end;
            make_blocks(grouping, upto);
        }
        events -= left < events ? left : events;
        grouping->at = upto;
        if (upto == end)
            finish_row(grouping);
        events -= events > 0; /* skipping rows takes time too */
    }
    *more = grouping->row < view->timeline->row_count;
    return TRACER_OK;
}
