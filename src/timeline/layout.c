/* Gives each event of a track a row: below the innermost span that contains it, or, for an instant, over that span. */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "time_order.h"

#define TICKS (UINT32_C(1) << 31) /* marks the tick row over the row in the other bits, until its number is known */
#define SEARCHED_ROWS 64u /* for a free one among overlapping spans; after that, a new row */

/* Called rarely: inlined, it would only make the page's module larger. */
__attribute__((noinline)) bool build_goes_on(struct build_steps *steps, double more)
{
    steps->done += more;
    if (!steps->progress || steps->done < steps->next)
        return !steps->cancelled;
    steps->next = steps->done + STEPS_AT_ONCE;
    steps->cancelled = !steps->progress->report(steps->progress->context, steps->done, steps->total);
    return !steps->cancelled;
}

/* Arrays of one track's size in the layout's memory. */
static struct radix_arrays keys_of(unsigned char *memory, uint32_t count)
{
    struct radix_arrays keys;
    keys.key = (uint64_t *)(void *)memory;
    keys.other_key = keys.key + count;
    keys.index = (uint32_t *)(keys.other_key + count);
    keys.other_index = keys.index + count;
    return keys;
}

/* ---------------------------------------------------------------------- rows */

struct row_end {
    int64_t end_ns; /* INT64_MAX: never */
    uint32_t event; /* in sorted order */
    bool async;
};

static bool push_open(struct layout *layout, uint32_t row, struct row_end end)
{
    struct row_end *open = array_grow(layout->open, row, &layout->open_room, sizeof *open);
    if (!open)
        return false;
    layout->open = open;
    open[row] = end;
    if (row == layout->open_count)
        layout->open_count++;
    if (row >= layout->open_most)
        layout->open_most = row + 1;
    return true;
}

/* The row of an event that does not nest: the first free one. */
static uint32_t find_free_row(const struct layout *layout, int64_t start_ns, uint32_t from)
{
    uint32_t last = layout->open_count - from < SEARCHED_ROWS ? layout->open_count : from + SEARCHED_ROWS;
    for (uint32_t row = from; row < last; row++)
        if (layout->open[row].end_ns <= start_ns)
            return row;
    return layout->open_count;
}

/* Whether an open span contains an event. One that never ends does so up to the trace's end. */
static bool contains(const struct layout *layout, const struct row_end *open, int64_t start_ns, int64_t end_ns)
{
    const bool endless = open->end_ns == INT64_MAX;
    return open->end_ns > start_ns && (endless ? layout->timeline->duration_ns : open->end_ns) >= end_ns;
}

/* The row of an event, given the open spans; parent: the row of the innermost span that contains it, or UINT32_MAX. */
static uint32_t choose_row(struct layout *layout, int64_t start_ns, int64_t end_ns, bool async, uint32_t *parent)
{
    while (layout->open_count && layout->open[layout->open_count - 1].end_ns <= start_ns)
        layout->open_count--;
    *parent = UINT32_MAX;
    if (async)
        return find_free_row(layout, start_ns, 0);
    for (uint32_t row = layout->open_count; row-- > 0;) {
        if (contains(layout, &layout->open[row], start_ns, end_ns)) {
            *parent = row;
            break;
        }
        if (layout->open_count - row > SEARCHED_ROWS)
            break;
    }
    if (layout->open_count == 0 || *parent == layout->open_count - 1)
        return layout->open_count;
    return find_free_row(layout, start_ns, *parent + 1);
}

/* What is determined about each event of a track, in sorted order. */
struct placing {
    uint32_t first; /* event */
    uint32_t count;
    const uint32_t *order; /* maps sorted order to arrival order */
    uint32_t *places; /* the reverse, if parents are known */
    uint32_t *rows, *parents;
    uint32_t row_count, tick_count;
    uint32_t base_row; /* of the track's spans of this kind */
};

/* The known parent of an event without a duration, which is placed already, and its row. UINT32_MAX: unknown, or not
 * found. */
static uint32_t find_around(const struct layout *layout, const struct placing *placing, uint32_t i, uint32_t *row)
{
    const struct timeline *timeline = layout->timeline;
    const uint32_t event = placing->first + placing->order[i], around = timeline->parents[event];
    int32_t among;
    if (around_is_among(around, &among)) {
        *row = layout->open_count - (uint32_t)among - 1; /* if negative, a row that has just become free */
        bool ends = among < 0 && *row < layout->open_most && layout->open[*row].end_ns == timeline->starts[event];
        return ends ? layout->open[*row].event : UINT32_MAX;
    }
    const uint32_t at = around - placing->first,
                   place = around < placing->first || at >= placing->count ? UINT32_MAX : placing->places[at];
    if (place >= i || timeline->kinds[around] & TIMELINE_ASYNC)
        return UINT32_MAX;
    *row = placing->rows[place] - placing->base_row;
    return place;
}

