/*
 * A filter of an image's events: compiled once against the tables, then asked for every event, first
 * by its record alone and only then by its text.
 */
#ifndef RINGSCOPE_QUERY_H
#define RINGSCOPE_QUERY_H

#include "filter.h"
#include "merge.h"
#include "tables.h"

/* What a track decides. */
enum track_answer { TRACK_PASSES = 1, TRACK_IS_NAMED = 2 };

struct query {
    bool all; /* takes everything */
    bool nothing; /* a time that is none */
    bool pid_given; /* the track's pid does not count */
    bool without_details; /* of what is taken, names and numbers alone */
    uint64_t at_most; /* events that are taken; UINT64_MAX: all */
    struct event_filter filter;
    struct matcher matcher;
    uint8_t *by_name; /* enum name_answer by name id; NULL when neither name nor text is asked for */
    uint8_t *by_track; /* TRACK_...; the track of what has none is 0. NULL when it is not asked for */
    const struct text_table *names;
    const struct track_table *tracks;
};

/* What a query is compiled against: borrowed until query_free(). */
struct query_tables {
    const struct text_table *names;
    const struct track_table *tracks;
    const struct process_table *processes;
    uint64_t pid; /* the program's, and its name */
    const char *program;
};

/* NULL: all. ERROR_MEMORY. tables and texts are borrowed until query_free(). */
enum tracer_error query_compile(struct query *query, const struct tracer_query *from,
                                const struct query_tables *tables);
void query_free(struct query *query);

enum query_answer { QUERY_NO, QUERY_YES, QUERY_ASK_TEXT };

/* By the record of the merge's newest event alone. */
enum query_answer query_record(const struct query *query, const struct merge_lane *at);

/* By its text; NULL: lost. */
bool query_text(const struct query *query, const uint64_t *record, const char *text, size_t length);

#endif
