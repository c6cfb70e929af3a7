/* Runs every reader over one open image, and checks that their results are sound whatever it holds. */
#ifndef DRIVE_H
#define DRIVE_H

#include "stress.h"

/* How many events of a snapshot are checked one by one, at either end. */
#define DRIVE_EVENTS 300ul

static inline bool drive_printable(enum tracer_error error)
{
    return tracer_error_name(error)[0] != '\0' && tracer_error_text(error)[0] != '\0';
}

/* An error must be one that bytes can cause. */
static inline bool drive_is_error(enum tracer_error error)
{
    switch (error) {
    case TRACER_OK:
        return false;
    case TRACER_ERROR_MEMORY:
    case TRACER_ERROR_READ:
    case TRACER_ERROR_NOT_AN_IMAGE:
    case TRACER_ERROR_BYTE_ORDER:
    case TRACER_ERROR_VERSION:
    case TRACER_ERROR_TRUNCATED:
    case TRACER_ERROR_DAMAGED:
        MUST(drive_printable(error), "error %d has no text", (int)error);
        return true;
    default:
        MUST(false, "an image caused %s", tracer_error_name(error));
        return true;
    }
}

static inline uint64_t drive_text(const char *text)
{
    uint64_t sum = 0;
    MUST(text, "a text is NULL");
    for (; *text; text++)
        sum = sum * 31 + (unsigned char)*text;
    return sum;
}

static inline void drive_json(char *json)
{
    if (json)
        drive_text(json);
    free(json);
}

static inline void drive_event(const struct trace_event *event, FILE *nowhere)
{
    drive_text(event->name);
    if (event->label)
        drive_text(event->label);
    MUST(event->category < TRACE_CATEGORY_COUNT && event->kind < TRACE_KIND_COUNT, "category %d, kind %d",
         (int)event->category, (int)event->kind);
    if (event->detail) {
        MUST(event->detail[event->detail_size] == '\0', "a detail does not end where it says");
        drive_text(event->detail);
    }
    MUST(!event->detail || !(event->has & TRACE_DETAIL_LOST), "a detail is lost and there");
    MUST_WORK(trace_event_print(event, nowhere));
    drive_json(tracer_event_json(event));
}

static inline void drive_stack(const struct tracer_snapshot *snapshot, uint64_t stack)
{
    struct trace_frame frames[64];
    size_t count = tracer_snapshot_stack(snapshot, stack, frames, 64);
    MUST(tracer_snapshot_stack(snapshot, stack, NULL, 0) == count, "a stack of %zu frames", count);
    for (size_t i = 0; i < count && i < 64; i++) {
        drive_text(frames[i].name);
        drive_text(frames[i].module);
    }
}

static inline void drive_events(const struct tracer_snapshot *snapshot, FILE *nowhere)
{
    struct trace_event event;
    struct trace_track track;
    size_t count = tracer_snapshot_count(snapshot);
    MUST(!tracer_snapshot_get(snapshot, count, &event), "an event beyond the end");
    for (size_t i = 0; i < count; i++) {
        if (i == DRIVE_EVENTS && count > 2 * DRIVE_EVENTS)
            i = count - DRIVE_EVENTS;
        MUST(tracer_snapshot_get(snapshot, i, &event), "event %zu of %zu", i, count);
        drive_event(&event, nowhere);
        if (tracer_snapshot_track(snapshot, event.track, &track))
            drive_text(track.name);
        drive_stack(snapshot, event.stack);
    }
}

static inline void drive_tables(const struct tracer_snapshot *snapshot)
{
    struct trace_track track;
    struct trace_perf perf;
    struct trace_open_span span;
    for (uint32_t i = 0; i < 70; i++) {
        if (tracer_snapshot_track(snapshot, i, &track))
            drive_text(track.name);
    }
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++) {
        drive_text(perf.name);
        MUST(perf_success_rate(&perf) >= 0 && perf_avg_time(&perf) >= 0, "%s", perf.name);
        MUST(perf.min_ns <= perf.max_ns, "%s", perf.name);
    }
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &span); i++) {
        drive_text(span.name);
        MUST(span.category < TRACE_CATEGORY_COUNT, "category %d", (int)span.category);
    }
    struct trace_process process;
    for (size_t i = 0; tracer_snapshot_process(snapshot, i, &process); i++)
        drive_text(process.name);
    struct trace_note note;
    for (size_t i = 0; tracer_snapshot_note(snapshot, i, &note); i++)
        drive_text(note.text);
    drive_json(tracer_operations_json(snapshot));
    drive_json(tracer_snapshot_summary_json(snapshot));
}

