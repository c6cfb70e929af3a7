/* Walks an image's events into a builder. */
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../read/details.h"
#include "../read/event_text.h"
#include "../read/sampling.h"
#include "../read/snapshot.h"
#include "as_image.h"
#include "builder.h"
#include "empty_spans.h"
#include "lives.h"
#include "load_facts.h"
#include "sampled.h"

#define PROGRESS_EVENTS 65536u

/* An image being loaded. Its ids are mapped to the builder's when they first occur. */
struct timeline_loading {
    struct timeline_builder *builder;
    struct tracer_reader *reader;
    struct walk walk;
    double total; /* events at most */
    struct text_table names;
    struct track_table tracks;
    struct frame_table frames;
    struct sampled sampled;
    struct empty_spans empty;
    bool draws_samples;
    uint32_t *name_ids, *track_ids; /* TIMELINE_NONE: not seen yet */
    uint8_t categories[TRACE_CATEGORY_COUNT];
    struct timeline_loaded loaded;
    struct buffer joined;
};

/* -------------------------------------------------------------------- tables */

static uint32_t *none_yet(uint32_t count)
{
    uint32_t *ids = malloc(((size_t)count + 1) * sizeof *ids);
    if (ids)
        memset(ids, 0xff, ((size_t)count + 1) * sizeof *ids);
    return ids;
}

static uint32_t name_id(struct timeline_loading *loading, uint32_t id)
{
    if (id < loading->names.count && loading->name_ids[id] != TIMELINE_NONE)
        return loading->name_ids[id];
    const char *name = text_of(&loading->names, id);
    uint32_t known = timeline_builder_name(loading->builder, name ? name : "?", name ? strlen(name) : 1);
    if (id < loading->names.count)
        loading->name_ids[id] = known;
    return known;
}

/* The process and thread of a track's events; for events without a track, the program. */
static void whose(const struct timeline_loading *loading, uint32_t id, int64_t *pid, int64_t *tid)
{
    const struct image_track *track = track_of(&loading->tracks, id);
    *pid = track ? (int64_t)(uint32_t)track->pid_tid : (int64_t)loading->reader->header.pid;
    *tid = track ? (int64_t)(track->pid_tid >> 32) : 0;
}

/* If an image names a thread more than once, the first name counts, even if it is "". */
static void name_track(struct timeline_loading *loading, uint32_t id)
{
    int64_t pid, tid;
    const struct image_track *track = track_of(&loading->tracks, id);
    const char *name = track ? text_of(&loading->names, track_name_id(track)) : NULL;
    if (!track)
        return;
    name = name ? name : "";
    whose(loading, id, &pid, &tid);
    uint32_t known = timeline_builder_track(loading->builder, pid, tid, TIMELINE_NONE);
    if (known < loading->builder->track_count && !loading->builder->tracks[known].name)
        timeline_builder_name_thread(loading->builder, pid, tid, name, strlen(name));
}

static enum tracer_error read_tables(struct timeline_loading *loading)
{
    enum tracer_error error = frames_read(&loading->frames, loading->reader);
    if (error == TRACER_OK)
        error = names_read(&loading->names, &loading->frames, loading->reader);
    if (error == TRACER_OK)
        error = tracks_read(&loading->tracks, loading->reader);
    if (error != TRACER_OK)
        return error;
    loading->name_ids = none_yet(loading->names.count);
    loading->track_ids = none_yet(loading->tracks.count);
    if (!loading->name_ids || !loading->track_ids)
        return TRACER_ERROR_MEMORY;
    for (unsigned i = 0; i < TRACE_CATEGORY_COUNT; i++) {
        const char *name = trace_category_name((enum trace_category)i);
        loading->categories[i] = (uint8_t)timeline_builder_category(loading->builder, name, strlen(name));
    }
    for (uint32_t i = 0; i < loading->tracks.count; i++)
        name_track(loading, i);
    return TRACER_OK;
}

/* A counter belongs to a thread, and is found by the thread's name. */
static void name_counter(struct timeline_builder *builder, uint32_t track, int64_t pid, int64_t tid)
{
    if (track >= builder->track_count || builder->tracks[track].name)
        return;
    uint32_t thread = timeline_builder_track(builder, pid, tid, TIMELINE_NONE);
    if (thread < builder->track_count)
        builder->tracks[track].name = builder->tracks[thread].name;
}

