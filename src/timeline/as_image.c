/* Makes a snapshot of a timeline: its events in the order of their completion, as those of images are. */
#include "as_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/radix_sort.h"
#include "as_image_internal.h"

#define EVENTS_MAX (UINT64_C(1) << 30) /* of an image */
#define TEXT_MAX ((1u << SEALED_TEXT_BITS) - 1)
#define SINCE_1970_NS INT64_C(1000000000000000000) /* a clock that reads more counts from there: it is September 2001 */

/* An arrow is two events of an image. */
static size_t events_of(const struct timeline *timeline)
{
    return (size_t)timeline->count + 2 * (size_t)timeline->flow_count;
}

/* ---------------------------------------------------------------------- texts */

/* Fields, a name that has no entry, the detail: as event_text.h takes them apart. */
struct parts {
    const char *arguments, *name, *detail; /* NULL: none */
    uint64_t async_id; /* 0: none */
    size_t arguments_bytes, fields_bytes, name_bytes, detail_bytes;
};

static size_t padded_to_8(size_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

static char *put_word(char *to, uint64_t word)
{
    memcpy(to, &word, sizeof word);
    return to + sizeof word;
}

static char *put_fields(char *to, const struct parts *parts)
{
    char *at = to;
    if (!parts->fields_bytes)
        return to;
    at = put_word(at, parts->fields_bytes);
    if (parts->async_id) {
        at = put_word(at, field_word(FIELD_ASYNC_ID, sizeof(uint64_t)));
        at = put_word(at, parts->async_id);
    }
    if (parts->arguments) {
        at = put_word(at, field_word(FIELD_ARGUMENTS, parts->arguments_bytes));
        memset(at, 0, padded_to_8(parts->arguments_bytes + 1)); /* it ends in NUL */
        memcpy(at, parts->arguments, parts->arguments_bytes);
    }
    return to + parts->fields_bytes;
}

/* JSON that is cut is none: what is too long is left out, which is said. */
static void take_fields(struct laying *laying, uint32_t event, const char *arguments, struct parts *parts)
{
    if (laying->timeline->kinds[event] & TIMELINE_ASYNC) {
        parts->async_id = (uint64_t)event + 1;
        parts->fields_bytes += 2 * sizeof(uint64_t);
    }
    if (arguments && strlen(arguments) >= TEXT_MAX / 4) {
        laying->left->arguments_cut++;
    } else if (arguments) {
        parts->arguments = arguments;
        parts->arguments_bytes = strlen(arguments);
        parts->fields_bytes += sizeof(uint64_t) + padded_to_8(parts->arguments_bytes + 1);
    }
    parts->fields_bytes += parts->fields_bytes ? sizeof(uint64_t) : 0;
}

static void take_name(const struct laying *laying, uint32_t event, struct parts *parts, uint64_t *meta)
{
    if (as_image_name(laying, event) != IN_DETAIL)
        return;
    parts->name = interned_text(&laying->timeline->name_table, laying->timeline->names[event]);
    parts->name_bytes = strlen(parts->name) + 1;
    *meta |= RECORD_NAME_IN_DETAIL;
    if (parts->name_bytes > TEXT_MAX / 2) { /* it must end in NUL: cut before */
        parts->name_bytes = TEXT_MAX / 2;
        *meta |= RECORD_TRUNCATED;
    }
}

static struct parts parts_of(struct laying *laying, uint32_t event, uint64_t *meta)
{
    const struct timeline *timeline = laying->timeline;
    struct event_texts texts = event_texts(timeline, event);
    struct parts parts = { .detail = texts.detail };
    take_fields(laying, event, texts.arguments, &parts);
    take_name(laying, event, &parts, meta);
    if (parts.fields_bytes)
        *meta |= RECORD_HAS_FIELDS;
    if (parts.detail) {
        size_t room = TEXT_MAX - parts.fields_bytes - parts.name_bytes - 1;
        parts.detail_bytes = strlen(parts.detail);
        *meta |= RECORD_HAS_DETAIL | (parts.detail_bytes > room ? RECORD_TRUNCATED : 0);
        parts.detail_bytes = parts.detail_bytes < room ? parts.detail_bytes : room;
    }
    laying->left->details_cut += (*meta & RECORD_TRUNCATED) != 0;
    return parts;
}

/* Offset by 8 of a text of so many bytes; 0 without memory. */
static uint32_t reserve_text(struct tracer_snapshot *snapshot, size_t bytes, char **to)
{
    uint32_t length = (uint32_t)bytes;
    uint64_t need = (sizeof length + bytes + 1 + 7) & ~UINT64_C(7), used = snapshot->texts_used;
    if (used + need > snapshot->texts_size) {
        uint64_t size = (snapshot->texts_size * 2 + need + 4096) & ~UINT64_C(7);
        char *texts = size <= SIZE_MAX && size / 8 <= UINT32_MAX ? realloc(snapshot->texts, (size_t)size) : NULL;
        if (!texts)
            return 0;
        snapshot->texts = texts;
        snapshot->texts_size = size;
    }
    *to = snapshot->texts + used;
    memcpy(*to, &length, sizeof length);
    *to += sizeof length;
    snapshot->texts_used += need;
    return (uint32_t)(used / 8);
}

static bool add_parts(struct laying *laying, const struct parts *parts, struct snapshot_event *to)
{
    char *at;
    if (!(to->meta & (RECORD_HAS_FIELDS | RECORD_NAME_IN_DETAIL | RECORD_HAS_DETAIL)))
        return true;
    to->text = reserve_text(laying->snapshot, parts->fields_bytes + parts->name_bytes + parts->detail_bytes, &at);
    if (!to->text)
        return false;
    at = put_fields(at, parts);
    if (parts->name_bytes) {
        memcpy(at, parts->name, parts->name_bytes - 1);
        at[parts->name_bytes - 1] = '\0';
        at += parts->name_bytes;
    }
    if (parts->detail)
        memcpy(at, parts->detail, parts->detail_bytes);
    at[parts->detail_bytes] = '\0';
    return true;
}

static bool add_text(struct laying *laying, uint32_t event, struct snapshot_event *to)
{
    struct parts parts = parts_of(laying, event, &to->meta);
    return add_parts(laying, &parts, to);
}

/* --------------------------------------------------------------------- events */

static uint64_t kind_of(const struct timeline *timeline, uint32_t event)
{
    switch (event_kind(timeline, event)) {
    case TIMELINE_SPAN:
        return TRACE_KIND_SPAN;
    case TIMELINE_SAMPLE:
        return TRACE_KIND_SAMPLE;
    default:
        return TRACE_KIND_INSTANT;
    }
}

static uint32_t track_of_event(const struct laying *laying, uint32_t event)
{
    return laying->track_ids[laying->timeline->row_track[event_row(laying->timeline, event)]];
}

static void count(struct laying *laying, uint8_t category)
{
    struct trace_losses *losses = &laying->snapshot->summary.losses;
    losses->attempted[category]++;
    losses->recorded[category]++;
    losses->held[category]++;
}

/* An arrow is two events, each called as the span that it is at, and both with its number. */
static bool add_flow_end(struct laying *laying, uint32_t number)
{
    const struct timeline *timeline = laying->timeline;
    const struct timeline_flow *flow = &timeline->flows[number / 2];
    const bool in = number % 2;
    struct tracer_snapshot *snapshot = laying->snapshot;
    struct parts parts = { 0 };
    uint32_t event = in ? flow->to : flow->from, track = track_of_event(laying, event);
    uint8_t code = laying->categories[timeline->categories[event]];
    struct snapshot_event *to = &snapshot->memory[snapshot->capacity++];
    *to = (struct snapshot_event){
        .time_ns = (uint64_t)(in ? timeline_flow_to_ns(timeline, flow) : timeline_flow_from_ns(timeline, flow)),
        .payload = (uint64_t)number / 2 + 1,
        .position_low = (uint32_t)(snapshot->capacity - 1),
        .meta = (uint64_t)TRACE_KIND_FLOW << RECORD_KIND_SHIFT | (uint64_t)code << RECORD_CATEGORY_SHIFT |
                (uint64_t)as_image_name(laying, event) << RECORD_NAME_SHIFT | (uint64_t)track << RECORD_TRACK_SHIFT |
                (in ? RECORD_FLOW_IN : 0) | (track ? RECORD_HAS_PID : 0),
    };
    take_name(laying, event, &parts, &to->meta);
    count(laying, code);
    return add_parts(laying, &parts, to);
}

static bool add_event(struct laying *laying, uint32_t event)
{
    const struct timeline *timeline = laying->timeline;
    struct tracer_snapshot *snapshot = laying->snapshot;
    uint8_t category = timeline->categories[event], code = laying->categories[category];
    uint32_t track = track_of_event(laying, event), name = as_image_name(laying, event);
    struct snapshot_event *to = &snapshot->memory[snapshot->capacity++];
    *to = (struct snapshot_event){
        .time_ns = (uint64_t)timeline->starts[event],
        .payload = (uint64_t)timeline->durations[event],
        .position_low = (uint32_t)(snapshot->capacity - 1),
        .meta = kind_of(timeline, event) << RECORD_KIND_SHIFT | (uint64_t)code << RECORD_CATEGORY_SHIFT |
                (uint64_t)name << RECORD_NAME_SHIFT | (uint64_t)track << RECORD_TRACK_SHIFT,
    };
    if (event_kind(timeline, event) == TIMELINE_INSTANT)
        to->payload = 0;
    if (timeline->kinds[event] & TIMELINE_ERROR)
        to->meta |= RECORD_FAILED;
    if (track)
        to->meta |= RECORD_HAS_PID;
    laying->left->tracks += track == 0;
    laying->left->categories += laying->foreign[category] || (name == IN_DETAIL && laying->labels[category]);
    count(laying, code);
    return add_text(laying, event, to);
}

static bool is_open(const struct timeline *timeline, uint32_t event)
{
    return timeline->kinds[event] & TIMELINE_OPEN && event_kind(timeline, event) == TIMELINE_SPAN &&
           event_end(timeline, event) >= timeline->duration_ns; /* else its parent has ended, and it with that */
}

static int64_t completed_at(const struct timeline *timeline, uint32_t index)
{
    if (index < timeline->count)
        return event_end(timeline, index);
    const struct timeline_flow *flow = &timeline->flows[(index - timeline->count) / 2];
    return (index - timeline->count) % 2 ? timeline_flow_to_ns(timeline, flow) : timeline_flow_from_ns(timeline, flow);
}

/* Of what ends together, the inner one was completed before the outer one, whose row is above; what lasts nothing is in
 * its order. Ends of arrows, which are within spans, come first, and are numbered behind the events. */
static uint32_t list_events(const struct timeline *timeline, struct radix_arrays *arrays, uint64_t *bits)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < 2 * timeline->flow_count; i++)
        arrays->index[count++] = timeline->count + i;
    for (uint32_t i = timeline->count; i-- > 0;)
        if (event_duration(timeline, i) > 0 && !is_open(timeline, i))
            arrays->index[count++] = i;
    for (uint32_t i = 0; i < timeline->count; i++)
        if (event_duration(timeline, i) == 0 && !is_open(timeline, i))
            arrays->index[count++] = i;
    *bits = 0;
    for (uint32_t i = 0; i < count; i++)
        *bits |= arrays->key[i] = (uint64_t)completed_at(timeline, arrays->index[i]);
    return count;
}

