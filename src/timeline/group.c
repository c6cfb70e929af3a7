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

#define EVERY_BYTE UINT64_C(0x0101010101010101)
#define NO_CATEGORY 0x7f

/* The most frequent of the first count bytes, which are categories or NO_CATEGORY; the first one if there are several.
 * Counts all of them at once: for bytes below 128, adding 127 sets the highest bit of each nonzero one, without a
 * carry. */
static uint8_t most_frequent(uint64_t bytes, uint32_t count)
{
    uint8_t best = (uint8_t)bytes;
    unsigned most = 0;
    for (uint32_t i = 0; i < count && most * 2 < count; i++) {
        uint8_t category = (uint8_t)(bytes >> 8 * i);
        uint64_t others = ((bytes ^ category * EVERY_BYTE) + NO_CATEGORY * EVERY_BYTE) >> 7 & EVERY_BYTE;
        unsigned same = 8 - (unsigned)(others * EVERY_BYTE >> 56);
        best = same > most ? category : best;
        most = same > most ? same : most;
    }
    return best;
}

/* A group of up to GROUP_EVENTS neighbours. Inlined twice, for views with and without a list of events. */
__attribute__((always_inline)) static inline struct group
block_of(const struct timeline_view *view, const uint32_t *events, uint32_t first, uint32_t count)
{
    const struct timeline *timeline = view->timeline;
    uint64_t categories = NO_CATEGORY * EVERY_BYTE;
    int64_t longest_ns = -1, busy_ns = 0;
    uint32_t longest = first;
    uint8_t flags = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t event = events ? events[first + i] : first + i;
        int64_t duration_ns = event_duration(timeline, event);
        longest = duration_ns > longest_ns ? first + i : longest;
        longest_ns = duration_ns > longest_ns ? duration_ns : longest_ns;
        busy_ns += duration_ns;
        flags |= timeline->kinds[event];
        categories ^= (uint64_t)(timeline->categories[event] ^ NO_CATEGORY) << 8 * i;
    }
    return (struct group){
        .start_ns = timeline->starts[events ? events[first] : first],
        .end_ns = event_end(timeline, events ? events[first + count - 1] : first + count - 1),
        .longest = longest,
        .longest_ns = (float)longest_ns,
        .busy_ns = (float)busy_ns,
        .category = most_frequent(categories, count),
        .flags = flags & FLAGS_MASK,
    };
}

/* A block of the next level, made of blocks that have `each` positions, except the last, which has the rest. Its
 * category is the one with the most events among the categories of its blocks. */
static struct group merge(const struct timeline_view *view, const struct group *blocks, uint32_t positions,
                          uint32_t each)
{
    struct group merged = blocks[0];
    uint32_t most = 0, count = blocks_of(positions, each), last = positions - (count - 1) * each;
    merged.busy_ns = 0;
    merged.end_ns = blocks[count - 1].end_ns;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t same = 0;
        for (uint32_t j = 0; j < count; j++)
            same += blocks[j].category == blocks[i].category ? (j + 1 < count ? each : last) : 0;
        merged.category = same > most ? blocks[i].category : merged.category;
        most = same > most ? same : most;
        merged.busy_ns += blocks[i].busy_ns;
        merged.flags |= blocks[i].flags;
        if (i > 0 && group_is_longer(view, &blocks[i], merged.longest, merged.longest_ns)) {
            merged.longest = blocks[i].longest;
            merged.longest_ns = blocks[i].longest_ns;
        }
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
    uint32_t positions = view->row_first[grouping->row + 1] - view->row_first[grouping->row];
    for (unsigned level = 1; level < levels.count; level++)
        for (uint32_t i = 0; i < levels.blocks[level]; i++) {
            const struct group *blocks = &view->groups[levels.first[level - 1] + i * GROUP_BLOCKS];
            view->groups[grouping->made++] =
                merge(view, blocks, group_count(positions, level, i), group_count(positions, level - 1, 0));
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