static uint32_t track_id(struct timeline_loading *loading, uint32_t id, uint32_t counter)
{
    int64_t pid, tid;
    bool cached = counter == TIMELINE_NONE && id < loading->tracks.count;
    if (cached && loading->track_ids[id] != TIMELINE_NONE)
        return loading->track_ids[id];
    whose(loading, id, &pid, &tid);
    uint32_t known = timeline_builder_track(loading->builder, pid, tid, counter);
    if (counter != TIMELINE_NONE)
        name_counter(loading->builder, known, pid, tid);
    if (cached)
        loading->track_ids[id] = known;
    return known;
}

/* -------------------------------------------------------------------- processes */

/* Names processes that have tracks and no name yet; of processes that had the same pid, the last. */
static void name_process(struct timeline_loading *loading, uint32_t pid, const char *name)
{
    const uint32_t process = builder_find_process(loading->builder, pid);
    if (name && name[0] && process != UINT32_MAX && !loading->builder->processes[process].name)
        timeline_builder_name_process(loading->builder, pid, name, strlen(name));
}

/* If there is no table of processes, the program's name is in the header. */
static void name_program(struct timeline_loading *loading)
{
    name_process(loading, (uint32_t)loading->reader->header.pid, loading->reader->header.program);
}

static enum tracer_error name_processes(struct timeline_loading *loading)
{
    struct process_table processes;
    enum tracer_error error = processes_read(&processes, loading->reader);
    for (uint32_t i = error == TRACER_OK ? processes.count : 0; i-- > 0;) {
        const struct image_process *process = &processes.entries[i];
        name_process(loading, process_pid(process), text_of(&loading->names, process_name_id(process)));
    }
    if (error == TRACER_OK)
        lives_load(loading->builder, &processes);
    process_table_free(&processes);
    return error;
}

/* -------------------------------------------------------------------- events */

/* Puts the result into an object, together with the arguments if there are any. False without memory. */
static bool take_arguments(struct timeline_loading *loading, const struct trace_event *event,
                           struct timeline_item *item)
{
    static const char format[] = "{\"arguments\":%s,\"result\":%s}";
    if (!event->result) {
        item->arguments = event->arguments;
        item->arguments_bytes = event->arguments ? strlen(event->arguments) : 0;
        return true;
    }
    const char *arguments = event->arguments ? event->arguments : "null";
    size_t most = sizeof format + strlen(arguments) + strlen(event->result);
    loading->joined.used = 0;
    if (!buffer_reserve(&loading->joined, most))
        return false;
    item->arguments = loading->joined.bytes;
    item->arguments_bytes = (size_t)snprintf(loading->joined.bytes, most, format, arguments, event->result);
    return true;
}

/* What else an event's text says. */
struct told {
    uint64_t stack, place; /* 0: none */
};

static enum tracer_error take_text(struct timeline_loading *loading, struct merge_lane *at, struct timeline_item *item,
                                   struct told *told)
{
    const uint64_t *record = merge_record(at);
    const char *text = NULL;
    size_t bytes = 0;
    if (record[3] & RECORD_HAS_TEXT) {
        enum tracer_error error = lane_detail(&at->lane, record, &text, &bytes);
        if (error != TRACER_OK)
            return error;
    }
    struct event_text parts = { 0 };
    if (text)
        parts = event_text_split(record[3], text, bytes);
    item->name = parts.name ? timeline_builder_name(loading->builder, parts.name, parts.name_bytes)
                            : name_id(loading, record_name(record));
    item->detail = parts.detail;
    item->detail_bytes = parts.detail_bytes;
    struct trace_event fields = { 0 };
    event_text_fields(&parts, &fields);
    *told = (struct told){ fields.stack, event_text_first(&parts, FIELD_PLACE) };
    if (item->kind == TIMELINE_SPAN && (fields.has & TRACE_HAS_ASYNC_ID)) /* may span threads and awaits */
        item->flags |= TIMELINE_ASYNC;
    if (!take_arguments(loading, &fields, item))
        return TRACER_ERROR_MEMORY;
    if ((record[3] & RECORD_HAS_DETAIL) && !text)
        item->flags |= TIMELINE_DETAIL_LOST;
    return TRACER_OK;
}

/* A label is the recorder's own category. */
static uint8_t category_of(struct timeline_loading *loading, const uint64_t *record)
{
    const char *label = record[3] & RECORD_NAME_IN_DETAIL ? NULL : label_of(&loading->names, record_name(record));
    return label ? (uint8_t)timeline_builder_category(loading->builder, label, strlen(label))
                 : loading->categories[record_category(record)];
}

