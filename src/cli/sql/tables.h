/*
 * The tables: what each declares, and how SQLite reads it. All are virtual and made from a timeline's columns, so that
 * nothing is copied into a database.
 */
#ifndef RINGSCOPE_CLI_SQL_TABLES_H
#define RINGSCOPE_CLI_SQL_TABLES_H

#include <sqlite3.h>

#include "../../timeline/columns.h"
#include "../../timeline/name_counts.h"

/* Names in the order of their bytes. All zero: not made. */
struct name_order {
    const struct interned *names;
    uint32_t *first; /* by rank: where its events begin in the order of names; one more than names */
    uint32_t *rank; /* by id */
    uint32_t *id; /* by rank */
};

/* What the tables read. Only the operations exist from the start; queries create the rest (trace.c). */
struct sql_trace {
    struct tracer_reader *reader;
    struct tracer_snapshot *operations; /* without events */
    uint64_t about; /* how many events there are; only nearly, if samples are drawn as spans */
    enum tracer_error error; /* why a question could not be answered */

    struct timeline *timeline; /* sql_timeline() */
    struct timeline_statistic *names; /* sql_statistics() */
    uint32_t name_count;
    bool names_counted;
    struct name_order order; /* sql_order_by_name(): of the timeline's events */
    uint32_t *by_name; /* the events in that order */
    struct name_counts counts; /* sql_count_by_name() */
    struct name_order counted; /* of the same */
};

struct sql_table {
    const char *name;
    const char *declaration; /* CREATE TABLE, for SQLite and for .schema */
    const sqlite3_module *module;
    /* For a table that is read as a list (lists.c): prepares it and counts its rows, or returns an error of SQLite's;
     * then gives their values. */
    int (*ready)(struct sql_trace *trace, uint32_t *rows);
    void (*value)(const struct sql_trace *trace, uint32_t row, int column, sqlite3_context *context);
};

#define SQL_TABLES(X) X(events) X(spans) X(names) X(operations) X(threads) X(flows) X(losses)
#define SQL_TABLE(name) extern const struct sql_table sql_##name;
SQL_TABLES(SQL_TABLE)
#undef SQL_TABLE

/* A connected table. */
struct sql_connected {
    sqlite3_vtab base;
    const struct sql_table *table;
    struct sql_trace *trace;
};

/* What a module is registered with. */
struct sql_module {
    const struct sql_table *table;
    struct sql_trace *trace;
};

int sql_connect(sqlite3 *database, void *context, int count, const char *const *arguments, sqlite3_vtab **result,
                char **message);
int sql_disconnect(sqlite3_vtab *connected);

/* A module that only reads, of functions of its file's own by these names. */
#define SQL_MODULE                                                                                                    \
    {                                                                                                                 \
        .xConnect = sql_connect, .xBestIndex = best_index, .xDisconnect = sql_disconnect, .xDestroy = sql_disconnect, \
        .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = at_end,               \
        .xColumn = column, .xRowid = row_id,                                                                          \
    }

/* Text that outlives the statement; without one, or where it is "", NULL. */
void sql_result_text(sqlite3_context *context, const char *text);
/* The same of a name, which may be "". */
void sql_result_name(sqlite3_context *context, const char *name);

/* Each creates what it names on its first call, and returns the same afterwards. NULL or false after an error, which is
 * kept; sql_failed() reports it to SQLite. */
const struct timeline *sql_timeline(struct sql_trace *trace);
bool sql_statistics(struct sql_trace *trace);
bool sql_order_by_name(struct sql_trace *trace);
/* The names' order and counts alone, which takes no timeline. False: only a timeline tells (name_counts.h). */
bool sql_count_by_name(struct sql_trace *trace);
int sql_failed(const struct sql_trace *trace);
void sql_forget(struct sql_trace *trace);

/* order.c. counts: how many events each name has, by id. False without memory. */
bool name_order_make(struct name_order *order, const struct interned *names, const uint32_t *counts);
void name_order_free(struct name_order *order);

#endif
