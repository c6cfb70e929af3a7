/*
 * "parquet": a table of events by start, as Apache Parquet keeps tables.
 *
 *     PAR1 | row group | row group | … | description, its size | PAR1
 *
 * A row group is up to 131072 events, each of whose columns is written as a chunk (column.h). Source:
 * apache/parquet-format.
 */
#include <string.h>

#include "../../base/failure.h"
#include "../export.h"
#include "../identities.h"
#include "../json.h"
#include "../self_groups.h"
#include "column.h"

#define GROUP_TEXT_BYTES (16u << 20) /* of details */
#define MAGIC "PAR1"

/* Name, kind, and whether a row may lack it. */
#define COLUMNS(X)                          \
    X(HOST, "host", TEXT, true)             \
    X(BOOT, "boot", TEXT, true)             \
    X(PROCESS, "process", TEXT, true)       \
    X(PID, "pid", UINT32, false)            \
    X(TID, "tid", UINT32, false)            \
    X(THREAD, "thread", TEXT, true)         \
    X(CATEGORY, "category", TEXT, true)     \
    X(NAME, "name", TEXT, false)            \
    X(START, "start_ns", INT64, false)      \
    X(DURATION, "duration_ns", INT64, true) \
    X(SELF, "self_ns", INT64, true)         \
    X(FAILED, "failed", BOOLEAN, false)     \
    X(ERROR, "error", TEXT, true)           \
    X(DETAIL, "detail", TEXT, true)         \
    X(FLOW, "flow", UINT64, true)           \
    X(VALUE, "value", DOUBLE, true)
#define NUMBER(id, name, kind, optional) id,
#define DESCRIPTION(id, name, kind, optional) { name, PARQUET_##kind, optional },
enum { COLUMNS(NUMBER) COLUMN_COUNT };
static const struct parquet_description descriptions[COLUMN_COUNT] = { COLUMNS(DESCRIPTION) };

struct parquet_export {
    struct parquet_file file;
    struct parquet_column columns[COLUMN_COUNT];
    uint32_t group_count, rows; /* the row group that is being filled: its rows, and the bytes of their details */
    uint64_t text_bytes, origin_ns;
    struct self_groups self;
    struct pid_names names;
    struct buffer valid;
};

/* ------------------------------------------------------------------------- groups */

/* Whether the event does not belong to the row group of those before, which is then to be ended. */
static bool begins_group(struct parquet_export *parquet, const struct trace_event *event)
{
    const bool begins = parquet->rows >= PARQUET_GROUP_ROWS || parquet->text_bytes >= GROUP_TEXT_BYTES;
    if (begins)
        parquet->rows = 0, parquet->text_bytes = 0;
    parquet->rows++;
    parquet->text_bytes += event->detail_size;
    return begins;
}

/* The first of the two times that spans are nested. */
static bool nest_all(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct trace_event event;
    if (!self_groups_init(&parquet->self, export->snapshot->tracks.count))
        return false;
    for (size_t i = 0, count = tracer_snapshot_count(export->snapshot); i < count; i++) {
        tracer_snapshot_get(export->snapshot, export->order[i], &event);
        if (begins_group(parquet, &event))
            self_groups_end(&parquet->self);
        if (event.kind == TRACE_KIND_SPAN)
            self_groups_add(&parquet->self, &event);
    }
    parquet->rows = 0, parquet->text_bytes = 0;
    self_groups_again(&parquet->self, parquet->columns[SELF].values);
    return !parquet->self.failed;
}

/* Writes pages. False without memory, now or before. */
static bool put_pages(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct thrift *pages = &parquet->file.pages;
    parquet->file.written += pages->bytes.used;
    bool ok =
        !pages->failed && !parquet->self.failed && buffer_append(&export->out, pages->bytes.bytes, pages->bytes.used);
    pages->bytes.used = 0;
    return ok;
}

static bool put_group(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct parquet_file *file = &parquet->file;
    struct thrift *to = &file->groups;
    const uint32_t rows = parquet->columns[NAME].rows;
    const uint64_t before = file->unpacked_size;
    self_groups_end(&parquet->self);
    thrift_open(to, 0);
    thrift_list(to, 1, THRIFT_STRUCT, COLUMN_COUNT);
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet_put_column(file, &parquet->columns[c]);
    thrift_number(to, 2, THRIFT_I64, (int64_t)(file->unpacked_size - before));
    thrift_number(to, 3, THRIFT_I64, rows);
    thrift_list(to, 4, THRIFT_STRUCT, 1);
    thrift_open(to, 0);
    thrift_number(to, 1, THRIFT_I32, START);
    thrift_field(to, 2, THRIFT_FALSE); /* not descending */
    thrift_field(to, 3, THRIFT_FALSE); /* no nulls first */
    thrift_close(to);
    thrift_close(to);
    parquet->group_count++;
    return put_pages(export);
}

/* -------------------------------------------------------------------------- rows */

static void put_text(struct parquet_export *parquet, unsigned c, const char *text, size_t size, bool borrowed)
{
    struct parquet_column *column = &parquet->columns[c];
    const char *valid = text;
    if (text && (!borrowed || text != column->last))
        valid = json_valid(&parquet->valid, text, size);
    if (text && !valid)
        column->dictionary.failed = true;
    else
        parquet_add_text(column, valid, valid == text ? size : strlen(valid), borrowed && valid == text);
}

/* "" means unknown. */
static void put_name(struct parquet_export *parquet, unsigned c, const char *name)
{
    put_text(parquet, c, name && name[0] ? name : NULL, name ? strlen(name) : 0, true);
}

