/* Spans: a token at the beginning, one record at the end, and the stack of those that are open. */
#include "record.h"

/*
 * A token's second word:
 *
 *     63    62      61    55 54   45 44    26 25   20 19    0
 *     begun | async | depth | lane  | epoch  | category | name
 *
 * A depth of 127 stands for all beyond; the stack keeps 64.
 */
#define ABOUT_BEGUN (1ull << 63)
#define ABOUT_ASYNC (1ull << 62)
#define ABOUT_DEPTH_SHIFT 55
#define ABOUT_DEPTH_MAX 127u
#define ABOUT_LANE_SHIFT 45
#define ABOUT_LANE_MASK 1023u
#define ABOUT_EPOCH_SHIFT 26
#define ABOUT_CATEGORY_SHIFT 20
#define ABOUT_NAME_MASK RECORD_NAME_MASK

static_assert(CONTROL_EPOCH_MASK < 1u << (ABOUT_LANE_SHIFT - ABOUT_EPOCH_SHIFT), "an epoch does not fit");

hot uint32_t about_name(uint64_t about)
{
    return (uint32_t)(about & ABOUT_NAME_MASK);
}
hot enum trace_category about_category(uint64_t about)
{
    return (enum trace_category)(about >> ABOUT_CATEGORY_SHIFT & 15);
}
hot uint32_t about_epoch(uint64_t about)
{
    return (uint32_t)(about >> ABOUT_EPOCH_SHIFT) & CONTROL_EPOCH_MASK;
}
hot uint32_t about_lane(uint64_t about)
{
    return (uint32_t)(about >> ABOUT_LANE_SHIFT) & ABOUT_LANE_MASK;
}
hot uint64_t about_depth(uint64_t about)
{
    return about >> ABOUT_DEPTH_SHIFT & ABOUT_DEPTH_MAX;
}

/* The depth before: where the end will cut the stack. */
hot uint64_t push(struct writer *writer, uint64_t start, uint32_t name, enum trace_category category)
{
    struct image_lane *lane = writer->lane;
    uint64_t depth = word_load(&lane->depth);
    if (likely(depth < STACK_DEPTH_MAX)) {
        struct image_open_span *open = &lane->stack[depth];
        uint32_t track = (uint32_t)(writer->track >> RECORD_TRACK_SHIFT);
        word_store(&open->start_ticks, start);
        word_store(&open->packed, stack_pack(start, name, track, (uint32_t)category));
    }
    word_store_release(&lane->depth, depth + 1);
    return depth < ABOUT_DEPTH_MAX ? depth : ABOUT_DEPTH_MAX;
}

static __attribute__((noinline)) struct trace_token invalid(struct tracer *tracer, enum trace_category category)
{
    count_loss(tracer, TRACE_LOSS_INVALID, category);
    return (struct trace_token){ 0, 0 };
}

/* Reads the clock last, so that the span does not include its own beginning. writer: NULL for a span
 * that is on no stack. */
hot struct trace_token begin(struct tracer *tracer, struct writer *writer, uint64_t *site,
                             enum trace_category category, const char *name)
{
    if (unlikely(!name || (unsigned)category >= TRACE_CATEGORY_COUNT))
        return invalid(tracer, category);
    uint32_t id = name_at(tracer, site, name);
    uint64_t epoch = control_events_epoch(word_load(tracer->control));
    uint64_t about = ABOUT_BEGUN | epoch << ABOUT_EPOCH_SHIFT | (uint64_t)category << ABOUT_CATEGORY_SHIFT | id;
    uint64_t start = clock_read(tracer);
    if (unlikely(start == NO_TIME))
        return invalid(tracer, category);
    if (unlikely(!writer))
        return (struct trace_token){ start, about | ABOUT_ASYNC };
    about |= push(writer, start, id, category) << ABOUT_DEPTH_SHIFT;
    return (struct trace_token){ start, about | (uint64_t)writer->index << ABOUT_LANE_SHIFT };
}

/* The threads of a shared lane have no common nesting. */
struct trace_token tracer_span_begin_at(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                        const char *name)
{
    tracer = tracer ? tracer : default_tracer;
    if (unlikely(!tracer))
        return (struct trace_token){ 0, 0 };
    struct writer *writer = writer_for_count(tracer);
    if (unlikely(writer && writer->shared))
        writer = NULL;
    return begin(tracer, writer, site, category, name);
}

struct trace_span tracer_span_begin_async(struct tracer *tracer, enum trace_category category, const char *name)
{
    struct trace_span span = trace_span_none();
    span.tracer = tracer ? tracer : default_tracer;
    span.name = name;
    if (span.tracer && tracer_wants(span.tracer, category))
        span.token = begin(span.tracer, NULL, NULL, category, name);
    return span;
}

/* Takes the span, and what was left open inside it, off the stack. False on a foreign thread. */
hot bool pop(struct writer *writer, uint64_t about)
{
    if (about & ABOUT_ASYNC)
        return true;
    if (unlikely(writer->shared || about_lane(about) != writer->index))
        return false;
    word_store_release(&writer->lane->depth, about_depth(about));
    return true;
}

/* A clock of the machine's may differ by a few ticks between processors; the program's must not go back. */
hot uint64_t duration_of(const struct tracer *tracer, uint64_t start, uint64_t end)
{
    if (likely(end >= start))
        return end == NO_TIME ? NO_TIME : end - start;
    return tracer->clock == IMAGE_CLOCK_PROGRAM ? NO_TIME : 0;
}

/* Why the span must not be recorded; TRACE_LOSS_COUNT if it may. */
hot enum trace_loss span_loss(struct writer *writer, uint64_t about, uint64_t control, uint64_t duration)
{
    bool on_stack = about_epoch(about) == control_events_epoch(control) && pop(writer, about);
    if (unlikely(!on_stack || control_wanted(control) == 0))
        return TRACE_LOSS_ORPHANED;
    return likely(duration != NO_TIME) ? TRACE_LOSS_COUNT : TRACE_LOSS_INVALID;
}

static __attribute__((noinline)) uint64_t pid_track(struct tracer *tracer, uint32_t pid)
{
    uint64_t track = table_track(tracer, pid, pid);
    return track ? track << RECORD_TRACK_SHIFT | RECORD_HAS_PID : 0;
}

void tracer_span_end_at(struct tracer *tracer, struct trace_token token, const char *name, const char *detail,
                        uint64_t pid)
{
    enum trace_category category = about_category(token.about);
    tracer = tracer ? tracer : default_tracer;
    if (unlikely(!tracer))
        return;
    uint64_t duration = duration_of(tracer, token.start, clock_read(tracer));
    struct writer *writer = writer_for_event(tracer, category);
    if (unlikely(!writer))
        return;
    uint64_t control = word_load(tracer->control);
    enum trace_loss loss = span_loss(writer, token.about, control, duration);
    if (likely(loss == TRACE_LOSS_COUNT && control_wanted(control) & TRACE_MASK(category))) {
        uint32_t id = about_name(token.about);
        uint64_t track = likely(pid == 0) ? writer->track : pid_track(tracer, (uint32_t)pid);
        struct record record = { token.start, duration, 0, record_meta(TRACE_KIND_SPAN, category, id) | track };
        record_event(writer, category, record, (struct texts){ id, name, detail, detail ? strlen(detail) : 0 });
    } else if (loss != TRACE_LOSS_COUNT) {
        count_loss(tracer, loss, category);
    }
    writer_done(writer);
}
