/* Replaces SQL if SQLite was missing when ringscope was built. */
#include <stddef.h>

#include "sql.h"

const char *sql_schema(size_t table)
{
    (void)table;
    return NULL;
}

enum tracer_error sql_open(struct sql **result, struct tracer_reader *reader)
{
    (void)reader;
    *result = NULL;
    return TRACER_ERROR_ARGUMENT;
}

void sql_close(struct sql *sql)
{
    (void)sql;
}

void sql_run(struct sql *sql, const struct sql_request *request, struct sql_answer *answer)
{
    (void)sql, (void)request;
    *answer = (struct sql_answer){ .error = "ringscope was built without SQLite" };
}
