/* Writes a sealed image section by section, through a buffer, into a sink. */
#include <string.h>

#include "seal.h"

#define BUFFER_BYTES 65536u

struct output {
    const struct seal *seal;
    const struct tracer_sink *sink;
    enum tracer_error error;
    uint64_t written_bytes; /* including buffered ones */
    size_t used;
    char buffer[BUFFER_BYTES];
};

static void flush(struct output *output)
{
    if (output->error == TRACER_OK && output->used > 0 &&
        !output->sink->write(output->sink->argument, output->buffer, output->used))
        output->error = TRACER_ERROR_WRITE;
    output->used = 0;
}

static void put(struct output *output, const void *bytes, size_t size)
{
    output->written_bytes += size;
    while (size > 0) {
        size_t part = BUFFER_BYTES - output->used < size ? BUFFER_BYTES - output->used : size;
        memcpy(output->buffer + output->used, bytes, part);
        output->used += part;
        bytes = (const char *)bytes + part;
        size -= part;
        if (output->used == BUFFER_BYTES)
            flush(output);
    }
}

static void put_word(struct output *output, uint64_t word)
{
    put(output, &word, sizeof word);
}

static void pad_to(struct output *output, uint64_t offset)
{
    static const char zeros[64];
    while (output->written_bytes < offset) {
        uint64_t missing = offset - output->written_bytes;
        put(output, zeros, missing < sizeof zeros ? (size_t)missing : sizeof zeros);
    }
}

static void begin_section(struct output *output, enum image_section_kind kind)
{
    pad_to(output, output->seal->sections[kind].offset_bytes);
}

/* ------------------------------------------------------------- header, sums */

/* Converts a counter of some epoch to epoch 0, which a sealed image has. */
static uint64_t retag(uint64_t word, uint32_t epoch)
{
    return tagged_make(0, tagged_count(word, epoch));
}

static void retag_all(struct image_header *header)
{
    uint32_t events = control_events_epoch(header->control), stats = control_stats_epoch(header->control);
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
        for (unsigned c = 0; c < 16; c++)
            header->lost[reason][c] = retag(header->lost[reason][c], events);
    }
    for (unsigned i = 0; i < OVERFLOW_COUNT; i++)
        header->overflow[i] = retag(header->overflow[i], overflow_is_of_stats((enum image_overflow)i) ? stats : events);
    header->stacks_overflow = retag(header->stacks_overflow, events);
    header->current_processes = retag(header->current_processes, stats);
    header->peak_processes = retag(header->peak_processes, stats);
}

static void put_header(struct output *output)
{
    const struct seal *seal = output->seal;
    const struct trace_summary *summary = &seal->snapshot->summary;
    struct image_header header = seal->snapshot->header;
    retag_all(&header);
    header.magic = IMAGE_MAGIC;
    header.byte_order = IMAGE_BYTE_ORDER;
    header.version = IMAGE_VERSION;
    header.layout = IMAGE_LAYOUT_SEALED;
    header.size_bytes = seal->size_bytes;
    header.state = seal->of_running ? header.state : IMAGE_CLOSED;
    header.control = control_make(summary->enabled, summary->filter, 0, 0);
    header.calibration_used = 0;
    header.clock_steps = summary->clock_steps;
    header.clock_step_at_ns = summary->clock_step_at_ns;
    header.clock_step_by_ns = summary->clock_step_by_ns;
    header.names_used = seal->name_count;
    header.names_share = header.names_limit = 0;
    header.snapshots_asked = header.snapshot_triggers = header.saves_failed = header.save_error = 0;
    header.name_text_used = seal->name_text_bytes;
    header.operations_used = seal->sections[IMAGE_OPERATIONS].size_bytes / sizeof(uint64_t);
    header.operation_text_used = seal->operation_text_bytes;
    header.tracks_used = seal->track_count;
    header.processes_used = seal->process_count;
    header.frames_used = seal->frame_count;
    header.histograms_used = seal->snapshot->operations.histogram_count;
    header.sealed_lanes = seal->snapshot->lanes;
    header.uptime_ns = summary->uptime_ns;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        header.left_out[c] = summary->losses.left_out[c] + summary->losses.held[c] - seal->taken[c];
    header.section_count = IMAGE_SECTION_KINDS - 1;
    put(output, &header, sizeof header);
    pad_to(output, IMAGE_DIRECTORY_OFFSET);
    put(output, &seal->sections[1], (IMAGE_SECTION_KINDS - 1) * sizeof seal->sections[1]);
}

