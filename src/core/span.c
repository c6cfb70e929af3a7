/* Spans: a token at the beginning, one record at the end, and the stack of those that are open. */
#include "span.h"

#include "record.h"

/* Puts the open span on the lane's stack; the depth before, where the end will cut it. */
hot uint64_t push(struct writer *writer, uint64_t start, uint64_t what)
{
    struct image_lane *lane = writer->lane;
    uint64_t depth = word_load(&lane->depth);
    word_store(&lane->depth, depth + 1);
    if (unlikely(depth >= STACK_DEPTH_MAX))
        return depth < ABOUT_DEPTH_MAX ? depth : ABOUT_DEPTH_MAX;
    word_store(&lane->stack[depth].start_ticks, start);
    word_store_release(&lane->stack[depth].packed,
                       start << 40 | (what & ABOUT_RECORD_MASK) | writer->track >> ABOUT_RECORD_SHIFT);
    return depth;
}

static __attribute__((noinline)) struct trace_token invalid(struct tracer *tracer, enum trace_category category)
{
    count_loss(tracer, TRACE_LOSS_INVALID, category);
    return (struct trace_token){ 0, 0 };
}

hot uint64_t about_what(enum trace_category category, uint32_t name)
{
    return (uint64_t)category << ABOUT_CATEGORY_SHIFT | name | (unlikely(name == 0) ? ABOUT_UNNAMED : 0);
}

/* A span that is on no stack: async, or of a thread in a shared lane, whose threads nest independently. */
static __attribute__((noinline)) struct trace_token begin_async(struct tracer *tracer, enum trace_category category,
                                                                const char *name)
{
    uint64_t start = clock_read(tracer);
    if (!name || (unsigned)category >= TRACE_CATEGORY_COUNT || start == NO_TIME)
        return invalid(tracer, category);
    uint64_t key = span_key(0, control_events_epoch(word_load(tracer->control)));
    return (struct trace_token){ start, key | ABOUT_ASYNC | about_what(category, table_name(tracer, name)) };
}

/* Reads the clock last, so that the span does not include its own beginning. */
struct trace_token tracer_span_begin_at(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                        const char *name)
{
    tracer = tracer ? tracer : default_tracer;
    if (unlikely(!tracer))
        return (struct trace_token){ 0, 0 };
    struct writer *writer = writer_for_count(tracer);
    if (unlikely(!writer || writer->shared))
        return begin_async(tracer, category, name);
    if (unlikely(!name || (unsigned)category >= TRACE_CATEGORY_COUNT))
        return invalid(tracer, category);
    uint32_t id = name_at(tracer, site, name);
    uint64_t start = clock_read(tracer);
    if (unlikely(start == NO_TIME))
        return invalid(tracer, category);
    uint64_t what = about_what(category, id);
    uint64_t depth = push(writer, start, what);
    return (struct trace_token){ start, writer->span_key | depth << ABOUT_DEPTH_SHIFT | what };
}

struct trace_span tracer_span_begin_async(struct tracer *tracer, enum trace_category category, const char *name)
{
    struct trace_span span = trace_span_none();
    span.tracer = tracer ? tracer : default_tracer;
    span.name = name;
    if (!span.tracer || !tracer_wants(span.tracer, category))
        return span;
    struct trace_token token = begin_async(span.tracer, category, name);
    span.start = token.start;
    span.about = token.about;
    return span;
}

hot enum trace_category about_category(uint64_t about)
{
    return (enum trace_category)(about >> ABOUT_CATEGORY_SHIFT & 15);
}

hot uint64_t span_meta(uint64_t about)
{
    return (uint64_t)TRACE_KIND_SPAN << RECORD_KIND_SHIFT | (about & ABOUT_RECORD_MASK) << ABOUT_RECORD_SHIFT;
}

/* What has changed since the span began, or whose stack it is on; TRACE_LOSS_COUNT if all is well. A
 * clock of the machine's may differ by a few ticks between processors; the program's must not go back. */
static enum trace_loss loss_at_end(const struct tracer *tracer, const struct writer *writer, uint64_t about,
                                   uint64_t duration)
{
    uint64_t control = word_load(tracer->control), key = span_key(0, control_events_epoch(control));
    uint64_t foreign = (about ^ key) & (ABOUT_BEGUN | ABOUT_EPOCH_MASK);
    if (!(about & ABOUT_ASYNC))
        foreign |= (about ^ (writer ? writer->span_key : 0)) & ABOUT_KEY_MASK;
    if (foreign || control_wanted(control) == 0)
        return TRACE_LOSS_ORPHANED;
    if ((int64_t)duration < 0 && tracer->clock == IMAGE_CLOCK_PROGRAM)
        return TRACE_LOSS_INVALID;
    return TRACE_LOSS_COUNT;
}

/* An end that is not just the usual one: async, on a shared lane, unnamed, about a pid, or one that
 * must not be recorded. */
static __attribute__((noinline)) void end_unusual(struct tracer *tracer, uint64_t about, struct record record,
                                                  struct texts texts)
{
    enum trace_category category = about_category(about);
    struct writer *writer = writer_for_count(tracer);
    enum trace_loss loss = loss_at_end(tracer, writer, about, record.payload);
    if (loss != TRACE_LOSS_COUNT) {
        count_loss(tracer, loss, category);
        return;
    }
    if ((int64_t)record.payload < 0)
        record.payload = 0;
    if (tracer_wants(tracer, category))
        record_unusual(tracer, category, &record, &texts);
}

/* Takes the span, and what was left open inside it, off the stack; false if it is not on this one. */
hot bool pop(struct writer *writer, uint64_t about)
{
    if (unlikely(!writer || (about ^ writer->span_key) & ABOUT_KEY_MASK))
        return false;
    word_store_release(&writer->lane->depth, about >> ABOUT_DEPTH_SHIFT & ABOUT_DEPTH_MAX);
    return true;
}

/* Reads the clock first, so that the span does not include its own end. A duration is negative if the
 * clock went back or gave no time, NO_TIME being beyond all others. */
void tracer_span_end_at(struct tracer *tracer, uint64_t start, uint64_t about, const char *detail)
{
    tracer = tracer ? tracer : default_tracer;
    if (unlikely(!tracer))
        return;
    uint64_t duration = clock_read(tracer) - start, control = word_load(tracer->control);
    struct writer *writer = writer_own(tracer, control);
    struct record record = { start, duration, 0, span_meta(about) };
    size_t detail_bytes = detail ? strlen(detail) : 0;
    if (likely(pop(writer, about) && (int64_t)duration >= 0 && control >> about_category(about) & 1)) {
        record.meta |= writer->track;
        record_event(writer, about_category(about), record, detail, detail_bytes);
    } else {
        end_unusual(tracer, about, record, (struct texts){ NULL, detail, detail_bytes });
    }
}

void tracer_span_end_ex(const struct trace_span *span, const char *detail)
{
    struct tracer *tracer = span->tracer ? span->tracer : default_tracer;
    if (!tracer)
        return;
    struct record record = { span->start, clock_read(tracer) - span->start, 0, span_meta(span->about) };
    uint64_t track = span->has_pid ? table_track(tracer, span->pid, span->pid) : 0;
    if (track)
        record.meta |= track << RECORD_TRACK_SHIFT | RECORD_HAS_PID;
    pop(writer_own(tracer, word_load(tracer->control)), span->about);
    end_unusual(tracer, span->about, record, (struct texts){ span->name, detail, detail ? strlen(detail) : 0 });
}
