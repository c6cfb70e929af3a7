/* Searches the events of a view, a part at a time. */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "../base/lower_bound.h"

#define RUN_EVENTS (4 * SEARCH_BLOCK) /* with fewer of them in the view, looking at each is faster */

static size_t words_of(uint32_t count)
{
    return ((size_t)count + 63) / 64;
}

static bool prepare(struct timeline_search *search)
{
    const struct timeline_view *view = search->view;
    search->found = calloc(words_of(view->count) + 1, sizeof *search->found);
    search->before = malloc(((size_t)view->count / SEARCH_BLOCK + 2) * sizeof *search->before);
    return sieve_create(&search->sieve, view->timeline, NULL, search->expression) && search->found && search->before;
}

enum tracer_error timeline_search_create(struct timeline_search **result, const struct timeline_view *view,
                                         struct expression *expression)
{
    struct timeline_search *search = calloc(1, sizeof *search);
    if (search) {
        search->view = view;
        search->expression = expression;
    } else {
        expression_destroy(expression);
    }
    if (search && !prepare(search)) {
        timeline_search_destroy(search);
        search = NULL;
    }
    *result = search;
    return search ? TRACER_OK : TRACER_ERROR_MEMORY;
}

void timeline_search_destroy(struct timeline_search *search)
{
    if (!search)
        return;
    sieve_free(&search->sieve);
    expression_destroy(search->expression);
    free(search->found);
    free(search->before);
    free(search);
}

static void mark(struct timeline_search *search, uint32_t position)
{
    search->found[position / 64] |= UINT64_C(1) << position % 64;
}

/* Marks those of the events, in ascending order, that the view has, from this position on. */
static void mark_listed(struct timeline_search *search, uint32_t position, const uint32_t *chosen, uint32_t count)
{
    const uint32_t *events = search->view->events;
    for (uint32_t i = 0; i < count; i++) {
        while (events[position] < chosen[i])
            position++;
        if (events[position] == chosen[i]) {
            mark(search, position);
            search->hits++;
        }
    }
}

