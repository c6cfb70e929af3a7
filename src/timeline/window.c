/* What a window shows: see view.h for how it is found. */
#include "making.h"
#include "search.h"

#define STACK_GROUPS 512u /* levels of groups, each with its neighbours behind it: at most 64 */

/* A row that is being drawn. What is narrower than a pixel waits for its neighbours, to be one with them: the last rect. */
struct drawing {
    const struct timeline_view *view;
    const struct timeline_window *window;
    int64_t pixel_ns; /* rounded up: what lasts less is narrower than a pixel */
    struct timeline_rect *rects;
    uint32_t count, capacity;
    uint32_t row;
    struct timeline_rect *waiting; /* NULL: nothing waits */
    int64_t start_ns; /* all that follows is of what waits */
    uint32_t first, longest; /* positions */
    float longest_ns;
    uint32_t heaviest; /* events of the group whose category it has */
};

uint32_t timeline_window_max(const struct timeline_window *window)
{
    uint64_t most = ((uint64_t)window->width_px * 2 + 4) * window->rows;
    return most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
}

/* What waits is as it will be. */
static void finish(struct drawing *drawing)
{
    struct timeline_rect *rect = drawing->waiting;
    if (!rect)
        return;
    rect->event = view_event(drawing->view, drawing->longest);
    if (drawing->window->search) {
        uint32_t hits = search_count(drawing->window->search, drawing->first, drawing->first + rect->count);
        rect->hits = (uint16_t)(hits < UINT16_MAX ? hits : UINT16_MAX);
    }
    drawing->waiting = NULL;
}

static inline void begin(struct drawing *drawing, const struct group *group)
{
    if (drawing->count == drawing->capacity)
        return;
    drawing->waiting = &drawing->rects[drawing->count++];
    drawing->start_ns = group->start_ns;
    drawing->first = group->first;
    drawing->longest = group->longest;
    drawing->longest_ns = group->longest_ns;
    drawing->heaviest = group->count;
    *drawing->waiting = (struct timeline_rect){
        .start_ns = (double)(group->start_ns - drawing->window->from_ns),
        .duration_ns = (double)(group->end_ns - group->start_ns),
        .count = group->count,
        .row = drawing->row,
        .category = group->category,
        .flags = group->flags,
    };
}

/* Adds a group to what waits, whose last position it follows. The category is that of the group of most events, the
 * first of several: counting the events of each category took a third of a window's time, and told apart only what is
 * narrower than a pixel. */
static inline void join(struct drawing *drawing, const struct group *group)
{
    struct timeline_rect *rect = drawing->waiting;
    rect->duration_ns = (double)(group->end_ns - drawing->start_ns);
    rect->count += group->count;
    rect->flags |= group->flags;
    if (group->count > drawing->heaviest) {
        drawing->heaviest = group->count;
        rect->category = group->category;
    }
    if (group_is_longer(drawing->view, group, drawing->longest, drawing->longest_ns)) {
        drawing->longest = group->longest;
        drawing->longest_ns = group->longest_ns;
    }
}

static inline void draw(struct drawing *drawing, const struct group *group)
{
    if (drawing->waiting && group->end_ns - drawing->start_ns < drawing->pixel_ns) {
        join(drawing, group);
        return;
    }
    finish(drawing);
    begin(drawing, group);
}

/* Events by themselves, of a group that is wider than a pixel. */
static void draw_events(struct drawing *drawing, const struct group *group)
{
    for (uint32_t position = group->first; position < group->first + group->count; position++) {
        struct group one = group_of(drawing->view, position);
        if (one.start_ns > drawing->window->to_ns)
            return;
        if (one.end_ns >= drawing->window->from_ns)
            draw(drawing, &one);
    }
}

/* Neighbours that are still to be drawn. */
struct range {
    uint32_t next, end;
};

/* Draws neighbours up to one that is wider than a pixel, and has groups: NULL when all are drawn. */
static const struct group *draw_neighbours(struct drawing *drawing, struct range *range)
{
    const struct group *groups = drawing->view->groups;
    const int64_t from_ns = drawing->window->from_ns, to_ns = drawing->window->to_ns;
    while (range->next != range->end && groups[range->next].start_ns <= to_ns) {
        const struct group *group = &groups[range->next++];
        if (group->end_ns < from_ns)
            continue;
        if (group->count == 1 || group->end_ns - group->start_ns < drawing->pixel_ns)
            draw(drawing, group);
        else if (group->child_count == 0)
            draw_events(drawing, group);
        else
            return group;
    }
    return NULL;
}

static void draw_row(struct drawing *drawing, uint32_t row)
{
    const struct timeline_view *view = drawing->view;
    struct range stack[STACK_GROUPS];
    unsigned depth = 1;
    stack[0] = (struct range){ view->rows[row].first, view->rows[row].first + view->rows[row].count };
    while (depth) {
        const struct group *group = draw_neighbours(drawing, &stack[depth - 1]);
        if (!group)
            depth--;
        else if (depth < STACK_GROUPS)
            stack[depth++] = (struct range){ group->children, group->children + group->child_count };
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

/* Without groups, which are not there yet: event by event. */
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
            draw(drawing, &one);
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
        if (sieve_takes_row(&making->sieve, drawing.row))
            draw_passing(&drawing, &making->sieve);
        finish(&drawing);
    }
    return drawing.count;
}

/* ------------------------------------------------------------------ counters */

static void add_sample(struct timeline_point *point, double value)
{
    if (point->count == 0 || value < point->min)
        point->min = value;
    if (point->count == 0 || value > point->max)
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
    if (position > view->row_first[row]) { /* the value that holds when the window begins */
        points[count] = (struct timeline_point){ .x_px = 0 };
        add_sample(&points[count++], event_value(timeline, view_event(view, position - 1)));
        points[0].count = 0;
    }
    double pixel_ns = pixel_of(window);
    for (; position < end; position++) {
        uint32_t event = view_event(view, position);
        double x = (double)(timeline->starts[event] - window->from_ns) / pixel_ns;
        if (timeline->starts[event] > window->to_ns || x >= window->width_px)
            break;
        if (count == 0 || points[count - 1].x_px != (uint32_t)x)
            points[count++] = (struct timeline_point){ .x_px = (uint32_t)x };
        add_sample(&points[count - 1], event_value(timeline, event));
    }
    return count;
}
