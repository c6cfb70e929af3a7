/* Turns events of Trace Event JSON into the timeline's. */
#include "chrome_event.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome_args.h"
#include "chrome_escapes.h"
#include "chrome_id.h"
#include "chrome_item.h"

#define DECODED_TOKENS (offsetof(struct chrome_event, thread_start) / sizeof(struct token))

void chrome_events_free(struct chrome_events *events)
{
    chrome_samples_free(&events->samples);
    pairing_free(&events->pairing);
    counter_names_free(&events->counters);
    interned_free(&events->words);
    interned_free(&events->ids);
    interned_free(&events->flow_ids);
    free(events->name_order.after);
    buffer_free(&events->scratch);
    buffer_free(&events->joined);
    buffer_free(&events->decoded);
}

/* -------------------------------------------------------------------- notes */

void chrome_note(struct chrome_events *events, const char *text, uint64_t byte)
{
    const struct timeline_note note = { .text = text, .count = 1, .event = events->number, .byte = byte };
    timeline_builder_add_note(events->builder, &note);
}

void chrome_note_event(struct chrome_events *events, const char *text)
{
    chrome_note(events, text, events->byte);
}

static void begin_event(struct chrome_events *events, uint64_t byte)
{
    events->number++;
    events->byte = byte;
}

void chrome_take_damaged(struct chrome_events *events, const char *text, uint64_t byte)
{
    begin_event(events, byte);
    events->has_any = true;
    chrome_note_event(events, text);
}

/* ----------------------------------------------------------------------- flows */

static bool is_true(const struct token *token)
{
    return token->at && !token->string && token->bytes == 4 && token->at[0] == 't';
}

/* The number of a flow's id; bound: a bind_id, which is global to all processes. */
static uint64_t flow_id(struct chrome_events *events, const struct chrome_event *event, bool bound)
{
    const struct token *parts[] = { bound ? &event->bind_id : &event->id, &event->category, &event->name };
    const uint32_t id = chrome_joined_id(events, &events->flow_ids, parts, bound ? 1 : 3);
    events->failed |= id == UINT32_MAX;
    return id;
}

/* Flows may leave or arrive at a span. */
static void add_bound_flow(struct chrome_events *events, const struct chrome_event *event,
                           const struct timeline_item *item)
{
    bool in = is_true(&event->flow_in), out = is_true(&event->flow_out);
    if (!event->bind_id.at || !(in || out))
        return;
    const struct timeline_flow_end end = {
        .id = flow_id(events, event, true),
        .time_ns = item->start_ns,
        .track = item->track,
        .name = item->name,
        .way = (uint8_t)(in && out ? TIMELINE_FLOW_STEP
                         : in      ? TIMELINE_FLOW_IN
                                   : TIMELINE_FLOW_OUT),
    };
    timeline_builder_add_flow(events->builder, &end);
}

/* An arrow is at the enclosing span, except for an old-style end without "bp", which is at the next one. */
static void take_flow(struct chrome_events *events, const struct chrome_event *event, enum timeline_flow_way way)
{
    struct timeline_flow_end end = { .name = TIMELINE_NONE, .way = (uint8_t)way };
    if (!chrome_start(events, event, &end.time_ns))
        return;
    end.next = way == TIMELINE_FLOW_IN && !token_is(&event->binding_point, "e");
    end.id = flow_id(events, event, false);
    end.track = chrome_track(events, event);
    timeline_builder_add_flow(events->builder, &end);
}

/* ------------------------------------------------------------ simple phases */

static void take_instant(struct chrome_events *events, const struct chrome_event *event, unsigned flags)
{
    struct timeline_item item = { .kind = TIMELINE_INSTANT, .flags = (uint8_t)flags };
    if (chrome_begin_item(events, event, &item))
        chrome_add_item(events, &item);
}

static void take_complete(struct chrome_events *events, const struct chrome_event *event)
{
    struct timeline_item item = { .kind = TIMELINE_SPAN };
    if (!chrome_begin_item(events, event, &item))
        return;
    if (!chrome_duration(events, event, &item.duration_ns))
        item.kind = TIMELINE_INSTANT;
    chrome_add_item(events, &item);
    add_bound_flow(events, event, &item);
}

static void take_series(struct chrome_events *events, const struct chrome_event *event, struct timeline_item *item,
                        int64_t pid)
{
    struct token key, value;
    struct json_text text = { .end = event->args.at + event->args.bytes };
    for (const char *at = event->args.at; next_member(&text, &at, &key, &value);) {
        if (!token_number(&value, &item->value)) {
            chrome_note_event(events, "A counter's value that is not a number is left out");
            continue;
        }
        item->name = counter_name(&events->counters, &event->name, &event->id, &key);
        events->failed |= item->name == UINT32_MAX;
        if (events->failed)
            return;
        item->track = timeline_builder_track(events->builder, pid, 0, item->name);
        chrome_add_item(events, item);
    }
}

