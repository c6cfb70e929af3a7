/* Recording instants, counter samples and events that the caller has timed. */
#include "record.h"
#include "default.h"
#include "tracer_tables.h"

#include <math.h>

/* Keeps the beginning of a detail that is longer than the image allows. */
void record_event(struct writer *writer, enum trace_category category, const struct record *record, const char *detail,
                  size_t detail_bytes)
{
    struct record full = *record;
    if (!detail || writer->tracer->without_details) {
        record_put(writer, category, full);
        return;
    }
    if (!detail_fits(writer, detail_bytes)) {
        detail_bytes = (size_t)writer->tracer->detail_max_bytes;
        full.meta |= RECORD_TRUNCATED;
        count_overflow(writer->tracer, OVERFLOW_DETAILS_TRUNCATED);
    }
    record_put_detail(writer, category, full, detail, detail_bytes);
}

/* Out of line for two callers on the slow path. */
static __attribute__((noinline)) void put_text_seldom(uint64_t *to, const char *text, size_t length)
{
    put_text(to, text, length);
}

/* Lays out name, NUL and the first bytes of the detail side by side, so that both are written in words; the fields,
 * which consist of words, precede them. */
static struct placed place_texts(struct writer *writer, const struct texts *texts, bool with_name)
{
    char joined[NAME_BYTES_MAX + 1 + 8];
    const struct tracer *tracer = writer->tracer;
    bool keep = texts->detail && !tracer->without_details;
    size_t fields_bytes = texts->fields ? texts->fields->bytes : 0, head = 0, first = 0;
    if (with_name) {
        size_t name_bytes = strnlen(texts->name, NAME_BYTES_MAX);
        count_overflow(writer->tracer, OVERFLOW_NAMES);
        memcpy(joined, texts->name, name_bytes);
        joined[name_bytes] = '\0';
        head = name_bytes + 1;
    }
    size_t room = (size_t)tracer->detail_max_bytes - fields_bytes - head;
    size_t kept = !keep ? 0 : texts->detail_bytes < room ? texts->detail_bytes : room;
    bool cut = (keep && kept < texts->detail_bytes) || (texts->fields && texts->fields->left_out);
    struct placed placed = { 0, (with_name ? RECORD_NAME_IN_DETAIL : 0) | (keep ? RECORD_HAS_DETAIL : 0) |
                                    (fields_bytes ? RECORD_HAS_FIELDS : 0) | (cut ? RECORD_TRUNCATED : 0) };
    uint64_t *to = detail_reserve(writer, fields_bytes + head + kept, &placed.position);
    for (size_t i = 0; i < fields_bytes / 8; i++)
        atomic64_store(to++, texts->fields->words[i]);
    while (head % 8 && first < kept)
        joined[head++] = texts->detail[first++];
    put_text_seldom(to, joined, head);
    if (first < kept)
        put_text_seldom(to + head / 8, texts->detail + first, kept - first);
    if (cut)
        count_overflow(writer->tracer, OVERFLOW_DETAILS_TRUNCATED);
    return placed;
}

void record_slow_path(struct tracer *tracer, enum trace_category category, const struct record *record,
                      const struct texts *texts)
{
    struct record full = *record;
    struct writer *writer = writer_for_event(tracer, category);
    if (!writer)
        return;
    if (!(record->meta & RECORD_TRACK_MASK << RECORD_TRACK_SHIFT))
        full.meta |= writer_track(writer);
    bool named = record->meta & RECORD_NAME_MASK << RECORD_NAME_SHIFT;
    if (named && !texts->fields) {
        record_event(writer, category, &full, texts->detail, texts->detail_bytes);
    } else {
        struct placed placed = place_texts(writer, texts, !named);
        full.detail = placed.position;
        full.meta |= placed.flags;
        record_put(writer, category, full);
    }
    writer_done(writer);
}

/* The id that the call site knows is used as it is, because it may belong to a name with a label. */
uint32_t name_lookup(struct tracer *tracer, uint64_t *site, const char *name)
{
    uint32_t known;
    if (name && site_knows(tracer, site, &known))
        return known;
    uint32_t id = name ? table_name(tracer, name) : 0;
    site_remember(tracer, site, id);
    return id;
}

static bool valid(enum trace_category category, const char *name, uint64_t time)
{
    return name && (unsigned)category < TRACE_CATEGORY_COUNT && time != NO_TIME;
}

