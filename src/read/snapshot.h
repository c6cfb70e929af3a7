/*
 * A snapshot: events, texts, tables and statistics of one time, in memory of its own.
 *
 *     events    32 bytes each, oldest first: filled from the end, for a walk comes newest first
 *     texts     per detail: its length (4 bytes), its bytes, NUL; begins at multiples of 8, the first at 8
 */
#ifndef RINGSCOPE_SNAPSHOT_H
#define RINGSCOPE_SNAPSHOT_H

#include "../base/array.h"
#include "counters.h"
#include "query.h"
#include "summary.h"

struct snapshot_event {
    uint64_t time_ns;
    uint64_t payload; /* span: duration in ns; sample: the double's bits */
    uint32_t text; /* offset into texts, by 8; 0: none */
    uint32_t position_low; /* the low half of the position in its lane */
    uint64_t meta; /* as word 3 of the record, with the lane in place of the mark */
};

/* In meta, in place of what says how the record's times are kept. */
#define SNAPSHOT_DETAIL_LOST RECORD_TIME_NS

struct tracer_snapshot {
    struct snapshot_event *memory; /* room for capacity events */
    uint64_t capacity, first; /* the events are [first, capacity) */
    struct buffer texts;
    uint64_t *heads; /* of the lanes, when it was taken */
    uint32_t lanes; /* that may have recorded its events */
    struct text_table names;
    struct track_table tracks;
    struct process_table processes;
    struct frame_table frames;
    struct operations operations;
    struct image_open *open_spans;
    size_t open_count;
    struct image_note *notes;
    uint32_t note_count;
    struct trace_summary summary;
    struct image_header header; /* of the image, when it was taken */
    /* Of a cursor's: */
    bool has_news; /* events, counts, open spans or tracks are others than the last time */
    uint8_t *changed_tracks; /* by id: 1 if it is another than the last time; NULL: of no cursor */
    uint8_t *changed_processes; /* the same by index */
};

/* Takes what the query takes of a walk that has been initialized. The caller owns *result. */
enum tracer_error snapshot_take(struct tracer_snapshot **result, struct walk *walk, const struct tracer_query *query);

/* Room for a text of so many bytes, which the caller writes there; where it is, in units of 8 bytes. NULL without memory. */
char *snapshot_add_text(struct tracer_snapshot *snapshot, size_t bytes, uint32_t *offset);

/* Adds a note, or to the count of the note with this text, which is cut to what an image keeps. Whoever makes a trace of
 * another tool's says so what it had to leave out: it is sealed with the snapshot. Notes beyond NOTES_MAX are counted in
 * the last one. ERROR_MEMORY. */
enum tracer_error snapshot_add_note(struct tracer_snapshot *snapshot, const char *text, uint64_t count);

/* The notes of a sealed image. As tracer_snapshot_create(). */
enum tracer_error notes_read(struct tracer_snapshot *snapshot, const struct tracer_reader *reader);

/* The index-th frame of its table, whose texts are borrowed. */
struct trace_frame snapshot_frame(const struct tracer_snapshot *snapshot, uint32_t index);

static inline const struct snapshot_event *snapshot_event(const struct tracer_snapshot *snapshot, uint64_t index)
{
    return &snapshot->memory[snapshot->first + index];
}

/* The lane's head tells the high half: what is in the ring is less than 2^32 behind it. */
static inline uint64_t snapshot_sequence(const struct tracer_snapshot *snapshot, uint32_t lane, uint32_t position_low)
{
    uint64_t head = snapshot->heads[lane];
    return head - (uint32_t)((uint32_t)head - position_low);
}

static inline uint64_t snapshot_end_ns(const struct snapshot_event *event)
{
    bool span = (event->meta >> RECORD_KIND_SHIFT & RECORD_KIND_MASK) == TRACE_KIND_SPAN;
    return span ? add_saturating(event->time_ns, event->payload) : event->time_ns;
}

#endif
