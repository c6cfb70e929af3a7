/*
 * Plans of scans: a text with the order, and a letter for each value that SQLite passes.
 */
#ifndef RINGSCOPE_CLI_SQL_PLAN_H
#define RINGSCOPE_CLI_SQL_PLAN_H

#include "scan.h"

/* The plan's first letter. */
#define SCAN_BY_NAME 'g' /* in the order of names */
#define SCAN_COUNTS_ONLY 'c' /* the same of all events, of which nothing but the name is asked for */
#define SCAN_BY_TIME '.'

/* What to go through, by what SQLite asks for. The scan's own part says which table it is. */
int scan_plan(const struct sql_scan *scan, sqlite3_index_info *info);

#endif
