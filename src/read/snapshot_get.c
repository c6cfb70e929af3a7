/* Reads snapshots, as the public header defines it. */
#include <string.h>

#include "event_text.h"
#include "snapshot.h"

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
    const char *text = snapshot->texts.bytes + (size_t)from->text * 8;
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

/* A process without a name of its own may be the program. */
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