static void take_counter(struct chrome_events *events, const struct chrome_event *event)
{
    struct timeline_item item = { .kind = TIMELINE_SAMPLE };
    if (!chrome_start_anywhere(events, event, &item.start_ns))
        return;
    if (args_are_empty(&event->args) || event->args.string || event->args.at[0] != '{') {
        chrome_note_event(events, "A counter without a value is left out");
        return;
    }
    item.category = chrome_category(events, &event->category);
    int64_t pid = chrome_number(events, &event->pid);
    if (pid <= TIMELINE_WORD_ID)
        chrome_thread(events, event, pid, 0); /* for its name */
    take_series(events, event, &item, pid);
}

/* An empty name or label is ignored: a pid or tid that is a word is then shown. */
static void take_name(struct chrome_events *events, const struct chrome_event *event, const char *text, size_t bytes)
{
    const int64_t pid = chrome_number(events, &event->pid);
    if (bytes == 0)
        return;
    if (token_is(&event->name, "process_name"))
        timeline_builder_name_process(events->builder, pid, text, bytes);
    else if (token_is(&event->name, "process_labels"))
        timeline_builder_label_process(events->builder, pid, text, bytes);
    else
        timeline_builder_name_thread(events->builder, pid, chrome_number(events, &event->tid), text, bytes);
}

static void take_metadata(struct chrome_events *events, const struct chrome_event *event)
{
    struct token text_token = member_of_object(&event->args, "name");
    const struct token index = member_of_object(&event->args, "sort_index");
    const struct token labels = member_of_object(&event->args, "labels");
    struct timeline_builder *builder = events->builder;
    int64_t pid = chrome_number(events, &event->pid), tid = chrome_number(events, &event->tid), sort;
    const char *text = "";
    size_t bytes = 0;
    chrome_thread(events, event, pid, tid);
    if (token_is_none(&text_token))
        text_token = labels;
    if (!token_is_none(&text_token) && !token_text(&text_token, &events->scratch, &text, &bytes))
        events->failed = true;
    if (token_is(&event->name, "process_name") || token_is(&event->name, "thread_name") ||
        token_is(&event->name, "process_labels"))
        take_name(events, event, text, bytes);
    else if (token_is(&event->name, "process_sort_index") && token_integer(&index, &sort))
        timeline_builder_sort_process(builder, pid, sort);
    else if (token_is(&event->name, "thread_sort_index") && token_integer(&index, &sort))
        timeline_builder_sort_thread(builder, pid, tid, sort);
    else
        chrome_note_event(events, "Metadata other than names, labels and order is not shown");
}

/* ------------------------------------------------------- beginnings and ends */

/* The number of an async event's id: by category, id and scope, and by process if the id is local. */
static uint32_t async_id(struct chrome_events *events, const struct chrome_event *event)
{
    const struct token local = member_of_object(&event->id, "local");
    struct token inner = local.at ? local : member_of_object(&event->id, "global");
    const struct token *id = inner.at ? &inner : &event->id;
    const struct token *parts[] = { &event->category, id, &event->scope, &event->pid };
    if (event->escaped && !tokens_decode(&inner, 1, &events->scratch))
        return UINT32_MAX;
    return chrome_joined_id(events, &events->ids, parts, local.at ? 4 : 3);
}

static uint32_t stack_of(struct chrome_events *events, const struct chrome_event *event, uint32_t track, bool async)
{
    uint32_t index = async ? async_id(events, event) : track;
    if (index == UINT32_MAX)
        return index;
    return async ? pairing_async(&events->pairing, index) : pairing_thread(&events->pairing, index);
}

static void add_mark(struct chrome_events *events, struct mark *mark)
{
    mark->number = events->number < UINT32_MAX ? (uint32_t)events->number : UINT32_MAX;
    mark->byte |= events->byte;
    if (mark->stack == UINT32_MAX || events->builder->failed || !pairing_add(&events->pairing, mark))
        events->failed = true;
}

static void take_begin(struct chrome_events *events, const struct chrome_event *event, bool async)
{
    struct timeline_item item = { .kind = TIMELINE_SPAN,
                                  .flags = (uint8_t)(TIMELINE_OPEN | (async ? TIMELINE_ASYNC : 0)) };
    if (!chrome_begin_item(events, event, &item))
        return;
    struct mark mark = { .time_ns = item.start_ns, .name = item.name, .item = events->builder->count };
    chrome_add_item(events, &item);
    add_bound_flow(events, event, &item);
    mark.stack = stack_of(events, event, item.track, async);
    add_mark(events, &mark);
}

/* Keeps an end's texts until its beginning is known. */
static uint32_t keep_end_texts(struct chrome_events *events, const struct chrome_event *event)
{
    const struct token none = { .at = NULL };
    struct buffer *texts = &events->pairing.end_texts;
    if (args_are_empty(&event->args) && !event->thread_start.at)
        return 0;
    events->joined.used = 0;
    events->failed |=
        !args_join(&events->joined, &event->args, &none) || !args_add(&events->joined, "tts_end", &event->thread_start);
    if (texts->used == 0)
        events->failed |= text_add(texts, "", 0) == UINT32_MAX; /* so that offset 0 belongs to no end */
    uint32_t start = events->failed ? UINT32_MAX : text_add(texts, events->joined.bytes, events->joined.used);
    events->failed |= start == UINT32_MAX;
    return events->failed ? 0 : start;
}

