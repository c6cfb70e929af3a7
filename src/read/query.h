/*
 * Which events a query takes: compiled once against the tables, then asked for every event, first
 * by its record alone and only then by its text.
 */
#ifndef RINGSCOPE_QUERY_H
#define RINGSCOPE_QUERY_H

#include "merge.h"
#include "tables.h"

struct query {
    bool all; /* takes everything */
    bool nothing; /* a time that is none */
    uint32_t categories;
    bool has_pid, has_tid;
    uint32_t pid, tid;
    uint64_t since_ns, until_ns;
    uint64_t last; /* 0: all */
    const char *name, *text; /* borrowed; NULL: any */
    size_t name_bytes, text_bytes;
    uint8_t *by_name; /* by name id: bits of enum query_name; NULL when neither is asked for */
    const struct text_table *names;
    const struct track_table *tracks;
};

/* NULL: all. ERROR_MEMORY. tables and texts are borrowed until query_free(). */
enum tracer_error query_compile(struct query *query, const struct tracer_query *from, const struct text_table *names,
                                const struct track_table *tracks);
void query_free(struct query *query);

enum query_answer { QUERY_NO, QUERY_YES, QUERY_ASK_TEXT };

/* By the record of the merge's newest event alone. */
enum query_answer query_record(const struct query *query, const struct merge_lane *at);

/* By its text; NULL: lost. */
bool query_text(const struct query *query, const uint64_t *record, const char *text, size_t length);

#endif
