/* Takes snapshots; snapshot_get.c reads them. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "event_text.h"

/* ------------------------------------------------------------------ taking */

char *snapshot_add_text(struct tracer_snapshot *snapshot, size_t bytes, uint32_t *offset)
{
    struct buffer *texts = &snapshot->texts;
    uint32_t length_bytes = (uint32_t)bytes;
    size_t at = texts->used ? texts->used : 8, need = (sizeof length_bytes + bytes + 1 + 7) & ~(size_t)7;
    *offset = 0;
    if (at / 8 > UINT32_MAX || !buffer_reserve(texts, at - texts->used + need))
        return NULL;
    *offset = (uint32_t)(at / 8);
    texts->used = at + need;
    char *to = texts->bytes + at;
    memcpy(to, &length_bytes, sizeof length_bytes);
    to += sizeof length_bytes;
    to[bytes] = '\0';
    return to;
}

static bool text_add(struct tracer_snapshot *snapshot, const char *text, size_t length, uint32_t *offset)
{
    char *to = snapshot_add_text(snapshot, length, offset);
    if (to)
        memcpy(to, text, length);
    return to != NULL;
}

/* Adds the fields, and the name if it is in the text. */
static bool text_add_bare(struct tracer_snapshot *snapshot, const struct bare_text *bare, uint32_t *offset)
{
    size_t name_bytes = bare->name ? bare->name_bytes + 1 : 0;
    char *to = snapshot_add_text(snapshot, bare->fields_bytes + name_bytes, offset);
    if (!to)
        return false;
    memcpy(to, bare->fields, bare->fields_bytes);
    if (name_bytes) {
        memcpy(to + bare->fields_bytes, bare->name, bare->name_bytes);
        to[bare->fields_bytes + bare->name_bytes] = '\0';
    }
    return true;
}

/* Adds the text of an event, or the part of it that is wanted. */
static bool add_event_text(struct tracer_snapshot *snapshot, struct snapshot_event *event, const char *text,
                           size_t length, bool without_details)
{
    struct event_text parts = { 0 };
    struct bare_text bare;
    if (text && !without_details)
        return text_add(snapshot, text, length, &event->text);
    if (text)
        parts = event_text_split(event->meta, text, length);
    if (without_details)
        event_text_bare(&parts, &event->meta, &bare);
    if (event->meta & RECORD_HAS_TEXT && !text)
        event->meta |= SNAPSHOT_DETAIL_LOST;
    return !(text && event->meta & RECORD_HAS_TEXT) || text_add_bare(snapshot, &bare, &event->text);
}

/* A file may claim more events than fit into memory and have few: beyond this, room grows with the events found. */
#define ROOM_AT_FIRST (UINT64_C(1) << 26) /* 2 GiB, of which the system provides what is used */
#define ROOM_AT_LEAST 64u

/* Makes room for `capacity` events in all, at least as many as there are. */
static bool reserve_events(struct tracer_snapshot *snapshot, uint64_t capacity)
{
    const uint64_t count = snapshot->capacity - snapshot->first;
    if (capacity > SIZE_MAX / sizeof *snapshot->memory - 1)
        return false;
    struct snapshot_event *memory = malloc((size_t)(capacity + 1) * sizeof *memory);
    if (!memory)
        return false;
    if (count > 0)
        memcpy(memory + (capacity - count), snapshot->memory + snapshot->first, (size_t)count * sizeof *memory);
    free(snapshot->memory);
    snapshot->memory = memory;
    snapshot->capacity = capacity;
    snapshot->first = capacity - count;
    return true;
}

