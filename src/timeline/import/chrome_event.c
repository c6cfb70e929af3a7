/* Turns events of Trace Event JSON into the timeline's. */
#include "chrome_event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../base/short_text.h"
#include "../load.h"

#define NONE UINT32_MAX
#define NO_NAME "(no name)"

void chrome_events_free(struct chrome_events *events)
{
    for (uint32_t i = 0; i < events->pending.count; i++)
        free(events->pending.all[i].args);
    free(events->pending.all);
    free(events->pending.thread_stacks);
    free(events->pending.async_stacks);
    interned_free(&events->pending.keys);
    interned_free(&events->words);
    buffer_free(&events->scratch);
    buffer_free(&events->joined);
}

/* -------------------------------------------------------------------- notes */

static void note(struct chrome_events *events, const char *text)
{
    const struct timeline_note note = { .text = text, .count = 1, .event = events->number, .byte = events->byte };
    timeline_builder_add_note(events->builder, &note);
}

static void begin_event(struct chrome_events *events, uint64_t byte)
{
    events->number++;
    events->byte = byte;
}

void chrome_take_no_event(struct chrome_events *events, uint64_t byte)
{
    begin_event(events, byte);
    note(events, "Something that is no event stands among the events");
}

void chrome_take_cut_off(struct chrome_events *events, uint64_t byte)
{
    begin_event(events, byte);
    note(events, "The text is cut off within an event");
}

/* ------------------------------------------------------------ whose, and what */

static uint32_t intern_name(struct chrome_events *events, const struct token *token)
{
    const char *text = NO_NAME;
    size_t bytes = sizeof NO_NAME - 1;
    if (token->at && !token_text(token, &events->scratch, &text, &bytes))
        events->failed = true;
    return timeline_builder_name(events->builder, text, bytes);
}

/* The first of a list that is separated by commas. */
static uint8_t look_up_category(struct chrome_events *events, const struct token *token)
{
    struct token first = *token;
    const char *text = "", *comma = token->at ? memchr(token->at, ',', token->bytes) : NULL;
    size_t bytes = 0;
    if (comma)
        first.bytes = (size_t)(comma - token->at);
    if (token->at && !token_text(&first, &events->scratch, &text, &bytes))
        events->failed = true;
    if (bytes == 0) {
        text = "(none)";
        bytes = strlen(text);
    }
    return (uint8_t)timeline_builder_category(events->builder, text, bytes);
}

static bool is_last(const struct last_text *last, const struct token *token)
{
    return last->bytes && token->at && token->bytes == last->bytes && words_same(token->at, last->text, last->bytes);
}

static void keep_last(struct last_text *last, const struct token *token)
{
    last->bytes = token->at && token->bytes <= sizeof last->text ? token->bytes : 0;
    if (last->bytes)
        memcpy(last->text, token->at, last->bytes);
}

static uint8_t intern_category(struct chrome_events *events, const struct token *token)
{
    if (is_last(&events->last_category, token))
        return events->category;
    events->category = look_up_category(events, token);
    keep_last(&events->last_category, token);
    return events->category;
}

/* A number, or a word, which is given a negative one. *word: NULL unless it is one. */
static int64_t number_of(struct chrome_events *events, const struct token *token, const char **word)
{
    int64_t number;
    *word = NULL;
    if (!token->at)
        return 0;
    if (token_integer(token, &number))
        return number;
    uint32_t id = interned_id(&events->words, token->at, token->bytes);
    if (id == UINT32_MAX) {
        events->failed = true;
        return 0;
    }
    *word = interned_text(&events->words, id);
    return -1 - (int64_t)id;
}

static void find_thread(struct chrome_events *events, const struct chrome_event *event, int64_t *pid, int64_t *tid)
{
    const char *process, *thread;
    *pid = number_of(events, &event->pid, &process);
    *tid = number_of(events, &event->tid, &thread);
    if (process)
        timeline_builder_name_process(events->builder, *pid, process, strlen(process));
    if (thread)
        timeline_builder_name_thread(events->builder, *pid, *tid, thread, strlen(thread));
}

static uint32_t track_of(struct chrome_events *events, const struct chrome_event *event)
{
    int64_t pid, tid;
    find_thread(events, event, &pid, &tid);
    return timeline_builder_track(events->builder, pid, tid, TIMELINE_NONE);
}

/* -------------------------------------------------------------------- details */