/* The row below the event's parent, if it is free; else the chosen one. */
static uint32_t row_within(const struct layout *layout, uint32_t outer_row, int64_t start_ns, uint32_t chosen)
{
    bool is_free = outer_row + 1 >= layout->open_most || layout->open[outer_row + 1].end_ns <= start_ns;
    return is_free ? outer_row + 1 : chosen;
}

/* An instant within a span goes into the tick row over that span's row. */
static bool place_tick(const struct layout *layout, struct placing *placing, uint32_t i)
{
    const struct timeline *timeline = layout->timeline;
    const uint32_t event = placing->first + placing->order[i], around = placing->parents[i];
    if (around == TIMELINE_NONE || event_kind(timeline, event) != TIMELINE_INSTANT)
        return false;
    const uint32_t row = placing->rows[around] & ~TICKS;
    placing->rows[i] = row | TICKS;
    if (row >= placing->tick_count)
        placing->tick_count = row + 1;
    return true;
}

/* Whether a span is still open when the trace ends: what comes then is inside it. parent: a row, or UINT32_MAX. */
static bool is_endless(const struct layout *layout, uint32_t event, uint32_t parent)
{
    const struct timeline *timeline = layout->timeline;
    return timeline->kinds[event] & TIMELINE_OPEN && event_end(timeline, event) >= timeline->duration_ns &&
           (parent == UINT32_MAX || layout->open[parent].end_ns == INT64_MAX);
}

static bool place(struct layout *layout, struct placing *placing, uint32_t i)
{
    struct timeline *timeline = layout->timeline;
    uint32_t event = placing->first + placing->order[i], parent;
    int64_t start_ns = timeline->starts[event], end_ns = event_end(timeline, event);
    bool async = timeline->kinds[event] & TIMELINE_ASYNC;
    const bool known = layout->around && !async && end_ns == start_ns && timeline->parents[event] != AROUND_UNKNOWN;
    uint32_t row = choose_row(layout, start_ns, end_ns, async, &parent), outer_row = 0;
    uint32_t around = known ? find_around(layout, placing, i, &outer_row) : UINT32_MAX;
    if (!async && layout->open_count && parent != layout->open_count - 1 && end_ns > start_ns)
        timeline->kinds[event] |= TIMELINE_OVERLAP;
    bool alone = known && timeline->parents[event] == AROUND_NOTHING;
    placing->parents[i] = parent == UINT32_MAX || alone ? TIMELINE_NONE : layout->open[parent].event;
    if (around != UINT32_MAX) {
        placing->parents[i] = around;
        row = row_within(layout, outer_row, start_ns, row);
    }
    if (place_tick(layout, placing, i))
        return true;
    placing->rows[i] = placing->base_row + row;
    if (placing->base_row + row >= placing->row_count)
        placing->row_count = placing->base_row + row + 1;
    if (is_endless(layout, event, parent))
        return push_open(layout, row, (struct row_end){ INT64_MAX, i, async });
    return end_ns == start_ns || push_open(layout, row, (struct row_end){ end_ns, i, async });
}

/* Places spans that nest first, and async ones below them. False without memory, or cancelled. */
static bool place_all(struct layout *layout, struct placing *placing)
{
    const uint8_t *kinds = layout->timeline->kinds;
    for (unsigned async = 0; async < 2; async++) {
        layout->open_count = layout->open_most = 0;
        placing->base_row = placing->row_count;
        for (uint32_t i = 0; i < placing->count; i++) {
            bool is_async = (kinds[placing->first + placing->order[i]] & TIMELINE_ASYNC) != 0;
            if (is_async == async && !place(layout, placing, i))
                return false;
            if ((i + 1) % STEPS_AT_ONCE == 0 && !build_goes_on(layout->steps, STEPS_AT_ONCE / 2.0))
                return false;
        }
        if (!build_goes_on(layout->steps, placing->count % STEPS_AT_ONCE / 2.0))
            return false;
    }
    return true;
}

/* --------------------------------------------------------------- rearranging */

