/* Spans: a token at the beginning, one record at the end, and the stack of those that are open. */
#include "span.h"

#include "record.h"

/* Puts the open span on the lane's stack; what: its category and name. The depth before, where the end
 * will cut it, is in the token. */
hot struct trace_token push(struct writer *writer, uint64_t start, uint64_t what)
{
    struct image_lane *lane = writer->lane;
    uint64_t depth = word_load(&lane->depth);
    word_store(&lane->depth, depth + 1);
    if (likely(depth < STACK_DEPTH_MAX)) {
        word_store(&lane->stack[depth].start_ticks, start);
        word_store_release(&lane->stack[depth].packed,
                           start << STACK_CHECK_SHIFT | what | word_load(&writer->open_track));
    } else if (depth > ABOUT_DEPTH_MAX) {
        depth = ABOUT_DEPTH_MAX;
    }
    return (struct trace_token){ start, word_load(&writer->span_key) | depth << ABOUT_DEPTH_SHIFT | what };
}

static __attribute__((noinline)) struct trace_token invalid(struct tracer *tracer, enum trace_category category)
{
    count_loss(tracer, TRACE_LOSS_INVALID, category);
    return (struct trace_token){ 0, 0 };
}

hot enum trace_category about_category(uint64_t about)
{
    return (enum trace_category)(about >> ABOUT_CATEGORY_SHIFT & 15);
}

hot uint64_t about_what(enum trace_category category, uint32_t name)
{
    return (uint64_t)category << ABOUT_CATEGORY_SHIFT | name;
}

/* A span that is on no stack: async, or of a thread in a shared lane, whose threads nest independently. */
static __attribute__((noinline)) struct trace_token begin_async(struct tracer *tracer, enum trace_category category,
                                                                const char *name)
{
    uint64_t start = clock_read(tracer);
    if (!name || (unsigned)category >= TRACE_CATEGORY_COUNT || start == NO_TIME)
        return invalid(tracer, category);
    uint64_t key = span_key(0, control_events_epoch(word_load(tracer->control)));
    uint32_t id = table_name(tracer, name);
    return (struct trace_token){ start, key | ABOUT_ASYNC | about_what(category, id) | (id ? 0 : ABOUT_UNNAMED) };
}

/* A thread that has no lane yet, or none of its own, or one to be cleared; a name without an id; or
 * arguments that are not valid. */
static __attribute__((noinline)) struct trace_token begin_unusual(struct tracer *tracer, uint64_t *site,
                                                                  enum trace_category category, const char *name)
{
    struct writer *writer = writer_for_count(tracer);
    if (!writer || writer->shared)
        return begin_async(tracer, category, name);
    uint32_t id = name_lookup(tracer, site, name);
    uint64_t start = clock_read(tracer);
    if (!name || (unsigned)category >= TRACE_CATEGORY_COUNT || start == NO_TIME)
        return invalid(tracer, category);
    struct trace_token token = push(writer, start, about_what(category, id));
    token.about |= id ? 0 : ABOUT_UNNAMED;
    return token;
}

static __attribute__((noinline)) struct trace_token begin_called(const struct tracer *tracer, struct writer *writer,
                                                                 uint64_t what)
{
    uint64_t start = clock_call(tracer);
    return likely(start != NO_TIME) ? push(writer, start, what) : invalid(writer->tracer, about_category(what));
}

/* Reads the clock last, so that the span does not include its own beginning. */
struct trace_token tracer_span_begin_at(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                        const char *name)
{
    struct writer *writer;
    uint32_t id;
    tracer = tracer_or_default(tracer); /* there is one, or nothing would be wanted */
    if (!usual(tracer, site, category, &writer, &id))
        return begin_unusual(tracer, site, category, name);
    if (!clock_is_ticks(tracer))
        return begin_called(tracer, writer, about_what(category, id));
    return push(writer, arch_ticks(), about_what(category, id));
}

struct trace_span tracer_span_begin_async(struct tracer *tracer, enum trace_category category, const char *name)
{
    struct trace_span span = trace_span_none();
    span.tracer = tracer_or_default(tracer);
    span.name = name;
    if (!span.tracer || !tracer_wants(span.tracer, category))
        return span;
    struct trace_token token = begin_async(span.tracer, category, name);
    span.start = token.start;
    span.about = token.about;
    return span;
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
        foreign |= (about ^ (writer ? word_load(&writer->span_key) : 0)) & ABOUT_KEY_MASK;
    if (foreign || control_wanted(control) == 0)
        return TRACE_LOSS_ORPHANED;
    if ((int64_t)duration < 0 && tracer->clock == IMAGE_CLOCK_PROGRAM)
        return TRACE_LOSS_INVALID;
    return TRACE_LOSS_COUNT;
}

