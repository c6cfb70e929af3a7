/*
 * Prints the rows of a statement: as a table for people, as CSV (RFC 4180), or as a JSON array of objects.
 */
#ifndef RINGSCOPE_CLI_SQL_PRINT_H
#define RINGSCOPE_CLI_SQL_PRINT_H

#include <sqlite3.h>

#include "sql.h"

struct sql_printer;

/* NULL without memory. The statement is borrowed until the end. */
struct sql_printer *sql_print_begin(sqlite3_stmt *statement, enum sql_format format, FILE *out);
/* Prints the statement's current row. False: no memory, or the file has an error. */
bool sql_print_row(struct sql_printer *printer);
/* Also frees it. */
bool sql_print_end(struct sql_printer *printer);

#endif
