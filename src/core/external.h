/*
 * Recording events from outside this program: `ringscope record` receives events with their times in ns of
 * CLOCK_MONOTONIC and writes them into one lane from one thread.
 */
#ifndef RINGSCOPE_EXTERNAL_H
#define RINGSCOPE_EXTERNAL_H

#include "../ringscope.h"

/* Sets the image's clock to CLOCK_MONOTONIC. Before the first event. */
void external_begin(struct tracer *tracer);

/* Sets time 0 to now. Before the first event as well. */
void external_begin_now(struct tracer *tracer);

/* Ids for the calls below; 0 if the table is full. */
uint32_t external_name(struct tracer *tracer, const char *name);
uint32_t external_name_labelled(struct tracer *tracer, const char *name, const char *label);
uint32_t external_operation(struct tracer *tracer, const char *name);

/* How many more names of 32 bytes there is room for. */
uint64_t external_names_left(const struct tracer *tracer);
/* Counts a name that is left out so that others have room. */
void external_name_left_out(struct tracer *tracer);

struct external_event {
    uint64_t start_ns;
    uint64_t duration_ns; /* of a span */
    const char *detail; /* NULL: none */
    size_t detail_bytes;
    const char *arguments; /* JSON text below 4096 bytes; NULL: none */
    uint32_t name;
    uint32_t track; /* from tracer_add_track() */
    uint32_t stack; /* from tracer_add_stack(); 0: none */
    enum trace_category category;
    enum trace_kind kind; /* an instant, a span or a flow */
    bool failed;
    bool waits; /* for somebody, or for a time */
    bool flow_in; /* of a flow: it arrives here, else it leaves */
    uint64_t flow_id; /* of a flow: the same at both ends */
    uint64_t async_id; /* of a span that need not nest within the others of its track; 0: it nests */
};

/* Records the event if its category is wanted. Events before the image's time 0 are moved there. */
void external_record(struct tracer *tracer, const struct external_event *event);

/* Counts one call of an operation; id 0 counts as "(other)". */
void external_count(struct tracer *tracer, uint32_t operation, uint64_t ns, bool ok);

/* Adds time slices of one task each. */
void external_ticks(struct tracer *tracer, uint64_t ticks, uint64_t total_ns, uint64_t max_ns);

/* Adds a process that existed before: it counts as current, but not as spawned. */
void external_process_found(struct tracer *tracer);

/* Adds a process that events refer to: its pid, its parent (0: unknown), its start (ns of the kernel's clock; 0:
 * unknown or before), and its name (NULL: none). Returns its entry for the calls below; 0 if the table is full. */
uint32_t external_process_begin(struct tracer *tracer, uint32_t pid, uint32_t parent, uint64_t start_ns,
                                const char *name);
void external_process_name(struct tracer *tracer, uint32_t process, const char *name);
/* status: as from wait(). */
void external_process_end(struct tracer *tracer, uint32_t process, uint64_t end_ns, int status);

/* Counts events that were lost on the way. */
void external_lost(struct tracer *tracer, enum trace_loss loss, enum trace_category category, uint64_t count);

#endif
