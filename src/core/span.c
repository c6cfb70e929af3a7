/* Spans: a token at the beginning, one record at the end, and the stack of open ones. */
#include "span.h"

#include "default.h"
#include "record.h"
#include "tracer_tables.h"
#include "unnamed.h"

static __attribute__((noinline)) struct trace_token invalid(struct tracer *tracer, enum trace_category category)
{
    count_loss(tracer, TRACE_LOSS_INVALID, category);
    return (struct trace_token){ 0, 0 };
}

always_inline_ enum trace_category span_bits_category(uint64_t span_bits)
{
    return (enum trace_category)(span_bits >> SPAN_BITS_CATEGORY_SHIFT & 15);
}

/* The table of names is full: the name is kept elsewhere until the end. */
static struct trace_token without_name(struct tracer *tracer, struct trace_token token, const char *name)
{
    token.span_bits |= SPAN_BITS_UNNAMED;
    unnamed_keep(tracer, token, name);
    return token;
}

/* Begins a span that is on no stack: async, or on a shared lane, whose threads nest independently. */
static __attribute__((noinline)) struct trace_token begin_async(struct tracer *tracer, uint64_t *site,
                                                                enum trace_category category, const char *name)
{
    uint64_t start = clock_read(tracer);
    if (!name || (unsigned)category >= TRACE_CATEGORY_COUNT || start == NO_TIME)
        return invalid(tracer, category);
    uint64_t key = span_key(0, control_events_epoch(atomic64_load(tracer->control)));
    uint32_t id = name_lookup(tracer, site, name);
    struct trace_token token = async_begin(tracer, (struct trace_token){ start, key | span_bits_what(category, id) });
    return id ? token : without_name(tracer, token, name);
}

/* For a thread that has no lane yet, or none of its own, or one to be cleared; a name without an id; or invalid
 * arguments. */
static __attribute__((noinline)) struct trace_token begin_slow_path(struct tracer *tracer, uint64_t *site,
                                                                    enum trace_category category, const char *name)
{
    struct writer *writer = writer_for_count(tracer);
    if (!writer || writer->shared)
        return begin_async(tracer, site, category, name);
    uint32_t id = name_lookup(tracer, site, name);
    uint64_t start = clock_read(tracer);
    if (!name || (unsigned)category >= TRACE_CATEGORY_COUNT || start == NO_TIME)
        return invalid(tracer, category);
    struct trace_token token = span_push(writer, start, span_bits_what(category, id));
    return id ? token : without_name(tracer, token, name);
}

static __attribute__((noinline)) struct trace_token begin_slow_clock(const struct tracer *tracer, struct writer *writer,
                                                                     uint64_t what)
{
    uint64_t start = clock_call(tracer);
    return likely(start != NO_TIME) ? span_push(writer, start, what)
                                    : invalid(writer->tracer, span_bits_category(what));
}

/* Reads the clock last, so that the span does not include its own beginning. */
struct trace_token tracer_span_begin_at(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                        const char *name)
{
    struct writer *writer;
    uint32_t id;
    tracer = tracer_or_default(tracer); /* not NULL: without a tracer nothing is wanted */
    if (!fast_path(tracer, site, category, &writer, &id))
        return begin_slow_path(tracer, site, category, name);
    if (!clock_is_ticks(tracer))
        return begin_slow_clock(tracer, writer, span_bits_what(category, id));
    return span_push(writer, arch_ticks(), span_bits_what(category, id));
}

static __attribute__((noinline)) void function_begin_slow_path(struct trace_token *token, uint64_t *site,
                                                               const char *name)
{
    *token = tracer_span_begin_at(NULL, site, TRACE_CUSTOM, name);
}

/* Stores the token where the caller keeps it, so that the caller ends in a tail call and saves no register. */
void tracer_function_begin(struct trace_token *token, uint64_t *site, const char *name)
{
    struct writer *writer;
    uint32_t id;
    struct tracer *tracer = tracer_or_default(NULL);
    if (fast_path(tracer, site, TRACE_CUSTOM, &writer, &id) && clock_is_ticks(tracer))
        *token = span_push(writer, arch_ticks(), span_bits_what(TRACE_CUSTOM, id));
    else
        function_begin_slow_path(token, site, name);
}

