/*
 * Turns one event of Trace Event JSON into the timeline's, by its kind.
 */
#ifndef RINGSCOPE_CHROME_EVENT_H
#define RINGSCOPE_CHROME_EVENT_H

#include "chrome_counter.h"
#include "chrome_number.h"
#include "chrome_pair.h"
#include "chrome_samples.h"

/* The members that are used. */
struct chrome_event {
    struct token name, category, phase, start, duration, pid, tid, id, scope;
    struct token bind_id, flow_in, flow_out, binding_point;
    struct token stack_frame; /* "sf", one of stackFrames */
    struct token thread_start, thread_duration; /* time on a processor; from here on, literal text is kept */
    struct token stack; /* the frames themselves */
    struct token args;
    struct args own; /* args in the form that our own export writes */
    bool escaped; /* strings of it, or within it, have escapes */
    uint64_t byte; /* where it begins in the text */
};

/* The previous event's literal text: most events have the same. */
struct last_text {
    char text[48];
    size_t bytes; /* 0: none is kept */
};

/* For each name, the one that followed it last time: most often it follows again. */
struct name_order {
    uint32_t *after;
    uint32_t room, last;
};

struct chrome_events {
    struct timeline_builder *builder;
    struct pairing pairing;
    struct counter_names counters;
    struct chrome_samples samples;
    uint64_t number; /* of the event, from 1 */
    uint64_t byte; /* where that begins */
    uint64_t taken; /* added to the builder */
    int64_t base_us; /* subtracted from all times; 0 unless they are too far from it */
    bool based; /* decided by the first event */
    struct interned words; /* pids and tids that are not numbers */
    struct interned ids; /* of async events: category, id and scope */
    struct interned flow_ids; /* id, category and name, or a bind_id */
    struct name_order name_order;
    struct last_text last_category;
    uint8_t category; /* of last_category */
    struct buffer scratch, joined, decoded;
    bool has_any; /* there was an event, perhaps a damaged one */
    bool failed; /* out of memory */
};

void chrome_events_free(struct chrome_events *events);
/* Decodes the event's strings. */
void chrome_take(struct chrome_events *events, struct chrome_event *event);
/* Notes, with the byte, something between events that is not one, or damaged. */
void chrome_note(struct chrome_events *events, const char *text, uint64_t byte);
/* The same for an event that cannot be read, which counts as one. */
void chrome_take_damaged(struct chrome_events *events, const char *text, uint64_t byte);
/* Call after the last event. */
void chrome_finish(struct chrome_events *events);

#endif