/* Makes room for that many more rows, and for the end of the last one. */
static bool reserve_rows(struct layout *layout, uint32_t rows)
{
    struct timeline *timeline = layout->timeline;
    const uint32_t needed = timeline->row_count + rows + 1;
    if (needed <= layout->row_room)
        return true;
    const size_t room = needed + needed / 2;
    uint32_t *first = realloc(timeline->row_first, room * sizeof *first);
    if (first)
        timeline->row_first = first;
    uint32_t *track = realloc(timeline->row_track, room * sizeof *track);
    if (track)
        timeline->row_track = track;
    if (!first || !track)
        return false;
    layout->row_room = (uint32_t)room;
    return true;
}

bool layout_rows(struct layout *layout, uint32_t track, uint32_t first, const uint32_t *row_sizes, uint32_t rows)
{
    struct timeline *timeline = layout->timeline;
    if (!reserve_rows(layout, rows))
        return false;
    timeline->tracks[track].first_row = timeline->row_count;
    timeline->tracks[track].rows = rows;
    for (uint32_t row = 0; row < rows; first += row_sizes[row++]) {
        timeline->row_first[timeline->row_count + row] = first;
        timeline->row_track[timeline->row_count + row] = track;
    }
    timeline->row_count += rows;
    timeline->row_first[timeline->row_count] = first;
    return true;
}

/* Adds the track's rows to the timeline, and replaces each event's row by its final place. */
static bool add_rows(struct layout *layout, uint32_t track, const struct placing *placing)
{
    struct timeline *timeline = layout->timeline;
    const uint32_t rows = placing->row_count + placing->tick_count;
    for (uint32_t i = 0; placing->tick_count && i < placing->count; i++)
        if (placing->rows[i] & TICKS)
            placing->rows[i] = (placing->rows[i] & ~TICKS) + placing->row_count;
    uint32_t *sizes = calloc(2 * ((size_t)rows + 1), sizeof *sizes), *next = sizes ? sizes + rows : NULL;
    for (uint32_t i = 0; sizes && i < placing->count; i++)
        sizes[placing->rows[i]]++;
    bool ok = sizes && layout_rows(layout, track, placing->first, sizes, rows);
    if (ok && rows) {
        memcpy(next, timeline->row_first + timeline->row_count - rows, rows * sizeof *next);
        for (uint32_t i = 0; i < placing->count; i++)
            placing->rows[i] = next[placing->rows[i]]++;
    }
    timeline->tracks[track].ticks = placing->tick_count;
    free(sizes);
    return ok;
}

#define REARRANGED 6 /* columns */
#define REARRANGE(column)                                                       \
    do {                                                                        \
        for (uint32_t i = 0; i < count; i++)                                    \
            to.column[remap[i] - first] = timeline->column[first + order[i]];   \
        memcpy(timeline->column + first, to.column, count * sizeof *to.column); \
        if (!build_goes_on(layout->steps, (double)count / REARRANGED))          \
            return false;                                                       \
    } while (0)

/* Moves the columns of a track to their places, using memory for one column. False if cancelled. */
static bool rearrange(const struct layout *layout, const struct placing *placing, void *memory)
{
    struct timeline *timeline = layout->timeline;
    const uint32_t *order = placing->order, *remap = placing->rows;
    uint32_t first = placing->first, count = placing->count;
    union {
        int64_t *starts, *durations;
        uint32_t *names, *details;
        uint8_t *categories, *kinds;
    } to = { memory };
    REARRANGE(starts);
    REARRANGE(durations);
    REARRANGE(names);
    REARRANGE(details);
    REARRANGE(categories);
    REARRANGE(kinds);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parent = placing->parents[i];
        timeline->parents[remap[i]] = parent == TIMELINE_NONE ? TIMELINE_NONE : remap[parent];
    }
    return true;
}

bool layout_track(struct layout *layout, uint32_t track, uint32_t first, uint32_t count)
{
    struct radix_arrays keys = keys_of(layout->memory, count);
    if (!time_order(layout, first, &keys, count) || !build_goes_on(layout->steps, count))
        return false;
    struct placing placing = {
        .first = first,
        .count = count,
        .order = keys.index,
        .places = keys.other_index,
        .rows = (uint32_t *)keys.key,
        .parents = (uint32_t *)keys.key + count,
    };
    for (uint32_t i = 0; layout->around && i < count; i++)
        placing.places[keys.index[i]] = i;
    if (!place_all(layout, &placing) || !add_rows(layout, track, &placing) ||
        !rearrange(layout, &placing, keys.other_key))
        return false;
    for (uint32_t i = 0; layout->remap && i < count; i++)
        layout->remap[placing.order[i]] = placing.rows[i];
    return true;
}
