/*
 * Plans of scans: a text with the order, and a letter for each value that SQLite passes.
 */
#ifndef RINGSCOPE_CLI_SQL_PLAN_H
#define RINGSCOPE_CLI_SQL_PLAN_H

#include "scan.h"

/* The plan's first letter. */
#define SCAN_BY_NAME 'g' /* in the order of names */
#define SCAN_COUNTS_ONLY 'c' /* the same of all events, when only names are asked for */
#define SCAN_BY_TIME '.'

/* Plans the walk by the constraints of SQLite's query. Of the scan, only the table is used. */
int scan_plan(const struct sql_scan *scan, sqlite3_index_info *info);

#endif