static enum tracer_error event_add(struct tracer_snapshot *snapshot, const struct merge_lane *at, const char *text,
                                   size_t length, bool without_details)
{
    const uint64_t *record = merge_record(at);
    bool span = record_kind(record) == TRACE_KIND_SPAN, with_text = (record[3] & RECORD_HAS_TEXT) != 0;
    struct snapshot_event event = {
        .time_ns = at->time_ns,
        .payload = span ? at->duration_ns : record[1],
        .position_low = (uint32_t)merge_sequence(at),
        .meta = (record[3] & ~(RECORD_MARK_MASK | SNAPSHOT_DETAIL_LOST)) | merge_lane_index(at),
    };
    if (snapshot->heads[merge_lane_index(at)] == 0) /* in a sealed image, the first one is the newest */
        snapshot->heads[merge_lane_index(at)] = merge_sequence(at) + 1;
    if (with_text && !add_event_text(snapshot, &event, text, length, without_details))
        return TRACER_ERROR_MEMORY;
    if (snapshot->first == 0 && !reserve_events(snapshot, 2 * snapshot->capacity))
        return TRACER_ERROR_MEMORY;
    snapshot->memory[--snapshot->first] = event;
    return TRACER_OK;
}

/* Applies the query to one event of the walk, and adds the event if it matches. */
static enum tracer_error visit(struct tracer_snapshot *snapshot, struct merge_lane *at, const struct query *query)
{
    const uint64_t *record = merge_record(at);
    const char *text = NULL;
    size_t length = 0;
    enum query_answer answer = query_record(query, at);
    if (answer == QUERY_NO)
        return TRACER_OK;
    if (record[3] & RECORD_HAS_TEXT) {
        enum tracer_error error = lane_detail(&at->lane, record, &text, &length);
        if (error != TRACER_OK)
            return error;
    }
    if (answer == QUERY_ASK_TEXT && !query_text(query, record, text, length))
        return TRACER_OK;
    return event_add(snapshot, at, text, length, query->without_details);
}

/* Once enough events are found, the rest is walked only if it has to be counted. */
static enum tracer_error collect(struct tracer_snapshot *snapshot, struct walk *walk, const struct query *query)
{
    struct merge_lane *at;
    bool counted = query->at_most < UINT64_MAX && walk_counts_suffice(walk);
    uint64_t held[TRACE_CATEGORY_COUNT], left = query->at_most;
    memcpy(held, walk->held, sizeof held);
    while ((left > 0 || !counted) && (at = walk_next(walk))) {
        uint64_t before = snapshot->capacity - snapshot->first;
        enum tracer_error error = left > 0 ? visit(snapshot, at, query) : TRACER_OK;
        if (error != TRACER_OK)
            return error;
        left -= snapshot->capacity - snapshot->first - before;
    }
    if (counted)
        memcpy(walk->held, held, sizeof held);
    return walk->merge.error;
}

static bool allocate(struct tracer_snapshot *snapshot, const struct walk *walk, const struct query *query)
{
    uint64_t at_most = walk_at_most(walk);
    if (query->at_most < at_most)
        at_most = query->at_most;
    uint64_t room = at_most < ROOM_AT_FIRST ? at_most : ROOM_AT_FIRST;
    if (!reserve_events(snapshot, room) && (room <= ROOM_AT_LEAST || !reserve_events(snapshot, ROOM_AT_LEAST)))
        return false;
    snapshot->lanes = walk->reader->sealed ? (uint32_t)walk->reader->header.sealed_lanes : walk->reader->lanes;
    snapshot->heads = calloc(walk->reader->sealed ? SEALED_LANES_MAX : snapshot->lanes, sizeof *snapshot->heads);
    if (!snapshot->heads)
        return false;
    for (uint32_t i = 0; i < walk->reader->lanes && !walk->reader->sealed; i++)
        snapshot->heads[i] = walk->copy.lanes[i].head;
    return true;
}

/* ------------------------------------------------------------- open spans */

static bool lane_is_open(const struct walk *walk, const struct image_lane *lane)
{
    return lane->events_epoch == walk->copy.events_epoch && lane->owner != 0 && lane->depth != 0;
}

static uint64_t stack_entries(const struct image_lane *lane)
{
    uint64_t listed = stack_listed(lane->depth);
    return listed < STACK_DEPTH_MAX ? listed : STACK_DEPTH_MAX;
}

static void add_open(struct tracer_snapshot *snapshot, struct image_open open)
{
    if ((open.packed >> STACK_CATEGORY_SHIFT & RECORD_CATEGORY_MASK) < TRACE_CATEGORY_COUNT)
        snapshot->open_spans[snapshot->open_count++] = open;
}

