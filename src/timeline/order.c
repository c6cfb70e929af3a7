/* The events of a view in the order of a table. */
#include <stdlib.h>
#include <string.h>

#include "../base/heap.h"
#include "../base/radix_sort.h"
#include "columns.h"
#include "view.h"

struct timeline_order {
    const struct timeline_view *view;
    uint32_t count;
    uint32_t *positions; /* of the view, in this order */
    uint32_t *places; /* the reverse, made when it is asked for first */
};

/* ------------------------------------------------------------------ by start */

/* The next position of a row. */
struct next {
    int64_t start_ns;
    uint32_t position, end;
};

/* Of all rows, the earliest on top. */
struct heap {
    const struct timeline_view *view;
    struct next *rows;
    uint32_t count;
};

static inline bool is_earlier(const struct heap *heap, const struct next *a, const struct next *b)
{
    (void)heap;
    return a->start_ns != b->start_ns ? a->start_ns < b->start_ns : a->position < b->position;
}

HEAP_FUNCTIONS(earliest, struct next, struct heap, is_earlier)

static void set_row(struct heap *heap, uint32_t at, uint32_t position, uint32_t end)
{
    int64_t start_ns = heap->view->timeline->starts[view_event(heap->view, position)];
    heap->rows[at] = (struct next){ start_ns, position, end };
}

/* Rows are sorted: merging them sorts all. False without memory. */
static bool merge_rows(const struct timeline_view *view, uint32_t *positions)
{
    uint32_t row_count = view->timeline->row_count, count = 0;
    struct heap heap = { .view = view, .rows = malloc(((size_t)row_count + 1) * sizeof *heap.rows) };
    if (!heap.rows)
        return false;
    for (uint32_t row = 0; row < row_count; row++)
        if (view->row_first[row] < view->row_first[row + 1])
            set_row(&heap, heap.count++, view->row_first[row], view->row_first[row + 1]);
    earliest_build(&heap, heap.rows, heap.count);
    while (heap.count) {
        struct next *top = &heap.rows[0];
        positions[count++] = top->position;
        if (top->position + 1 < top->end)
            set_row(&heap, 0, top->position + 1, top->end);
        else
            heap.rows[0] = heap.rows[--heap.count];
        if (heap.count)
            earliest_sink(&heap, heap.rows, heap.count, 0);
    }
    free(heap.rows);
    return true;
}

/* ----------------------------------------------------------------- otherwise */

struct named {
    const char *name;
    uint32_t id;
};

static int compare_names(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    return strcmp(left->name, right->name);
}

/* The place of each name or category in the alphabet. NULL without memory. */
static uint32_t *alphabet(const struct interned *table)
{
    struct named *names = malloc(((size_t)table->count + 1) * sizeof *names);
    uint32_t *ranks = malloc(((size_t)table->count + 1) * sizeof *ranks);
    if (names && ranks) {
        for (uint32_t id = 0; id < table->count; id++)
            names[id] = (struct named){ interned_text(table, id), id };
        qsort(names, table->count, sizeof *names, compare_names);
        for (uint32_t i = 0; i < table->count; i++)
            ranks[names[i].id] = i;
    } else {
        free(ranks);
        ranks = NULL;
    }
    free(names);
    return ranks;
}

static uint64_t key_of(const struct timeline *timeline, uint32_t event, enum timeline_key key, const uint32_t *ranks)
{
    switch (key) {
    case TIMELINE_BY_DURATION:
        return (uint64_t)event_duration(timeline, event);
    case TIMELINE_BY_NAME:
        return ranks[timeline->names[event]];
    case TIMELINE_BY_CATEGORY:
        return ranks[timeline->categories[event]];
    default:
        return timeline->row_track[event_row(timeline, event)];
    }
}

