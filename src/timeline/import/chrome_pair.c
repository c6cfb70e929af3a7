/* Pairs beginnings with ends. */
#include "chrome_pair.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/radix_sort.h"
#include "../../platform/large_pages.h"
#include "chrome_args.h"

#define NONE UINT32_MAX
#define CHUNK_MARKS 65000u /* nearly a large page */
#define ASYNC_STACK 1u /* the lowest bit of a stack's number */
#define SEARCHED_MARKS 16384u /* open ones among which an end looks for its name */

struct mark_chunk {
    struct mark_chunk *next;
    uint32_t count;
    struct mark marks[CHUNK_MARKS];
};

struct open_mark {
    const struct mark *mark;
    uint32_t below; /* in its stack, or among the free ones, where it is one more; NONE, or 0: none */
};

void pairing_free(struct pairing *pairing)
{
    while (pairing->first) {
        struct mark_chunk *chunk = pairing->first;
        pairing->first = chunk->next;
        free(chunk);
    }
    free(pairing->threads);
    free(pairing->asyncs);
    free(pairing->open);
    buffer_free(&pairing->end_texts);
    *pairing = (struct pairing){ 0 };
}

/* --------------------------------------------------------------------- adding */

static bool have_stack(struct mark_stack **stacks, uint32_t *count, uint32_t *room, uint32_t index)
{
    while (index >= *count) {
        struct mark_stack *larger = array_grow(*stacks, *count, room, sizeof *larger);
        if (!larger)
            return false;
        *stacks = larger;
        larger[(*count)++] = (struct mark_stack){ INT64_MIN, NONE };
    }
    return true;
}

uint32_t pairing_thread(struct pairing *pairing, uint32_t track)
{
    if (track >= UINT32_MAX / 2 || !have_stack(&pairing->threads, &pairing->thread_count, &pairing->thread_room, track))
        return UINT32_MAX;
    return track * 2;
}

uint32_t pairing_async(struct pairing *pairing, uint32_t id)
{
    if (id >= UINT32_MAX / 2 || !have_stack(&pairing->asyncs, &pairing->async_count, &pairing->async_room, id))
        return UINT32_MAX;
    return id * 2 + ASYNC_STACK;
}

static struct mark_stack *stack_of(const struct pairing *pairing, const struct mark *mark)
{
    return (mark->stack & ASYNC_STACK ? pairing->asyncs : pairing->threads) + mark->stack / 2;
}

bool pairing_add(struct pairing *pairing, const struct mark *mark)
{
    struct mark_chunk *last = pairing->last;
    if (!last || last->count == CHUNK_MARKS) {
        struct mark_chunk *chunk = NULL;
        if (pairing->count < UINT32_MAX - CHUNK_MARKS)
            chunk = last ? large_pages_allocate(sizeof *chunk) : malloc(sizeof *chunk);
        if (!chunk)
            return false;
        chunk->next = NULL;
        chunk->count = 0;
        if (last)
            last->next = chunk;
        else
            pairing->first = chunk;
        pairing->last = last = chunk;
    }
    last->marks[last->count++] = *mark;
    pairing->count++;
    struct mark_stack *stack = stack_of(pairing, mark);
    pairing->disordered |= mark->time_ns < stack->last_ns;
    stack->last_ns = mark->time_ns;
    return true;
}