struct trace_span tracer_span_begin_async(struct tracer *tracer, enum trace_category category, const char *name)
{
    struct trace_span span = trace_span_none();
    span.tracer = tracer_or_default(tracer);
    if (!span.tracer || !tracer_wants(span.tracer, category))
        return span;
    struct trace_token token = begin_async(span.tracer, NULL, category, name);
    span.start = token.start;
    span.span_bits = token.span_bits;
    return span;
}

always_inline_ uint64_t span_meta(uint64_t span_bits)
{
    return (uint64_t)TRACE_KIND_SPAN << RECORD_KIND_SHIFT | (span_bits & SPAN_BITS_RECORD_MASK)
                                                                << SPAN_BITS_RECORD_SHIFT;
}

/* Why the span cannot be recorded; TRACE_LOSS_COUNT if it can. The machine's clock may differ by a few ticks between
 * processors; the program's own must not go back. */
static enum trace_loss loss_at_end(const struct tracer *tracer, const struct writer *writer, uint64_t span_bits,
                                   uint64_t duration)
{
    uint64_t control = atomic64_load(tracer->control), key = span_key(0, control_events_epoch(control));
    uint64_t foreign = (span_bits ^ key) & (SPAN_BITS_BEGUN | SPAN_BITS_EPOCH_MASK);
    if (!(span_bits & SPAN_BITS_ASYNC))
        foreign |= (span_bits ^ (writer ? atomic64_load(&writer->span_key) : 0)) & SPAN_BITS_KEY_MASK;
    if (foreign || control_wanted(control) == 0)
        return TRACE_LOSS_ORPHANED;
    if ((int64_t)duration < 0 && tracer->clock == IMAGE_CLOCK_PROGRAM)
        return TRACE_LOSS_INVALID;
    return TRACE_LOSS_COUNT;
}

/* Whether the span is, or was, on this writer's stack. */
always_inline_ bool is_of(const struct writer *writer, uint64_t span_bits)
{
    return likely(((span_bits ^ atomic64_load(&writer->span_key)) & SPAN_BITS_KEY_MASK) == 0);
}

always_inline_ uint64_t span_bits_depth(uint64_t span_bits)
{
    return span_bits >> SPAN_BITS_DEPTH_SHIFT & SPAN_BITS_DEPTH_MAX;
}

/* Takes a span off the stack that is not the innermost one, or is deeper than the stack keeps. Open spans inside it
 * stay listed, without a parent; ended ones above it are no longer listed. If a signal handler has changed the depth
 * meanwhile, the exchange fails. */
static void take_off(struct writer *writer, uint64_t start, uint64_t span_bits)
{
    struct image_lane *lane = writer->lane;
    uint64_t at = span_bits_depth(span_bits), before = atomic64_load(&lane->depth), depth, listed;
    if (at < STACK_DEPTH_MAX && atomic64_load(&lane->stack[at].start_ticks) == start)
        atomic64_store_release(&lane->stack[at].packed, stack_ended(start));
    do {
        depth = stack_depth(before);
        listed = stack_listed(before);
        if (listed > STACK_DEPTH_MAX)
            listed = STACK_DEPTH_MAX;
        if (at < depth)
            depth = at;
        while (listed > depth && !stack_sound(&lane->stack[listed - 1]))
            listed--;
    } while (!atomic64_exchange(&lane->depth, &before, listed > depth ? listed << STACK_LISTED_SHIFT | depth : depth));
}

/* An async span gets an id, by which exporters tell it from spans that nest. */
static __attribute__((noinline)) void end_with_id(struct tracer *tracer, uint64_t span_bits, struct record record,
                                                  struct texts texts)
{
    struct fields fields;
    fields.bytes = 0;
    fields.left_out = false;
    fields_add_number(&fields, FIELD_ASYNC_ID, new_async_id(tracer));
    texts.fields = &fields;
    span_end(tracer, span_bits, record, &texts);
}

/* Ends a span that needs more work: out of order, async, on a shared lane, unnamed, about a pid, or not to be
 * recorded. */