/* The arrow is at the innermost span around the event. */
static void add_flow(struct timeline_loading *loading, const uint64_t *record, const struct timeline_item *item)
{
    const struct timeline_flow_end end = {
        .id = record[1],
        .time_ns = item->start_ns,
        .track = item->track,
        .name = TIMELINE_NONE,
        .way = record[3] & RECORD_FLOW_IN ? TIMELINE_FLOW_IN : TIMELINE_FLOW_OUT,
    };
    timeline_builder_add_flow(loading->builder, &end);
}

/* Whether the event is a sample, which is drawn together with others. */
static bool is_sample(const struct timeline_loading *loading, const uint64_t *record, uint64_t stack)
{
    if (!loading->draws_samples || !stack || record[3] & RECORD_NAME_IN_DETAIL ||
        record_kind(record) != TRACE_KIND_INSTANT || frame_index(&loading->frames, stack) == loading->frames.count ||
        !track_of(&loading->tracks, record_track(record)))
        return false;
    const char *label = label_of(&loading->names, record_name(record));
    return label && strcmp(label, SAMPLE_LABEL) == 0;
}

static enum tracer_error load_event(struct timeline_loading *loading, struct merge_lane *at)
{
    struct told told;
    const uint64_t *record = merge_record(at);
    enum trace_kind kind = record_kind(record);
    struct timeline_item item = {
        .start_ns = (int64_t)(at->time_ns & INT64_MAX),
        .duration_ns = (int64_t)(at->duration_ns & INT64_MAX),
        .category = category_of(loading, record),
        .kind = kind == TRACE_KIND_SPAN     ? TIMELINE_SPAN
                : kind == TRACE_KIND_SAMPLE ? TIMELINE_SAMPLE
                                            : TIMELINE_INSTANT,
    };
    if (record[3] & RECORD_FAILED)
        item.flags |= TIMELINE_ERROR;
    if (record[3] & RECORD_WAITS)
        item.flags |= TIMELINE_WAITS;
    enum tracer_error error = take_text(loading, at, &item, &told);
    if (error != TRACER_OK)
        return error;
    if (is_sample(loading, record, told.stack))
        return sampled_add(&loading->sampled, track_of(&loading->tracks, record_track(record)), &item, told.stack)
                   ? TRACER_OK
                   : TRACER_ERROR_MEMORY;
    if (item.kind == TIMELINE_SAMPLE)
        memcpy(&item.value, &record[1], sizeof item.value);
    item.track = track_id(loading, record_track(record), item.kind == TIMELINE_SAMPLE ? item.name : TIMELINE_NONE);
    if (kind != TRACE_KIND_FLOW || !loading->builder->flows_alone)
        timeline_builder_add(loading->builder, &item);
    if (kind == TRACE_KIND_FLOW)
        add_flow(loading, record, &item);
    return told.place && !empty_spans_add(&loading->empty, loading->builder, told.place) ? TRACER_ERROR_MEMORY
                                                                                         : TRACER_OK;
}

/* Stops after about this many events; *done: there are no more. */
static enum tracer_error load_events(struct timeline_loading *loading, uint64_t events,
                                     const struct timeline_progress *progress, bool *done)
{
    struct merge_lane *at = NULL;
    struct timeline_loaded *loaded = &loading->loaded;
    for (uint64_t i = 0; i < events && (at = walk_next(&loading->walk)); i++) {
        if (progress && loaded->events % PROGRESS_EVENTS == 0 &&
            !progress->report(progress->context, (double)loaded->events, loading->total))
            return TRACER_ERROR_CANCELLED;
        enum tracer_error error = load_event(loading, at);
        if (error != TRACER_OK)
            return error;
        loaded->oldest_end_ns = (int64_t)(at->end_ns & INT64_MAX);
        if (loaded->events++ == 0)
            loaded->newest_end_ns = loaded->oldest_end_ns;
    }
    *done = !at;
    return loading->walk.merge.error;
}

/* ------------------------------------------------------------------ open spans */

