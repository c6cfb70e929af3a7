/* The events of a view in the order of a table, sorted in steps. */
#include <stdlib.h>
#include <string.h>

#include "../base/heap.h"
#include "../base/radix_sort.h"
#include "columns.h"
#include "view.h"

#define DIGIT_BITS 11u
#define DIGITS (1u << DIGIT_BITS)

struct timeline_order {
    const struct timeline_view *view;
    uint32_t count;
    uint32_t *positions; /* of the view, in this order */
    uint32_t *places; /* the reverse, made on first use */
    struct ordering *ordering; /* NULL: the order is complete */
};

/* ------------------------------------------------------------------ by start */

/* The next position of a row. */
struct next {
    int64_t start_ns;
    uint32_t position, end;
};

/* Over all rows, with the earliest on top. */
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

/* First by start, for any key. Then each position gets a key, and its digits are handled from the least significant:
 * they are counted, then positions move (radix_sort.h does the same at once). */
enum stage { STAGE_MERGE, STAGE_KEYS, STAGE_COUNT, STAGE_MOVE };

/* An order under construction. */
struct ordering {
    enum timeline_key key;
    bool descending;
    enum stage stage;
    uint32_t at; /* progress of the stage */
    struct heap heap;
    uint32_t *ranks; /* of names or categories */
    struct radix_arrays arrays;
    uint64_t greatest; /* key */
    unsigned shift; /* of the digit */
    uint32_t places[DIGITS]; /* the number of positions with each digit; later, where the next of them goes */
};

static void set_row(struct heap *heap, uint32_t at, uint32_t position, uint32_t end)
{
    int64_t start_ns = heap->view->timeline->starts[view_event(heap->view, position)];
    heap->rows[at] = (struct next){ start_ns, position, end };
}

static bool begin_merge(struct heap *heap, const struct timeline_view *view)
{
    const uint32_t row_count = view->timeline->row_count;
    heap->view = view;
    heap->rows = calloc((size_t)row_count + 1, sizeof *heap->rows);
    if (!heap->rows)
        return false;
    for (uint32_t row = 0; row < row_count; row++)
        if (view->row_first[row] < view->row_first[row + 1])
            set_row(heap, heap->count++, view->row_first[row], view->row_first[row + 1]);
    earliest_build(heap, heap->rows, heap->count);
    return true;
}

/* Rows are sorted, so merging them sorts all. */
static void merge_rows(struct timeline_order *order, uint32_t end)
{
    struct ordering *ordering = order->ordering;
    struct heap *heap = &ordering->heap;
    const bool backwards = ordering->key == TIMELINE_BY_START && ordering->descending;
    for (uint32_t i = ordering->at; i < end; i++) {
        struct next *top = &heap->rows[0];
        order->positions[backwards ? order->count - 1 - i : i] = top->position;
        if (top->position + 1 < top->end)
            set_row(heap, 0, top->position + 1, top->end);
        else
            heap->rows[0] = heap->rows[--heap->count];
        if (heap->count)
            earliest_sink(heap, heap->rows, heap->count, 0);
    }
}

/* --------------------------------------------------------------- by other keys */

struct named {
    const char *name;
    uint32_t id;
};

static int compare_names(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    return strcmp(left->name, right->name);
}

/* The alphabetical rank of each name or category. NULL without memory. */
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

/* False without memory. */
static bool begin_keys(struct timeline_order *order)
{
    const struct timeline *timeline = order->view->timeline;
    struct ordering *ordering = order->ordering;
    const bool by_name = ordering->key == TIMELINE_BY_NAME, by_category = ordering->key == TIMELINE_BY_CATEGORY;
    if (by_name || by_category)
        ordering->ranks = alphabet(by_name ? &timeline->name_table : &timeline->category_table);
    return (ordering->ranks || !(by_name || by_category)) && allocate(&ordering->arrays, order->count);
}

static void make_keys(struct timeline_order *order, uint32_t end)
{
    const struct timeline_view *view = order->view;
    struct ordering *ordering = order->ordering;
    for (uint32_t i = ordering->at; i < end; i++) {
        uint64_t key = key_of(view->timeline, view_event(view, order->positions[i]), ordering->key, ordering->ranks);
        ordering->arrays.index[i] = order->positions[i];
        ordering->arrays.key[i] = key;
        ordering->greatest = key > ordering->greatest ? key : ordering->greatest;
    }
}

/* Descending: the greatest first, equal ones still by start. */
static inline uint32_t digit_of(const struct ordering *ordering, uint64_t key)
{
    uint64_t rank = ordering->descending ? ordering->greatest - key : key;
    return rank >> ordering->shift & (DIGITS - 1);
}

static void count_digits(struct ordering *ordering, uint32_t end)
{
    for (uint32_t i = ordering->at; i < end; i++)
        ordering->places[digit_of(ordering, ordering->arrays.key[i])]++;
}

static void begin_move(struct ordering *ordering)
{
    for (uint32_t digit = 0, place = 0; digit < DIGITS; digit++) {
        uint32_t size = ordering->places[digit];
        ordering->places[digit] = place;
        place += size;
    }
}

static void move(struct ordering *ordering, uint32_t end)
{
    struct radix_arrays *arrays = &ordering->arrays;
    for (uint32_t i = ordering->at; i < end; i++) {
        uint32_t to = ordering->places[digit_of(ordering, arrays->key[i])]++;
        arrays->other_key[to] = arrays->key[i];
        arrays->other_index[to] = arrays->index[i];
    }
}

