/* Takes track events, and pairs them. */
#include "perfetto_events.h"

#include <stdlib.h>

#include "perfetto_arguments.h"
#include "perfetto_counters.h"
#include "perfetto_legacy.h"

void perfetto_note(struct timeline_builder *builder, const struct perfetto_context *context, const char *text)
{
    const struct timeline_note note = { .text = text, .count = 1, .event = context->packet, .byte = context->byte };
    timeline_builder_add_note(builder, &note);
}

/* ----------------------------------------------------------------------- events */

uint32_t perfetto_event_name(struct perfetto_events *events, const struct perfetto_context *context, uint64_t iid)
{
    const char *text = perfetto_interned(&events->names, context, PERFETTO_NAMES, iid);
    if (!text)
        perfetto_note(events->builder, context, "An event's name is an unknown number: it is shown as ?");
    return timeline_builder_name(events->builder, text ? text : "?", text ? strlen(text) : 1);
}

static uint8_t category(struct perfetto_events *events, const char *text, size_t size)
{
    return (uint8_t)timeline_builder_category(events->builder, text, size);
}

static void add_argument(struct perfetto_events *events, const struct perfetto_context *context,
                         const struct wire_field *field, struct perfetto_event *event)
{
    bool first = event->detail_bytes == 0;
    size_t before = events->details.used;
    if (first)
        event->detail = (uint32_t)before;
    perfetto_append(events, "{", first);
    perfetto_add_argument(events, context, field->bytes, first);
    event->detail_bytes += (uint32_t)(events->details.used - before);
}

/* legacy: set to the old form of the event, if it has one. */
static void take_field(struct perfetto_events *events, const struct perfetto_context *context,
                       const struct wire_field *field, struct perfetto_event *event, struct message *legacy)
{
    size_t size;
    const char *text = wire_text(field, &size);
    switch (field->number) {
    case 3: /* category_iids */
        text = field->type == WIRE_VARINT
                   ? perfetto_interned(&events->names, context, PERFETTO_CATEGORIES, field->value)
                   : NULL;
        if (text && event->category == UINT8_MAX)
            event->category = category(events, text, strlen(text));
        break;
    case 22: /* categories */
        if (event->category == UINT8_MAX)
            event->category = category(events, text, size);
        break;
    case 4: /* debug_annotations */
        if (field->type == WIRE_BYTES)
            add_argument(events, context, field, event);
        break;
    case 6:
        *legacy = field->bytes;
        break;
    case 9:
        event->type = field->value <= PERFETTO_COUNTER ? (uint8_t)field->value : 0;
        break;
    case 10: /* name_iid */
        event->name = perfetto_event_name(events, context, field->value);
        break;
    case 11:
        event->track = perfetto_track(&events->tracks, field->value);
        break;
    case 23: /* name */
        event->name = timeline_builder_name(events->builder, text, size);
        break;
    case 30: /* counter_value */
        event->value = (double)(int64_t)field->value;
        break;
    case 44: /* double_counter_value */
        event->value = wire_double(field->value);
        break;
    case 36: /* flows, of today's form and the old one */
    case 42:
    case 47:
    case 48:
        events->failed |= !perfetto_flows_take(&events->flows, field);
        break;
    default: /* source locations, log messages, extensions */
        break;
    }
}

static void keep(struct perfetto_events *events, const struct perfetto_event *event)
{
    struct perfetto_event *all = array_grow(events->all, events->count, &events->room, sizeof *all);
    if (!all || events->tracks.failed) {
        events->failed = true;
        return;
    }
    events->all = all;
    all[events->count++] = *event;
}

static struct perfetto_event event_at(const struct perfetto_context *context, uint32_t track)
{
    return (struct perfetto_event){
        .time_ns = time_bounded(context->time_ns),
        .track = track,
        .stack = track,
        .name = TIMELINE_NONE,
        .category = UINT8_MAX,
        .generation = context->generation,
        .packet = context->packet,
        .byte = context->byte,
    };
}

void perfetto_keep_counter(struct perfetto_events *events, const struct perfetto_context *context, uint64_t uuid,
                           double value)
{
    struct perfetto_event event = event_at(context, perfetto_track(&events->tracks, uuid));
    event.type = PERFETTO_COUNTER;
    event.value = value;
    keep(events, &event);
}

void perfetto_take_event(struct perfetto_events *events, const struct perfetto_context *context, struct message event)
{
    struct wire_field field;
    struct message legacy = { 0 }, rest = event;
    struct perfetto_event taken = event_at(context, context->track);
    taken.flow = events->flows.count;
    bool has_counters = false;
    while (!events->failed && wire_next(&rest, &field)) {
        has_counters |= perfetto_is_counters(field.number);
        take_field(events, context, &field, &taken, &legacy);
    }
    taken.stack = taken.track;
    if (legacy.at && taken.track != UINT32_MAX)
        perfetto_take_legacy(events, context, legacy, &taken);
    taken.flow_end = events->flows.count;
    if (taken.detail_bytes) {
        perfetto_append(events, "}", 1);
        taken.detail_bytes++;
    }
    if (taken.type && taken.track != UINT32_MAX)
        keep(events, &taken);
    if (has_counters)
        perfetto_take_counters(events, context, event);
}

/* ----------------------------------------------------------------------- adding */

static int compare(const void *a, const void *b)
{
    const struct perfetto_event *left = a, *right = b;
    if (left->stack != right->stack)
        return left->stack < right->stack ? -1 : 1;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return left->packet < right->packet ? -1 : left->packet > right->packet;
}