static void put_lane(struct output *output)
{
    const struct trace_summary *summary = &output->seal->snapshot->summary;
    struct image_lane lane = { .head = tracer_snapshot_count(output->seal->snapshot) };
    const uint64_t stats[STAT_COUNT] = {
        [STAT_TICKS] = summary->tick_count,
        [STAT_TASKS_POLLED] = summary->tasks_polled,
        [STAT_TASKS_COMPLETED] = summary->tasks_completed,
        [STAT_TASKS_SPAWNED] = summary->tasks_spawned,
        [STAT_TICK_TOTAL_NS] = summary->total_tick_ns,
        [STAT_TICK_MAX_NS] = summary->max_tick_ns,
        [STAT_PROCESSES_SPAWNED] = summary->processes_spawned,
        [STAT_PROCESSES_EXITED] = summary->processes_exited,
        [STAT_SIGNALS_DELIVERED] = summary->signals_delivered,
        [STAT_TIMERS_FIRED] = summary->timers_fired,
        [STAT_BYTES_READ] = summary->bytes_read,
        [STAT_BYTES_WRITTEN] = summary->bytes_written,
    };
    memcpy(lane.stats, stats, sizeof stats);
    memcpy(lane.recorded, summary->losses.recorded, sizeof summary->losses.recorded);
    begin_section(output, IMAGE_LANES);
    put(output, &lane, sizeof lane);
}

/* ------------------------------------------------------------------- tables */

static uint64_t remap(const uint32_t *ids, uint32_t count, uint64_t id)
{
    return id < count ? ids[id] : 0;
}

static uint64_t label_word(const struct seal *seal, uint32_t id)
{
    const struct text_table *names = &seal->snapshot->names;
    return names->labels ? remap(seal->names, names->count, names->labels[id]) << NAME_LABEL_SHIFT : 0;
}

static void put_names(struct output *output)
{
    const struct seal *seal = output->seal;
    const struct text_table *names = &seal->snapshot->names;
    uint64_t offset = 0;
    begin_section(output, IMAGE_NAMES);
    put_word(output, 0);
    for (uint32_t id = 0; id < names->count; id++) {
        size_t length = seal->names[id] ? strlen(text_of(names, id)) : 0;
        if (seal->names[id])
            put_word(output, name_entry(offset, length) | label_word(seal, id));
        offset += length;
    }
    begin_section(output, IMAGE_NAME_TEXT);
    for (uint32_t id = 0; id < names->count; id++) {
        if (seal->names[id])
            put(output, text_of(names, id), strlen(text_of(names, id)));
    }
}

/* "(other)" is id 0 and has no text. */
static void put_operations(struct output *output)
{
    const struct operations *operations = &output->seal->snapshot->operations;
    size_t named = operations->count - operations->has_other;
    uint64_t offset = 0;
    begin_section(output, IMAGE_OPERATIONS);
    put_word(output, 0);
    for (size_t i = 0; i < named; i++) {
        size_t length = strlen(operations->perf[i].name);
        put_word(output, name_entry(offset, length));
        offset += length;
    }
    begin_section(output, IMAGE_OPERATION_TEXT);
    for (size_t i = 0; i < named; i++)
        put(output, operations->perf[i].name, strlen(operations->perf[i].name));
}