void span_end(struct tracer *tracer, uint64_t span_bits, struct record record, const struct texts *texts)
{
    char name[NAME_BYTES_MAX + 1];
    if ((span_bits & SPAN_BITS_ASYNC) && !texts->fields && !(record.meta & RECORD_HAS_DETAIL)) {
        end_with_id(tracer, span_bits, record, *texts);
        return;
    }
    struct texts full = *texts;
    enum trace_category category = span_bits_category(span_bits);
    struct writer *writer = writer_for_count(tracer);
    enum trace_loss loss = loss_at_end(tracer, writer, span_bits, record.payload);
    if (span_bits & SPAN_BITS_ASYNC)
        async_end(tracer, (struct trace_token){ record.start, span_bits });
    else if (writer && is_of(writer, span_bits))
        take_off(writer, record.start, span_bits);
    if (span_bits & SPAN_BITS_UNNAMED) {
        unnamed_take(tracer, (struct trace_token){ record.start, span_bits }, name);
        full.name = name;
    }
    if (loss != TRACE_LOSS_COUNT) {
        count_loss(tracer, loss, category);
        return;
    }
    if ((int64_t)record.payload < 0)
        record.payload = 0;
    if (tracer_wants(tracer, category))
        record_slow_path(tracer, category, &record, &full);
}

static __attribute__((noinline)) void end_slow_path(struct tracer *tracer, uint64_t start, uint64_t span_bits)
{
    struct record record = { start, clock_read(tracer) - start, 0, span_meta(span_bits) };
    span_end(tracer, span_bits, record, &(struct texts){ 0 });
}

/* Whether the usual work is all there is: the span began in this lane and epoch, is the innermost one, and its category
 * is wanted. Takes it off the stack. */
always_inline_ bool end_fast_path(struct tracer *tracer, uint64_t span_bits, struct writer **writer)
{
    uint64_t control = atomic64_load(tracer->control), depth = span_bits_depth(span_bits);
    if (unlikely(!writer_is_own(tracer, control, writer)))
        return false;
    struct image_lane *lane = (*writer)->lane;
    if (!is_of(*writer, span_bits) || unlikely(atomic64_load(&lane->depth) != depth + 1) ||
        unlikely(!(control >> span_bits_category(span_bits) & 1)))
        return false;
    atomic64_store_release(&lane->depth, depth);
    return true;
}

static ARCH_APART void end_slow_clock(const struct tracer *tracer, uint64_t start, uint64_t span_bits,
                                      struct writer *writer)
{
    uint64_t duration = clock_call(tracer) - start;
    struct record record = { start, duration, 0, span_meta(span_bits) | atomic64_load(&writer->track) };
    if (likely((int64_t)duration >= 0))
        record_put(writer, span_bits_category(span_bits), record);
    else
        count_loss(writer->tracer, TRACE_LOSS_INVALID, span_bits_category(span_bits));
}

void span_end_read(struct tracer *tracer, struct trace_token token, uint64_t now, const char *detail,
                   size_t detail_bytes)
{
    struct writer *writer;
    uint64_t start = token.start, span_bits = token.span_bits, duration = now - start;
    struct record record = { start, duration, 0, span_meta(span_bits) };
    if (unlikely(!end_fast_path(tracer, span_bits, &writer) || (int64_t)duration < 0)) {
        span_end(tracer, span_bits, record, &(struct texts){ .detail = detail, .detail_bytes = detail_bytes });
        return;
    }
    record.meta |= atomic64_load(&writer->track);
    if (detail)
        record_event(writer, span_bits_category(span_bits), &record, detail, detail_bytes);
    else
        record_put(writer, span_bits_category(span_bits), record);
}

void span_drop(struct tracer *tracer, struct trace_token token)
{
    char name[NAME_BYTES_MAX + 1];
    struct writer *writer;
    if (token.span_bits & SPAN_BITS_UNNAMED)
        unnamed_take(tracer, token, name);
    if (likely(end_fast_path(tracer, token.span_bits, &writer)))
        return;
    writer = writer_for_count(tracer);
    if (token.span_bits & SPAN_BITS_ASYNC)
        async_end(tracer, token);
    else if (writer && is_of(writer, token.span_bits))
        take_off(writer, token.start, token.span_bits);
}

static __attribute__((noinline)) void end_with_detail(struct tracer *tracer, uint64_t start, uint64_t span_bits,
                                                      const char *detail, size_t detail_bytes)
{
    span_end_read(tracer, (struct trace_token){ start, span_bits }, clock_read(tracer), detail, detail_bytes);
}

/* With the machine's ticks, the end is read first, so that the span does not include its own end. Ticks of two
 * processors may differ slightly, which makes the duration negative: a case for the slow path. */