static bool allocate(struct radix_arrays *arrays, uint32_t count)
{
    size_t room = (size_t)count + 1;
    *arrays = (struct radix_arrays){
        .key = malloc(room * sizeof *arrays->key),
        .other_key = malloc(room * sizeof *arrays->other_key),
        .index = malloc(room * sizeof *arrays->index),
        .other_index = malloc(room * sizeof *arrays->other_index),
    };
    return arrays->key && arrays->other_key && arrays->index && arrays->other_index;
}

static void release(struct radix_arrays *arrays)
{
    free(arrays->key);
    free(arrays->other_key);
    free(arrays->index);
    free(arrays->other_index);
}

/* Sorts positions, which are by start, by a key; descending: the greatest first, equal ones still by start. */
static bool sort_by_key(struct timeline_order *order, enum timeline_key key, bool descending, const uint32_t *ranks)
{
    const struct timeline_view *view = order->view;
    struct radix_arrays arrays;
    uint64_t greatest = 0;
    bool ok = allocate(&arrays, order->count);
    for (uint32_t i = 0; ok && i < order->count; i++) {
        arrays.index[i] = order->positions[i];
        arrays.key[i] = key_of(view->timeline, view_event(view, order->positions[i]), key, ranks);
        greatest = arrays.key[i] > greatest ? arrays.key[i] : greatest;
    }
    for (uint32_t i = 0; ok && descending && i < order->count; i++)
        arrays.key[i] = greatest - arrays.key[i];
    if (ok) {
        radix_sort(&arrays, order->count, greatest);
        memcpy(order->positions, arrays.index, order->count * sizeof *order->positions);
    }
    release(&arrays);
    return ok;
}

static bool sort(struct timeline_order *order, enum timeline_key key, bool descending)
{
    const struct timeline *timeline = order->view->timeline;
    uint32_t *ranks = NULL;
    if (!merge_rows(order->view, order->positions))
        return false;
    if (key == TIMELINE_BY_START) {
        for (uint32_t i = 0, j = order->count; descending && i + 1 < j; i++) {
            uint32_t last = order->positions[--j];
            order->positions[j] = order->positions[i];
            order->positions[i] = last;
        }
        return true;
    }
    if (key == TIMELINE_BY_NAME || key == TIMELINE_BY_CATEGORY)
        ranks = alphabet(key == TIMELINE_BY_NAME ? &timeline->name_table : &timeline->category_table);
    bool ok = (ranks || key == TIMELINE_BY_DURATION || key == TIMELINE_BY_TRACK) &&
              sort_by_key(order, key, descending, ranks);
    free(ranks);
    return ok;
}

enum tracer_error timeline_order_create(struct timeline_order **result, const struct timeline_view *view,
                                        enum timeline_key key, bool descending,
                                        const struct timeline_progress *progress)
{
    struct timeline_order *order = calloc(1, sizeof *order);
    *result = NULL;
    if (progress && !progress->report(progress->context, 0, view->count)) {
        free(order);
        return TRACER_ERROR_CANCELLED;
    }
    if (order) {
        order->view = view;
        order->count = view->count;
        order->positions = calloc((size_t)view->count + 1, sizeof *order->positions);
    }
    if (!order || !order->positions || !sort(order, key, descending)) {
        timeline_order_destroy(order);
        return TRACER_ERROR_MEMORY;
    }
    *result = order;
    return TRACER_OK;
}

void timeline_order_destroy(struct timeline_order *order)
{
    if (!order)
        return;
    free(order->positions);
    free(order->places);
    free(order);
}

uint32_t timeline_order_event(const struct timeline_order *order, uint32_t position)
{
    return position < order->count ? view_event(order->view, order->positions[position]) : TIMELINE_NONE;
}

uint32_t timeline_order_position(struct timeline_order *order, uint32_t event)
{
    uint32_t position = view_position(order->view, event);
    if (position == TIMELINE_NONE)
        return TIMELINE_NONE;
    if (!order->places) {
        order->places = malloc(((size_t)order->count + 1) * sizeof *order->places);
        for (uint32_t i = 0; order->places && i < order->count; i++)
            order->places[order->positions[i]] = i;
    }
    return order->places ? order->places[position] : TIMELINE_NONE;
}