/* The next member of an object's text, from behind its brace or the last member. False at the end. */
static bool next_member(struct text_range *text, struct token *key, struct token *value)
{
    const char *at = skip_spaces(text->at, text->end);
    if (at < text->end && (*at == ',' || *at == '{'))
        at = skip_spaces(at + 1, text->end);
    if (at >= text->end || *at != '"')
        return false;
    at = scan_string(at + 1, text->end, key);
    at = at ? skip_spaces(at, text->end) : NULL;
    if (!at || at >= text->end || *at != ':')
        return false;
    text->at = scan_value(skip_spaces(at + 1, text->end), text->end, value);
    return text->at != NULL;
}

static struct text_range members_of(const struct token *object)
{
    if (!object->at || object->string || object->bytes < 2 || object->at[0] != '{')
        return (struct text_range){ NULL, NULL };
    return (struct text_range){ object->at, object->at + object->bytes };
}

/* The value of a member; its at is NULL where there is none. */
static struct token member(const struct token *object, const char *name)
{
    struct text_range text = members_of(object);
    struct token key, value;
    while (next_member(&text, &key, &value))
        if (token_is(&key, name))
            return value;
    return (struct token){ .at = NULL };
}

/* Whether an object is empty but for spaces. */
static bool is_empty(const struct text_range *object)
{
    return object->at && *skip_spaces(object->at + 1, object->end) == '}';
}

/* args as text: that of "detail" alone as it reads, else as it stands there; none of an empty object. */
static void set_detail(struct chrome_events *events, const struct token *args, const struct args *own,
                       struct timeline_item *item)
{
    const struct text_range object = members_of(args);
    if (!args->at || is_empty(&object))
        return;
    if (own->failed)
        item->flags |= TIMELINE_ERROR;
    if (!own->detail.at && own->failed)
        return;
    item->detail = args->at;
    item->detail_bytes = args->bytes;
    if (own->detail.at && !token_text(&own->detail, &events->scratch, &item->detail, &item->detail_bytes))
        events->failed = true;
}

static void add(struct chrome_events *events, struct timeline_item *item, const struct token *args,
                const struct args *own)
{
    set_detail(events, args, own, item);
    timeline_builder_add(events->builder, item);
    events->taken++;
}

/* ------------------------------------------------------------ simple phases */

static bool start_of(struct chrome_events *events, const struct chrome_event *event, int64_t *start_ns)
{
    if (event->start.at && token_ns(&event->start, start_ns))
        return true;
    note(events, "An event without a time is left out");
    return false;
}

static void take_event(struct chrome_events *events, const struct chrome_event *event, enum timeline_kind kind,
                       unsigned flags)
{
    struct timeline_item item = { .kind = (uint8_t)kind, .flags = (uint8_t)flags };
    if (!start_of(events, event, &item.start_ns))
        return;
    if (kind == TIMELINE_SPAN && event->duration.at)
        token_ns(&event->duration, &item.duration_ns);
    item.track = track_of(events, event);
    item.name = intern_name(events, &event->name);
    item.category = intern_category(events, &event->category);
    add(events, &item, &event->args, &event->own);
}

/* The counter's own name, with that of the value if there are several. */
static uint32_t counter_name(struct chrome_events *events, const struct token *name, const struct token *key,
                             bool several)
{
    const char *text;
    size_t bytes;
    if (!several)
        return intern_name(events, name);
    events->joined.used = 0;
    bool ok = token_text(name, &events->scratch, &text, &bytes) && buffer_reserve(&events->joined, bytes + 1);
    if (ok && bytes)
        memcpy(events->joined.bytes, text, bytes);
    if (ok) {
        events->joined.used = bytes;
        events->joined.bytes[events->joined.used++] = ' ';
        ok = token_text(key, &events->scratch, &text, &bytes) && text_add(&events->joined, text, bytes) != UINT32_MAX;
    }
    if (!ok) {
        events->failed = true;
        return timeline_builder_name(events->builder, "", 0);
    }
    return timeline_builder_name(events->builder, events->joined.bytes, events->joined.used - 1);
}

static void take_counter(struct chrome_events *events, const struct chrome_event *event)
{
    struct timeline_item item = { .kind = TIMELINE_SAMPLE };
    struct token key, value, none = { .at = NULL };
    const struct args no_args = { 0 };
    struct text_range text = members_of(&event->args), again = text;
    const char *word;
    int64_t pid = number_of(events, &event->pid, &word);
    if (!start_of(events, event, &item.start_ns))
        return;
    item.category = intern_category(events, &event->category);
    unsigned members = 0;
    while (members < 2 && next_member(&again, &key, &value))
        members++;
    while (next_member(&text, &key, &value)) {
        if (!token_number(&value, &item.value))
            continue;
        item.name = counter_name(events, &event->name, &key, members > 1 && event->name.at);
        item.track = timeline_builder_track(events->builder, pid, 0, item.name);
        add(events, &item, &none, &no_args);
    }
}

