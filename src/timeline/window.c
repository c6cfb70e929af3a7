/* The contents of a window; see view.h for how they are found. */
#include "../platform/arch.h"
#include "making.h"
#include "search.h"

/* A row being drawn. Pieces narrower than a pixel are pending, to be merged with their neighbours. All that draws a row is
 * inlined, so that this is kept in registers: it takes a quarter less time, above all in WebAssembly. */
struct drawing {
    const struct timeline_view *view;
    const struct timeline_window *window;
    int64_t pixel_ns; /* rounded up: anything shorter is narrower than a pixel */
    struct timeline_rect *rects;
    uint32_t count, capacity;
    uint32_t row;
    uint32_t first; /* position of the pending piece */
    struct group waiting;
    uint32_t waiting_count; /* pending events; 0: none */
    uint32_t votes; /* for the pending category, by Boyer and Moore's majority vote */
};

uint32_t timeline_window_max(const struct timeline_window *window)
{
    uint64_t most = ((uint64_t)window->width_px * 2 + 4) * window->rows;
    return most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
}

static uint16_t hits_of(const struct drawing *drawing)
{
    if (!drawing->window->search)
        return 0;
    uint32_t hits = search_count(drawing->window->search, drawing->first, drawing->first + drawing->waiting_count);
    return (uint16_t)(hits < UINT16_MAX ? hits : UINT16_MAX);
}

/* The pending piece has its final form. */
always_inline_ void finish(struct drawing *drawing)
{
    const struct group *waiting = &drawing->waiting;
    if (drawing->waiting_count && drawing->count < drawing->capacity)
        drawing->rects[drawing->count++] = (struct timeline_rect){
            .start_ns = (double)(waiting->start_ns - drawing->window->from_ns),
            .duration_ns = (double)(waiting->end_ns - waiting->start_ns),
            .event = view_event(drawing->view, waiting->longest),
            .count = drawing->waiting_count,
            .row = drawing->row,
            .busy_ns = waiting->busy_ns,
            .category = waiting->category,
            .flags = waiting->flags,
            .hits = hits_of(drawing),
        };
    drawing->waiting_count = 0;
}

/* Adds a group of count events to the pending piece, whose last position it follows. If one category has more than half
 * of the events, the piece gets that one: counting the events of each category took a third of a window's time, only
 * for pieces narrower than a pixel. */
always_inline_ void join(struct drawing *drawing, const struct group *group, uint32_t count)
{
    struct group *waiting = &drawing->waiting;
    waiting->end_ns = group->end_ns;
    drawing->waiting_count += count;
    waiting->busy_ns += group->busy_ns;
    waiting->flags |= group->flags;
    if (group->category == waiting->category) {
        drawing->votes += count;
    } else if (count > drawing->votes) {
        drawing->votes = count - drawing->votes;
        waiting->category = group->category;
    } else {
        drawing->votes -= count;
    }
    if (group_is_longer(drawing->view, group, waiting->longest, waiting->longest_ns)) {
        waiting->longest = group->longest;
        waiting->longest_ns = group->longest_ns;
    }
}

always_inline_ void draw(struct drawing *drawing, const struct group *group, uint32_t first, uint32_t count)
{
    if (drawing->waiting_count && group->end_ns - drawing->waiting.start_ns < drawing->pixel_ns) {
        join(drawing, group, count);
        return;
    }
    finish(drawing);
    drawing->waiting = *group;
    drawing->waiting_count = count;
    drawing->first = first;
    drawing->votes = count;
}

/* Draws single events. False: all later ones are beyond the window. */
always_inline_ bool draw_events(struct drawing *drawing, uint32_t first, uint32_t end)
{
    for (uint32_t position = first; position < end; position++) {
        struct group one = group_of(drawing->view, position);
        if (one.start_ns > drawing->window->to_ns)
            return false;
        if (one.end_ns >= drawing->window->from_ns)
            draw(drawing, &one, position, 1);
    }
    return true;
}

/* Blocks of a level that are yet to be looked at. */
struct range {
    uint32_t next, end;
};

/* Starts at the top: draws blocks narrower than a pixel as one, and descends into all others. */
always_inline_ void draw_row(struct drawing *drawing, uint32_t row)
{
    const struct timeline_view *view = drawing->view;
    const struct group_levels levels = row_levels(view, row);
    struct range ranges[GROUP_LEVELS];
    unsigned level = levels.count - 1;
    uint32_t first = view->row_first[row], end = view->row_first[row + 1];
    if (levels.count == 0) {
        if (!row_is_counter(view->timeline, row))
            draw_events(drawing, first, end);
        return;
    }
    ranges[level] = (struct range){ 0, levels.blocks[level] };
    while (level < levels.count) {
        if (ranges[level].next == ranges[level].end) {
            level++;
            continue;
        }
        uint32_t block = ranges[level].next++, at = first + block * (GROUP_EVENTS << GROUP_BITS * level);
        const struct group *group = &view->groups[levels.first[level] + block];
        if (group->start_ns > drawing->window->to_ns)
            return;
        if (group->end_ns < drawing->window->from_ns)
            continue;
        if (group->end_ns - group->start_ns < drawing->pixel_ns) {
            draw(drawing, group, at, group_count(end - first, level, block));
        } else if (level > 0) {
            uint32_t below = block * GROUP_BLOCKS, blocks = levels.blocks[--level];
            ranges[level] = (struct range){ below, blocks - below < GROUP_BLOCKS ? blocks : below + GROUP_BLOCKS };
        } else if (!draw_events(drawing, at, at + group_count(end - first, 0, block))) {
            return;
        }
    }
}