static bool add_events(struct laying *laying)
{
    const struct timeline *timeline = laying->timeline;
    size_t room = events_of(timeline) + 1;
    struct radix_arrays arrays = { calloc(room, sizeof(uint64_t)), calloc(room, sizeof(uint64_t)),
                                   calloc(room, sizeof(uint32_t)), calloc(room, sizeof(uint32_t)) };
    bool ok = arrays.key && arrays.other_key && arrays.index && arrays.other_index;
    if (ok) {
        uint64_t bits;
        uint32_t count = list_events(timeline, &arrays, &bits);
        radix_sort(&arrays, count, bits);
        for (uint32_t i = 0; ok && i < count; i++)
            ok = arrays.index[i] < timeline->count ? add_event(laying, arrays.index[i])
                                                   : add_flow_end(laying, arrays.index[i] - timeline->count);
    }
    free(arrays.key);
    free(arrays.other_key);
    free(arrays.index);
    free(arrays.other_index);
    return ok;
}

/* Rows ascend, and with them the depth. A name that has no entry is missing: an open span has no text. */
static void add_open_spans(struct laying *laying)
{
    const struct timeline *timeline = laying->timeline;
    struct tracer_snapshot *snapshot = laying->snapshot;
    for (uint32_t i = 0; i < timeline->count; i++) {
        if (!is_open(timeline, i))
            continue;
        uint32_t row = event_row(timeline, i), name = as_image_name(laying, i);
        uint32_t depth = row - timeline->tracks[timeline->row_track[row]].first_row;
        bool async = timeline->kinds[i] & TIMELINE_ASYNC;
        laying->left->open_names_cut += name == IN_DETAIL;
        laying->left->open_details += timeline->details[i] != 0;
        laying->left->categories += laying->foreign[timeline->categories[i]];
        snapshot->open_spans[snapshot->open_count++] = (struct image_open){
            (uint64_t)timeline->starts[i],
            (uint64_t)laying->categories[timeline->categories[i]] << STACK_CATEGORY_SHIFT |
                (uint64_t)track_of_event(laying, i) << STACK_TRACK_SHIFT | name | (async ? OPEN_ASYNC : 0),
            (uint64_t)depth << 32,
        };
    }
}

