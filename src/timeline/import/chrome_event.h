/*
 * What becomes of one event of Trace Event JSON: ends find their beginnings here.
 */
#ifndef RINGSCOPE_CHROME_EVENT_H
#define RINGSCOPE_CHROME_EVENT_H

#include "chrome.h"
#include "chrome_text.h"

/* The members that are looked at. */
struct chrome_event {
    struct token name, category, phase, start, duration, pid, tid, id, scope;
    struct token args;
    struct args own; /* args, if they are as our own export writes them */
    uint64_t byte; /* where it begins in the text */
};

/* A beginning without an end yet. */
struct open_begin {
    int64_t start_ns;
    uint32_t name;
    uint32_t track;
    uint8_t category;
    uint64_t number, byte; /* which event it is */
    char *args; /* the text; NULL: none */
    size_t args_bytes;
    uint32_t below; /* the one that it is inside of, in the same stack; NONE: none */
};

/* Beginnings: a stack per track, and per id of async ones, in one array; free ones are chained. */
struct pending {
    struct open_begin *all;
    uint32_t count, room, free;
    uint32_t *thread_stacks; /* by track */
    uint32_t *async_stacks; /* by key */
    uint32_t thread_count, thread_room, async_count, async_room;
    struct interned keys; /* of async ones: category, id and scope */
};

/* What the event before had, as it stands in the text: most events have the same. */
struct last_text {
    char text[48];
    size_t bytes; /* 0: none is kept */
};

struct chrome_events {
    struct timeline_builder *builder;
    uint64_t number; /* of the event, from 1 */
    uint64_t byte; /* where that begins */
    uint64_t taken; /* added to the builder */
    struct pending pending;
    struct interned words; /* of pids and tids that are no numbers */
    struct last_text last_category;
    uint8_t category; /* of last_category */
    struct buffer scratch, joined;
    bool failed; /* there was no memory */
};

void chrome_events_free(struct chrome_events *events);
void chrome_take(struct chrome_events *events, const struct chrome_event *event);
/* What stands in an event's place and is none, and what the end of the text cuts off. */
void chrome_take_no_event(struct chrome_events *events, uint64_t byte);
void chrome_take_cut_off(struct chrome_events *events, uint64_t byte);
/* What is still open at the end has no end. */
void chrome_take_unended(struct chrome_events *events);

#endif
