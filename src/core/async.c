/* The table of open spans that are on no lane's stack. See span.h for the contents of a token. */
#include "span.h"
#include "tracer_tables.h"

static uint64_t place_bits(uint32_t index)
{
    uint64_t place = index + 1;
    return (place & 511) << SPAN_BITS_LANE_SHIFT | place >> 9 << SPAN_BITS_DEPTH_SHIFT;
}

/* The token's entry; ASYNC_SPANS or more if it has none. */
static uint64_t place_of(uint64_t span_bits)
{
    uint64_t place = (span_bits & SPAN_BITS_LANE_MASK) >> SPAN_BITS_LANE_SHIFT |
                     (span_bits >> SPAN_BITS_DEPTH_SHIFT & SPAN_BITS_DEPTH_MAX) << 9;
    return place - 1;
}

/* Claims the entry if it is free, or from before a reset. */
static bool claim(struct image_async *entry, uint64_t open)
{
    uint64_t state = atomic64_load(&entry->state);
    return state != open && state != ASYNC_CLAIMED && atomic64_exchange(&entry->state, &state, ASYNC_CLAIMED);
}

static uint64_t open_track(struct tracer *tracer)
{
    struct writer *writer = writer_for_count(tracer);
    return writer ? writer_track(writer) >> (RECORD_TRACK_SHIFT - STACK_TRACK_SHIFT) : 0;
}

struct trace_token async_begin(struct tracer *tracer, struct trace_token token)
{
    uint32_t first = __atomic_fetch_add(&tracer->async_next, 1, __ATOMIC_RELAXED);
    uint64_t open = async_open((uint32_t)((token.span_bits & SPAN_BITS_EPOCH_MASK) >> SPAN_BITS_EPOCH_SHIFT));
    uint64_t track = open_track(tracer); /* before an entry is claimed: a call may overflow a stack */
    token.span_bits |= SPAN_BITS_ASYNC;
    for (uint32_t i = 0; i < ASYNC_SPANS; i++) {
        uint32_t index = (first + i) % ASYNC_SPANS;
        struct image_async *entry = &tracer->async[index];
        if (!claim(entry, open))
            continue;
        uint64_t what = token.span_bits & SPAN_BITS_RECORD_MASK & ~SPAN_BITS_FAILED;
        atomic64_store(&entry->span.start_ticks, token.start);
        atomic64_store(&entry->span.packed, token.start << STACK_CHECK_SHIFT | what | track);
        atomic64_store_release(&entry->state, open);
        token.span_bits |= place_bits(index);
        return token;
    }
    count_overflow(tracer, OVERFLOW_ASYNC);
    return token;
}

/* Does nothing if the entry was claimed again since, after a reset. */
void async_end(struct tracer *tracer, struct trace_token token)
{
    uint64_t place = place_of(token.span_bits);
    uint64_t open = async_open((uint32_t)((token.span_bits & SPAN_BITS_EPOCH_MASK) >> SPAN_BITS_EPOCH_SHIFT));
    if (place >= ASYNC_SPANS)
        return;
    struct image_async *entry = &tracer->async[place];
    if (atomic64_load(&entry->span.start_ticks) == token.start)
        atomic64_exchange(&entry->state, &open, 0);
}

uint64_t new_async_id(struct tracer *tracer)
{
    return __atomic_add_fetch(&tracer->async_ids, 1, __ATOMIC_RELAXED);
}
