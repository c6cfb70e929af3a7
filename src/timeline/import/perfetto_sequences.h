/*
 * The writers of a Perfetto trace: what each has said once for all of its packets, and what its clocks show.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_SEQUENCES_H
#define RINGSCOPE_IMPORT_PERFETTO_SEQUENCES_H

#include "perfetto_events.h"

#define SEQUENCE_CLOCKS_FROM 64 /* clocks of a sequence's own, up to 127 */
#define CLOCKS 128

/* What a clock shows, at a moment at which the clock of the trace shows another time. */
struct clock_state {
    bool known, incremental;
    int64_t shows, trace_ns;
    int64_t unit_ns;
};

struct sequence {
    uint64_t id;
    uint32_t generation; /* of what is interned */
    bool has_state; /* it was cleared once: nothing before it is needed */
    uint32_t track; /* of events that say none */
    uint64_t clock; /* of timestamps that say none */
    int64_t event_ns; /* of the oldest way to tell times: µs since the event before */
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

/* The sequence of an id, made if it is new; borrowed until the next call. NULL without memory. */
struct sequence *sequence_of(struct sequences *sequences, uint64_t id);
void sequence_take_defaults(struct sequences *sequences, struct sequence *sequence, struct message defaults);
/* Of old traces: a sequence is of a thread, which it tells once. */
void sequence_take_thread(struct sequences *sequences, struct sequence *sequence, struct message descriptor);
/* The same moment on several clocks; the trace's own is CLOCK_BOOTTIME. */
void sequence_take_snapshot(struct sequences *sequences, struct sequence *sequence, struct message snapshot);
/* On the trace's clock. What is read of an incremental clock is how much it went on. False: the clock is not known. */
bool sequence_time(struct sequences *sequences, struct sequence *sequence, const struct stamp *stamp, int64_t *ns);
/* Of old traces, whose events tell their time themselves. */
void sequence_event_time(struct sequence *sequence, struct message event, struct perfetto_context *context);

#endif