/* An end that is not just the usual one: async, on a shared lane, unnamed, about a pid, or one that
 * must not be recorded. */
static void end_any(struct tracer *tracer, uint64_t about, struct record record, const struct texts *texts)
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
        record_unusual(tracer, category, &record, texts);
}

static __attribute__((noinline)) void end_unusual(struct tracer *tracer, uint64_t start, uint64_t about)
{
    struct record record = { start, clock_read(tracer) - start, 0, span_meta(about) };
    end_any(tracer, about, record, &(struct texts){ NULL, NULL, 0 });
}

/* Takes the span, and what was left open inside it, off the stack; false if it is not on this one. */
hot bool pop(struct writer *writer, uint64_t about)
{
    if (unlikely((about ^ word_load(&writer->span_key)) & ABOUT_KEY_MASK))
        return false;
    word_store_release(&writer->lane->depth, about >> ABOUT_DEPTH_SHIFT & ABOUT_DEPTH_MAX);
    return true;
}

/* Whether nothing is unusual: the span began in this lane and epoch, and its category is wanted. Takes
 * it off the stack. */
hot bool end_is_usual(struct tracer *tracer, uint64_t about, struct writer **writer)
{
    uint64_t control = word_load(tracer->control);
    if (unlikely(!writer_is_own(tracer, control, writer)))
        return false;
    return pop(*writer, about) && likely(control >> about_category(about) & 1);
}

static ARCH_APART void end_called(const struct tracer *tracer, uint64_t start, uint64_t about, struct writer *writer)
{
    uint64_t duration = clock_call(tracer) - start;
    struct record record = { start, duration, 0, span_meta(about) | word_load(&writer->track) };
    if (likely((int64_t)duration >= 0))
        record_store(writer, about_category(about), record);
    else
        count_loss(writer->tracer, TRACE_LOSS_INVALID, about_category(about));
}

static __attribute__((noinline)) void end_with_detail(struct tracer *tracer, uint64_t start, uint64_t about,
                                                      const char *detail, size_t detail_bytes)
{
    struct writer *writer;
    uint64_t duration = clock_read(tracer) - start;
    struct record record = { start, duration, 0, span_meta(about) };
    if (unlikely(!end_is_usual(tracer, about, &writer) || (int64_t)duration < 0)) {
        end_any(tracer, about, record, &(struct texts){ NULL, detail, detail_bytes });
        return;
    }
    record.meta |= word_load(&writer->track);
    record_event(writer, about_category(about), &record, detail, detail_bytes);
}

/* Of the machine's ticks, the end is read first, so that the span does not include its own end; two
 * processors' may differ by a few, in which case the duration is negative and unusual. */
void tracer_span_end_at(struct tracer *tracer, uint64_t start, uint64_t about, const char *detail, size_t detail_bytes)
{
    struct writer *writer;
    tracer = tracer_or_default(tracer);
    if (unlikely(!tracer))
        return;
    if (detail) {
        end_with_detail(tracer, start, about, detail, detail_bytes);
        return;
    }
    if (!clock_is_ticks(tracer)) {
        if (end_is_usual(tracer, about, &writer))
            end_called(tracer, start, about, writer);
        else
            end_unusual(tracer, start, about);
        return;
    }
    uint64_t duration = arch_ticks() - start;
    if (end_is_usual(tracer, about, &writer) && likely((int64_t)duration >= 0))
        record_put(writer, about_category(about),
                   (struct record){ start, duration, 0, span_meta(about) | word_load(&writer->track) });
    else
        end_unusual(tracer, start, about);
}

void tracer_span_end_ex(struct tracer *tracer, uint64_t start, uint64_t about, const char *detail, const char *name,
                        const uint32_t *pid)
{
    tracer = tracer_or_default(tracer);
    if (!tracer)
        return;
    struct record record = { start, clock_read(tracer) - start, 0, span_meta(about) };
    uint64_t track = pid ? table_track(tracer, *pid, *pid) : 0;
    if (track)
        record.meta |= track << RECORD_TRACK_SHIFT | RECORD_HAS_PID;
    struct writer *writer = writer_own(tracer, word_load(tracer->control));
    if (writer)
        pop(writer, about);
    end_any(tracer, about, record, &(struct texts){ name, detail, trace_length_(detail) });
}

uint64_t span_detach(struct tracer *tracer, uint64_t about)
{
    if (about == 0 || (about & ABOUT_ASYNC))
        return about;
    if (!pop(writer_own(tracer, word_load(tracer->control)), about))
        return about;
    return (about & ~(ABOUT_LANE_MASK | (uint64_t)ABOUT_DEPTH_MAX << ABOUT_DEPTH_SHIFT)) | ABOUT_ASYNC;
}
