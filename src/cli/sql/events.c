/* The tables of events, and of spans alone. */
#include "../../timeline/groups.h"
#include "plan.h"

static const char events_declaration[] =
    "CREATE TABLE events( -- all of them\n"
    "  id INTEGER, -- as spans.id\n"
    "  kind TEXT, -- 'span', 'instant' or 'sample'\n"
    "  start_ns INTEGER, -- as `ringscope events` has it, in ns\n"
    "  duration_ns INTEGER, -- of spans\n"
    "  name TEXT,\n"
    "  category TEXT,\n"
    "  process TEXT, -- its name; NULL: it has none\n"
    "  pid INTEGER,\n"
    "  tid INTEGER,\n"
    "  thread TEXT, -- its name; NULL: it has none\n"
    "  track INTEGER, -- as threads.track\n"
    "  failed INTEGER, -- 1: it did\n"
    "  error TEXT, -- of failed events: 'ENOENT', or '(failed)' if no more is known\n"
    "  value REAL, -- of samples\n"
    "  detail TEXT,\n"
    "  arguments TEXT -- JSON\n"
    ")";
static const enum sql_column events_columns[] = {
    SQL_ID,  SQL_KIND,   SQL_START, SQL_DURATION, SQL_NAME,  SQL_CATEGORY, SQL_PROCESS, SQL_PID,
    SQL_TID, SQL_THREAD, SQL_TRACK, SQL_FAILED,   SQL_ERROR, SQL_VALUE,    SQL_DETAIL,  SQL_ARGUMENTS,
};

static const char spans_declaration[] = "CREATE TABLE spans( -- the events that last\n"
                                        "  id INTEGER,\n"
                                        "  parent INTEGER, -- the id of the span that it is inside of, or NULL\n"
                                        "  depth INTEGER, -- how many spans it is inside of\n"
                                        "  start_ns INTEGER,\n"
                                        "  end_ns INTEGER,\n"
                                        "  duration_ns INTEGER,\n"
                                        "  self_ns INTEGER, -- without the spans directly inside\n"
                                        "  name TEXT,\n"
                                        "  category TEXT,\n"
                                        "  process TEXT,\n"
                                        "  pid INTEGER,\n"
                                        "  tid INTEGER,\n"
                                        "  thread TEXT,\n"
                                        "  track INTEGER,\n"
                                        "  failed INTEGER,\n"
                                        "  error TEXT,\n"
                                        "  open INTEGER, -- 1: it had not ended\n"
                                        "  detail TEXT,\n"
                                        "  arguments TEXT\n"
                                        ")";
static const enum sql_column spans_columns[] = {
    SQL_ID,     SQL_PARENT,   SQL_DEPTH,   SQL_START,  SQL_END,       SQL_DURATION, SQL_SELF,
    SQL_NAME,   SQL_CATEGORY, SQL_PROCESS, SQL_PID,    SQL_TID,       SQL_THREAD,   SQL_TRACK,
    SQL_FAILED, SQL_ERROR,    SQL_OPEN,    SQL_DETAIL, SQL_ARGUMENTS,
};

static const enum sql_column *columns_of(const struct sql_connected *connected)
{
    return connected->table == &sql_spans ? spans_columns : events_columns;
}

static struct sql_scan scan_of(const struct sql_connected *connected)
{
    return (struct sql_scan){
        .trace = connected->trace,
        .columns = columns_of(connected),
        .spans_only = connected->table == &sql_spans,
        .event = TIMELINE_NONE,
    };
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    const struct sql_scan scan = scan_of((const struct sql_connected *)table);
    return scan_plan(&scan, info);
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **result)
{
    struct sql_scan *scan = sqlite3_malloc(sizeof *scan);
    if (!scan)
        return SQLITE_NOMEM;
    *scan = scan_of((const struct sql_connected *)table);
    *result = &scan->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(((struct sql_scan *)cursor)->tracks);
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *cursor, int number, const char *plan, int count, sqlite3_value **values)
{
    (void)number, (void)count;
    return scan_begin((struct sql_scan *)cursor, plan, values);
}

static int next(sqlite3_vtab_cursor *cursor)
{
    scan_next((struct sql_scan *)cursor);
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *cursor)
{
    return ((struct sql_scan *)cursor)->event == TIMELINE_NONE;
}

/* ------------------------------------------------------------------------ values */

static int64_t depth_of(const struct timeline *timeline, uint32_t event)
{
    int64_t depth = 0;
    for (; timeline->parents[event] != TIMELINE_NONE; event = timeline->parents[event])
        depth++;
    return depth;
}

