/* The tables that are read from their first row to their last: names, operations, threads, flows, losses. */
#include <math.h>

#include "tables.h"

struct list_cursor {
    sqlite3_vtab_cursor base;
    uint32_t row, rows;
};

static const struct sql_connected *connected_of(const struct list_cursor *cursor)
{
    return (const struct sql_connected *)cursor->base.pVtab;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 1000;
    info->estimatedRows = 1000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **result)
{
    struct list_cursor *cursor = sqlite3_malloc(sizeof *cursor);
    (void)table;
    if (!cursor)
        return SQLITE_NOMEM;
    *cursor = (struct list_cursor){ 0 };
    *result = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count, sqlite3_value **values)
{
    struct list_cursor *cursor = (struct list_cursor *)base;
    const struct sql_connected *connected = connected_of(cursor);
    (void)number, (void)plan, (void)count, (void)values;
    cursor->row = 0;
    return connected->table->ready(connected->trace, &cursor->rows);
}

static int next(sqlite3_vtab_cursor *cursor)
{
    ((struct list_cursor *)cursor)->row++;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
    const struct list_cursor *cursor = (const struct list_cursor *)base;
    return cursor->row >= cursor->rows;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
    const struct list_cursor *cursor = (const struct list_cursor *)base;
    const struct sql_connected *connected = connected_of(cursor);
    connected->table->value(connected->trace, cursor->row, number, context);
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *result)
{
    *result = ((const struct list_cursor *)cursor)->row;
    return SQLITE_OK;
}

static const sqlite3_module module = SQL_MODULE;

/* SQLite's integers are signed: larger ones become the largest. */
static void result_count(sqlite3_context *context, uint64_t value)
{
    sqlite3_result_int64(context, value < INT64_MAX ? (sqlite3_int64)value : INT64_MAX);
}

/* ------------------------------------------------------------------------- names */

static const char names_declaration[] = "CREATE TABLE names( -- the events counted by name\n"
                                        "  name TEXT,\n"
                                        "  category TEXT, -- that of most of them\n"
                                        "  count INTEGER,\n"
                                        "  spans INTEGER, -- those of them that last\n"
                                        "  failed INTEGER,\n"
                                        "  total_ns INTEGER, -- of spans inside of each other the outermost alone\n"
                                        "  self_ns INTEGER, -- without the spans directly inside\n"
                                        "  min_ns INTEGER, -- NULL without spans, like the following\n"
                                        "  max_ns INTEGER,\n"
                                        "  p50_ns INTEGER,\n"
                                        "  p90_ns INTEGER,\n"
                                        "  p99_ns INTEGER\n"
                                        ")";

static int names_ready(struct sql_trace *trace, uint32_t *rows)
{
    if (!sql_statistics(trace))
        return sql_failed(trace);
    *rows = trace->name_count;
    return SQLITE_OK;
}

static void names_value(const struct sql_trace *trace, uint32_t row, int number, sqlite3_context *context)
{
    const struct timeline_statistic *statistic = &trace->names[row];
    const uint64_t counts[] = { statistic->count,   statistic->spans,  statistic->errors, statistic->total_ns,
                                statistic->self_ns, statistic->min_ns, statistic->max_ns, statistic->p50_ns,
                                statistic->p90_ns,  statistic->p99_ns };
    if (number == 0)
        sql_result_name(context, timeline_name(trace->timeline, statistic->key));
    else if (number == 1)
        sql_result_text(context, timeline_category(trace->timeline, statistic->category, NULL));
    else if (statistic->spans > 0 || number < 7)
        result_count(context, counts[number - 2]);
}

const struct sql_table sql_names = { "names", names_declaration, &module, names_ready, names_value };

/* -------------------------------------------------------------------- operations */

static const char operations_declaration[] =
    "CREATE TABLE operations( -- operations that the program counted, with tracing on or off\n"
    "  name TEXT,\n"
    "  count INTEGER,\n"
    "  failed INTEGER,\n"
    "  total_ns INTEGER,\n"
    "  min_ns INTEGER,\n"
    "  max_ns INTEGER,\n"
    "  p50_ns INTEGER, -- to 1/16; NULL: not all calls are in histograms\n"
    "  p90_ns INTEGER,\n"
    "  p99_ns INTEGER\n"
    ")";

static int operations_ready(struct sql_trace *trace, uint32_t *rows)
{
    struct trace_perf perf;
    for (*rows = 0; tracer_snapshot_op(trace->operations, *rows, &perf); ++*rows)
        ;
    return SQLITE_OK;
}