static void put_tracks(struct output *output)
{
    const struct seal *seal = output->seal;
    const struct track_table *tracks = &seal->snapshot->tracks;
    begin_section(output, IMAGE_TRACKS);
    put(output, &(struct image_track){ 0 }, sizeof(struct image_track));
    for (uint32_t id = 0; id < tracks->count; id++) {
        struct image_track track = tracks->entries[id];
        uint32_t name = track_name_id(&track);
        track.state = NAME_PUBLISHED | (name < seal->snapshot->names.count ? seal->names[name] : 0);
        if (seal->tracks[id])
            put(output, &track, sizeof track);
    }
}

static void put_processes(struct output *output)
{
    const struct seal *seal = output->seal;
    const struct process_table *processes = &seal->snapshot->processes;
    begin_section(output, IMAGE_PROCESSES);
    put(output, &(struct image_process){ 0 }, sizeof(struct image_process));
    for (uint32_t i = 0; i < processes->count; i++) {
        struct image_process process = processes->entries[i];
        process.state = NAME_PUBLISHED | remap(seal->names, seal->snapshot->names.count, process_name_id(&process));
        if (seal->processes[i])
            put(output, &process, sizeof process);
    }
}

/* Frames keep their ids: fields of events refer to them, and so do later segments. */
static void put_stacks(struct output *output)
{
    const struct seal *seal = output->seal;
    const struct frame_table *frames = &seal->snapshot->frames;
    uint32_t names = seal->snapshot->names.count;
    begin_section(output, IMAGE_STACKS);
    put(output, &(struct image_frame){ 0 }, sizeof(struct image_frame));
    for (uint32_t i = 0; i < frames->count; i++) {
        struct image_frame frame = frames->entries[i];
        frame.state = NAME_PUBLISHED | (frame.state & FRAME_IS_SOURCE) |
                      remap(seal->names, names, frame_name_id(&frame)) |
                      remap(seal->names, names, frame_module_id(&frame)) << FRAME_MODULE_SHIFT;
        if (seal->frames[i])
            put(output, &frame, sizeof frame);
    }
}

static struct image_op counted(const struct trace_perf *perf, uint64_t histogram)
{
    return (struct image_op){ perf->count,    perf->errors,
                              perf->total_ns, perf->count ? ~perf->min_ns : 0,
                              perf->max_ns,   perf->has_percentiles ? histogram : 0 };
}

static void put_counters(struct output *output)
{
    const struct operations *operations = &output->seal->snapshot->operations;
    struct image_op other = { 0 };
    uint64_t histogram = 1;
    if (operations->has_other) /* its histogram, if it has one, is the last */
        other = counted(&operations->perf[operations->count - 1], operations->histogram_count);
    begin_section(output, IMAGE_COUNTERS);
    put(output, &other, sizeof other);
    for (size_t i = 0; i < operations->count - operations->has_other; i++) {
        struct image_op op = counted(&operations->perf[i], histogram);
        histogram += operations->perf[i].has_percentiles;
        put(output, &op, sizeof op);
    }
    begin_section(output, IMAGE_HISTOGRAMS);
    put(output, operations->histograms, operations->histogram_count * sizeof *operations->histograms);
}

/* ------------------------------------------------------------------- events */

static void put_open_spans(struct output *output)
{
    const struct tracer_snapshot *snapshot = output->seal->snapshot;
    const struct seal *seal = output->seal;
    const uint64_t kept = ~(RECORD_NAME_MASK | RECORD_TRACK_MASK << STACK_TRACK_SHIFT);
    begin_section(output, IMAGE_OPEN);
    for (size_t i = 0; i < snapshot->open_count; i++) {
        struct image_open open = snapshot->open_spans[i];
        uint64_t name = remap(seal->names, snapshot->names.count, open.packed & RECORD_NAME_MASK);
        uint64_t track =
            remap(seal->tracks, snapshot->tracks.count, open.packed >> STACK_TRACK_SHIFT & RECORD_TRACK_MASK);
        open.packed = (open.packed & (OPEN_PACKED_MASK | OPEN_PARENT_ENDED | OPEN_ASYNC) & kept) |
                      track << STACK_TRACK_SHIFT | name;
        put(output, &open, sizeof open);
    }
}