static void add_open_span(struct tracer_snapshot *snapshot, const struct walk *walk, const struct image_open_span *open,
                          uint64_t lane_depth, uint64_t flags)
{
    uint64_t start_ns = clock_time_ns(&walk->copy.rate, open->start_ticks);
    if (stack_sound(open))
        add_open(snapshot, (struct image_open){ start_ns, (open->packed & OPEN_PACKED_MASK) | flags, lane_depth });
}

static enum tracer_error read_sealed_open_spans(struct tracer_snapshot *snapshot, const struct tracer_reader *reader)
{
    const struct image_section *section = &reader->sections[IMAGE_OPEN];
    size_t count = (size_t)(section->size_bytes / sizeof(struct image_open));
    struct image_open *open = malloc((size_t)section->size_bytes + 1);
    snapshot->open_spans = calloc(count + 1, sizeof *snapshot->open_spans);
    enum tracer_error error = open && snapshot->open_spans ? source_read(&reader->source, section->offset_bytes, open,
                                                                         (size_t)section->size_bytes)
                                                           : TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < count && error == TRACER_OK; i++)
        add_open(snapshot, open[i]);
    free(open);
    return error;
}

/* Adds the async spans that are of this epoch and whole. */
static enum tracer_error add_async_spans(struct tracer_snapshot *snapshot, const struct walk *walk)
{
    struct image_async spans[ASYNC_SPANS];
    const struct image_section *section = &walk->reader->sections[IMAGE_ASYNC];
    enum tracer_error error =
        source_read(&walk->reader->source, section->offset_bytes, spans, (size_t)section->size_bytes);
    for (size_t i = 0; i < section->size_bytes / sizeof spans[0] && error == TRACER_OK; i++) {
        if (spans[i].state == async_open(walk->copy.events_epoch))
            add_open_span(snapshot, walk, &spans[i].span, 0, OPEN_ASYNC);
    }
    return error;
}

static enum tracer_error collect_open_spans(struct tracer_snapshot *snapshot, const struct walk *walk)
{
    uint64_t count = ASYNC_SPANS;
    for (uint32_t i = 0; i < walk->reader->lanes; i++)
        count += lane_is_open(walk, &walk->copy.lanes[i]) ? stack_entries(&walk->copy.lanes[i]) : 0;
    snapshot->open_spans = calloc((size_t)count + 1, sizeof *snapshot->open_spans);
    if (!snapshot->open_spans)
        return TRACER_ERROR_MEMORY;
    for (uint32_t i = 0; i < walk->reader->lanes; i++) {
        const struct image_lane *lane = &walk->copy.lanes[i];
        for (uint32_t depth = 0; lane_is_open(walk, lane) && depth < stack_entries(lane); depth++) {
            bool parent_ended = depth >= stack_depth(lane->depth);
            add_open_span(snapshot, walk, &lane->stack[depth], i | (uint64_t)depth << 32,
                          parent_ended ? OPEN_PARENT_ENDED : 0);
        }
    }
    return add_async_spans(snapshot, walk);
}

/* ---------------------------------------------------------------- creating */

static enum tracer_error read_statistics(struct tracer_snapshot *snapshot, const struct walk *walk)
{
    uint64_t calls = 0, errors = 0;
    enum tracer_error error = counters_read(&snapshot->operations, walk->reader, &walk->copy);
    for (size_t i = 0; i < snapshot->operations.count; i++) {
        sum_add(&calls, snapshot->operations.perf[i].count);
        sum_add(&errors, snapshot->operations.perf[i].errors);
    }
    if (error == TRACER_OK)
        summary_fill(&snapshot->summary, walk, calls, errors);
    return error;
}

