/*
 * Walks the events that a query may concern: by rows of the timeline, in order of time, or by name. What it leaves out
 * cannot be in the answer; what it yields, SQLite checks again.
 */
#ifndef RINGSCOPE_CLI_SQL_SCAN_H
#define RINGSCOPE_CLI_SQL_SCAN_H

#include "tables.h"

/* Columns that a scan knows, whatever their numbers are in a table. */
enum sql_column {
    SQL_ID,
    SQL_PARENT,
    SQL_DEPTH,
    SQL_KIND,
    SQL_START,
    SQL_END,
    SQL_DURATION,
    SQL_SELF,
    SQL_NAME,
    SQL_CATEGORY,
    SQL_PROCESS,
    SQL_PID,
    SQL_TID,
    SQL_THREAD,
    SQL_TRACK,
    SQL_FAILED,
    SQL_ERROR,
    SQL_OPEN,
    SQL_VALUE,
    SQL_DETAIL,
    SQL_ARGUMENTS,
};

struct sql_name {
    const char *text;
    int bytes; /* -1: to be counted */
};

struct sql_scan {
    sqlite3_vtab_cursor base;
    struct sql_trace *trace;
    const struct timeline *timeline; /* NULL with counts_only */
    const enum sql_column *columns; /* of the table, by number */
    bool spans_only;

    int64_t from_ns, to_ns; /* of the beginnings, both inclusive, on the timeline's clock */
    uint64_t categories; /* those that pass, a bit each */
    uint8_t *tracks; /* a byte each, nonzero: it passes; NULL: all do */
    bool by_name;
    bool counts_only; /* all events by name, and nothing but the name is asked for: no event need be known */
    uint32_t position, end; /* of the events by name, or of the row */
    uint32_t row; /* without by_name */
    uint32_t rank, rank_end; /* with counts_only: of the name, and where its events end */
    struct sql_name name; /* likewise */
    uint32_t event; /* TIMELINE_NONE: at its end */
};

/* Starts again, by a plan (plan.h). */
int scan_begin(struct sql_scan *scan, const char *plan, sqlite3_value **values);
void scan_next(struct sql_scan *scan);
/* The event that it is at. TIMELINE_NONE on an error. */
uint32_t scan_event(const struct sql_scan *scan);
/* Its name, borrowed from the trace. */
struct sql_name scan_name(const struct sql_scan *scan);

#endif