/* ------------------------------------------------------------------ in steps */

static void finish(struct timeline_order *order)
{
    struct ordering *ordering = order->ordering;
    order->ordering = NULL;
    if (!ordering)
        return;
    free(ordering->heap.rows);
    free(ordering->ranks);
    free(ordering->arrays.key);
    free(ordering->arrays.other_key);
    free(ordering->arrays.index);
    free(ordering->arrays.other_index);
    free(ordering);
}

/* Moves to the next digit, if any key has one there. */
static void next_digit(struct timeline_order *order)
{
    struct ordering *ordering = order->ordering;
    ordering->stage = STAGE_COUNT;
    memset(ordering->places, 0, sizeof ordering->places);
    if (ordering->shift < 64 && ordering->greatest >> ordering->shift)
        return;
    uint32_t *sorted = ordering->arrays.index;
    ordering->arrays.index = order->positions;
    order->positions = sorted;
    finish(order);
}

/* Called at the end of a stage. False without memory. */
static bool next_stage(struct timeline_order *order)
{
    struct ordering *ordering = order->ordering;
    struct radix_arrays *arrays = &ordering->arrays;
    ordering->at = 0;
    switch (ordering->stage) {
    case STAGE_MERGE:
        if (ordering->key != TIMELINE_BY_START) {
            ordering->stage = STAGE_KEYS;
            return begin_keys(order);
        }
        finish(order);
        return true;
    case STAGE_KEYS:
        next_digit(order);
        return true;
    case STAGE_COUNT:
        ordering->stage = STAGE_MOVE;
        begin_move(ordering);
        return true;
    default:
        *arrays = (struct radix_arrays){ arrays->other_key, arrays->key, arrays->other_index, arrays->index };
        ordering->shift += DIGIT_BITS;
        next_digit(order);
        return true;
    }
}

static void work(struct timeline_order *order, uint32_t end)
{
    struct ordering *ordering = order->ordering;
    if (ordering->stage == STAGE_MERGE)
        merge_rows(order, end);
    else if (ordering->stage == STAGE_KEYS)
        make_keys(order, end);
    else if (ordering->stage == STAGE_COUNT)
        count_digits(ordering, end);
    else
        move(ordering, end);
    ordering->at = end;
}

enum tracer_error timeline_order_begin(struct timeline_order **result, const struct timeline_view *view,
                                       enum timeline_key key, bool descending)
{
    struct timeline_order *order = calloc(1, sizeof *order);
    struct ordering *ordering = calloc(1, sizeof *ordering);
    *result = order;
    if (order && ordering) {
        *order = (struct timeline_order){ .view = view, .count = view->count, .ordering = ordering };
        order->positions = malloc(((size_t)view->count + 1) * sizeof *order->positions);
        ordering->key = key;
        ordering->descending = descending;
        if (order->positions && begin_merge(&ordering->heap, view))
            return TRACER_OK;
        finish(order);
        ordering = NULL;
    }
    free(ordering);
    timeline_order_destroy(order);
    *result = NULL;
    return TRACER_ERROR_MEMORY;
}

enum tracer_error timeline_order_step(struct timeline_order *order, uint32_t events, bool *more)
{
    while (order->ordering) {
        uint32_t left = order->count - order->ordering->at, now = left < events ? left : events;
        work(order, order->ordering->at + now);
        events -= now;
        if (now < left)
            break;
        if (!next_stage(order))
            return TRACER_ERROR_MEMORY;
    }
    *more = order->ordering != NULL;
    return TRACER_OK;
}

/* All stages take about the same time; keys usually have two digits. */
double timeline_order_share(const struct timeline_order *order)
{
    const struct ordering *ordering = order->ordering;
    if (!ordering)
        return 1;
    const unsigned stages = ordering->key == TIMELINE_BY_START ? 1 : 6, passes = ordering->shift / DIGIT_BITS;
    const double done = (double)ordering->stage + 2.0 * passes + ordering->at / ((double)order->count + 1);
    return done < stages ? done / stages : 1;
}

enum tracer_error timeline_order_create(struct timeline_order **result, const struct timeline_view *view,
                                        enum timeline_key key, bool descending)
{
    bool more = true;
    enum tracer_error error = timeline_order_begin(result, view, key, descending);
    while (error == TRACER_OK && more)
        error = timeline_order_step(*result, UINT32_MAX, &more);
    if (error != TRACER_OK) {
        timeline_order_destroy(*result);
        *result = NULL;
    }
    return error;
}

void timeline_order_destroy(struct timeline_order *order)
{
    if (!order)
        return;
    finish(order);
    free(order->positions);
    free(order->places);
    free(order);
}

uint32_t timeline_order_event(const struct timeline_order *order, uint32_t position)
{
    bool is_there = position < order->count && !order->ordering;
    return is_there ? view_event(order->view, order->positions[position]) : TIMELINE_NONE;
}

uint32_t timeline_order_position(struct timeline_order *order, uint32_t event)
{
    uint32_t position = view_position(order->view, event);
    if (position == TIMELINE_NONE || order->ordering)
        return TIMELINE_NONE;
    if (!order->places) {
        order->places = malloc(((size_t)order->count + 1) * sizeof *order->places);
        for (uint32_t i = 0; order->places && i < order->count; i++)
            order->places[order->positions[i]] = i;
    }
    return order->places ? order->places[position] : TIMELINE_NONE;
}
