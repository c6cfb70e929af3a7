/* Makes a snapshot of a timeline: its events in order of completion, as in images. */
#include "as_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/radix_sort.h"
#include "as_image_internal.h"

#define EVENTS_MAX (UINT64_C(1) << 30) /* per image */
#define SINCE_1970_NS INT64_C(1000000000000000000) /* later times count from 1970: this is September 2001 */

/* An arrow becomes two events. */
static size_t events_of(const struct timeline *timeline)
{
    return (size_t)timeline->count + 2 * (size_t)timeline->flow_count;
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

/* Adds an end of an arrow: an event with the name of the span that it is at, and with the arrow's number. */
static bool add_flow_end(struct laying *laying, uint32_t number)
{
    const struct timeline *timeline = laying->timeline;
    const struct timeline_flow *flow = &timeline->flows[number / 2];
    const bool in = number % 2;
    struct tracer_snapshot *snapshot = laying->snapshot;
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
    count(laying, code);
    return as_image_name_text(laying, event, to);
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
    if (timeline->kinds[event] & TIMELINE_WAITS)
        to->meta |= RECORD_WAITS;
    if (track)
        to->meta |= RECORD_HAS_PID;
    laying->left->tracks += track == 0;
    laying->left->categories += laying->foreign[category] || (name == IN_DETAIL && laying->labels[category]);
    count(laying, code);
    return as_image_text(laying, event, to);
}

static int64_t completed_at(const struct timeline *timeline, uint32_t index)
{
    if (index < timeline->count)
        return event_end(timeline, index);
    const struct timeline_flow *flow = &timeline->flows[(index - timeline->count) / 2];
    return (index - timeline->count) % 2 ? timeline_flow_to_ns(timeline, flow) : timeline_flow_from_ns(timeline, flow);
}

/* Of events that end together, the inner one was completed before the outer one, whose row is above; those without a
 * duration stay in order. Ends of arrows, which are within spans, come first, and are numbered after the events. */
static uint32_t list_events(const struct timeline *timeline, struct radix_arrays *arrays, uint64_t *bits)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < 2 * timeline->flow_count; i++)
        arrays->index[count++] = timeline->count + i;
    for (uint32_t i = timeline->count; i-- > 0;)
        if (event_duration(timeline, i) > 0 && !event_is_open(timeline, i))
            arrays->index[count++] = i;
    for (uint32_t i = 0; i < timeline->count; i++)
        if (event_duration(timeline, i) == 0 && !event_is_open(timeline, i))
            arrays->index[count++] = i;
    *bits = 0;
    for (uint32_t i = 0; i < count; i++)
        *bits |= arrays->key[i] = (uint64_t)completed_at(timeline, arrays->index[i]);
    return count;
}

/* The events and the ends of arrows, in order of completion. The caller frees the list; NULL: no memory. */
static uint32_t *in_order_of_completion(const struct timeline *timeline, uint32_t *count)
{
    const size_t room = events_of(timeline) + 1;
    struct radix_arrays arrays = { calloc(room, sizeof(uint64_t)), calloc(room, sizeof(uint64_t)),
                                   calloc(room, sizeof(uint32_t)), calloc(room, sizeof(uint32_t)) };
    const bool ok = arrays.key && arrays.other_key && arrays.index && arrays.other_index;
    if (ok) {
        uint64_t bits;
        *count = list_events(timeline, &arrays, &bits);
        radix_sort(&arrays, *count, bits);
    }
    free(arrays.key);
    free(arrays.other_key);
    free(arrays.other_index);
    if (ok)
        return arrays.index;
    free(arrays.index);
    return NULL;
}

/* The sort has freed its memory before the snapshot's is touched. */
static bool add_events(struct laying *laying)
{
    const uint32_t events = laying->timeline->count;
    uint32_t count = 0, *order = in_order_of_completion(laying->timeline, &count);
    bool ok = order != NULL;
    for (uint32_t i = 0; ok && i < count; i++)
        ok = order[i] < events ? add_event(laying, order[i]) : add_flow_end(laying, order[i] - events);
    free(order);
    return ok;
}

/* Rows ascend, and the depth with them. A name without an entry is dropped, because open spans have no text. */
static void add_open_spans(struct laying *laying)
{
    const struct timeline *timeline = laying->timeline;
    struct tracer_snapshot *snapshot = laying->snapshot;
    for (uint32_t i = 0; i < timeline->count; i++) {
        if (!event_is_open(timeline, i))
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
    snprintf(header->clock_reason, sizeof header->clock_reason, AS_IMAGE_CLOCK);
    header->overflow[OVERFLOW_TRACKS] = laying->left->tracks;
    header->overflow[OVERFLOW_DETAILS_TRUNCATED] = laying->left->details_cut;
    summary->filter = TRACE_MASK_ALL;
    summary->event_count = events;
    summary->capacity = header->capacity_events;
    summary->clock_resolution_ns = timeline->resolution_ns;
    summary->uptime_ns = (uint64_t)timeline->duration_ns;
}

bool as_image_made(const struct image_header *header)
{
    return strcmp(header->clock_reason, AS_IMAGE_CLOCK) == 0;
}

static bool allocate(struct tracer_snapshot *snapshot, const struct timeline *timeline)
{
    size_t open = 0;
    for (uint32_t i = 0; i < timeline->count; i++)
        open += event_is_open(timeline, i);
    snapshot->memory = malloc((events_of(timeline) + 1) * sizeof *snapshot->memory);
    snapshot->heads = calloc(1, sizeof *snapshot->heads);
    snapshot->open_spans = calloc(open + 1, sizeof *snapshot->open_spans);
    snapshot->lanes = 1;
    return snapshot->memory && snapshot->heads && snapshot->open_spans;
}

/* ------------------------------------------------------------------- reporting */

void as_image_tell(const struct as_image_left *left, void (*tell)(void *context, const struct timeline_note *note),
                   void *context)
{
    const struct {
        uint64_t count;
        const char *text;
    } kinds[] = {
        { left->tracks, "An event has lost its thread: an image has 65,535" },
        { left->renumbered,
          "A process or thread whose id is not a 32-bit number has one from 4294967295 down, and its own as name" },
        { left->details_cut, "A detail was cut to the 131,071 bytes that an image has for one" },
        { left->arguments_cut, "Arguments of more than 32,767 bytes are left out: an image has no room for them" },
        { left->open_names_cut, "A span that never ended has lost its name, which is too long" },
        { left->open_details, "A span that never ended has lost its detail" },
        { left->categories, "An event is in the category CUSTOM, because there was no room for its own" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct timeline_note note = { .text = kinds[i].text, .count = kinds[i].count, .byte = TIMELINE_NO_BYTE };
        if (kinds[i].count)
            tell(context, &note);
    }
}

static void seal_note(void *context, const struct timeline_note *note)
{
    struct laying *laying = context;
    laying->failed |= snapshot_add_note(laying->snapshot, note->text, note->count) != TRACER_OK;
}

/* Adds notes about what the import left out and what did not fit into the image. */
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