static void load_open_spans(struct timeline_loading *loading, const struct tracer_snapshot *snapshot)
{
    struct trace_open_span span;
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &span); i++) {
        struct timeline_item item = {
            .start_ns = (int64_t)(span.start_ns & INT64_MAX),
            .name = timeline_builder_name(loading->builder, span.name, strlen(span.name)),
            .track = track_id(loading, span.track, TIMELINE_NONE),
            .category = loading->categories[span.category],
            .kind = TIMELINE_SPAN,
            .flags = (uint8_t)(TIMELINE_OPEN | (span.async ? TIMELINE_ASYNC : 0)),
        };
        timeline_builder_add(loading->builder, &item);
    }
}

/* Loads everything else, which takes a snapshot. */
static enum tracer_error load_rest(struct timeline_loading *loading, bool evicted)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_snapshot_create(&snapshot, loading->reader, &none);
    if (error != TRACER_OK)
        return error;
    load_open_spans(loading, snapshot);
    load_facts(loading->builder, snapshot, evicted);
    tracer_snapshot_destroy(snapshot);
    return TRACER_OK;
}

/* The tables are read after the walk has begun, so that they have the names of all its events. */
static enum tracer_error begin(struct timeline_loading *loading, struct timeline_builder *builder,
                               struct tracer_reader *reader)
{
    *loading = (struct timeline_loading){ .builder = builder, .reader = reader };
    loading->sampled = (struct sampled){ .builder = builder, .frames = &loading->frames, .names = &loading->names };
    timeline_builder_newest_first(builder);
    if (as_image_made(&reader->header))
        timeline_builder_flows_alone(builder);
    enum tracer_error error = walk_init(&loading->walk, reader, NULL);
    loading->total = (double)walk_at_most(&loading->walk);
    return error == TRACER_OK ? read_tables(loading) : error;
}

static void end(struct timeline_loading *loading)
{
    walk_free(&loading->walk);
    text_table_free(&loading->names);
    track_table_free(&loading->tracks);
    frame_table_free(&loading->frames);
    sampled_free(&loading->sampled);
    free(loading->empty.all);
    free(loading->name_ids);
    free(loading->track_ids);
    buffer_free(&loading->joined);
}

enum tracer_error timeline_loading_begin(struct timeline_loading **result, struct timeline_builder *builder,
                                         struct tracer_reader *reader)
{
    struct timeline_loading *loading = malloc(sizeof *loading);
    if (!loading)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = begin(loading, builder, reader);
    loading->draws_samples = true;
    *result = loading;
    if (error == TRACER_OK)
        return TRACER_OK;
    timeline_loading_end(loading);
    *result = NULL;
    return error;
}

void timeline_loading_end(struct timeline_loading *loading)
{
    if (loading)
        end(loading);
    free(loading);
}

/* Everything that follows the last event. */
static enum tracer_error finish(struct timeline_loading *loading)
{
    if (!sampled_end(&loading->sampled))
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = load_rest(loading, true);
    if (error == TRACER_OK && !empty_spans_settle(&loading->empty, loading->builder))
        error = TRACER_ERROR_MEMORY;
    if (error == TRACER_OK)
        error = name_processes(loading);
    if (error == TRACER_OK)
        name_program(loading);
    return error;
}

enum tracer_error timeline_loading_step(struct timeline_loading *loading, uint64_t events,
                                        const struct timeline_progress *progress, bool *done)
{
    *done = false;
    enum tracer_error error = load_events(loading, events, progress, done);
    return error == TRACER_OK && *done ? finish(loading) : error;
}

enum tracer_error timeline_load(struct timeline_builder *builder, struct tracer_reader *reader,
                                const struct timeline_progress *progress)
{
    struct timeline_loading *loading = NULL;
    bool done;
    enum tracer_error error = timeline_loading_begin(&loading, builder, reader);
    if (error == TRACER_OK)
        error = timeline_loading_step(loading, UINT64_MAX, progress, &done);
    timeline_loading_end(loading);
    return error;
}

/* The program's name, which every header has, is not news. Samples are added as separate events: the last one's
 * duration is known only with the next segment. */
enum tracer_error timeline_load_segment(struct timeline_builder *builder, struct tracer_reader *reader,
                                        struct timeline_loaded *loaded)
{
    struct timeline_loading loading;
    bool done;
    enum tracer_error error = begin(&loading, builder, reader);
    if (error == TRACER_OK)
        error = load_events(&loading, UINT64_MAX, NULL, &done);
    *loaded = loading.loaded;
    if (error == TRACER_OK)
        error = load_rest(&loading, false);
    if (error == TRACER_OK)
        error = name_processes(&loading);
    end(&loading);
    return error;
}
