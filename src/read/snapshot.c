/* Takes snapshots and answers what is in them. */
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "details.h"
#include "event_text.h"

/* ------------------------------------------------------------------ taking */

/* Room for a text of length bytes; its offset by 8, or 0 without memory. Freshly grown memory is not
 * touched before it is needed, so growing by half costs address space only. */
static uint32_t text_reserve(struct tracer_snapshot *snapshot, size_t length)
{
    uint64_t need = (sizeof(uint32_t) + length + 1 + 7) & ~7ull, used = snapshot->texts_used;
    if (used + need > snapshot->texts_size) {
        uint64_t size = (snapshot->texts_size + snapshot->texts_size / 2 + need + 4096) & ~7ull;
        char *texts = size <= SIZE_MAX ? realloc(snapshot->texts, (size_t)size) : NULL;
        if (!texts || size / 8 > UINT32_MAX) {
            snapshot->texts = texts ? texts : snapshot->texts;
            return 0;
        }
        snapshot->texts = texts;
        snapshot->texts_size = size;
    }
    snapshot->texts_used += need;
    return (uint32_t)(used / 8);
}

static bool text_add(struct tracer_snapshot *snapshot, const char *text, size_t length, uint32_t *offset)
{
    uint32_t length_bytes = (uint32_t)length;
    *offset = text_reserve(snapshot, length);
    if (*offset == 0)
        return false;
    char *to = snapshot->texts + (uint64_t)*offset * 8;
    memcpy(to, &length_bytes, sizeof length_bytes);
    memcpy(to + sizeof length_bytes, text, length);
    to[sizeof length_bytes + length] = '\0';
    return true;
}

/* Fields, and the name if it stands there. */
static bool text_add_bare(struct tracer_snapshot *snapshot, const struct bare_text *bare, uint32_t *offset)
{
    size_t name_bytes = bare->name ? bare->name_bytes + 1 : 0, bytes = bare->fields_bytes + name_bytes;
    uint32_t length_bytes = (uint32_t)bytes;
    *offset = text_reserve(snapshot, bytes);
    if (*offset == 0)
        return false;
    char *to = snapshot->texts + (uint64_t)*offset * 8;
    memcpy(to, &length_bytes, sizeof length_bytes);
    to += sizeof length_bytes;
    memcpy(to, bare->fields, bare->fields_bytes);
    if (name_bytes)
        memcpy(to + bare->fields_bytes, bare->name, bare->name_bytes);
    memset(to + bare->fields_bytes + (bare->name ? bare->name_bytes : 0), 0, bare->name ? 2 : 1);
    return true;
}

/* The text of an event, as far as it is wanted. */
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
    if (snapshot->heads[merge_lane_index(at)] == 0) /* of a sealed image: the first is the newest */
        snapshot->heads[merge_lane_index(at)] = merge_sequence(at) + 1;
    if (with_text && !add_event_text(snapshot, &event, text, length, without_details))
        return TRACER_ERROR_MEMORY;
    snapshot->memory[--snapshot->first] = event;
    return TRACER_OK;
}

/* One event of the walk: asked for, and taken if the query does. */
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