static double pixel_of(const struct timeline_window *window)
{
    double ns = (double)(window->to_ns - window->from_ns) / (window->width_px ? window->width_px : 1);
    return ns < 1 ? 1 : ns;
}

static int64_t whole_pixel_of(const struct timeline_window *window)
{
    double ns = pixel_of(window);
    int64_t whole_ns = ns < (double)INT64_MAX ? (int64_t)ns : INT64_MAX - 1;
    return (double)whole_ns < ns ? whole_ns + 1 : whole_ns;
}

uint32_t timeline_window(const struct timeline_view *view, const struct timeline_window *window,
                         struct timeline_rect *rects, uint32_t capacity)
{
    struct drawing drawing = {
        .view = view,
        .window = window,
        .pixel_ns = whole_pixel_of(window),
        .rects = rects,
        .capacity = capacity,
    };
    uint32_t row_count = view->timeline->row_count;
    for (uint32_t i = 0; i < window->rows && window->first_row + i < row_count; i++) {
        drawing.row = window->first_row + i;
        draw_row(&drawing, drawing.row);
        finish(&drawing);
    }
    return drawing.count;
}

/* Draws event by event, before the groups have been made. */
static void draw_passing(struct drawing *drawing, const struct sieve *sieve)
{
    const struct timeline *timeline = sieve->timeline;
    uint32_t at = view_begins_at(drawing->view, drawing->row, drawing->window->from_ns);
    if (at > timeline->row_first[drawing->row])
        at--; /* it may reach into the window */
    for (; at < timeline->row_first[drawing->row + 1]; at++) {
        struct group one = group_of(drawing->view, at);
        if (one.start_ns > drawing->window->to_ns)
            return;
        if (one.end_ns >= drawing->window->from_ns && sieve_passes(sieve, drawing->row, at))
            draw(drawing, &one, at, 1);
    }
}

uint32_t timeline_window_of(const struct timeline_making *making, const struct timeline_window *window,
                            struct timeline_rect *rects, uint32_t capacity)
{
    const struct timeline *timeline = making->sieve.timeline;
    const struct timeline_view everything = { .timeline = timeline, .row_first = timeline->row_first };
    struct timeline_window unmarked = *window;
    unmarked.search = NULL;
    struct drawing drawing = {
        .view = &everything,
        .window = &unmarked,
        .pixel_ns = whole_pixel_of(window),
        .rects = rects,
        .capacity = capacity,
    };
    for (uint32_t i = 0; i < window->rows && window->first_row + i < timeline->row_count; i++) {
        drawing.row = window->first_row + i;
        if (sieve_takes_row(&making->sieve, drawing.row) && !row_is_counter(timeline, drawing.row))
            draw_passing(&drawing, &making->sieve);
        finish(&drawing);
    }
    return drawing.count;
}

/* ------------------------------------------------------------------ counters */

/* Begins with a value, which is not counted. */
static struct timeline_point point_of(double x, double value)
{
    return (struct timeline_point){ .x_px = (uint32_t)x, .min = value, .max = value, .last = value };
}

static void add_sample(struct timeline_point *point, double value)
{
    if (value < point->min)
        point->min = value;
    if (value > point->max)
        point->max = value;
    point->last = value;
    point->count++;
}

uint32_t timeline_counter(const struct timeline_view *view, const struct timeline_window *window, uint32_t track,
                          struct timeline_point *points, double *low, double *high)
{
    const struct timeline *timeline = view->timeline;
    *low = *high = 0;
    if (track >= timeline->track_count || timeline->tracks[track].counter == TIMELINE_NONE || !window->width_px)
        return 0;
    *low = view->ranges[track].low;
    *high = view->ranges[track].high;
    uint32_t row = timeline->tracks[track].first_row, end = view->row_first[row + 1], count = 0;
    uint32_t position = view_begins_at(view, row, window->from_ns);
    if (position > view->row_first[row]) /* the value at the beginning of the window */
        points[count++] = point_of(0, event_value(timeline, view_event(view, position - 1)));
    double pixel_ns = pixel_of(window);
    for (; position < end; position++) {
        uint32_t event = view_event(view, position);
        double x = (double)(timeline->starts[event] - window->from_ns) / pixel_ns;
        if (timeline->starts[event] > window->to_ns || x >= window->width_px)
            break;
        double value = event_value(timeline, event);
        if (count == 0 || points[count - 1].x_px != (uint32_t)x)
            points[count++] = point_of(x, value);
        add_sample(&points[count - 1], value);
    }
    return count;
}