/* --------------------------------------------------------------------- header */

static void describe(struct laying *laying, const char *program)
{
    const struct timeline *timeline = laying->timeline;
    struct image_header *header = &laying->snapshot->header;
    struct trace_summary *summary = &laying->snapshot->summary;
    uint64_t events = laying->snapshot->capacity;
    header->capacity_events = events ? events : 1;
    header->clock = IMAGE_CLOCK_PROGRAM;
    header->clock_resolution_ns = timeline->resolution_ns;
    header->created_realtime_ns = timeline->origin_ns >= SINCE_1970_NS ? (uint64_t)timeline->origin_ns : 0;
    header->started = 1;
    snprintf(header->program, sizeof header->program, "%s", program);
    snprintf(header->clock_reason, sizeof header->clock_reason, "imported");
    header->overflow[OVERFLOW_TRACKS] = laying->left->tracks;
    header->overflow[OVERFLOW_DETAILS_TRUNCATED] = laying->left->details_cut;
    summary->filter = TRACE_MASK_ALL;
    summary->event_count = events;
    summary->capacity = header->capacity_events;
    summary->clock_resolution_ns = timeline->resolution_ns;
    summary->uptime_ns = (uint64_t)timeline->duration_ns;
}

static bool allocate(struct tracer_snapshot *snapshot, const struct timeline *timeline)
{
    size_t open = 0;
    for (uint32_t i = 0; i < timeline->count; i++)
        open += is_open(timeline, i);
    snapshot->memory = malloc((events_of(timeline) + 1) * sizeof *snapshot->memory);
    snapshot->heads = calloc(1, sizeof *snapshot->heads);
    snapshot->open_spans = calloc(open + 1, sizeof *snapshot->open_spans);
    snapshot->lanes = 1;
    snapshot->texts_used = 8; /* offset 0 says that there is none */
    return snapshot->memory && snapshot->heads && snapshot->open_spans;
}