void tracer_span_end_at(struct tracer *tracer, uint64_t start, uint64_t span_bits, const char *detail,
                        size_t detail_bytes)
{
    struct writer *writer;
    tracer = tracer_or_default(tracer);
    if (unlikely(!tracer))
        return;
    if (detail) {
        end_with_detail(tracer, start, span_bits, detail, detail_bytes);
        return;
    }
    if (!clock_is_ticks(tracer)) {
        if (end_fast_path(tracer, span_bits, &writer))
            end_slow_clock(tracer, start, span_bits, writer);
        else
            end_slow_path(tracer, start, span_bits);
        return;
    }
    uint64_t duration = arch_ticks() - start;
    if (end_fast_path(tracer, span_bits, &writer) && likely((int64_t)duration >= 0))
        record_put(writer, span_bits_category(span_bits),
                   (struct record){ start, duration, 0, span_meta(span_bits) | atomic64_load(&writer->track) });
    else
        end_slow_path(tracer, start, span_bits);
}

/* The track given by the caller; 0: the thread's own. */
static uint64_t given_track(const struct tracer *tracer, const struct trace_span *span)
{
    return span->track < tracer->track_count ? span->track : 0;
}

/* A span about a pid stays on its thread's track, with the pid in its fields, unless the track that it was given has
 * this pid. */
static void end_whole(struct tracer *tracer, const struct trace_span *span, uint64_t now, struct texts texts)
{
    char copy[SPAN_DETAIL_COPY_MAX];
    struct fields fields;
    struct record record = { span->start, now - span->start, 0, span_meta(span->span_bits) };
    uint64_t track = given_track(tracer, span);
    record.meta |= track << RECORD_TRACK_SHIFT;
    fields.bytes = 0;
    fields.left_out = false;
    bool with_pid = span->has_pid || span->pid != 0;
    if ((span->span_bits & SPAN_BITS_ASYNC) &&
        !span->detail) /* fields would have to precede a text that is already stored */
        fields_add_number(&fields, FIELD_ASYNC_ID, new_async_id(tracer));
    if (with_pid && track && (uint32_t)atomic64_load(&tracer->image_tracks[track].pid_tid) == span->pid)
        record.meta |= RECORD_HAS_PID;
    else if (with_pid)
        fields_add_number(&fields, FIELD_PID, span->pid);
    texts.fields = fields.bytes ? &fields : NULL;
    if (!texts.detail && span->detail)
        span_detail_take(tracer, span, &record, &texts, copy);
    span_end(tracer, span->span_bits, record, &texts);
}

void span_end_event(struct tracer *tracer, const struct trace_span *span, uint64_t now, const struct trace_event *event)
{
    struct fields fields;
    struct texts texts = { .detail = event->detail, .detail_bytes = event->detail_size };
    struct record record = { span->start, now - span->start, 0, span_meta(span->span_bits) };
    record.meta |= given_track(tracer, span) << RECORD_TRACK_SHIFT;
    fields_of(&fields, event, (size_t)tracer->detail_max_bytes / 2, tracer->without_details);
    if (span->has_pid || span->pid != 0)
        fields_add_number(&fields, FIELD_PID, span->pid);
    texts.fields = fields.bytes ? &fields : NULL;
    span_end(tracer, span->span_bits, record, &texts);
}

/* Reads the clock once, for both the span and the operation. */
void tracer_span_end_ex(const struct trace_span *span, const char *detail, size_t detail_bytes)
{
    struct tracer *tracer = tracer_or_default(span->tracer);
    if (!tracer)
        return;
    uint64_t now = clock_read(tracer);
    if (span->span_bits)
        end_whole(tracer, span, now, (struct texts){ .detail = detail, .detail_bytes = detail_bytes });
    if (span->operation)
        operation_end(tracer, span, now);
}

uint64_t span_detach(struct tracer *tracer, uint64_t start, uint64_t span_bits)
{
    if (span_bits == 0 || (span_bits & SPAN_BITS_ASYNC))
        return span_bits;
    struct writer *writer = writer_own(tracer, atomic64_load(tracer->control));
    if (!writer || !is_of(writer, span_bits))
        return span_bits;
    char name[NAME_BYTES_MAX + 1];
    bool unnamed =
        (span_bits & SPAN_BITS_UNNAMED) && unnamed_take(tracer, (struct trace_token){ start, span_bits }, name);
    take_off(writer, start, span_bits);
    span_bits &= ~(SPAN_BITS_LANE_MASK | (uint64_t)SPAN_BITS_DEPTH_MAX << SPAN_BITS_DEPTH_SHIFT);
    struct trace_token token = async_begin(tracer, (struct trace_token){ start, span_bits });
    if (unnamed)
        unnamed_keep(tracer, token, name);
    return token.span_bits;
}