static uint32_t row_of(const struct sql_scan *scan, uint32_t event)
{
    bool known = !scan->by_name && scan->row < scan->timeline->row_count;
    return known ? scan->row : event_row(scan->timeline, event);
}

static void result_error(sqlite3_context *context, const struct timeline *timeline, uint32_t event)
{
    size_t bytes;
    const char *error = event_error(timeline, event, &bytes);
    if (bytes)
        sqlite3_result_text(context, error, (int)bytes, SQLITE_STATIC);
}

static void result_track(sqlite3_context *context, const struct sql_scan *scan, uint32_t event, enum sql_column column)
{
    struct timeline_track track;
    struct timeline_process process;
    uint32_t index = scan->timeline->row_track[row_of(scan, event)];
    timeline_track(scan->timeline, index, &track);
    timeline_process(scan->timeline, track.process, &process);
    if (column == SQL_TRACK)
        sqlite3_result_int64(context, index);
    else if (column == SQL_PID)
        sqlite3_result_int64(context, track.pid);
    else if (column == SQL_TID)
        sqlite3_result_int64(context, track.tid);
    else
        sql_result_text(context, column == SQL_PROCESS ? process.name : track.name);
}

static const char *kind_of(const struct timeline *timeline, uint32_t event)
{
    static const char *const kinds[] = { "instant", "span", "sample" };
    return kinds[event_kind(timeline, event)];
}

static void result_span(sqlite3_context *context, const struct sql_scan *scan, uint32_t event, enum sql_column column)
{
    const struct timeline *timeline = scan->timeline;
    if (event_kind(timeline, event) != TIMELINE_SPAN)
        return;
    if (column == SQL_END)
        sqlite3_result_int64(context, event_end(timeline, event) + timeline->origin_ns);
    else if (column == SQL_DURATION)
        sqlite3_result_int64(context, timeline->durations[event]);
    else if (column == SQL_SELF)
        sqlite3_result_int64(context, event_self(timeline, event, row_of(scan, event)));
    else if (column == SQL_DEPTH)
        sqlite3_result_int64(context, depth_of(timeline, event));
    else if (timeline->parents[event] != TIMELINE_NONE)
        sqlite3_result_int64(context, timeline->parents[event]);
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int number)
{
    const struct sql_scan *scan = (const struct sql_scan *)cursor;
    const struct timeline *timeline = scan->timeline;
    enum sql_column which = scan->columns[number];
    if (which == SQL_NAME) {
        const struct sql_name name = scan_name(scan);
        sqlite3_result_text(context, name.text, name.bytes, SQLITE_STATIC);
        return SQLITE_OK;
    }
    uint32_t event = scan_event(scan);
    if (event == TIMELINE_NONE)
        return sql_failed(scan->trace);
    switch (which) {
    case SQL_ID:
        sqlite3_result_int64(context, event);
        break;
    case SQL_KIND:
        sql_result_text(context, kind_of(timeline, event));
        break;
    case SQL_START:
        sqlite3_result_int64(context, timeline->starts[event] + timeline->origin_ns);
        break;
    case SQL_CATEGORY:
        sql_result_text(context, timeline_category(timeline, timeline->categories[event], NULL));
        break;
    case SQL_FAILED:
        sqlite3_result_int(context, (event_flags(timeline, event) & TIMELINE_ERROR) != 0);
        break;
    case SQL_OPEN:
        sqlite3_result_int(context, (event_flags(timeline, event) & TIMELINE_OPEN) != 0);
        break;
    case SQL_ERROR:
        result_error(context, timeline, event);
        break;
    case SQL_VALUE:
        if (event_kind(timeline, event) == TIMELINE_SAMPLE)
            sqlite3_result_double(context, event_value(timeline, event));
        break;
    case SQL_DETAIL:
        sql_result_text(context, event_texts(timeline, event).detail);
        break;
    case SQL_ARGUMENTS:
        sql_result_text(context, event_texts(timeline, event).arguments);
        break;
    case SQL_PARENT:
    case SQL_DEPTH:
    case SQL_END:
    case SQL_DURATION:
    case SQL_SELF:
        result_span(context, scan, event, which);
        break;
    default:
        result_track(context, scan, event, which);
    }
    return SQLITE_OK;
}

static int row_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *result)
{
    const struct sql_scan *scan = (const struct sql_scan *)cursor;
    *result = scan_event(scan);
    return *result == TIMELINE_NONE ? sql_failed(scan->trace) : SQLITE_OK;
}

static const sqlite3_module module = SQL_MODULE;

const struct sql_table sql_events = { .name = "events", .declaration = events_declaration, .module = &module };
const struct sql_table sql_spans = { .name = "spans", .declaration = spans_declaration, .module = &module };
