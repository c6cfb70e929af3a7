/*
 * Details of spans that are still open: the text is put into the ring of the thread's lane at once, so that nothing of
 * the caller's is referred to later. At the end the record points to it, unless it has been overwritten by then.
 *
 * The word in the span's token: 63 lane 55 | 54 position 3 | 2 pid | 1 truncated | 0 there is one.
 */
#include "default.h"
#include "span.h"
#include "tracer_tables.h"

#define DETAIL_IS_THERE 1ull
#define DETAIL_IS_CUT 2ull
#define DETAIL_LANE_SHIFT 55
#define DETAIL_POSITION_MASK (((1ull << DETAIL_LANE_SHIFT) - 1) & ~7ull)

static uint64_t put(struct writer *writer, const char *detail, size_t detail_bytes)
{
    uint64_t limit = writer->tracer->detail_max_bytes, position;
    size_t kept = detail_bytes < limit ? detail_bytes : (size_t)limit;
    put_text(detail_reserve(writer, kept, &position), detail, kept);
    if (kept < detail_bytes)
        count_overflow(writer->tracer, OVERFLOW_DETAILS_TRUNCATED);
    return (uint64_t)writer->index << DETAIL_LANE_SHIFT | (position & DETAIL_POSITION_MASK) | DETAIL_IS_THERE |
           (kept < detail_bytes ? DETAIL_IS_CUT : 0);
}

/* If the thread finds no lane, its detail is counted as cut. */
void tracer_span_put_detail(struct trace_span *span, const char *detail, size_t detail_bytes)
{
    struct tracer *tracer = tracer_or_default(span->tracer);
    span->detail = 0;
    if (!tracer || !detail || tracer->without_details)
        return;
    struct writer *writer = writer_for_text(tracer);
    if (!writer) {
        count_overflow(tracer, OVERFLOW_DETAILS_TRUNCATED);
        return;
    }
    span->detail = put(writer, detail, detail_bytes);
    writer_done(writer);
}

/* Whether the text at the position has not been overwritten. */
static bool lives(const struct writer *writer, uint64_t position)
{
    return atomic64_load_acquire(&writer->lane->detail_head) - position <= writer->detail_mask + sizeof(uint64_t);
}

/* Copies the text out, cut to the room, and returns its length; 0 if it is gone. */
static size_t copy_back(const struct writer *writer, uint64_t position, char *to, size_t room, bool *cut)
{
    const uint64_t *from = (const uint64_t *)(const void *)(writer->details + (position & writer->detail_mask));
    uint64_t prefix = atomic64_load(from), length = (uint32_t)prefix;
    size_t kept = length < room ? (size_t)length : room;
    if (!lives(writer, position) || prefix != detail_prefix(position, length))
        return 0;
    for (size_t i = 0; i < kept; i += sizeof(uint64_t)) {
        uint64_t word = atomic64_load(from + 1 + i / sizeof word);
        memcpy(to + i, &word, kept - i < sizeof word ? kept - i : sizeof word);
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    *cut = kept < length;
    return lives(writer, position) ? kept : 0;
}

void span_detail_take(struct tracer *tracer, const struct trace_span *span, struct record *record, struct texts *texts,
                      char copy[SPAN_DETAIL_COPY_MAX])
{
    uint64_t before = span->detail;
    uint64_t position = before & DETAIL_POSITION_MASK, lane = before >> DETAIL_LANE_SHIFT;
    struct writer *own = writer_own(tracer, atomic64_load(tracer->control));
    bool cut = (before & DETAIL_IS_CUT) != 0;
    if (lane >= tracer->lanes)
        return;
    if (own && own->index == lane && !(span->span_bits & SPAN_BITS_UNNAMED) && !texts->fields) {
        record->detail = position;
        record->meta |= RECORD_HAS_DETAIL | (cut ? RECORD_TRUNCATED : 0);
        return;
    }
    bool more = false;
    texts->detail_bytes = copy_back(&tracer->writers[lane], position, copy, SPAN_DETAIL_COPY_MAX, &more);
    texts->detail = copy;
    if (more)
        count_overflow(tracer, OVERFLOW_DETAILS_TRUNCATED);
    if (cut || more)
        record->meta |= RECORD_TRUNCATED;
}