bool pairing_at_zero(const struct pairing *pairing)
{
    for (const struct mark_chunk *chunk = pairing->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            if (chunk->marks[i].time_ns)
                return false;
    return true;
}

/* Marks at a bound may have lost their order, and the stacks do not know it. */
void pairing_count_from(struct pairing *pairing, int64_t later_ns)
{
    pairing->disordered |= pairing->count > 0;
    for (struct mark_chunk *chunk = pairing->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            chunk->marks[i].time_ns = time_bounded(time_bounded(chunk->marks[i].time_ns) - time_bounded(later_ns));
}

/* -------------------------------------------------------------------- pairing */

/* The state of pairing_finish(). */
struct pairing_run {
    struct pairing *pairing;
    struct timeline_builder *builder;
    struct chunk **chunks; /* the builder's */
    struct buffer joined;
    bool failed;
};

static void note(struct pairing_run *run, const struct mark *mark, const char *text)
{
    const struct timeline_note note = {
        .text = text, .count = 1, .event = mark->number, .byte = mark->byte & ~MARK_END
    };
    timeline_builder_add_note(run->builder, &note);
}

static void push(struct pairing_run *run, struct mark_stack *stack, const struct mark *mark)
{
    struct pairing *pairing = run->pairing;
    uint32_t index = pairing->open_free;
    if (index) {
        pairing->open_free = pairing->open[--index].below;
    } else {
        struct open_mark *open = array_grow(pairing->open, pairing->open_count, &pairing->open_room, sizeof *open);
        if (!open) {
            run->failed = true;
            return;
        }
        pairing->open = open;
        index = pairing->open_count++;
    }
    pairing->open[index] = (struct open_mark){ mark, stack->top };
    stack->top = index;
}

/* Adds the end's arguments to the beginning's. */
static void join_texts(struct pairing_run *run, const struct mark *begin, const char *end_arguments)
{
    struct chunk *chunk = run->chunks[begin->item / CHUNK_ITEMS];
    uint32_t at = begin->item % CHUNK_ITEMS;
    const struct event_texts before = builder_texts(run->builder, chunk, at);
    const struct token first = { .at = before.arguments, .bytes = before.arguments ? strlen(before.arguments) : 0 };
    const struct token second = { .at = end_arguments, .bytes = strlen(end_arguments) };
    struct buffer detail = { 0 };
    struct timeline_item texts = { .detail_bytes = before.detail ? strlen(before.detail) : 0 };
    run->joined.used = 0;
    bool ok = args_join(&run->joined, &first, &second);
    if (ok && before.detail) /* it moves when texts are added */
        ok = text_add(&detail, before.detail, texts.detail_bytes) != UINT32_MAX;
    texts.detail = before.detail ? detail.bytes : NULL;
    texts.arguments = run->joined.bytes;
    texts.arguments_bytes = run->joined.used;
    if (ok)
        builder_set_texts(run->builder, chunk, at, &texts);
    run->failed |= !ok;
    buffer_free(&detail);
}

/* For spans of zero duration, times do not tell which one encloses the other. below: in its stack, or NONE. */
static void place_within(struct pairing_run *run, const struct mark *begin, int64_t end_ns, uint32_t below)
{
    struct timeline_builder *builder = run->builder;
    const uint32_t around = below == NONE ? AROUND_NOTHING : run->pairing->open[below].mark->item;
    if (begin->time_ns == end_ns)
        run->failed |= !builder_set_around(builder, begin->item, around);
}

/* Takes an open mark off its stack and ends its span. above: the mark on top of it, or NONE. */
static void end_open(struct pairing_run *run, struct mark_stack *stack, uint32_t index, uint32_t above,
                     const struct mark *end)
{
    struct pairing *pairing = run->pairing;
    const struct mark *begin = pairing->open[index].mark;
    const uint32_t below = pairing->open[index].below;
    bool its_own = (end->stack & ASYNC_STACK) || end->name == NO_MARK_NAME || end->name == begin->name;
    *(above == NONE ? &stack->top : &pairing->open[above].below) = pairing->open[index].below;
    pairing->open[index].below = pairing->open_free;
    pairing->open_free = index + 1;
    builder_end_span(run->builder, run->chunks[begin->item / CHUNK_ITEMS], begin->item % CHUNK_ITEMS, end->time_ns,
                     !its_own);
    if (!(end->stack & ASYNC_STACK))
        place_within(run, begin, end->time_ns, below);
    if (!its_own)
        note(run, begin, "A span never ended: it is drawn to its parent's end");
    else if (end->item)
        join_texts(run, begin, pairing->end_texts.bytes + end->item);
}

/* The innermost mark with the end's name. *above: the mark on top of it, or NONE. If all async marks have the same
 * name, the innermost one, whatever the end is called: then the id alone identifies it. NONE: there is none. */
static uint32_t find_open(const struct pairing *pairing, const struct mark_stack *stack, const struct mark *end,
                          uint32_t *above)
{
    uint32_t index = stack->top;
    bool same = end->stack & ASYNC_STACK;
    *above = NONE;
    for (unsigned looked = 0; index != NONE && looked < SEARCHED_MARKS; looked++) {
        uint32_t name = pairing->open[index].mark->name;
        if (end->name == NO_MARK_NAME || name == end->name)
            return index;
        same = same && name == pairing->open[stack->top].mark->name;
        *above = index;
        index = pairing->open[index].below;
    }
    *above = NONE;
    return same ? stack->top : NONE;
}

/* On a thread, all marks on top of it end with it; async spans need not nest. */
static void take_end(struct pairing_run *run, struct mark_stack *stack, const struct mark *end)
{
    uint32_t above, index = find_open(run->pairing, stack, end, &above);
    if (index == NONE) {
        note(run, end, "An end without a beginning is left out");
        return;
    }
    while (!(end->stack & ASYNC_STACK) && stack->top != index)
        end_open(run, stack, stack->top, NONE, end);
    end_open(run, stack, index, end->stack & ASYNC_STACK ? above : NONE, end);
}

static void take_mark(struct pairing_run *run, const struct mark *mark)
{
    struct mark_stack *stack = stack_of(run->pairing, mark);
    if (mark->byte & MARK_END)
        take_end(run, stack, mark);
    else
        push(run, stack, mark);
}

/* ---------------------------------------------------------------------- order */

static void take_as_they_came(struct pairing_run *run)
{
    for (const struct mark_chunk *chunk = run->pairing->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            take_mark(run, &chunk->marks[i]);
}

static int64_t earliest(const struct pairing *pairing)
{
    int64_t least_ns = INT64_MAX;
    for (const struct mark_chunk *chunk = pairing->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            if (chunk->marks[i].time_ns < least_ns)
                least_ns = chunk->marks[i].time_ns;
    return least_ns;
}

static void sort_by_time(const struct pairing *pairing, struct radix_arrays *keys, const struct mark_chunk **chunks)
{
    const uint64_t least_ns = (uint64_t)earliest(pairing);
    uint64_t bits = 0;
    uint32_t count = 0;
    for (const struct mark_chunk *chunk = pairing->first; chunk; chunk = chunk->next) {
        *chunks++ = chunk;
        for (uint32_t i = 0; i < chunk->count; i++) {
            keys->key[count] = (uint64_t)chunk->marks[i].time_ns - least_ns;
            keys->index[count] = count;
            bits |= keys->key[count++];
        }
    }
    radix_sort(keys, count, bits);
}

static bool take_sorted(struct pairing_run *run)
{
    size_t count = run->pairing->count;
    const struct mark_chunk **chunks = malloc((count / CHUNK_MARKS + 1) * sizeof *chunks);
    uint64_t *keys = count <= SIZE_MAX / 24 ? malloc(2 * count * sizeof *keys) : NULL;
    uint32_t *indices = count <= SIZE_MAX / 24 ? malloc(2 * count * sizeof *indices) : NULL;
    bool ok = chunks && keys && indices;
    if (ok) {
        struct radix_arrays arrays = { keys, keys + count, indices, indices + count };
        sort_by_time(run->pairing, &arrays, chunks);
        for (size_t i = 0; i < count; i++)
            take_mark(run, &chunks[arrays.index[i] / CHUNK_MARKS]->marks[arrays.index[i] % CHUNK_MARKS]);
    }
    free(chunks);
    free(keys);
    free(indices);
    return ok;
}

/* In the order of the text, so that the note names the first. */
static void note_open(struct pairing_run *run, const struct mark_stack *stack)
{
    const struct open_mark *open = run->pairing->open;
    for (uint32_t index = stack->top; index != NONE; index = open[index].below)
        note(run, open[index].mark, "A span never ended: it is drawn to the end of the trace");
}

static void end_all_open(struct pairing_run *run)
{
    const struct pairing *pairing = run->pairing;
    for (uint32_t i = 0; i < pairing->thread_count; i++) {
        note_open(run, &pairing->threads[i]);
        for (uint32_t index = pairing->threads[i].top; index != NONE; index = pairing->open[index].below)
            place_within(run, pairing->open[index].mark, run->builder->greatest_end_ns, pairing->open[index].below);
    }
    for (uint32_t i = 0; i < pairing->async_count; i++)
        note_open(run, &pairing->asyncs[i]);
}

bool pairing_finish(struct pairing *pairing)
{
    struct pairing_run run = { .pairing = pairing, .builder = pairing->builder };
    if (pairing->count == 0)
        return true;
    run.chunks = builder_chunks(pairing->builder);
    if (!run.chunks)
        return false;
    if (pairing->disordered)
        run.failed = !take_sorted(&run);
    else
        take_as_they_came(&run);
    end_all_open(&run);
    free(run.chunks);
    buffer_free(&run.joined);
    return !run.failed;
}
