/* Recording events of other programs, with given times in ns of the kernel's clock. */
#include "external.h"

#include "fields.h"
#include "record.h"
#include "tracer_tables.h"

/* One lane this large is not touched before it is used: the recording may be short. */
void external_begin(struct tracer *tracer)
{
    for (uint32_t i = 0; i < tracer->lanes; i++)
        tracer->writers[i].prefault = false;
    clock_init_monotonic(tracer);
}

void external_begin_now(struct tracer *tracer)
{
    clock_init_monotonic(tracer);
    tracer->header->created_realtime_ns = platform_realtime_ns();
}

uint32_t external_name(struct tracer *tracer, const char *name)
{
    return table_name(tracer, name);
}

uint64_t external_names_left(const struct tracer *tracer)
{
    const struct intern *names = &tracer->names;
    uint64_t limit = names->image.limit ? atomic64_load(names->image.limit) : names->capacity;
    uint64_t texts = names->text_bytes * limit / names->capacity;
    uint64_t used = atomic64_load(names->image.used), text_used = atomic64_load(names->image.text_used);
    uint64_t left = used < limit ? limit - used : 0, texts_left = text_used < texts ? (texts - text_used) / 32 : 0;
    return left < texts_left ? left : texts_left;
}

void external_name_left_out(struct tracer *tracer)
{
    count_overflow(tracer, OVERFLOW_NAMES);
}

uint32_t external_name_labelled(struct tracer *tracer, const char *name, const char *label)
{
    return table_name_labelled(tracer, name, label);
}

uint32_t external_operation(struct tracer *tracer, const char *name)
{
    return table_operation(tracer, name);
}

/* A start before time 0 would read as 0 with the whole duration, so the part before time 0 is cut off. */
static struct record record_of(const struct tracer *tracer, const struct external_event *event)
{
    uint64_t origin = tracer->zero_ticks, early = event->start_ns < origin ? origin - event->start_ns : 0;
    uint64_t duration = event->duration_ns > early ? event->duration_ns - early : 0;
    uint64_t meta = record_meta(event->kind, event->category, event->name);
    if (event->failed)
        meta |= RECORD_FAILED;
    if (event->waits)
        meta |= RECORD_WAITS;
    if (event->flow_in)
        meta |= RECORD_FLOW_IN;
    if (event->track)
        meta |= (uint64_t)event->track << RECORD_TRACK_SHIFT | RECORD_HAS_PID;
    uint64_t payload = event->kind == TRACE_KIND_FLOW ? event->flow_id : 0;
    return (struct record){ event->start_ns + early, event->kind == TRACE_KIND_SPAN ? duration : payload, 0, meta };
}

/* Records events that have more than a detail, or that find a table full. */
static void record_seldom(struct tracer *tracer, const struct external_event *event, const struct record *record)
{
    struct fields fields;
    struct texts texts = { "(unnamed)", event->detail, event->detail_bytes, NULL };
    const struct trace_event told = { .async_id = event->async_id,
                                      .stack = event->stack,
                                      .arguments = event->arguments };
    fields_of(&fields, &told, (size_t)tracer->detail_max_bytes / 2, tracer->without_details);
    if (fields.bytes)
        texts.fields = &fields;
    record_slow_path(tracer, event->category, record, &texts);
}

void external_record(struct tracer *tracer, const struct external_event *event)
{
    if (!tracer_wants(tracer, event->category))
        return;
    struct writer *writer = writer_own(tracer, atomic64_load(tracer->control));
    struct record record = record_of(tracer, event);
    if (likely(writer && event->name && event->track && !event->async_id && !event->stack && !event->arguments))
        record_event(writer, event->category, &record, event->detail, event->detail_bytes);
    else
        record_seldom(tracer, event, &record);
}

static uint64_t since_zero(const struct tracer *tracer, uint64_t ns)
{
    return ns >= tracer->zero_ticks ? ns - tracer->zero_ticks : PROCESS_TIME_UNKNOWN;
}

uint32_t external_process_begin(struct tracer *tracer, uint32_t pid, uint32_t parent, uint64_t start_ns,
                                const char *name)
{
    return table_process(tracer, pid, parent, since_zero(tracer, start_ns), name);
}

void external_process_name(struct tracer *tracer, uint32_t process, const char *name)
{
    table_process_name(tracer, process, name);
}

void external_process_end(struct tracer *tracer, uint32_t process, uint64_t end_ns, int status)
{
    unsigned signal = (unsigned)status & 0x7f, code = (unsigned)status >> 8 & 0xff;
    table_process_end(tracer, process, since_zero(tracer, end_ns),
                      signal ? PROCESS_KILLED | signal : PROCESS_EXITED | code);
}

void external_lost(struct tracer *tracer, enum trace_loss loss, enum trace_category category, uint64_t count)
{
    uint32_t epoch = control_events_epoch(atomic64_load(tracer->control));
    if ((unsigned)category < TRACE_CATEGORY_COUNT && count)
        tagged_add(&tracer->header->lost[loss][category], epoch, count);
}