static void take_metadata(struct chrome_events *events, const struct chrome_event *event)
{
    struct token name = member(&event->args, "name"), index = member(&event->args, "sort_index");
    const char *text = "";
    size_t bytes = 0;
    int64_t pid, tid, sort;
    find_thread(events, event, &pid, &tid);
    if (name.at && !token_text(&name, &events->scratch, &text, &bytes))
        events->failed = true;
    if (name.at && token_is(&event->name, "process_name"))
        timeline_builder_name_process(events->builder, pid, text, bytes);
    else if (name.at && token_is(&event->name, "thread_name"))
        timeline_builder_name_thread(events->builder, pid, tid, text, bytes);
    else if (token_integer(&index, &sort) && token_is(&event->name, "process_sort_index"))
        timeline_builder_sort_process(events->builder, pid, sort);
    else if (token_integer(&index, &sort) && token_is(&event->name, "thread_sort_index"))
        timeline_builder_sort_thread(events->builder, pid, tid, sort);
}

/* ------------------------------------------------------- beginnings and ends */

/* The top of a stack, by track or key, of which there may be more than so far. NULL without memory. */
static uint32_t *top_of_stack(uint32_t **stacks, uint32_t *count, uint32_t *room, uint32_t index)
{
    while (index >= *count && index != UINT32_MAX) {
        uint32_t *larger = array_grow(*stacks, *count, room, sizeof *larger);
        if (!larger)
            return NULL;
        *stacks = larger;
        larger[(*count)++] = NONE;
    }
    return index == UINT32_MAX ? NULL : &(*stacks)[index];
}

/* The process of an id that is said to be of one alone: "id2": {"local": "0x1"}. */
static struct token process_of_id(const struct chrome_event *event)
{
    return member(&event->id, "local").at ? event->pid : (struct token){ .at = NULL };
}

/* The stack of an event: its thread's, or that of its category, id and scope. */
static uint32_t *stack_of(struct chrome_events *events, const struct chrome_event *event, uint32_t track, bool async)
{
    struct pending *pending = &events->pending;
    const struct token parts[] = { event->category, event->id, event->scope, process_of_id(event) };
    if (!async)
        return top_of_stack(&pending->thread_stacks, &pending->thread_count, &pending->thread_room, track);
    events->joined.used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (text_add(&events->joined, parts[i].at, parts[i].at ? parts[i].bytes : 0) == UINT32_MAX)
            return NULL;
        events->joined.bytes[events->joined.used - 1] = '\n'; /* which no token has: it would be escaped */
    }
    uint32_t key = interned_id(&pending->keys, events->joined.bytes, events->joined.used);
    return top_of_stack(&pending->async_stacks, &pending->async_count, &pending->async_room, key);
}

static uint32_t take_free(struct pending *pending)
{
    if (pending->free) {
        uint32_t index = pending->free - 1;
        pending->free = pending->all[index].below;
        return index;
    }
    struct open_begin *all = array_grow(pending->all, pending->count, &pending->room, sizeof *all);
    if (!all)
        return NONE;
    pending->all = all;
    return pending->count++;
}

static bool keep_args(struct open_begin *begin, const struct token *args)
{
    begin->args = NULL;
    begin->args_bytes = 0;
    if (!args->at || args->bytes <= 2)
        return true;
    begin->args = malloc(args->bytes);
    if (!begin->args)
        return false;
    memcpy(begin->args, args->at, args->bytes);
    begin->args_bytes = args->bytes;
    return true;
}

static void take_begin(struct chrome_events *events, const struct chrome_event *event, bool async)
{
    int64_t start_ns;
    if (!start_of(events, event, &start_ns))
        return;
    uint32_t track = track_of(events, event), *top = stack_of(events, event, track, async);
    uint32_t index = top ? take_free(&events->pending) : NONE;
    if (index == NONE) {
        events->failed = true;
        return;
    }
    struct open_begin *begin = &events->pending.all[index];
    *begin = (struct open_begin){
        .start_ns = start_ns, .track = track, .number = events->number, .byte = events->byte, .below = *top
    };
    begin->name = intern_name(events, &event->name);
    begin->category = intern_category(events, &event->category);
    events->failed |= !keep_args(begin, &event->args);
    *top = index;
}

