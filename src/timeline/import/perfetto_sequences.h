/*
 * The writers of a Perfetto trace: the defaults of their packets, and their clocks.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_SEQUENCES_H
#define RINGSCOPE_IMPORT_PERFETTO_SEQUENCES_H

#include "perfetto_events.h"

#define SEQUENCE_CLOCKS_FROM 64 /* up to 127, clocks belong to a sequence */
#define CLOCKS 128

/* A clock's time at some moment, and the trace's time at the same moment. */
struct clock_state {
    bool known, incremental;
    int64_t shows, trace_ns;
    int64_t unit_ns;
};

struct sequence {
    uint64_t id;
    uint32_t generation; /* of interned names */
    bool has_state; /* it has been cleared: nothing earlier is needed */
    uint32_t track; /* of events without one */
    uint64_t clock; /* of timestamps without one */
    struct buffer defaults; /* of events, as they were written */
    int64_t event_ns; /* for the oldest form of times: µs since the previous event */
    struct clock_state clocks[CLOCKS - SEQUENCE_CLOCKS_FROM];
};

struct sequences {
    struct perfetto_tracks *tracks;
    struct sequence *all;
    uint32_t count, room, last;
    struct clock_state clocks[SEQUENCE_CLOCKS_FROM];
    bool failed;
};

/* A packet's time. */
struct stamp {
    uint64_t timestamp, clock;
    bool has_clock; /* else the sequence's */
};

/* The sequence of an id, created if need be; borrowed until the next call. NULL without memory. */
struct sequence *sequence_of(struct sequences *sequences, uint64_t id);
void sequence_take_defaults(struct sequences *sequences, struct sequence *sequence, struct message defaults);
void sequences_free(struct sequences *sequences);
/* In old traces, a sequence belongs to a thread, which it names once. */
void sequence_take_thread(struct sequences *sequences, struct sequence *sequence, struct message descriptor);
/* One moment on several clocks; the trace's own is CLOCK_BOOTTIME. */
void sequence_take_snapshot(struct sequences *sequences, struct sequence *sequence, struct message snapshot);
/* Converts to the trace's clock. Readings of an incremental clock are increments. False: the clock is unknown. */
bool sequence_time(struct sequences *sequences, struct sequence *sequence, const struct stamp *stamp, int64_t *ns);
/* For old traces, whose events contain their time. */
void sequence_event_time(struct sequence *sequence, struct message event, struct perfetto_context *context);

#endif