/* A segment has everything that all lanes got since the previous one, which may be more than the capacity. */
static inline void drive_summary(const struct trace_summary *summary, bool segment, FILE *nowhere)
{
    MUST(segment || summary->event_count <= summary->capacity, "%" PRIu64 " events of %" PRIu64, summary->event_count,
         summary->capacity);
    MUST(summary->uptime >= 0, "uptime %f", summary->uptime);
    MUST_WORK(trace_summary_print(summary, nowhere));
    drive_json(tracer_summary_json(summary));
}

static inline void drive_exports(const struct tracer_snapshot *snapshot, FILE *nowhere)
{
    const char *format;
    for (size_t i = 0; (format = tracer_export_format(i)); i++)
        MUST_WORK(tracer_export_file(snapshot, format, nowhere));
    MUST(tracer_export_file(snapshot, "no such format", nowhere) == TRACER_ERROR_UNKNOWN, "exported");
}

static inline bool drive_is_segment(struct tracer_reader *reader)
{
    struct tracer_info info;
    return tracer_reader_info(reader, &info) == TRACER_OK && info.cursor != 0;
}

/* Takes a snapshot, and reads all of it. */
static inline void drive_snapshot(struct tracer_reader *reader, const struct tracer_query *query, FILE *nowhere)
{
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    if (drive_is_error(tracer_snapshot_create(&snapshot, reader, query)))
        return;
    tracer_snapshot_summary(snapshot, &summary);
    drive_summary(&summary, drive_is_segment(reader), nowhere);
    drive_events(snapshot, nowhere);
    drive_tables(snapshot);
    if (!query)
        drive_exports(snapshot, nowhere);
    tracer_snapshot_destroy(snapshot);
}

static inline void drive_queries(struct tracer_reader *reader, FILE *nowhere)
{
    static const struct tracer_query queries[] = {
        { .categories = TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_CUSTOM), .text = "e" },
        { .pid = 7, .has_pid = true },
        { .tid = 7, .has_tid = true, .name = "open" },
        { .without_details = true, .process = "*o*", .thread = "*" },
        { .has_since = true, .since = 0.5, .has_until = true, .until = 1e9 },
        { .last = 3 },
    };
    drive_snapshot(reader, NULL, nowhere);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        drive_snapshot(reader, &queries[i], nowhere);
}

static inline void drive_info(struct tracer_reader *reader)
{
    struct tracer_info info;
    if (drive_is_error(tracer_reader_info(reader, &info)))
        return;
    drive_text(info.clock);
    drive_text(info.program);
    drive_text(info.boot_id);
    MUST(info.lanes_used <= info.lanes && info.tracks_used <= info.tracks && info.names_used <= info.names &&
             info.operations_used <= info.operations && info.histograms_used <= info.histograms,
         "more is used than there is");
    /* A ring has one more slot than events; a sealed image has exactly its events. */
    MUST(info.sealed || info.capacity_events < info.slots_per_lane, "capacity %" PRIu64, info.capacity_events);
}

static inline void drive_cursor(struct tracer_reader *reader, FILE *nowhere)
{
    struct tracer_cursor *cursor;
    struct tracer_snapshot *snapshot;
    if (tracer_cursor_create(&cursor, reader) != TRACER_OK)
        return;
    for (int i = 0; i < 3; i++) {
        uint64_t missed = 0;
        if (drive_is_error(tracer_read_since(&snapshot, reader, cursor, &missed)))
            break;
        drive_events(snapshot, nowhere);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_cursor_destroy(cursor);
}

static inline void drive_reader(struct tracer_reader *reader, FILE *nowhere)
{
    struct trace_summary summary;
    drive_info(reader);
    if (!drive_is_error(tracer_reader_summary(reader, &summary)))
        drive_summary(&summary, drive_is_segment(reader), nowhere);
    drive_queries(reader, nowhere);
    drive_cursor(reader, nowhere);
}

#endif
