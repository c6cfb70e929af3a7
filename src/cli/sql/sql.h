/*
 * A trace as tables of SQLite, which can only be read: what `ringscope query` asks.
 */
#ifndef RINGSCOPE_CLI_SQL_H
#define RINGSCOPE_CLI_SQL_H

#include <stdio.h>

#include "../../ringscope.h"

struct sql;

/* The tables' declarations, with comments; NULL: this ringscope was built without SQLite. */
const char *sql_schema(size_t table);

/* The reader is borrowed for the call alone. ERROR_MEMORY, and as tracer_snapshot_create(). */
enum tracer_error sql_open(struct sql **result, struct tracer_reader *reader);
void sql_close(struct sql *sql);

enum sql_format { SQL_TABLE, SQL_CSV, SQL_JSON };

struct sql_request {
    const char *text; /* statements; those that change anything are refused */
    enum sql_format format;
    uint64_t most_rows; /* of each statement; 0: all */
    uint64_t most_steps; /* instructions of SQLite's machine, after which it gives up; 0: any number */
    FILE *out;
};

struct sql_answer {
    char error[400]; /* "": none */
    bool wrong; /* the request is: it is no SQL, or not about these tables */
    bool more; /* there are more rows than most_rows */
};

/* Prints what the statements yield, each as a whole. Errors of writing stay with the file. */
void sql_run(struct sql *sql, const struct sql_request *request, struct sql_answer *answer);

#endif