/* -------------------------------------------------------------------- telling */

void as_image_tell(const struct as_image_left *left, void (*tell)(void *context, const struct timeline_note *note),
                   void *context)
{
    const struct {
        uint64_t count;
        const char *text;
    } kinds[] = {
        { left->tracks, "An event has lost its thread: an image has 65,535" },
        { left->renumbered, "A process or thread has another number, and its own, which is none of 32 bits, as name" },
        { left->details_cut, "A detail was cut to the 131,071 bytes that an image has for one" },
        { left->arguments_cut, "Arguments of more than 32,767 bytes are left out: an image has no room for them" },
        { left->open_names_cut, "A span that never ended has lost its name, which is too long" },
        { left->open_details, "A span that never ended has lost its detail" },
        { left->categories, "An event is in the category CUSTOM, for its own had no room" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct timeline_note note = { kinds[i].text, kinds[i].count, 0, TIMELINE_NO_BYTE };
        if (kinds[i].count)
            tell(context, &note);
    }
}

static void seal_note(void *context, const struct timeline_note *note)
{
    struct laying *laying = context;
    laying->failed |= snapshot_add_note(laying->snapshot, note->text, note->count) != TRACER_OK;
}

/* What the import left out, and what an image has no room for. */
static bool add_notes(struct laying *laying)
{
    struct timeline_note note;
    for (uint32_t i = 0; timeline_note(laying->timeline, i, &note); i++)
        seal_note(laying, &note);
    as_image_tell(laying->left, seal_note, laying);
    return !laying->failed;
}

enum tracer_error timeline_as_snapshot(struct tracer_snapshot **result, const struct timeline *timeline,
                                       const char *program, struct as_image_left *left)
{
    *left = (struct as_image_left){ 0 };
    if (events_of(timeline) > EVENTS_MAX)
        return TRACER_ERROR_TOO_LARGE;
    struct laying laying = { .timeline = timeline, .left = left };
    laying.snapshot = calloc(1, sizeof *laying.snapshot);
    bool ok = laying.snapshot && allocate(laying.snapshot, timeline) && as_image_tables(&laying) && add_events(&laying);
    if (ok) {
        laying.snapshot->heads[0] = laying.snapshot->capacity;
        add_open_spans(&laying);
        describe(&laying, program);
        ok = add_notes(&laying);
    }
    if (!ok)
        tracer_snapshot_destroy(laying.snapshot);
    free(laying.names.keys);
    free(laying.names.ids);
    hash_table_free(&laying.names.by_key);
    free(laying.track_ids);
    *result = ok ? laying.snapshot : NULL;
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}