static void operations_value(const struct sql_trace *trace, uint32_t row, int number, sqlite3_context *context)
{
    struct trace_perf perf;
    if (!tracer_snapshot_op(trace->operations, row, &perf))
        return;
    const uint64_t counts[] = { perf.count, perf.errors, perf.total_ns, perf.min_ns, perf.max_ns };
    const double percentiles[] = { perf.p50, perf.p90, perf.p99 };
    if (number == 0)
        sqlite3_result_text(context, perf.name, -1, SQLITE_TRANSIENT);
    else if (number <= 3 || (number <= 5 && perf.count > 0))
        result_count(context, counts[number - 1]);
    else if (number > 5 && perf.has_percentiles)
        sqlite3_result_int64(context, llround(percentiles[number - 6] * 1e6));
}

const struct sql_table sql_operations = { "operations", operations_declaration, &module, operations_ready,
                                          operations_value };

/* ----------------------------------------------------------------------- threads */

static const char threads_declaration[] = "CREATE TABLE threads( -- and counters\n"
                                          "  track INTEGER,\n"
                                          "  process TEXT, -- its name; NULL: it has none\n"
                                          "  pid INTEGER,\n"
                                          "  tid INTEGER,\n"
                                          "  thread TEXT, -- its name; NULL: it has none\n"
                                          "  counter TEXT, -- of a counter its name, else NULL\n"
                                          "  events INTEGER\n"
                                          ")";

static int threads_ready(struct sql_trace *trace, uint32_t *rows)
{
    const struct timeline *timeline = sql_timeline(trace);
    *rows = timeline ? timeline->track_count : 0;
    return timeline ? SQLITE_OK : sql_failed(trace);
}

static void threads_value(const struct sql_trace *trace, uint32_t row, int number, sqlite3_context *context)
{
    struct timeline_track track;
    struct timeline_process process;
    if (!timeline_track(trace->timeline, row, &track) || !timeline_process(trace->timeline, track.process, &process))
        return;
    const int64_t numbers[] = { [0] = row, [2] = track.pid, [3] = track.tid, [6] = track.count };
    const char *texts[] = { [1] = process.name, [4] = track.name, [5] = timeline_name(trace->timeline, track.counter) };
    if (number == 1 || number == 4 || number == 5)
        sql_result_text(context, texts[number]);
    else
        sqlite3_result_int64(context, numbers[number]);
}

const struct sql_table sql_threads = { "threads", threads_declaration, &module, threads_ready, threads_value };

/* ------------------------------------------------------------------------- flows */

static const char flows_declaration[] = "CREATE TABLE flows( -- arrows between two spans\n"
                                        "  from_id INTEGER, -- as spans.id\n"
                                        "  to_id INTEGER,\n"
                                        "  from_ns INTEGER, -- when it leaves\n"
                                        "  to_ns INTEGER -- when it arrives\n"
                                        ")";

static int flows_ready(struct sql_trace *trace, uint32_t *rows)
{
    const struct timeline *timeline = sql_timeline(trace);
    *rows = timeline ? timeline->flow_count : 0;
    return timeline ? SQLITE_OK : sql_failed(trace);
}

static void flows_value(const struct sql_trace *trace, uint32_t row, int number, sqlite3_context *context)
{
    const struct timeline *timeline = trace->timeline;
    const struct timeline_flow *flow = &timeline->flows[row];
    const int64_t numbers[] = { flow->from, flow->to, flow->from_ns + timeline->origin_ns,
                                flow->to_ns + timeline->origin_ns };
    sqlite3_result_int64(context, numbers[number]);
}

const struct sql_table sql_flows = { "flows", flows_declaration, &module, flows_ready, flows_value };

/* ------------------------------------------------------------------------ losses */

static const char losses_declaration[] = "CREATE TABLE losses( -- events that were there and are not held\n"
                                         "  reason TEXT,\n"
                                         "  count INTEGER,\n"
                                         "  start_ns INTEGER, -- between these times\n"
                                         "  end_ns INTEGER\n"
                                         ")";

static int losses_ready(struct sql_trace *trace, uint32_t *rows)
{
    const struct timeline *timeline = sql_timeline(trace);
    *rows = timeline ? timeline->loss_count : 0;
    return timeline ? SQLITE_OK : sql_failed(trace);
}

static void losses_value(const struct sql_trace *trace, uint32_t row, int number, sqlite3_context *context)
{
    const struct timeline *timeline = trace->timeline;
    struct timeline_loss loss;
    if (!timeline_loss(timeline, row, &loss))
        return;
    if (number == 0)
        sql_result_text(context, loss.reason);
    else if (number == 1)
        result_count(context, loss.count);
    else
        sqlite3_result_int64(context, (number == 2 ? loss.start_ns : loss.end_ns) + timeline->origin_ns);
}

const struct sql_table sql_losses = { "losses", losses_declaration, &module, losses_ready, losses_value };
