/*
 * A filter of an image's events: compiled once against the tables, then applied to every event, first to its record
 * alone and only then to its text.
 */
#ifndef RINGSCOPE_QUERY_H
#define RINGSCOPE_QUERY_H

#include "filter.h"
#include "merge.h"
#include "tables.h"

/* What the track decides. */
enum track_answer { TRACK_PASSES = 1, TRACK_IS_NAMED = 2 };

struct query {
    bool all; /* everything matches */
    bool nothing; /* the window is empty or invalid */
    bool pid_given; /* ignore the track's pid */
    bool without_details; /* keep only names and numbers of the events that match */
    uint64_t at_most; /* events to return; UINT64_MAX: all */
    bool (*takes_detail)(void *argument, const char *detail, size_t bytes); /* NULL: any */
    void *takes_argument;
    struct event_filter filter;
    struct matcher matcher;
    uint8_t *by_name; /* enum name_answer by name id; NULL if neither name nor text matters */
    uint8_t *by_track; /* TRACK_... by track; 0 stands for events without one. NULL if tracks do not matter */
    const struct text_table *names;
    const struct track_table *tracks;
};

/* What a query is compiled against, borrowed until query_free(). */
struct query_tables {
    const struct text_table *names;
    const struct track_table *tracks;
    const struct process_table *processes;
    uint64_t pid; /* the program's pid and name */
    const char *program;
};

/* from: NULL matches all. ERROR_MEMORY. tables and texts are borrowed until query_free(). */
enum tracer_error query_compile(struct query *query, const struct tracer_query *from,
                                const struct query_tables *tables);
void query_free(struct query *query);

enum query_answer { QUERY_NO, QUERY_YES, QUERY_ASK_TEXT };

/* Decides by the record of the merge's newest event alone. */
enum query_answer query_record(const struct query *query, const struct merge_lane *at);

/* Decides by its text; NULL: the text is lost. */
bool query_text(const struct query *query, const uint64_t *record, const char *text, size_t length);

#endif
