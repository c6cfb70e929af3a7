/*
 * A snapshot: events, texts, tables and statistics of one moment, in memory of its own.
 *
 *     events    32 bytes each, oldest first: filled from the end, because a walk yields the newest first
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
    uint32_t text; /* offset into texts, in units of 8 bytes; 0: none */
    uint32_t position_low; /* the low half of the position in its lane */
    uint64_t meta; /* word 3 of the record, with the lane instead of the mark */
};

/* In meta, in place of the flag for the unit of the record's times. */
#define SNAPSHOT_DETAIL_LOST RECORD_TIME_NS

struct tracer_snapshot {
    struct snapshot_event *memory; /* room for capacity events */
    uint64_t capacity, first; /* the events are [first, capacity) */
    struct buffer texts;
    uint64_t *heads; /* of the lanes, at that moment */
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
    struct image_header header; /* of the image, at that moment */
    /* Only if taken by a cursor: */
    bool has_news; /* events, counts, open spans or tracks have changed since the last read */
    uint8_t *changed_tracks; /* by id: 1 if changed since the last read; NULL: not taken by a cursor */
    uint8_t *changed_processes; /* likewise, by index */
};

/* Takes the events that match the query from an initialized walk. The caller owns *result. */
enum tracer_error snapshot_take(struct tracer_snapshot **result, struct walk *walk, const struct tracer_query *query);

/* Returns room for a text of that many bytes, for the caller to write, and its offset in units of 8 bytes. NULL without
 * memory. */
char *snapshot_add_text(struct tracer_snapshot *snapshot, size_t bytes, uint32_t *offset);

/* Adds a note, or adds to the count of the note with the same text, cut to the length that images keep. Importers of
 * other tools' traces report in this way what they had to leave out; notes are sealed with the snapshot. Notes beyond
 * NOTES_MAX are counted in the last one. ERROR_MEMORY. */
enum tracer_error snapshot_add_note(struct tracer_snapshot *snapshot, const char *text, uint64_t count);

/* Reads the notes of a sealed image. Errors as for tracer_snapshot_create(). */
enum tracer_error notes_read(struct tracer_snapshot *snapshot, const struct tracer_reader *reader);

/* Adds a note about the saves that the program's triggers failed to make, beyond those already known, so that the
 * segments of a cursor say it once. Images that count them have no other notes. ERROR_MEMORY. */
enum tracer_error notes_add_failed_saves(struct tracer_snapshot *snapshot, uint64_t known);

/* A frame by its index in the table; its texts are borrowed. */
struct trace_frame snapshot_frame(const struct tracer_snapshot *snapshot, uint32_t index);

static inline const struct snapshot_event *snapshot_event(const struct tracer_snapshot *snapshot, uint64_t index)
{
    return &snapshot->memory[snapshot->first + index];
}

/* The lane's head yields the high half: the ring's events are less than 2^32 positions older. */
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
