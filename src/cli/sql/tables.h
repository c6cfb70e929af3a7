/*
 * The tables: what each declares, and how SQLite reads it. All are virtual and made from a timeline's columns, so that
 * nothing is copied into a database.
 */
#ifndef RINGSCOPE_CLI_SQL_TABLES_H
#define RINGSCOPE_CLI_SQL_TABLES_H

#include <sqlite3.h>

#include "../../timeline/columns.h"
#include "../asked.h"

/* What the tables read. */
struct sql_trace {
    struct asked_view asked;
    struct tracer_snapshot *operations; /* without events */
    struct timeline_statistic *names; /* made when they are first asked for */
    uint32_t name_count;
    bool names_counted;
    /* Made when they are first asked for: */
    uint32_t *name_first; /* by rank: where its events begin in the order of names; one more than names */
    uint32_t *name_rank; /* by id: which name it is in the order of their bytes */
    uint32_t *name_id; /* by rank */
    uint32_t *by_name; /* the events in that order */
};

struct sql_table {
    const char *name;
    const char *declaration; /* CREATE TABLE, as SQLite is told and people are shown */
    const sqlite3_module *module;
    /* Of a table that is read as a list (lists.c): what makes it ready, an error of SQLite's, and its rows; then their values. */
    int (*ready)(struct sql_trace *trace, uint32_t *rows);
    void (*value)(const struct sql_trace *trace, uint32_t row, int column, sqlite3_context *context);
};

#define SQL_TABLES(X) X(events) X(spans) X(names) X(operations) X(threads) X(flows) X(losses)
#define SQL_TABLE(name) extern const struct sql_table sql_##name;
SQL_TABLES(SQL_TABLE)
#undef SQL_TABLE

/* What a connected table is. */
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

/* The order of names, and how many events each has; false without memory. */
bool sql_rank_names(struct sql_trace *trace);
/* The events in that order as well. */
bool sql_order_by_name(struct sql_trace *trace);
void sql_forget_order(struct sql_trace *trace);

#endif