/* Names are read last, so that they include all that the other tables refer to. */
static enum tracer_error read_tables(struct tracer_snapshot *snapshot, const struct tracer_reader *reader)
{
    enum tracer_error error = tracks_read(&snapshot->tracks, reader);
    if (error == TRACER_OK)
        error = processes_read(&snapshot->processes, reader);
    if (error == TRACER_OK)
        error = frames_read(&snapshot->frames, reader);
    if (error == TRACER_OK)
        error = notes_read(snapshot, reader);
    return error == TRACER_OK ? names_read(&snapshot->names, &snapshot->frames, reader) : error;
}

/* The tables are read after the heads of the lanes, so that they include the names of all events before those heads. */
static enum tracer_error fill(struct tracer_snapshot *snapshot, struct walk *walk, const struct tracer_query *wanted)
{
    struct query query;
    enum tracer_error error = read_tables(snapshot, walk->reader);
    if (error != TRACER_OK)
        return error;
    const struct query_tables tables = { &snapshot->names, &snapshot->tracks, &snapshot->processes,
                                         walk->reader->header.pid, walk->reader->header.program };
    error = query_compile(&query, wanted, &tables);
    if (error == TRACER_OK)
        error = allocate(snapshot, walk, &query) ? collect(snapshot, walk, &query) : TRACER_ERROR_MEMORY;
    snapshot->header.without_details |= query.without_details;
    query_free(&query);
    if (error == TRACER_OK)
        error =
            walk->reader->sealed ? read_sealed_open_spans(snapshot, walk->reader) : collect_open_spans(snapshot, walk);
    return error == TRACER_OK ? read_statistics(snapshot, walk) : error;
}

/* A live image has it in its calibration, a sealed one in its header. */
static uint64_t monotonic_at_0(const struct walk *walk)
{
    const struct image_header *header = &walk->copy.header;
    const struct image_calibration *first = walk->copy.calibration;
    if (walk->reader->sealed)
        return header->monotonic_ns;
    if (header->clock == IMAGE_CLOCK_MONOTONIC)
        return header->origin_ticks;
    return walk->copy.calibration_used > 0 && first->check == calibration_check(first) ? first->ns : 0;
}

enum tracer_error snapshot_take(struct tracer_snapshot **result, struct walk *walk, const struct tracer_query *query)
{
    struct tracer_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return TRACER_ERROR_MEMORY;
    snapshot->header = walk->copy.header;
    snapshot->header.monotonic_ns = monotonic_at_0(walk);
    if (!walk->reader->sealed)
        snapshot->header.cursor = 0;
    snapshot->header.pid = walk->reader->header.pid;
    memcpy(snapshot->header.program, walk->reader->header.program, sizeof snapshot->header.program);
    memcpy(snapshot->header.boot_id, walk->reader->header.boot_id, sizeof snapshot->header.boot_id);
    enum tracer_error error = fill(snapshot, walk, query);
    if (error == TRACER_OK)
        *result = snapshot;
    else
        tracer_snapshot_destroy(snapshot);
    return error;
}

enum tracer_error tracer_snapshot_create(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                         const struct tracer_query *query)
{
    struct walk walk;
    if (!snapshot)
        return TRACER_ERROR_ARGUMENT;
    *snapshot = NULL;
    if (!reader)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = walk_init(&walk, reader, NULL);
    if (error == TRACER_OK)
        error = snapshot_take(snapshot, &walk, query);
    walk_free(&walk);
    if (error == TRACER_OK)
        error = notes_add_failed_saves(*snapshot, 0);
    if (error != TRACER_OK) {
        tracer_snapshot_destroy(*snapshot);
        *snapshot = NULL;
    }
    return error;
}

void tracer_snapshot_destroy(struct tracer_snapshot *snapshot)
{
    if (!snapshot)
        return;
    free(snapshot->memory);
    buffer_free(&snapshot->texts);
    free(snapshot->heads);
    free(snapshot->open_spans);
    free(snapshot->changed_tracks);
    free(snapshot->changed_processes);
    free(snapshot->notes);
    text_table_free(&snapshot->names);
    track_table_free(&snapshot->tracks);
    process_table_free(&snapshot->processes);
    frame_table_free(&snapshot->frames);
    counters_free(&snapshot->operations);
    free(snapshot);
}
