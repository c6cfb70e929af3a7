/*
 * How a timeline stores its events: in columns, ordered by row, and within a row by start. Spans of a row do not
 * overlap, so that starts and ends both ascend, and a window shows one range of each row.
 *
 *     row 0 │ e0 e1 e2 │ row 1 │ e3 e4 │ …       row_first: 0, 3, 5, …
 */
#ifndef RINGSCOPE_COLUMNS_H
#define RINGSCOPE_COLUMNS_H

#include <string.h>

#include "notes.h"
#include "sources.h"
#include "texts.h"
#include "timeline.h"

#define TIMELINE_TIME_MAX_NS (INT64_C(1) << 52) /* 52 days since the origin, also the longest span */
#define FLAG_BITS 6 /* of enum timeline_flag; the kind is above them */
#define FLAGS_MASK ((1u << FLAG_BITS) - 1)

/* The first byte of a detail that is not just plain text: it has arguments, or begins with such a byte itself. */
enum detail_mark {
    DETAIL_PLAIN = 1, /* followed by a detail that itself begins with a mark */
    DETAIL_ARGUMENTS, /* followed by the arguments as JSON */
    DETAIL_BOTH, /* followed by the arguments as JSON, a NUL, the detail */
};

struct track_entry {
    int64_t pid, tid;
    uint32_t counter;
    uint32_t process;
    uint32_t first_row, rows, count;
    uint32_t ticks; /* how many of the rows, at the end, hold instants within spans of the rows above */
    uint32_t name; /* offset of its text in the labels, or 0 */
    int64_t sort;
    bool sampled; /* as in struct timeline_track */
};

/* For times that the trace does not have. */
#define LIFE_UNKNOWN INT64_MIN
struct process_life {
    int64_t parent_pid;
    int64_t start_ns, end_ns; /* in a timeline, since its origin, and TIMELINE_UNKNOWN_NS */
    uint64_t exit; /* as in an image (image_tables.h); 0: unknown */
};

struct process_entry {
    int64_t pid;
    uint32_t first_track, tracks;
    uint32_t name, label;
    int64_t sort;
    struct process_life life;
    uint32_t parent; /* in a timeline, the index of its parent process, or TIMELINE_NONE */
};

struct loss_entry {
    int64_t start_ns, end_ns;
    uint64_t count;
    uint32_t reason; /* offset in the labels */
};

struct timeline {
    uint32_t count;
    uint32_t row_count;
    int64_t origin_ns, duration_ns;
    uint64_t resolution_ns;

    int64_t *starts; /* ns since the origin */
    int64_t *durations; /* ns; for samples the bits of the double */
    uint32_t *names;
    uint32_t *parents; /* TIMELINE_NONE: none */
    uint32_t *details; /* offset in detail_text; 0: none */
    uint8_t *categories;
    uint8_t *kinds; /* flags, with the kind above them */

    uint32_t *row_first; /* row_count + 1 of them */
    uint32_t *row_track; /* of each row */

    struct interned name_table, category_table;
    struct sources sources;
    uint32_t category_counts[TIMELINE_CATEGORIES];
    struct track_entry *tracks;
    struct process_entry *processes;
    struct loss_entry *losses;
    uint32_t track_count, process_count, loss_count;
    struct notes notes;
    struct timeline_flow *flows;
    uint32_t flow_count;
    struct buffer labels; /* names of tracks and processes, reasons; begins with "" */
    struct buffer detail_text; /* begins with a NUL, so that offset 0 belongs to no event */
};

static inline enum timeline_kind event_kind(const struct timeline *timeline, uint32_t event)
{
    return (enum timeline_kind)(timeline->kinds[event] >> FLAG_BITS);
}

static inline uint8_t event_flags(const struct timeline *timeline, uint32_t event)
{
    return timeline->kinds[event] & FLAGS_MASK;
}

/* Whether the row's samples are drawn as values over time. */
static inline bool row_is_counter(const struct timeline *timeline, uint32_t row)
{
    return timeline->tracks[timeline->row_track[row]].counter != TIMELINE_NONE;
}

/* Only spans have a duration. */
static inline int64_t event_duration(const struct timeline *timeline, uint32_t event)
{
    return event_kind(timeline, event) == TIMELINE_SPAN ? timeline->durations[event] : 0;
}

static inline int64_t event_end(const struct timeline *timeline, uint32_t event)
{
    return timeline->starts[event] + event_duration(timeline, event);
}

/* Whether a span was still open when the trace ended: one that was drawn to its parent's end has ended with it. */
static inline bool event_is_open(const struct timeline *timeline, uint32_t event)
{
    const uint32_t parent = timeline->parents[event];
    return timeline->kinds[event] & TIMELINE_OPEN && event_end(timeline, event) >= timeline->duration_ns &&
           (parent == TIMELINE_NONE || timeline->kinds[parent] & TIMELINE_OPEN);
}

static inline double event_value(const struct timeline *timeline, uint32_t event)
{
    double value;
    __builtin_memcpy(&value, &timeline->durations[event], sizeof value);
    return value;
}

/* Borrowed; NULL: none. */
struct event_texts {
    const char *detail, *arguments;
};

static inline struct event_texts texts_at(const struct buffer *detail_text, uint32_t start)
{
    struct event_texts texts = { NULL, NULL };
    if (!start)
        return texts;
    const char *text = detail_text->bytes + start;
    if (*text == DETAIL_ARGUMENTS || *text == DETAIL_BOTH)
        texts.arguments = text + 1;
    if (*text == DETAIL_BOTH)
        texts.detail = text + strlen(text) + 1;
    else if (!texts.arguments)
        texts.detail = *text == DETAIL_PLAIN ? text + 1 : text;
    return texts;
}

static inline struct event_texts event_texts(const struct timeline *timeline, uint32_t event)
{
    return texts_at(&timeline->detail_text, timeline->details[event]);
}

/* Clamps the time of an arrow's end into its span: it may have been reported before the span begins, or after it. */
static inline int64_t within_event(const struct timeline *timeline, uint32_t event, int64_t time_ns)
{
    int64_t start = timeline->starts[event], end = event_end(timeline, event);
    return time_ns < start ? start : time_ns > end ? end : time_ns;
}
static inline int64_t timeline_flow_from_ns(const struct timeline *timeline, const struct timeline_flow *flow)
{
    return within_event(timeline, flow->from, flow->from_ns);
}
static inline int64_t timeline_flow_to_ns(const struct timeline *timeline, const struct timeline_flow *flow)
{
    return within_event(timeline, flow->to, flow->to_ns);
}

/* The row of an event. */
uint32_t event_row(const struct timeline *timeline, uint32_t event);
/* The first event of a row that begins at the time or later; else the end of the row. */
uint32_t row_begins_at(const struct timeline *timeline, uint32_t row, int64_t time_ns);
/* The duration of a row's span without the spans directly inside it. */
int64_t event_self(const struct timeline *timeline, uint32_t event, uint32_t row);

#endif