void record_instant(struct tracer *tracer, enum trace_category category, uint64_t meta, const struct texts *texts)
{
    struct record record = { clock_read(tracer), 0, 0, meta };
    if (!valid(category, texts->name, record.start)) {
        count_loss(tracer, TRACE_LOSS_INVALID, category);
        return;
    }
    uint32_t id = meta & RECORD_NAME_MASK << RECORD_NAME_SHIFT ? 0 : table_name(tracer, texts->name);
    record.meta |= record_meta(TRACE_KIND_INSTANT, category, id);
    record_slow_path(tracer, category, &record, texts);
}

/* For a thread that has no lane yet, or none of its own, or one to be cleared; a name without an id; or invalid
 * arguments. */
static __attribute__((noinline)) void event_slow_path(struct tracer *tracer, enum trace_category category, uint32_t id,
                                                      const char *name, const char *detail, size_t detail_bytes)
{
    record_instant(tracer, category, (uint64_t)id << RECORD_NAME_SHIFT,
                   &(struct texts){ name, detail, detail_bytes, NULL });
}

/* For a name that is not a literal, or that its call site does not know yet. */
static __attribute__((noinline)) void event_slow_name(struct tracer *tracer, uint64_t *site,
                                                      enum trace_category category, const char *name,
                                                      const char *detail, size_t detail_bytes)
{
    uint32_t id = name && !site ? intern_recent(&tracer->names, name) : 0;
    if (unlikely(!id))
        id = name_lookup(tracer, site, name);
    struct writer *writer = writer_own(tracer, atomic64_load(tracer->control));
    uint64_t start = writer && id && (unsigned)category < TRACE_CATEGORY_COUNT ? clock_read(tracer) : NO_TIME;
    if (unlikely(start == NO_TIME)) {
        event_slow_path(tracer, category, id, name, detail, detail_bytes);
        return;
    }
    struct record record = { start, 0, 0,
                             record_meta(TRACE_KIND_INSTANT, category, id) | atomic64_load(&writer->track) };
    if (detail)
        record_event(writer, category, &record, detail, detail_bytes);
    else
        record_put(writer, category, record);
}

/* For a clock that must be called. Done when all else is known, so that little has to be kept across the call. */
static ARCH_APART void event_slow_clock(const struct tracer *tracer, struct writer *writer, uint64_t meta,
                                        uint64_t payload)
{
    uint64_t start = clock_call(tracer);
    if (likely(start != NO_TIME))
        record_put(writer, meta_category(meta), (struct record){ start, payload, 0, meta });
    else
        count_loss(writer->tracer, TRACE_LOSS_INVALID, meta_category(meta));
}

static __attribute__((noinline)) void event_slow_clock_detail(const struct tracer *tracer, struct writer *writer,
                                                              uint64_t meta, const char *detail, size_t detail_bytes)
{
    uint64_t start = clock_call(tracer);
    if (likely(start != NO_TIME))
        record_put_detail(writer, meta_category(meta), (struct record){ start, 0, 0, meta }, detail, detail_bytes);
    else
        count_loss(writer->tracer, TRACE_LOSS_INVALID, meta_category(meta));
}

/* For details of any length. Apart because the loop needs registers, which the path for short details avoids saving. */
static ARCH_APART void event_any_detail(struct writer *writer, uint64_t meta, const char *detail, size_t detail_bytes)
{
    record_put_detail(writer, meta_category(meta), (struct record){ arch_ticks(), 0, 0, meta }, detail, detail_bytes);
}

static __attribute__((noinline)) void event_with_detail(struct tracer *tracer, uint64_t *site,
                                                        enum trace_category category, const char *name,
                                                        const char *detail, size_t detail_bytes)
{
    struct writer *writer;
    uint32_t id;
    if (!fast_path(tracer, site, category, &writer, &id) || !detail_fits(writer, detail_bytes)) {
        event_slow_name(tracer, site, category, name, detail, detail_bytes);
        return;
    }
    uint64_t meta = record_meta(TRACE_KIND_INSTANT, category, id) | atomic64_load(&writer->track);
    if (!clock_is_ticks(tracer)) {
        event_slow_clock_detail(tracer, writer, meta, detail, detail_bytes);
    } else if (likely(text_is_two_words(detail_bytes))) {
        struct record record = { arch_ticks(), 0, 0, meta | RECORD_HAS_DETAIL };
        put_two_words(detail_reserve(writer, detail_bytes, &record.detail), detail, detail_bytes);
        record_put(writer, category, record);
    } else {
        event_any_detail(writer, meta, detail, detail_bytes);
    }
}