/* Both args as one object, in the buffer for joining. */
static struct token join_args(struct chrome_events *events, const struct open_begin *begin, const struct token *args)
{
    struct token of_begin = { .at = begin->args, .bytes = begin->args_bytes };
    bool objects = args->at && args->bytes > 2 && args->at[0] == '{' && of_begin.at && of_begin.at[0] == '{';
    if (!of_begin.at || !objects)
        return of_begin.at ? of_begin : *args;
    events->joined.used = 0;
    if (text_add(&events->joined, of_begin.at, of_begin.bytes - 1) == UINT32_MAX) {
        events->failed = true;
        return of_begin;
    }
    events->joined.bytes[events->joined.used - 1] = ',';
    events->failed |= text_add(&events->joined, args->at + 1, args->bytes - 1) == UINT32_MAX;
    return (struct token){ .at = events->joined.bytes, .bytes = events->joined.used - 1 };
}

static void end_begin(struct chrome_events *events, uint32_t index, int64_t end_ns, const struct token *args,
                      unsigned flags)
{
    struct open_begin *begin = &events->pending.all[index];
    struct timeline_item item = {
        .start_ns = begin->start_ns,
        .duration_ns = end_ns > begin->start_ns ? end_ns - begin->start_ns : 0,
        .track = begin->track,
        .name = begin->name,
        .category = begin->category,
        .kind = TIMELINE_SPAN,
        .flags = (uint8_t)flags,
    };
    struct token joined = join_args(events, begin, args), object;
    struct args own = { 0 };
    if (joined.at)
        scan_args(joined.at, joined.at + joined.bytes, &object, &own);
    add(events, &item, &joined, &own);
    free(begin->args);
    begin->args = NULL;
    begin->below = events->pending.free;
    events->pending.free = index + 1;
}

static void take_end(struct chrome_events *events, const struct chrome_event *event, bool async)
{
    int64_t end_ns;
    if (!start_of(events, event, &end_ns))
        return;
    uint32_t *top = stack_of(events, event, track_of(events, event), async);
    if (!top) {
        events->failed = true;
        return;
    }
    if (*top == NONE) {
        note(events, "An end without a beginning is left out");
        return;
    }
    uint32_t index = *top;
    *top = events->pending.all[index].below;
    end_begin(events, index, end_ns, &event->args, async ? TIMELINE_ASYNC : 0);
}

static void note_unended(struct chrome_events *events, const struct open_begin *begin)
{
    const struct timeline_note note = {
        .text = "A span never ended and is drawn to the end of the trace",
        .count = 1,
        .event = begin->number,
        .byte = begin->byte,
    };
    timeline_builder_add_note(events->builder, &note);
}

static void end_stacks(struct chrome_events *events, const uint32_t *stacks, uint32_t count, unsigned flags)
{
    const struct token none = { .at = NULL };
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t index = stacks[i], below; index != NONE; index = below) {
            below = events->pending.all[index].below;
            note_unended(events, &events->pending.all[index]);
            end_begin(events, index, events->pending.all[index].start_ns, &none, flags | TIMELINE_OPEN);
        }
    }
}

void chrome_take_unended(struct chrome_events *events)
{
    struct pending *pending = &events->pending;
    end_stacks(events, pending->thread_stacks, pending->thread_count, 0);
    end_stacks(events, pending->async_stacks, pending->async_count, TIMELINE_ASYNC);
    pending->thread_count = pending->async_count = 0;
}

/* ------------------------------------------------------------------- phases */

static void note_kind(struct chrome_events *events, const struct token *phase)
{
    char text[80];
    int bytes = phase->bytes < 8 ? (int)phase->bytes : 8;
    snprintf(text, sizeof text, "An event of kind \"%.*s\" is not shown", bytes, phase->at);
    note(events, text);
}

void chrome_take(struct chrome_events *events, const struct chrome_event *event)
{
    begin_event(events, event->byte);
    switch (event->phase.at && event->phase.bytes == 1 ? event->phase.at[0] : '\0') {
    case 'X':
        take_event(events, event, TIMELINE_SPAN, 0);
        break;
    case 'B':
        take_begin(events, event, false);
        break;
    case 'E':
        take_end(events, event, false);
        break;
    case 'i':
    case 'I':
        take_event(events, event, TIMELINE_INSTANT, 0);
        break;
    case 'b':
        take_begin(events, event, true);
        break;
    case 'e':
        take_end(events, event, true);
        break;
    case 'n':
        take_event(events, event, TIMELINE_INSTANT, TIMELINE_ASYNC);
        break;
    case 'C':
        take_counter(events, event);
        break;
    case 'M':
        take_metadata(events, event);
        break;
    case '\0':
        if (event->phase.at && event->phase.bytes)
            note_kind(events, &event->phase);
        else
            note(events, "An event without a kind is left out");
        break;
    default:
        note_kind(events, &event->phase);
    }
}
