/* Nests spans. */
#include "self_times.h"

#include <stdlib.h>

#include "../base/array.h"

struct self_open {
    uint64_t number, start_ns, end_ns, inside_ns;
};

struct self_stack {
    struct self_open *open; /* the innermost last */
    uint32_t count, room;
};

bool self_times_init(struct self_times *times, uint32_t tracks)
{
    times->tracks = tracks ? tracks : 1;
    times->stacks = calloc(times->tracks, sizeof *times->stacks);
    return times->stacks != NULL;
}

static void pop(struct self_times *times, struct self_stack *stack)
{
    const struct self_open *over = &stack->open[--stack->count];
    times->known(times->context, over->number, over->end_ns - over->start_ns - over->inside_ns);
}

/* A span is inside the innermost one that contains it; spans that cross others are inside none, so that no time is
 * subtracted twice. Of equal spans the one that ended last, which comes last, is outside. */
static uint32_t place_of_span(struct self_stack *stack, const struct self_span *span)
{
    uint32_t at = stack->count;
    while (at && stack->open[at - 1].start_ns == span->start_ns && stack->open[at - 1].end_ns == span->end_ns)
        at--;
    if (at == stack->count && at && stack->open[at - 1].end_ns >= span->end_ns)
        stack->open[at - 1].inside_ns += span->end_ns - span->start_ns;
    return at;
}

static struct self_stack *stack_at(struct self_times *times, const struct self_span *span)
{
    struct self_stack *stack = &times->stacks[span->track < times->tracks ? span->track : 0];
    while (stack->count && stack->open[stack->count - 1].end_ns <= span->start_ns)
        pop(times, stack);
    return stack;
}

uint64_t self_times_holder(struct self_times *times, const struct self_span *span)
{
    const struct self_stack *stack = stack_at(times, span);
    for (uint32_t i = stack->count; i-- > 0;)
        if (stack->open[i].end_ns >= span->end_ns)
            return stack->open[i].number;
    return SELF_TIMES_NONE;
}

bool self_times_enter(struct self_times *times, const struct self_span *span)
{
    struct self_stack *stack = stack_at(times, span);
    if (span->end_ns == span->start_ns) {
        times->known(times->context, span->number, 0);
        return true;
    }
    struct self_open *open = array_grow(stack->open, stack->count, &stack->room, sizeof *open);
    if (!open)
        return false;
    stack->open = open;
    uint32_t at = place_of_span(stack, span);
    for (uint32_t i = stack->count++; i > at; i--)
        open[i] = open[i - 1];
    open[at] = (struct self_open){ span->number, span->start_ns, span->end_ns, 0 };
    if (at + 1 < stack->count)
        open[at].inside_ns = span->end_ns - span->start_ns;
    return true;
}

void self_times_end(struct self_times *times)
{
    for (uint32_t track = 0; track < times->tracks; track++)
        while (times->stacks[track].count)
            pop(times, &times->stacks[track]);
}

void self_times_free(struct self_times *times)
{
    for (uint32_t track = 0; times->stacks && track < times->tracks; track++)
        free(times->stacks[track].open);
    free(times->stacks);
    times->stacks = NULL;
}