/* Times beyond what is stored as a signed number are its greatest. */
static void put_time(struct parquet_column *column, bool there, uint64_t time_ns)
{
    parquet_add_number(column, there, time_ns < INT64_MAX ? time_ns : INT64_MAX);
}

static void put_place(struct parquet_export *parquet, const struct export *export, const struct trace_event *event)
{
    const struct tracer_snapshot *snapshot = export->snapshot;
    struct parquet_column *columns = parquet->columns;
    struct trace_track track = { "", (uint32_t)snapshot->header.pid, (uint32_t)snapshot->header.pid };
    tracer_snapshot_track(snapshot, event->track, &track);
    put_name(parquet, HOST, export->host);
    put_name(parquet, BOOT, snapshot->header.boot_id);
    put_name(parquet, PROCESS, process_name(&parquet->names, track.pid));
    parquet_add_number(&columns[PID], true, track.pid);
    parquet_add_number(&columns[TID], true, track.tid);
    put_name(parquet, THREAD, track.name);
}

static void put_row(struct parquet_export *parquet, const struct trace_event *event)
{
    struct parquet_column *columns = parquet->columns;
    const bool span = event->kind == TRACE_KIND_SPAN;
    size_t error_size = 0;
    const char *error = event->has & TRACE_FAILED ? failure_name(event->detail, &error_size) : NULL;
    uint64_t value;
    memcpy(&value, &event->value, sizeof value);
    put_name(parquet, CATEGORY, event->label ? event->label : trace_category_name(event->category));
    put_text(parquet, NAME, event->name, strlen(event->name), true);
    put_time(&columns[START], true, parquet->origin_ns + event->time_ns);
    put_time(&columns[DURATION], span, event->duration_ns);
    parquet_add_number(&columns[SELF], span, 0);
    parquet_add_number(&columns[FAILED], true, error != NULL);
    put_text(parquet, ERROR, error, error_size, false);
    put_text(parquet, DETAIL, event->detail, event->detail_size, false);
    parquet_add_number(&columns[FLOW], event->kind == TRACE_KIND_FLOW, event->flow_id);
    parquet_add_number(&columns[VALUE], event->kind == TRACE_KIND_SAMPLE, value);
    if (span)
        self_groups_add(&parquet->self, event);
}

static bool parquet_event(struct export *export, const struct trace_event *event, bool first)
{
    struct parquet_export *parquet = export->state;
    (void)first;
    if (begins_group(parquet, event) && !put_group(export))
        return false;
    put_place(parquet, export, event);
    put_row(parquet, event);
    return true;
}

/* ------------------------------------------------------------- beginning and end */

static bool parquet_begin(struct export *export)
{
    struct parquet_export *parquet = export->state;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet->columns[c].description = &descriptions[c];
    thrift_append(&parquet->file.pages, MAGIC, sizeof MAGIC - 1);
    parquet->origin_ns = origin_ns(export->snapshot);
    return pid_names_init(&parquet->names, export->snapshot, false) && nest_all(export);
}

static void describe_columns(struct thrift *to)
{
    thrift_list(to, 2, THRIFT_STRUCT, COLUMN_COUNT + 1);
    thrift_open(to, 0);
    thrift_bytes(to, 4, "events", strlen("events"));
    thrift_number(to, 5, THRIFT_I32, COLUMN_COUNT);
    thrift_close(to);
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet_describe_type(to, &descriptions[c]);
}

static void describe_file(struct thrift *to, const struct parquet_export *parquet, size_t rows)
{
    static const char writer[] = "ringscope version " TRACER_VERSION;
    const struct thrift *groups = &parquet->file.groups;
    const size_t from = to->bytes.used;
    thrift_open(to, 0);
    thrift_number(to, 1, THRIFT_I32, 2);
    describe_columns(to);
    thrift_number(to, 3, THRIFT_I64, (int64_t)rows);
    thrift_list(to, 4, THRIFT_STRUCT, parquet->group_count);
    thrift_append(to, groups->bytes.bytes, groups->bytes.used);
    thrift_bytes(to, 6, writer, sizeof writer - 1);
    thrift_list(to, 7, THRIFT_STRUCT, COLUMN_COUNT);
    for (unsigned c = 0; c < COLUMN_COUNT; c++) { /* all are ordered as their types are */
        thrift_open(to, 0);
        thrift_open(to, 1);
        thrift_close(to);
        thrift_close(to);
    }
    thrift_close(to);
    thrift_raw(to, to->bytes.used - from, sizeof(uint32_t));
    to->failed |= groups->failed || to->bytes.used - from > INT32_MAX;
}

static bool parquet_end(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct thrift *pages = &parquet->file.pages;
    if (parquet->rows > 0 && !put_group(export))
        return false;
    describe_file(pages, parquet, tracer_snapshot_count(export->snapshot));
    thrift_append(pages, MAGIC, sizeof MAGIC - 1);
    return put_pages(export);
}

static void parquet_release(struct export *export)
{
    struct parquet_export *parquet = export->state;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet_column_free(&parquet->columns[c]);
    buffer_free(&parquet->file.pages.bytes);
    buffer_free(&parquet->file.groups.bytes);
    self_groups_free(&parquet->self);
    pid_names_free(&parquet->names);
    buffer_free(&parquet->valid);
}

const struct exporter export_parquet = {
    .name = "parquet",
    .by_start = true,
    .state_bytes = sizeof(struct parquet_export),
    .begin = parquet_begin,
    .event = parquet_event,
    .end = parquet_end,
    .release = parquet_release,
};