/* For a call site whose last event went to another tracer: the fast path, with the id from this tracer's own table. */
static ARCH_APART void event_in_turn(struct tracer *tracer, uint64_t *site, enum trace_category category,
                                     const char *name)
{
    struct writer *writer;
    uint32_t id = site ? site_in_table(tracer, atomic64_load(site)) : 0;
    if (!id || (unsigned)category >= TRACE_CATEGORY_COUNT || !clock_is_ticks(tracer) ||
        !writer_is_own(tracer, atomic64_load(tracer->control), &writer)) {
        event_slow_name(tracer, site, category, name, NULL, 0);
        return;
    }
    uint64_t meta = record_meta(TRACE_KIND_INSTANT, category, id) | atomic64_load(&writer->track);
    record_put(writer, category, (struct record){ arch_ticks(), 0, 0, meta });
}

/* The usual path calls nothing, and the others end in a tail call, so no register is saved. */
void tracer_event_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name,
                     const char *detail, size_t detail_bytes)
{
    struct writer *writer;
    uint32_t id;
    tracer = tracer_or_default(tracer); /* not NULL: without a tracer nothing is wanted */
    if (detail) {
        event_with_detail(tracer, site, category, name, detail, detail_bytes);
        return;
    }
    if (!fast_path(tracer, site, category, &writer, &id)) {
        event_in_turn(tracer, site, category, name);
        return;
    }
    uint64_t meta = record_meta(TRACE_KIND_INSTANT, category, id) | atomic64_load(&writer->track);
    if (clock_is_ticks(tracer))
        record_put(writer, category, (struct record){ arch_ticks(), 0, 0, meta });
    else
        event_slow_clock(tracer, writer, meta, 0);
}

/* For a counter's value or a flow's id. what: the kind, and flags. */
static __attribute__((noinline)) void payload_slow_path(struct tracer *tracer, uint64_t *site,
                                                        enum trace_category category, const char *name, uint64_t what,
                                                        uint64_t payload)
{
    struct record record = { clock_read(tracer), payload, 0, what };
    if (!valid(category, name, record.start)) {
        count_loss(tracer, TRACE_LOSS_INVALID, category);
        return;
    }
    record.meta |= record_meta(0, category, name_lookup(tracer, site, name));
    record_slow_path(tracer, category, &record, &(struct texts){ .name = name });
}

void tracer_counter_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name,
                       double value)
{
    uint64_t payload;
    tracer = tracer_or_default(tracer);
    if (unlikely(!tracer))
        return;
    if (!isfinite(value)) {
        count_loss(tracer, TRACE_LOSS_INVALID, category);
        return;
    }
    memcpy(&payload, &value, sizeof payload);
    payload_slow_path(tracer, site, category, name, (uint64_t)TRACE_KIND_SAMPLE << RECORD_KIND_SHIFT, payload);
}

void tracer_flow_at(struct tracer *tracer, uint64_t *site, enum trace_category category, const char *name, uint64_t id,
                    bool in)
{
    struct writer *writer;
    uint32_t known;
    uint64_t what = (uint64_t)TRACE_KIND_FLOW << RECORD_KIND_SHIFT | (in ? RECORD_FLOW_IN : 0);
    tracer = tracer_or_default(tracer);
    if (unlikely(!tracer))
        return;
    if (!fast_path(tracer, site, category, &writer, &known)) {
        payload_slow_path(tracer, site, category, name, what, id);
        return;
    }
    uint64_t meta = what | record_meta(0, category, known) | atomic64_load(&writer->track);
    if (clock_is_ticks(tracer))
        record_put(writer, category, (struct record){ arch_ticks(), id, 0, meta });
    else
        event_slow_clock(tracer, writer, meta, id);
}

/* ------------------------------------------------- events timed by the caller */

static bool has(const struct trace_event *event, enum trace_field field, bool not_zero)
{
    return not_zero || (event->has & (uint32_t)field);
}