static void add(struct perfetto_events *events, const struct perfetto_event *event, const struct timeline_item *from)
{
    struct timeline_item item = *from;
    item.start_ns = event->time_ns;
    item.flags |= event->stack & PERFETTO_ASYNC ? TIMELINE_ASYNC : 0;
    item.track = perfetto_resolve(&events->tracks, event->track);
    item.name = event->name != TIMELINE_NONE ? event->name : timeline_builder_name(events->builder, "?", 1);
    item.category = event->category == UINT8_MAX ? category(events, "(none)", 6) : event->category;
    if (event->detail_bytes) {
        item.arguments = events->details.bytes + event->detail;
        item.arguments_bytes = event->detail_bytes;
    }
    timeline_builder_add(events->builder, &item);
}

static void add_counter(struct perfetto_events *events, struct perfetto_event *event)
{
    uint32_t resolved = perfetto_resolve(&events->tracks, event->track);
    struct perfetto_track *track = &events->tracks.all[event->track];
    if (!track->counter || resolved == TIMELINE_NONE) {
        const struct perfetto_context context = { .packet = event->packet, .byte = event->byte };
        perfetto_note(events->builder, &context, "A counter's value on a track that is not a counter is left out");
        return;
    }
    if (!track->incremental || track->generation != event->generation)
        track->value = 0;
    track->generation = event->generation;
    track->value += event->value;
    event->name = track->name;
    add(events, event, &(struct timeline_item){ .kind = TIMELINE_SAMPLE, .value = track->value * track->multiplier });
}

/* Keeps an end's details until its beginning is known. */
static uint32_t keep_end_details(struct perfetto_events *events, const struct perfetto_event *end)
{
    struct buffer *texts = &events->pairing.end_texts;
    if (!end->detail_bytes)
        return 0;
    if (texts->used == 0)
        events->failed |= text_add(texts, "", 0) == UINT32_MAX; /* so that offset 0 belongs to no end */
    return text_add(texts, events->details.bytes + end->detail, end->detail_bytes);
}

/* index: of the event's stack, among those of its kind. */
static void add_mark(struct perfetto_events *events, const struct perfetto_event *event, uint32_t index)
{
    struct pairing *pairing = &events->pairing;
    struct mark mark = {
        .time_ns = event->time_ns,
        .byte = event->byte,
        .stack = event->stack & PERFETTO_ASYNC ? pairing_async(pairing, index) : pairing_thread(pairing, index),
        .name = event->name != TIMELINE_NONE ? event->name : NO_MARK_NAME,
        .item = events->builder->count,
        .number = event->packet < UINT32_MAX ? (uint32_t)event->packet : UINT32_MAX,
    };
    if (event->type == PERFETTO_END) {
        mark.byte |= MARK_END;
        mark.item = keep_end_details(events, event);
    } else {
        add(events, event, &(struct timeline_item){ .kind = TIMELINE_SPAN, .flags = TIMELINE_OPEN });
    }
    events->failed |=
        mark.item == UINT32_MAX || mark.stack == UINT32_MAX || events->builder->failed || !pairing_add(pairing, &mark);
}

/* Arrows lead to the span of a beginning or an end, and to the one around an instant. after_another: an event of the same
 * time came before it. */
static void add_flows(struct perfetto_events *events, const struct perfetto_event *event, bool after_another)
{
    if (event->flow == event->flow_end || event->type == PERFETTO_COUNTER)
        return;
    struct timeline_flow_end place = {
        .time_ns = event->time_ns,
        .track = perfetto_resolve(&events->tracks, event->track),
        .name = event->type == PERFETTO_BEGIN || event->type == PERFETTO_WHOLE ? event->name : TIMELINE_NONE,
    };
    place.time_ns -= event->type == PERFETTO_END && !after_another; /* still in the span */
    perfetto_flows_add(&events->flows, events->builder, event->flow, event->flow_end, place);
}

static void add_event(struct perfetto_events *events, struct perfetto_event *event, uint32_t stack)
{
    if (event->type == PERFETTO_BEGIN || event->type == PERFETTO_END)
        add_mark(events, event, stack);
    else if (event->type == PERFETTO_WHOLE)
        add(events, event, &(struct timeline_item){ .kind = TIMELINE_SPAN, .duration_ns = event->duration_ns });
    else if (event->type == PERFETTO_COUNTER)
        add_counter(events, event);
    else if (event->type == PERFETTO_INSTANT)
        add(events, event, &(struct timeline_item){ .kind = TIMELINE_INSTANT });
}

/* Spans are added in order of their beginnings: of equal ones the first is outside. */
bool perfetto_events_end(struct perfetto_events *events)
{
    struct perfetto_event *all = events->all;
    uint32_t stack = 0;
    if (events->count)
        qsort(all, events->count, sizeof *all, compare);
    for (uint32_t i = 0; i < events->count && !events->failed; i++) {
        const bool same = i && all[i].stack == all[i - 1].stack;
        stack += i && !same;
        add_event(events, &all[i], stack);
        add_flows(events, &all[i], same && all[i].time_ns == all[i - 1].time_ns);
    }
    events->pairing.builder = events->builder;
    return !events->failed && !events->tracks.failed && pairing_finish(&events->pairing);
}

void perfetto_events_free(struct perfetto_events *events)
{
    perfetto_tracks_free(&events->tracks);
    perfetto_dictionary_free(&events->names);
    pairing_free(&events->pairing);
    free(events->all);
    buffer_free(&events->details);
    free(events->flows.all);
}
