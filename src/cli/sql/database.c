/* Connects the tables to a database in memory, and runs statements on it. */
#include "print.h"

#include <stdlib.h>

#include "tables.h"

static const struct sql_table *const tables[] = {
#define TABLE(name) &sql_##name,
    SQL_TABLES(TABLE)
#undef TABLE
};
#define TABLE_COUNT (sizeof tables / sizeof tables[0])

struct sql {
    sqlite3 *database;
    struct sql_trace trace;
    struct sql_module modules[TABLE_COUNT];
};

const char *sql_schema(size_t table)
{
    return table < TABLE_COUNT ? tables[table]->declaration : NULL;
}

/* ---------------------------------------------------------- shared by all tables */

int sql_connect(sqlite3 *database, void *context, int count, const char *const *arguments, sqlite3_vtab **result,
                char **message)
{
    const struct sql_module *module = context;
    (void)count, (void)arguments, (void)message;
    int code = sqlite3_declare_vtab(database, module->table->declaration);
    struct sql_connected *connected = code == SQLITE_OK ? sqlite3_malloc(sizeof *connected) : NULL;
    if (!connected)
        return code == SQLITE_OK ? SQLITE_NOMEM : code;
    *connected = (struct sql_connected){ .table = module->table, .trace = module->trace };
    *result = &connected->base;
    return SQLITE_OK;
}

int sql_disconnect(sqlite3_vtab *connected)
{
    sqlite3_free(connected);
    return SQLITE_OK;
}

void sql_result_text(sqlite3_context *context, const char *text)
{
    if (text && text[0])
        sqlite3_result_text(context, text, -1, SQLITE_STATIC);
}

void sql_result_name(sqlite3_context *context, const char *name)
{
    if (name)
        sqlite3_result_text(context, name, -1, SQLITE_STATIC);
}

/* ------------------------------------------------------------------------ opening */

/* Permits reading only: no other files, no settings, no extensions. */
static int permit(void *context, int action, const char *first, const char *second, const char *database,
                  const char *trigger)
{
    (void)context, (void)first, (void)database, (void)trigger;
    if (action == SQLITE_FUNCTION)
        return sqlite3_stricmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE ? SQLITE_OK : SQLITE_DENY;
}

/* A table is connected on first use, for which SQLite needs more than permit() would allow. */
static bool connect_one(sqlite3 *database, const struct sql_table *table)
{
    char text[64];
    snprintf(text, sizeof text, "select 1 from %s limit 0", table->name);
    return sqlite3_exec(database, text, NULL, NULL, NULL) == SQLITE_OK;
}

static bool connect_all(struct sql *sql)
{
    if (sqlite3_open(":memory:", &sql->database) != SQLITE_OK)
        return false;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        sql->modules[i] = (struct sql_module){ tables[i], &sql->trace };
        if (sqlite3_create_module(sql->database, tables[i]->name, tables[i]->module, &sql->modules[i]) != SQLITE_OK ||
            !connect_one(sql->database, tables[i]))
            return false;
    }
    return sqlite3_set_authorizer(sql->database, permit, NULL) == SQLITE_OK;
}

static uint64_t events_about(const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    struct trace_open_span span;
    size_t open = 0;
    while (tracer_snapshot_open_span(snapshot, open, &span))
        open++;
    tracer_snapshot_summary(snapshot, &summary);
    return summary.event_count + open;
}

enum tracer_error sql_open(struct sql **result, struct tracer_reader *reader)
{
    const struct tracer_query none = { .without_events = true };
    struct sql *sql = calloc(1, sizeof *sql);
    *result = NULL;
    if (!sql)
        return TRACER_ERROR_MEMORY;
    sql->trace.reader = reader;
    enum tracer_error error = tracer_snapshot_create(&sql->trace.operations, reader, &none);
    if (error == TRACER_OK && !connect_all(sql))
        error = TRACER_ERROR_MEMORY;
    if (error == TRACER_OK)
        sql->trace.about = events_about(sql->trace.operations);
    if (error == TRACER_OK)
        *result = sql;
    else
        sql_close(sql);
    return error;
}

void sql_close(struct sql *sql)
{
    if (!sql)
        return;
    sqlite3_close(sql->database);
    sql_forget(&sql->trace);
    free(sql);
}

/* ------------------------------------------------------------------------ running */

static void fail(struct sql *sql, const char *text, const char *from, struct sql_answer *answer, bool wrong)
{
    int offset = wrong ? sqlite3_error_offset(sql->database) : -1;
    answer->wrong = wrong;
    answer->failed = sql->trace.error;
    if (answer->failed != TRACER_OK)
        snprintf(answer->error, sizeof answer->error, "%s", tracer_error_text(answer->failed));
    else if (offset < 0)
        snprintf(answer->error, sizeof answer->error, "%s", sqlite3_errmsg(sql->database));
    else
        snprintf(answer->error, sizeof answer->error, "%.300s; at byte %zu of the SQL", sqlite3_errmsg(sql->database),
                 (size_t)(from - text) + (size_t)offset + 1);
}

static int count_down(void *context)
{
    uint64_t *steps = context;
    return *steps == 0 || --*steps == 0;
}

#define STEPS_AT_ONCE 1000

/* Returns whether all rows were printed. */
static bool print_rows(struct sql *sql, sqlite3_stmt *statement, const struct sql_request *request,
                       struct sql_answer *answer)
{
    int code;
    uint64_t rows = 0;
    struct sql_printer *printer = sql_print_begin(statement, request->format, request->out);
    if (!printer) {
        snprintf(answer->error, sizeof answer->error, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
        return false;
    }
    bool ok = true;
    while (ok && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (request->most_rows && rows++ == request->most_rows) {
            answer->more = true;
            code = SQLITE_DONE;
            break;
        }
        ok = sql_print_row(printer);
    }
    if (!sql_print_end(printer))
        ok = false;
    if (ok && code != SQLITE_DONE)
        fail(sql, request->text, request->text, answer, false);
    else if (!ok && !ferror(request->out))
        snprintf(answer->error, sizeof answer->error, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    return ok && code == SQLITE_DONE;
}

void sql_run(struct sql *sql, const struct sql_request *request, struct sql_answer *answer)
{
    const char *rest = request->text;
    uint64_t steps = request->most_steps / STEPS_AT_ONCE + 1;
    bool going = true, any = false;
    *answer = (struct sql_answer){ 0 };
    sqlite3_progress_handler(sql->database, STEPS_AT_ONCE, request->most_steps ? count_down : NULL, &steps);
    while (going && *rest) {
        sqlite3_stmt *statement = NULL;
        const char *from = rest;
        if (sqlite3_prepare_v2(sql->database, from, -1, &statement, &rest) != SQLITE_OK) {
            fail(sql, request->text, from, answer, sqlite3_errcode(sql->database) != SQLITE_NOMEM);
            break;
        }
        if (statement) /* else it was a comment */
            going = print_rows(sql, statement, request, answer), any = true;
        sqlite3_finalize(statement);
    }
    if (!any && !answer->error[0]) {
        answer->wrong = true;
        snprintf(answer->error, sizeof answer->error, "there is no statement");
    }
    sqlite3_progress_handler(sql->database, 0, NULL, NULL);
}