static void put_notes(struct output *output)
{
    const struct tracer_snapshot *snapshot = output->seal->snapshot;
    begin_section(output, IMAGE_NOTES);
    put(output, snapshot->notes, snapshot->note_count * sizeof *snapshot->notes);
}

static void put_order(struct output *output)
{
    const struct tracer_snapshot *snapshot = output->seal->snapshot;
    begin_section(output, IMAGE_ORDER);
    for (uint64_t i = 0; i < tracer_snapshot_count(snapshot); i++) {
        const struct snapshot_event *event = snapshot_event(snapshot, i);
        uint64_t lane = event->meta & RECORD_MARK_MASK;
        put_word(output, lane << ORDER_LANE_SHIFT |
                             (snapshot_sequence(snapshot, (uint32_t)lane, event->position_low) & ORDER_SEQUENCE_MASK));
    }
}

static uint64_t sealed_meta(const struct seal *seal, uint64_t meta)
{
    const uint64_t ids = RECORD_NAME_MASK << RECORD_NAME_SHIFT | RECORD_TRACK_MASK << RECORD_TRACK_SHIFT;
    uint64_t name = remap(seal->names, seal->snapshot->names.count, meta >> RECORD_NAME_SHIFT & RECORD_NAME_MASK);
    uint64_t track = remap(seal->tracks, seal->snapshot->tracks.count, meta >> RECORD_TRACK_SHIFT & RECORD_TRACK_MASK);
    return (meta & ~(ids | RECORD_MARK_MASK)) | RECORD_TIME_NS | name << RECORD_NAME_SHIFT |
           track << RECORD_TRACK_SHIFT | ((meta & RECORD_MARK_MASK) + 1);
}

static void put_records(struct output *output)
{
    const struct tracer_snapshot *snapshot = output->seal->snapshot;
    uint64_t text = 0;
    begin_section(output, IMAGE_RECORDS);
    for (uint64_t i = 0; i < tracer_snapshot_count(snapshot); i++) {
        const struct snapshot_event *event = snapshot_event(snapshot, i);
        uint64_t where = event->meta & SNAPSHOT_DETAIL_LOST ? SEALED_TEXT_LOST : 0;
        uint32_t length;
        if (seal_text(snapshot, event, &length))
            where = text << SEALED_TEXT_BITS | length;
        text += length;
        const uint64_t record[RECORD_WORDS] = { event->time_ns, event->payload, where,
                                                sealed_meta(output->seal, event->meta) };
        put(output, record, sizeof record);
    }
}

static void put_texts(struct output *output)
{
    const struct tracer_snapshot *snapshot = output->seal->snapshot;
    begin_section(output, IMAGE_DETAILS);
    for (uint64_t i = 0; i < tracer_snapshot_count(snapshot); i++) {
        uint32_t length;
        const char *text = seal_text(snapshot, snapshot_event(snapshot, i), &length);
        if (text)
            put(output, text, length);
    }
}

enum tracer_error seal_write(const struct seal *seal, const struct tracer_sink *sink)
{
    struct output output;
    output.seal = seal;
    output.sink = sink;
    output.error = TRACER_OK;
    output.written_bytes = output.used = 0;
    put_header(&output);
    put_lane(&output);
    put_names(&output);
    put_operations(&output);
    put_tracks(&output);
    put_processes(&output);
    put_stacks(&output);
    put_counters(&output);
    begin_section(&output, IMAGE_CALIBRATION);
    put_open_spans(&output);
    put_notes(&output);
    put_order(&output);
    put_records(&output);
    put_texts(&output);
    flush(&output);
    return output.error;
}