/* The caller's times are kept in ns: converting them to ticks and back would change them. */
static bool caller_times(const struct tracer *tracer, const struct trace_event *event, struct record *record)
{
    bool timed = has(event, TRACE_HAS_TIMESTAMP, event->timestamp != 0);
    bool span = has(event, TRACE_HAS_DURATION, event->duration != 0);
    uint64_t duration_ns = 0;
    if (span && !clock_ns_from_ms(event->duration, &duration_ns))
        return false;
    record->payload = duration_ns;
    if (timed) {
        record->meta |= RECORD_TIME_NS;
        return clock_ns_from_ms(event->timestamp, &record->start);
    }
    if (span) {
        uint64_t end_ns;
        record->meta |= RECORD_TIME_NS;
        if (!clock_now_ns(tracer, &end_ns))
            return false;
        record->start = end_ns > duration_ns ? end_ns - duration_ns : 0;
        return true;
    }
    record->start = clock_read(tracer);
    return record->start != NO_TIME;
}

static enum trace_kind kind_of(const struct trace_event *event)
{
    if (event->kind == TRACE_KIND_SAMPLE || event->kind == TRACE_KIND_FLOW)
        return event->kind;
    return has(event, TRACE_HAS_DURATION, event->duration != 0) ? TRACE_KIND_SPAN : TRACE_KIND_INSTANT;
}

static bool fill_record(struct tracer *tracer, const struct trace_event *event, struct record *record)
{
    enum trace_kind kind = kind_of(event);
    if (!event->name || (unsigned)event->category >= TRACE_CATEGORY_COUNT)
        return false;
    record->meta = record_meta(kind, event->category, 0) | (event->has & TRACE_FAILED ? RECORD_FAILED : 0);
    if (!caller_times(tracer, event, record))
        return false;
    if (kind == TRACE_KIND_SAMPLE) {
        if (!isfinite(event->value))
            return false;
        memcpy(&record->payload, &event->value, sizeof event->value);
    }
    if (kind == TRACE_KIND_FLOW) {
        record->payload = event->flow_id;
        record->meta |= event->has & TRACE_FLOW_IN ? RECORD_FLOW_IN : 0;
    }
    return true;
}

/* 0 means the thread's own track. */
static uint64_t track_bits(struct tracer *tracer, const struct trace_event *event)
{
    bool with_pid = has(event, TRACE_HAS_PID, event->pid != 0);
    uint64_t track = 0;
    if (has(event, TRACE_HAS_TRACK, event->track != 0))
        track = event->track < tracer->track_count ? event->track : 0;
    else if (with_pid)
        track = table_track(tracer, event->pid, event->pid);
    return track << RECORD_TRACK_SHIFT | (with_pid && track ? RECORD_HAS_PID : 0);
}

/* A pid that does not fit into the table is kept in the fields. */
static void record_slow_event(struct tracer *tracer, const struct trace_event *event, struct record *record)
{
    struct fields fields;
    struct texts texts = { event->name, event->detail, event->detail_size, NULL };
    if (event->detail && event->detail_size == 0)
        texts.detail_bytes = strlen(event->detail);
    bool labelled = event->label && event->label[0];
    uint32_t name = labelled ? table_name_labelled(tracer, event->name, event->label) : table_name(tracer, event->name);
    record->meta |= track_bits(tracer, event) | (uint64_t)name << RECORD_NAME_SHIFT;
    fields_of(&fields, event, (size_t)tracer->detail_max_bytes / 2, tracer->without_details);
    if (has(event, TRACE_HAS_PID, event->pid != 0) && !(record->meta & RECORD_HAS_PID))
        fields_add_number(&fields, FIELD_PID, event->pid);
    if (fields.bytes)
        texts.fields = &fields;
    record_slow_path(tracer, event->category, record, &texts);
}

enum tracer_error tracer_event_ex(struct tracer *tracer, const struct trace_event *event)
{
    struct record record = { 0 };
    if (!event)
        return TRACER_ERROR_ARGUMENT;
    tracer = tracer_or_default(tracer);
    if (!tracer || !tracer_wants(tracer, event->category))
        return TRACER_OK;
    if (!fill_record(tracer, event, &record)) {
        count_loss(tracer, TRACE_LOSS_INVALID, event->category);
        return TRACER_ERROR_ARGUMENT;
    }
    record_slow_event(tracer, event, &record);
    return TRACER_OK;
}