/* With as many as are wanted, the rest is walked only if it has to be counted. */
static enum tracer_error collect(struct tracer_snapshot *snapshot, struct walk *walk, const struct query *query)
{
    struct merge_lane *at;
    bool counted = query->at_most < UINT64_MAX && walk_counts_suffice(walk);
    uint64_t held[TRACE_CATEGORY_COUNT], left = query->at_most;
    memcpy(held, walk->held, sizeof held);
    while ((left > 0 || !counted) && (at = walk_next(walk))) {
        uint64_t before = snapshot->first;
        enum tracer_error error = left > 0 ? visit(snapshot, at, query) : TRACER_OK;
        if (error != TRACER_OK)
            return error;
        left -= before - snapshot->first;
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
    if (at_most > SIZE_MAX / sizeof *snapshot->memory - 1)
        return false;
    snapshot->capacity = snapshot->first = at_most;
    snapshot->memory = malloc((size_t)(at_most + 1) * sizeof *snapshot->memory);
    snapshot->lanes = walk->reader->sealed ? (uint32_t)walk->reader->header.sealed_lanes : walk->reader->lanes;
    snapshot->heads = calloc(walk->reader->sealed ? SEALED_LANES_MAX : snapshot->lanes, sizeof *snapshot->heads);
    snapshot->texts_used = 8; /* offset 0 says that there is none */
    if (!snapshot->memory || !snapshot->heads)
        return false;
    for (uint32_t i = 0; i < walk->reader->lanes && !walk->reader->sealed; i++)
        snapshot->heads[i] = walk->view.lanes[i].head;
    return true;
}

/* ------------------------------------------------------------- open spans */

static bool lane_is_open(const struct walk *walk, const struct image_lane *lane)
{
    return lane->events_epoch == walk->view.events_epoch && lane->owner != 0 && lane->depth != 0;
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
    uint64_t start_ns = clock_time_ns(&walk->view.rate, open->start_ticks);
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

/* Async spans: those that are of this epoch, and whole. */
static enum tracer_error add_async_spans(struct tracer_snapshot *snapshot, const struct walk *walk)
{
    struct image_async spans[ASYNC_SPANS];
    const struct image_section *section = &walk->reader->sections[IMAGE_ASYNC];
    enum tracer_error error =
        source_read(&walk->reader->source, section->offset_bytes, spans, (size_t)section->size_bytes);
    for (size_t i = 0; i < section->size_bytes / sizeof spans[0] && error == TRACER_OK; i++) {
        if (spans[i].state == async_open(walk->view.events_epoch))
            add_open_span(snapshot, walk, &spans[i].span, 0, OPEN_ASYNC);
    }
    return error;
}

static enum tracer_error collect_open_spans(struct tracer_snapshot *snapshot, const struct walk *walk)
{
    uint64_t count = ASYNC_SPANS;
    for (uint32_t i = 0; i < walk->reader->lanes; i++)
        count += lane_is_open(walk, &walk->view.lanes[i]) ? stack_entries(&walk->view.lanes[i]) : 0;
    snapshot->open_spans = calloc((size_t)count + 1, sizeof *snapshot->open_spans);
    if (!snapshot->open_spans)
        return TRACER_ERROR_MEMORY;
    for (uint32_t i = 0; i < walk->reader->lanes; i++) {
        const struct image_lane *lane = &walk->view.lanes[i];
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
    enum tracer_error error = counters_read(&snapshot->operations, walk->reader, &walk->view);
    for (size_t i = 0; i < snapshot->operations.count; i++) {
        calls += snapshot->operations.perf[i].count;
        errors += snapshot->operations.perf[i].errors;
    }
    if (error == TRACER_OK)
        summary_fill(&snapshot->summary, walk, calls, errors);
    return error;
}

/* Names last: they have whatever the other tables refer to. */
static enum tracer_error read_tables(struct tracer_snapshot *snapshot, const struct tracer_reader *reader)
{
    enum tracer_error error = tracks_read(&snapshot->tracks, reader);
    if (error == TRACER_OK)
        error = processes_read(&snapshot->processes, reader);
    if (error == TRACER_OK)
        error = frames_read(&snapshot->frames, reader);
    if (error == TRACER_OK)
        error = notes_read(snapshot, reader);
    return error == TRACER_OK ? names_read(&snapshot->names, reader) : error;
}

/* The tables are read after the heads of the lanes: they have all names of the events before those. */
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

/* A sealed image has no calibration, in which it stands otherwise. */
static uint64_t monotonic_at_0(const struct walk *walk)
{
    const struct image_header *header = &walk->view.header;
    const struct image_calibration *first = walk->view.calibration;
    if (walk->reader->sealed)
        return header->monotonic_ns;
    if (header->clock == IMAGE_CLOCK_MONOTONIC)
        return header->origin_ticks;
    return walk->view.calibration_used > 0 && first->check == calibration_check(first) ? first->ns : 0;
}

enum tracer_error snapshot_take(struct tracer_snapshot **result, struct walk *walk, const struct tracer_query *query)
{
    struct tracer_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return TRACER_ERROR_MEMORY;
    snapshot->header = walk->view.header;
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
    return error;
}

void tracer_snapshot_destroy(struct tracer_snapshot *snapshot)
{
    if (!snapshot)
        return;
    free(snapshot->memory);
    free(snapshot->texts);
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

/* --------------------------------------------------------------- answering */

size_t tracer_snapshot_count(const struct tracer_snapshot *snapshot)
{
    return snapshot ? (size_t)(snapshot->capacity - snapshot->first) : 0;
}

static void get_texts(const struct tracer_snapshot *snapshot, const struct snapshot_event *from,
                      struct trace_event *event)
{
    uint32_t id = (uint32_t)(from->meta >> RECORD_NAME_SHIFT & RECORD_NAME_MASK), length;
    const char *name = text_of(&snapshot->names, id);
    event->name = name ? name : "?";
    event->label = label_of(&snapshot->names, id);
    if (from->meta & RECORD_TRUNCATED)
        event->has |= TRACE_DETAIL_TRUNCATED;
    if ((from->meta & SNAPSHOT_DETAIL_LOST) && (from->meta & RECORD_HAS_DETAIL))
        event->has |= TRACE_DETAIL_LOST;
    if (!from->text)
        return;
    const char *text = snapshot->texts + (uint64_t)from->text * 8;
    memcpy(&length, text, sizeof length);
    struct event_text parts = event_text_split(from->meta, text + sizeof length, length);
    if (parts.name)
        event->name = parts.name;
    event->detail = parts.detail;
    event->detail_size = parts.detail_bytes;
    event_text_fields(&parts, event);
}

static void get_payload(const struct tracer_snapshot *snapshot, const struct snapshot_event *from,
                        struct trace_event *event)
{
    if (from->meta & RECORD_FAILED)
        event->has |= TRACE_FAILED;
    if (event->kind == TRACE_KIND_SAMPLE)
        memcpy(&event->value, &from->payload, sizeof event->value);
    if (event->kind == TRACE_KIND_FLOW) {
        event->flow_id = from->payload;
        event->has |= from->meta & RECORD_FLOW_IN ? TRACE_FLOW_IN : 0;
    }
    if (event->kind != TRACE_KIND_SPAN)
        return;
    event->has |= TRACE_HAS_DURATION;
    event->duration_ns = from->payload;
    event->duration = (double)from->payload / 1e6;
    if (from->payload < snapshot->summary.clock_resolution_ns)
        event->has |= TRACE_BELOW_RESOLUTION;
}

static void get_track(const struct tracer_snapshot *snapshot, const struct snapshot_event *from,
                      struct trace_event *event)
{
    const struct image_track *track = track_of(&snapshot->tracks, event->track);
    if (!track)
        return;
    event->has |= TRACE_HAS_TRACK;
    if (from->meta & RECORD_HAS_PID) {
        event->has |= TRACE_HAS_PID;
        event->pid = (uint32_t)track->pid_tid;
    }
}

bool tracer_snapshot_get(const struct tracer_snapshot *snapshot, size_t index, struct trace_event *event)
{
    if (!event || index >= tracer_snapshot_count(snapshot))
        return false;
    const struct snapshot_event *from = snapshot_event(snapshot, index);
    *event = (struct trace_event){
        .timestamp = (double)from->time_ns / 1e6,
        .time_ns = from->time_ns,
        .track = (uint32_t)(from->meta >> RECORD_TRACK_SHIFT & RECORD_TRACK_MASK),
        .category = (enum trace_category)(from->meta >> RECORD_CATEGORY_SHIFT & RECORD_CATEGORY_MASK),
        .kind = (enum trace_kind)(from->meta >> RECORD_KIND_SHIFT & RECORD_KIND_MASK),
        .has = TRACE_HAS_TIMESTAMP,
        .lane = (uint32_t)(from->meta & RECORD_MARK_MASK),
    };
    event->sequence = snapshot_sequence(snapshot, event->lane, from->position_low);
    get_texts(snapshot, from, event);
    get_payload(snapshot, from, event);
    get_track(snapshot, from, event);
    return true;
}

bool tracer_snapshot_track(const struct tracer_snapshot *snapshot, uint32_t id, struct trace_track *out)
{
    const struct image_track *track = snapshot ? track_of(&snapshot->tracks, id) : NULL;
    if (!track || !out)
        return false;
    const char *name = text_of(&snapshot->names, track_name_id(track));
    *out = (struct trace_track){ name ? name : "", (uint32_t)track->pid_tid, (uint32_t)(track->pid_tid >> 32) };
    return true;
}

/* A process has a name of its own, or is the program. */
static const char *process_name(const struct tracer_snapshot *snapshot, const struct image_process *process)
{
    const char *name = text_of(&snapshot->names, process_name_id(process));
    if (!name && process_pid(process) == snapshot->header.pid)
        name = snapshot->header.program;
    return name ? name : "";
}

bool tracer_snapshot_process(const struct tracer_snapshot *snapshot, size_t index, struct trace_process *out)
{
    if (!snapshot || !out || index >= snapshot->processes.count)
        return false;
    const struct image_process *process = &snapshot->processes.entries[index];
    uint32_t number = (uint32_t)process->exit;
    bool exited = process->exit >> 32 == PROCESS_EXITED >> 32, killed = process->exit >> 32 == PROCESS_KILLED >> 32;
    *out = (struct trace_process){
        .name = process_name(snapshot, process),
        .pid = process_pid(process),
        .parent = process_parent(process),
        .has_start = process->start_ns != PROCESS_TIME_UNKNOWN,
        .has_end = process->end_ns != PROCESS_TIME_UNKNOWN,
        .has_exit_code = exited,
        .exit_code = exited ? number : 0,
        .signal = killed ? number : 0,
    };
    if (out->has_start)
        out->start_ns = process->start_ns;
    if (out->has_end)
        out->end_ns = process->end_ns;
    out->start = (double)out->start_ns / 1e6;
    out->end = (double)out->end_ns / 1e6;
    return true;
}

bool tracer_snapshot_op(const struct tracer_snapshot *snapshot, size_t index, struct trace_perf *perf)
{
    if (!snapshot || !perf || index >= snapshot->operations.count)
        return false;
    *perf = snapshot->operations.perf[index];
    return true;
}

void tracer_snapshot_summary(const struct tracer_snapshot *snapshot, struct trace_summary *summary)
{
    static const struct trace_summary none;
    if (summary)
        *summary = snapshot ? snapshot->summary : none;
}

bool tracer_snapshot_open_span(const struct tracer_snapshot *snapshot, size_t index, struct trace_open_span *span)
{
    if (!snapshot || !span || index >= snapshot->open_count)
        return false;
    const struct image_open *open = &snapshot->open_spans[index];
    const char *name = text_of(&snapshot->names, (uint32_t)(open->packed & RECORD_NAME_MASK));
    *span = (struct trace_open_span){
        .name = name ? name : "?",
        .category = (enum trace_category)(open->packed >> STACK_CATEGORY_SHIFT & RECORD_CATEGORY_MASK),
        .track = (uint32_t)(open->packed >> STACK_TRACK_SHIFT & RECORD_TRACK_MASK),
        .lane = (uint32_t)open->lane_depth,
        .depth = (uint32_t)(open->lane_depth >> 32),
        .parent_ended = (open->packed & OPEN_PARENT_ENDED) != 0,
        .async = (open->packed & OPEN_ASYNC) != 0,
        .start = (double)open->start_ns / 1e6,
        .start_ns = open->start_ns,
    };
    return true;
}