static void take_end(struct chrome_events *events, const struct chrome_event *event, bool async)
{
    struct mark mark = { .byte = MARK_END, .name = NO_MARK_NAME };
    if (!chrome_start_anywhere(events, event, &mark.time_ns))
        return;
    if (!token_is_none(&event->name) && event->name.bytes)
        mark.name = chrome_end_name(events, &event->name);
    mark.item = keep_end_texts(events, event);
    mark.stack = stack_of(events, event, chrome_track(events, event), async);
    add_mark(events, &mark);
}

/* A step of the old form of async events, shown as an instant. */
static void take_step(struct chrome_events *events, const struct chrome_event *event)
{
    struct chrome_event step = *event;
    const struct token name = member_of_object(&event->args, "step");
    if (!token_is_none(&name))
        step.name = name;
    take_instant(events, &step, TIMELINE_ASYNC);
}

/* ------------------------------------------------------------------- phases */

static void note_kind(struct chrome_events *events, const struct token *phase)
{
    char text[80];
    int bytes = phase->bytes < 8 ? (int)phase->bytes : 8;
    bool object = phase->bytes == 1 && strchr("NOD", phase->at[0]);
    snprintf(text, sizeof text, "%s of kind \"%.*s\" is not shown", object ? "A state of an object," : "An event",
             bytes, phase->at);
    chrome_note_event(events, text);
}

/* A piece of a profile, whose category may change; its samples count from the time of its first event. */
static bool take_profile(struct chrome_events *events, const struct chrome_event *event, int64_t start_ns)
{
    struct chrome_profile_event profile = { .name = &event->name, .args = &event->args, .start_ns = start_ns };
    struct chrome_event uncategorized = *event;
    uncategorized.category.at = uncategorized.scope.at = NULL;
    profile.base_us = events->base_us;
    profile.pid = chrome_number(events, &event->pid);
    profile.id = async_id(events, &uncategorized);
    profile.track = chrome_track(events, event);
    return chrome_samples_take_profile(&events->samples, events->builder, &profile);
}

/* A sample, by its stack, if that is given by number; or a profile, in pieces or whole. */
static void take_sample(struct chrome_events *events, const struct chrome_event *event)
{
    int64_t start_ns;
    if (!chrome_start(events, event, &start_ns))
        return;
    if (!token_is_none(&event->stack_frame))
        chrome_samples_take_event(&events->samples, chrome_track(events, event), start_ns, &event->stack_frame);
    else if (!take_profile(events, event, start_ns)) {
        take_instant(events, event, 0);
        return;
    }
    events->taken++;
}

void chrome_take(struct chrome_events *events, struct chrome_event *event)
{
    begin_event(events, event->byte);
    if (event->escaped)
        events->failed |= !tokens_decode(&event->name, DECODED_TOKENS, &events->decoded);
    if (token_is_none(&event->phase) || event->phase.bytes == 0) {
        chrome_note_event(events, "An event without a kind is left out");
        return;
    }
    events->has_any = true;
    if (!token_is_none(&event->stack) || (!token_is_none(&event->stack_frame) && !token_is(&event->phase, "P")))
        chrome_note_event(events, "The stack of an event is not shown");
    switch (event->phase.bytes == 1 ? event->phase.at[0] : '\0') {
    case 'X':
        take_complete(events, event);
        break;
    case 'B':
        take_begin(events, event, false);
        break;
    case 'E':
        take_end(events, event, false);
        break;
    case 'i':
    case 'I':
        if (token_is(&event->name, "CpuProfile")) {
            take_sample(events, event);
            break;
        }
        /* fallthrough */
    case 'R':
        take_instant(events, event, 0);
        break;
    case 'b':
    case 'S':
        take_begin(events, event, true);
        break;
    case 'e':
    case 'F':
        take_end(events, event, true);
        break;
    case 'n':
        take_instant(events, event, TIMELINE_ASYNC);
        break;
    case 'T':
    case 'p':
        take_step(events, event);
        break;
    case 's':
        take_flow(events, event, TIMELINE_FLOW_OUT);
        break;
    case 't':
        take_flow(events, event, TIMELINE_FLOW_STEP);
        break;
    case 'f':
        take_flow(events, event, TIMELINE_FLOW_IN);
        break;
    case 'C':
        take_counter(events, event);
        break;
    case 'M':
        take_metadata(events, event);
        break;
    case 'P':
        take_sample(events, event);
        break;
    default:
        note_kind(events, &event->phase);
    }
}

void chrome_finish(struct chrome_events *events)
{
    if (events->failed)
        return;
    events->pairing.builder = events->builder;
    if (!pairing_finish(&events->pairing) || !counter_names_finish(&events->counters) ||
        !chrome_samples_finish(&events->samples, events->builder, events->base_us))
        events->failed = true;
}
