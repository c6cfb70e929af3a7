/*
 * The second word of a span's token, from which its open span and its record are made too:
 *
 *     63      60    59      58   40 36     35      32 31  23 22   16 15    0
 *     unnamed begun | async | epoch | failed | category | lane | depth | name
 *
 * unnamed: the table of names was full, and the name is kept in unnamed.h's table. async: on no stack; in place of lane
 * and depth there is its entry in the image's table of async spans, plus one, or 0. A depth of 127 stands for all
 * deeper ones; the stack keeps 64. begun, async, epoch and lane together are the key, which equals the writer's own if
 * the span began on this thread, in this epoch, on the stack.
 */
#ifndef RINGSCOPE_SPAN_H
#define RINGSCOPE_SPAN_H

#include "record.h"

#define SPAN_BITS_UNNAMED (1ull << 63)
#define SPAN_BITS_BEGUN (1ull << 60)
#define SPAN_BITS_ASYNC (1ull << 59)
#define SPAN_BITS_EPOCH_SHIFT 40
#define SPAN_BITS_EPOCH_MASK ((uint64_t)CONTROL_EPOCH_MASK << SPAN_BITS_EPOCH_SHIFT)
#define SPAN_BITS_FAILED TRACE_SPAN_FAILED_ /* bit 36 */
#define SPAN_BITS_CATEGORY_SHIFT 32
#define SPAN_BITS_LANE_SHIFT 23
#define SPAN_BITS_LANE_MASK (511ull << SPAN_BITS_LANE_SHIFT)
#define SPAN_BITS_DEPTH_SHIFT 16
#define SPAN_BITS_DEPTH_MAX 127u
#define SPAN_BITS_NAME_MASK RECORD_NAME_MASK
#define SPAN_BITS_KEY_MASK (SPAN_BITS_BEGUN | SPAN_BITS_ASYNC | SPAN_BITS_EPOCH_MASK | SPAN_BITS_LANE_MASK)
/* Name, category and failure are laid out as in word 3 of a record, without the mark. */
#define SPAN_BITS_RECORD_MASK (SPAN_BITS_NAME_MASK | 15ull << SPAN_BITS_CATEGORY_SHIFT | SPAN_BITS_FAILED)
#define SPAN_BITS_RECORD_SHIFT 16

static_assert(SPAN_BITS_CATEGORY_SHIFT + SPAN_BITS_RECORD_SHIFT == RECORD_CATEGORY_SHIFT &&
                  SPAN_BITS_FAILED << SPAN_BITS_RECORD_SHIFT == RECORD_FAILED &&
                  SPAN_BITS_RECORD_SHIFT == RECORD_NAME_SHIFT,
              "a token's name and category do not stand as in a record");

always_inline_ uint64_t span_key(uint32_t lane, uint32_t events_epoch)
{
    return SPAN_BITS_BEGUN | (uint64_t)lane << SPAN_BITS_LANE_SHIFT | (uint64_t)events_epoch << SPAN_BITS_EPOCH_SHIFT;
}

always_inline_ uint64_t span_bits_what(enum trace_category category, uint32_t name)
{
    return (uint64_t)category << SPAN_BITS_CATEGORY_SHIFT | name;
}

/* Pushes the open span onto the lane's stack, and drops from the list spans that have outlived their parent. what: its
 * category and name. The token holds the depth before. */
always_inline_ struct trace_token span_push(struct writer *writer, uint64_t start, uint64_t what)
{
    struct image_lane *lane = writer->lane;
    uint64_t depth = stack_depth(atomic64_load(&lane->depth));
    atomic64_store(&lane->depth, depth + 1);
    if (likely(depth < STACK_DEPTH_MAX)) {
        atomic64_store(&lane->stack[depth].start_ticks, start);
        atomic64_store_release(&lane->stack[depth].packed,
                               start << STACK_CHECK_SHIFT | what | atomic64_load(&writer->open_track));
    } else if (depth > SPAN_BITS_DEPTH_MAX) {
        depth = SPAN_BITS_DEPTH_MAX;
    }
    return (struct trace_token){ start, atomic64_load(&writer->span_key) | depth << SPAN_BITS_DEPTH_SHIFT | what };
}

/* Takes an open span off the stack because it goes on across an await, and returns its new second word. On the thread
 * that began it. */
uint64_t span_detach(struct tracer *tracer, uint64_t start, uint64_t span_bits);

/* Ends a span in any way. record has its times and flags, and its detail if that is already in the ring; else texts. */
void span_end(struct tracer *tracer, uint64_t span_bits, struct record record, const struct texts *texts);

/* Ends a span that has a name at a time that the caller has read, for more purposes than the span. */
void span_end_read(struct tracer *tracer, struct trace_token token, uint64_t now, const char *detail,
                   size_t detail_bytes);

/* Ends a span at a given time with all that an event may have besides its times: detail, ids, arguments, result. */
void span_end_event(struct tracer *tracer, const struct trace_span *span, uint64_t now,
                    const struct trace_event *event);

/* Takes an open span off the stack as if it had never begun. On the thread that began it. */
void span_drop(struct tracer *tracer, struct trace_token token);

/* Counts the call of a TRACE_OP() that ends at this time. */
void operation_end(struct tracer *tracer, const struct trace_span *span, uint64_t now);

/* Puts a span into the table of those that are on no stack, if there is room, and returns its new token. */
struct trace_token async_begin(struct tracer *tracer, struct trace_token token);
void async_end(struct tracer *tracer, struct trace_token token);

/* A new id for an async span, unique among those of this process in this tracer. */
uint64_t new_async_id(struct tracer *tracer);

/* Takes over what trace_span_detail() has stored: by reference, if the span is this thread's, has a name, and no other
 * text is to be stored with it; else copies its beginning. */
#define SPAN_DETAIL_COPY_MAX 1024u
void span_detail_take(struct tracer *tracer, const struct trace_span *span, struct record *record, struct texts *texts,
                      char copy[SPAN_DETAIL_COPY_MAX]);

#endif
