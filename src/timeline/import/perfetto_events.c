/* Takes track events, and pairs them. */
#include "perfetto_events.h"

#include <stdio.h>
#include <stdlib.h>

#include "perfetto_arguments.h"

void perfetto_note(struct timeline_builder *builder, const struct perfetto_context *context, const char *text)
{
    const struct timeline_note note = { text, 1, context->packet, context->byte };
    timeline_builder_add_note(builder, &note);
}

/* ----------------------------------------------------------------------- events */

static uint32_t name_of(struct perfetto_events *events, const struct perfetto_context *context, uint64_t iid)
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

static void take_legacy(struct perfetto_events *events, const struct perfetto_context *context, struct message legacy,
                        struct perfetto_event *event)
{
    struct wire_field field;
    uint64_t duration_us = 0, phase = 0;
    char words[64];
    while (wire_next(&legacy, &field)) {
        if (field.number == 1)
            event->name = name_of(events, context, field.value);
        else if (field.number == 2)
            phase = field.value;
        else if (field.number == 3)
            duration_us = field.value;
    }
    switch (phase) {
    case 'B':
        event->type = PERFETTO_BEGIN;
        break;
    case 'E':
        event->type = PERFETTO_END;
        break;
    case 'X':
        event->type = PERFETTO_WHOLE;
        event->duration_ns = duration_us < INT64_MAX / 1000 ? (int64_t)duration_us * 1000 : INT64_MAX;
        break;
    case 'I':
    case 'i':
    case 'R':
        event->type = PERFETTO_INSTANT;
        break;
    case 0:
        break;
    default:
        snprintf(words, sizeof words, "An event of the old kind \"%c\" is not shown",
                 phase >= ' ' && phase <= '~' ? (char)phase : '?');
        perfetto_note(events->builder, context, words);
    }
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

static void take_field(struct perfetto_events *events, const struct perfetto_context *context,
                       const struct wire_field *field, struct perfetto_event *event)
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
        if (field->type == WIRE_BYTES)
            take_legacy(events, context, field->bytes, event);
        break;
    case 9:
        event->type = field->value <= PERFETTO_COUNTER ? (uint8_t)field->value : 0;
        break;
    case 10: /* name_iid */
        event->name = name_of(events, context, field->value);
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

void perfetto_take_event(struct perfetto_events *events, const struct perfetto_context *context, struct message event)
{
    struct wire_field field;
    struct perfetto_event taken = {
        .time_ns = time_bounded(context->time_ns),
        .duration_ns = -1,
        .track = context->track,
        .name = TIMELINE_NONE,
        .category = UINT8_MAX,
        .flow = events->flows.count,
        .packet = context->packet,
        .byte = context->byte,
    };
    while (!events->failed && wire_next(&event, &field))
        take_field(events, context, &field, &taken);
    taken.flow_end = events->flows.count;
    if (taken.detail_bytes) {
        perfetto_append(events, "}", 1);
        taken.detail_bytes++;
    }
    if (taken.type && taken.track != UINT32_MAX)
        keep(events, &taken);
}

/* ---------------------------------------------------------------------- pairing */

static int compare(const void *a, const void *b)
{
    const struct perfetto_event *left = a, *right = b;
    if (left->track != right->track)
        return left->track < right->track ? -1 : 1;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return left->byte < right->byte ? -1 : left->byte > right->byte;
}

static void add(struct perfetto_events *events, const struct perfetto_event *event, const struct timeline_item *from)
{
    struct timeline_item item = *from;
    item.start_ns = event->time_ns;
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
    track->value = track->incremental ? track->value + event->value : event->value;
    event->name = track->name;
    add(events, event, &(struct timeline_item){ .kind = TIMELINE_SAMPLE, .value = track->value * track->multiplier });
}

/* Beginnings of one track that wait for their ends: indices into all. */
struct stack {
    uint32_t *open;
    uint32_t count, room;
};

static void begin(struct perfetto_events *events, struct stack *stack, uint32_t index)
{
    uint32_t *open = array_grow(stack->open, stack->count, &stack->room, sizeof *open);
    if (!open) {
        events->failed = true;
        return;
    }
    stack->open = open;
    open[stack->count++] = index;
}

/* Appends an end's details to those of the beginning. */
static void join_details(struct perfetto_events *events, struct perfetto_event *event, const struct perfetto_event *end)
{
    size_t own = event->detail_bytes, more = end->detail_bytes;
    if (more == 0)
        return;
    if (own == 0) {
        event->detail = end->detail;
        event->detail_bytes = end->detail_bytes;
        return;
    }
    struct buffer *details = &events->details;
    if (details->used + own + more > UINT32_MAX || !buffer_reserve(details, own + more)) {
        events->failed = true;
        return;
    }
    char *to = details->bytes + details->used;
    memcpy(to, details->bytes + event->detail, own);
    memcpy(to + own, details->bytes + end->detail, more);
    to[own - 1] = ','; /* replaces the brace that closed the first */
    memmove(to + own, to + own + 1, more - 1); /* and drops the one that opened the second */
    event->detail = (uint32_t)details->used;
    event->detail_bytes = (uint32_t)(own + more - 1);
    details->used += own + more;
}

static void end_span(struct perfetto_events *events, struct stack *stack, struct perfetto_event *end)
{
    const struct perfetto_context context = { .packet = end->packet, .byte = end->byte };
    if (stack->count == 0) {
        perfetto_note(events->builder, &context, "An end without a beginning is left out");
        return;
    }
    struct perfetto_event *event = &events->all[stack->open[--stack->count]];
    event->duration_ns = end->duration_ns = end->time_ns - event->time_ns;
    event->around = stack->count ? stack->open[stack->count - 1] : UINT32_MAX;
    join_details(events, event, end);
}

/* Gives beginnings their durations; those that keep -1 never ended. */
static void pair(struct perfetto_events *events)
{
    struct stack stack = { 0 };
    for (uint32_t i = 0; i < events->count && !events->failed; i++) {
        if (i && events->all[i].track != events->all[i - 1].track)
            stack.count = 0;
        if (events->all[i].type == PERFETTO_BEGIN)
            begin(events, &stack, i);
        else if (events->all[i].type == PERFETTO_END)
            end_span(events, &stack, &events->all[i]);
    }
    free(stack.open);
}

static void add_span(struct perfetto_events *events, const struct perfetto_event *event)
{
    struct timeline_item item = { .kind = TIMELINE_SPAN, .duration_ns = event->duration_ns };
    if (event->duration_ns < 0) {
        const struct perfetto_context context = { .packet = event->packet, .byte = event->byte };
        perfetto_note(events->builder, &context, "A span never ended and is drawn to the end of the trace");
        item.duration_ns = 0;
        item.flags = TIMELINE_OPEN;
    }
    add(events, event, &item);
}

/* Arrows lead to the span of a beginning or an end, and to the one around an instant. */
static void add_flows(struct perfetto_events *events, const struct perfetto_event *event)
{
    if (event->flow == event->flow_end || event->type == PERFETTO_COUNTER)
        return;
    struct timeline_flow_end place = {
        .time_ns = event->time_ns,
        .track = perfetto_resolve(&events->tracks, event->track),
        .name = event->type == PERFETTO_BEGIN || event->type == PERFETTO_WHOLE ? event->name : TIMELINE_NONE,
    };
    place.time_ns -= event->type == PERFETTO_END && event->duration_ns > 0; /* still in the span */
    perfetto_flows_add(&events->flows, events->builder, event->flow, event->flow_end, place);
}

static void add_event(struct perfetto_events *events, struct perfetto_event *event)
{
    event->item = events->builder->count;
    if (event->type == PERFETTO_BEGIN || event->type == PERFETTO_WHOLE)
        add_span(events, event);
    else if (event->type == PERFETTO_COUNTER)
        add_counter(events, event);
    else if (event->type == PERFETTO_INSTANT)
        add(events, event, &(struct timeline_item){ .kind = TIMELINE_INSTANT });
    add_flows(events, event);
}

/* The times of spans without a duration do not tell what they are in. */
static void place_empty(struct perfetto_events *events, const struct perfetto_event *event)
{
    if (event->type != PERFETTO_BEGIN || event->duration_ns != 0)
        return;
    const uint32_t around = event->around == UINT32_MAX ? AROUND_NOTHING : events->all[event->around].item;
    events->failed |= !builder_set_around(events->builder, event->item, around);
}

/* Spans are added in order of their beginnings: of equal ones the first is outside. */
bool perfetto_events_end(struct perfetto_events *events)
{
    if (events->count)
        qsort(events->all, events->count, sizeof *events->all, compare);
    pair(events);
    for (uint32_t i = 0; i < events->count && !events->failed; i++)
        add_event(events, &events->all[i]);
    for (uint32_t i = 0; i < events->count && !events->failed && !events->builder->failed; i++)
        place_empty(events, &events->all[i]);
    return !events->failed && !events->tracks.failed;
}

void perfetto_events_free(struct perfetto_events *events)
{
    perfetto_tracks_free(&events->tracks);
    perfetto_dictionary_free(&events->names);
    free(events->all);
    buffer_free(&events->details);
    free(events->flows.all);
}
