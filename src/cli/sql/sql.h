/*
 * A trace as read-only tables of SQLite, for `ringscope query`.
 */
#ifndef RINGSCOPE_CLI_SQL_H
#define RINGSCOPE_CLI_SQL_H

#include <stdio.h>

#include "../../ringscope.h"

struct sql;

/* The tables' declarations, with comments; NULL: this ringscope was built without SQLite. */
const char *sql_schema(size_t table);

/* The reader is borrowed: what a question needs is read for the first one that does. ERROR_MEMORY, and errors as for
 * tracer_snapshot_create(). */
enum tracer_error sql_open(struct sql **result, struct tracer_reader *reader);
void sql_close(struct sql *sql);

enum sql_format { SQL_TABLE, SQL_CSV, SQL_JSON };

struct sql_request {
    const char *text; /* statements; those that change anything are refused */
    enum sql_format format;
    uint64_t most_rows; /* per statement; 0: all */
    uint64_t most_steps; /* instructions of SQLite's machine before it gives up; 0: any number */
    FILE *out;
};

struct sql_answer {
    char error[400]; /* "": none */
    enum tracer_error failed; /* the trace could not be read; TRACER_OK: it is not that */
    bool wrong; /* the request's fault: it is not SQL, or not about these tables */
    bool more; /* there are more rows than most_rows */
};

/* Prints the results of the statements. Write errors are those of the file. */
void sql_run(struct sql *sql, const struct sql_request *request, struct sql_answer *answer);

#endif