/* All events of a part of a row at once, of which the view may leave some out. */
static void look_at_run(struct timeline_search *search, uint32_t position, uint32_t first, uint32_t end)
{
    uint32_t chosen[RUN_EVENTS];
    uint32_t count = sieve_select(&search->sieve, search->row, first, end, chosen);
    if (search->view->events) {
        mark_listed(search, position, chosen, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        mark(search, chosen[i]);
    search->hits += count;
}

/* Checks positions of one row. */
static void look_at(struct timeline_search *search, uint32_t first, uint32_t end)
{
    const struct timeline_view *view = search->view;
    uint32_t from = view_event(view, first), to = view_event(view, end - 1) + 1;
    if (!sieve_takes_row(&search->sieve, search->row))
        return;
    if (to - from <= RUN_EVENTS) {
        look_at_run(search, first, from, to);
        return;
    }
    for (uint32_t position = first; position < end; position++)
        if (sieve_passes(&search->sieve, search->row, view_event(view, position))) {
            mark(search, position);
            search->hits++;
        }
}

bool timeline_search_step(struct timeline_search *search, uint32_t events)
{
    const struct timeline_view *view = search->view;
    uint32_t count = view->count, last = count - search->looked < events ? count : search->looked + events;
    while (search->looked < last) {
        uint32_t first = search->looked, end = count - first < SEARCH_BLOCK ? count : first + SEARCH_BLOCK;
        search->before[first / SEARCH_BLOCK] = search->hits;
        while (first < end) {
            uint32_t row_end = view->row_first[search->row + 1], upto = row_end < end ? row_end : end;
            if (upto > first)
                look_at(search, first, upto);
            first = upto;
            search->row += first == row_end;
        }
        search->looked = end;
    }
    return search->looked < count;
}

uint32_t timeline_search_hits(const struct timeline_search *search)
{
    return search->hits;
}

/* ------------------------------------------------------------------ counting */

/* The number of hits before a position. */
static uint32_t hits_before(const struct timeline_search *search, uint32_t position)
{
    if (position >= search->looked)
        return search->hits;
    uint32_t block = position / SEARCH_BLOCK, count = search->before[block];
    for (uint32_t word = block * (SEARCH_BLOCK / 64); word < position / 64; word++)
        count += (uint32_t)__builtin_popcountll(search->found[word]);
    uint64_t last = search->found[position / 64] & ((UINT64_C(1) << position % 64) - 1);
    return count + (uint32_t)__builtin_popcountll(last);
}

uint32_t search_count(const struct timeline_search *search, uint32_t first, uint32_t end)
{
    if (search->hits == 0)
        return 0;
    if (first / 64 == (end - 1) / 64 && end > first) { /* nearly always */
        uint64_t bits = search->found[first / 64] >> first % 64;
        uint32_t count = end - first;
        return (uint32_t)__builtin_popcountll(count == 64 ? bits : bits & ((UINT64_C(1) << count) - 1));
    }
    return hits_before(search, end) - hits_before(search, first);
}

/* ------------------------------------------------------------ next, previous */

/* Hits are ordered by start; those with the same start, by row. */
struct hit {
    int64_t start_ns;
    uint32_t position; /* TIMELINE_NONE: there is none */
};

static bool earlier(struct hit a, struct hit b)
{
    return a.start_ns != b.start_ns ? a.start_ns < b.start_ns : a.position < b.position;
}

static struct hit hit_at(const struct timeline_search *search, uint32_t position)
{
    return (struct hit){ search->view->timeline->starts[view_event(search->view, position)], position };
}

/* The first or the last hit in [first, end); TIMELINE_NONE: there is none. */
static uint32_t first_hit(const struct timeline_search *search, uint32_t first, uint32_t end)
{
    while (first < end) {
        uint64_t bits = search->found[first / 64] >> first % 64;
        if (bits) {
            uint32_t at = first + (uint32_t)__builtin_ctzll(bits);
            return at < end ? at : TIMELINE_NONE;
        }
        first = (first / 64 + 1) * 64;
    }
    return TIMELINE_NONE;
}

static uint32_t last_hit(const struct timeline_search *search, uint32_t first, uint32_t end)
{
    while (first < end) {
        uint64_t bits = search->found[(end - 1) / 64] << (63 - (end - 1) % 64);
        if (bits) {
            uint32_t at = end - 1 - (uint32_t)__builtin_clzll(bits);
            return at >= first ? at : TIMELINE_NONE;
        }
        end = (end - 1) / 64 * 64;
    }
    return TIMELINE_NONE;
}

struct looked_for {
    const struct timeline_search *search;
    struct hit from;
};

static inline bool is_not_after(const void *context, uint64_t position)
{
    const struct looked_for *wanted = context;
    return !earlier(wanted->from, hit_at(wanted->search, (uint32_t)position));
}

/* The first position of a row that comes after a hit. */
static uint32_t after(const struct timeline_search *search, uint32_t row, struct hit from)
{
    const struct timeline_view *view = search->view;
    struct looked_for wanted = { search, from };
    return (uint32_t)lower_bound(view->row_first[row], view->row_first[row + 1], is_not_after, &wanted);
}

static struct hit nearest(const struct timeline_search *search, struct hit from, int direction)
{
    const struct timeline_view *view = search->view;
    struct hit best = { 0, TIMELINE_NONE };
    for (uint32_t row = 0; row < view->timeline->row_count; row++) {
        uint32_t at = after(search, row, from), found;
        if (direction > 0)
            found = first_hit(search, at, view->row_first[row + 1]);
        else /* the hit itself does not come before itself */
            found = last_hit(search, view->row_first[row],
                             at > view->row_first[row] && at - 1 == from.position ? at - 1 : at);
        if (found == TIMELINE_NONE)
            continue;
        struct hit hit = hit_at(search, found);
        if (best.position == TIMELINE_NONE || (direction > 0 ? earlier(hit, best) : earlier(best, hit)))
            best = hit;
    }
    return best;
}

static uint32_t rank_of(const struct timeline_search *search, struct hit hit)
{
    uint32_t rank = 0;
    for (uint32_t row = 0; row < search->view->timeline->row_count; row++)
        rank += hits_before(search, after(search, row, hit)) - hits_before(search, search->view->row_first[row]);
    return rank - 1; /* not counting itself */
}

uint32_t timeline_search_next(const struct timeline_search *search, uint32_t event, int64_t time_ns, int direction,
                              uint32_t *rank)
{
    uint32_t position = event == TIMELINE_NONE ? TIMELINE_NONE : view_position(search->view, event);
    struct hit from = { time_ns, direction > 0 ? 0 : TIMELINE_NONE - 1 };
    if (position != TIMELINE_NONE)
        from = hit_at(search, position);
    else if (direction > 0)
        from.start_ns--, from.position = TIMELINE_NONE - 1; /* a hit that begins at this time is the next one */
    if (search->hits == 0)
        return TIMELINE_NONE;
    struct hit found = nearest(search, from, direction);
    if (found.position == TIMELINE_NONE) /* wrap around */
        found = nearest(search, (struct hit){ direction > 0 ? INT64_MIN : INT64_MAX, TIMELINE_NONE - 1 }, direction);
    if (found.position == TIMELINE_NONE)
        return TIMELINE_NONE;
    *rank = rank_of(search, found);
    return view_event(search->view, found.position);
}
