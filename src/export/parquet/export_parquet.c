/*
 * "parquet": a table of events by start, as Apache Parquet keeps tables.
 *
 *     PAR1 | row group | row group | … | description, its size | PAR1
 *
 * A row group is up to 131072 events, each of whose columns is written as a chunk (table.h). What a span does beside
 * the spans inside of it is known when it ends, which may be after its row group has been written: so all are nested
 * twice, and the first time those are kept that outlast their row group. Source: apache/parquet-format.
 */
#include <stdlib.h>

#include "../../base/failure.h"
#include "../export.h"
#include "../identities.h"
#include "../json.h"
#include "../self_times.h"
#include "table.h"

#define GROUP_ROWS 131072u
#define GROUP_TEXT_BYTES (16u << 20) /* of details */
#define MAGIC "PAR1"
struct parquet_group_size {
    uint32_t rows;
    uint64_t text_bytes, first_span;
};

/* Of a span that outlasts its row group. */
struct parquet_self {
    uint64_t span, self_ns;
};

struct parquet_export {
    struct parquet_column columns[COLUMN_COUNT];
    struct parquet_group *groups;
    struct parquet_group_size filling;
    uint32_t group_count, group_room;
    uint64_t written, spans, origin_ns;
    struct self_times nesting;
    struct parquet_self *outlasting; /* in the order of their ends */
    uint32_t outlasting_count, outlasting_room;
    bool failed; /* for want of memory */
    struct pid_names names;
    struct buffer valid;
};

/* ------------------------------------------------------------------------ nesting */

static bool is_span(const struct trace_event *event)
{
    return event->kind == TRACE_KIND_SPAN;
}

/* Times beyond what is stored as a signed number are its greatest. */
static uint64_t bounded(uint64_t time_ns)
{
    return time_ns < INT64_MAX ? time_ns : INT64_MAX;
}

/* Whether the row group is to be written before an event. */
static bool is_full(const struct parquet_group_size *group)
{
    return group->rows >= GROUP_ROWS || group->text_bytes >= GROUP_TEXT_BYTES;
}

static void fill(struct parquet_group_size *group, const struct trace_event *event)
{
    group->rows++;
    group->text_bytes += event->detail_size;
}

static bool nest(struct parquet_export *parquet, const struct trace_event *event)
{
    uint64_t number = parquet->spans++, start_ns = bounded(event->time_ns);
    if (event->has & TRACE_HAS_ASYNC_ID) {
        parquet->nesting.known(parquet, number, bounded(event->duration_ns));
        return true;
    }
    const struct self_span span = { number, start_ns, bounded(start_ns + bounded(event->duration_ns)), event->track };
    return self_times_enter(&parquet->nesting, &span);
}

static void keep_outlasting(void *context, uint64_t span, uint64_t self_ns)
{
    struct parquet_export *parquet = context;
    if (span >= parquet->filling.first_span)
        return;
    struct parquet_self *all =
        array_grow(parquet->outlasting, parquet->outlasting_count, &parquet->outlasting_room, sizeof *all);
    parquet->failed = parquet->failed || !all;
    if (!all)
        return;
    parquet->outlasting = all;
    all[parquet->outlasting_count++] = (struct parquet_self){ span, self_ns };
}

static bool find_outlasting(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct trace_event event;
    bool ok = self_times_init(&parquet->nesting, export->snapshot->tracks.count);
    for (size_t i = 0, count = tracer_snapshot_count(export->snapshot); ok && i < count; i++) {
        tracer_snapshot_get(export->snapshot, export->order[i], &event);
        if (is_full(&parquet->filling))
            parquet->filling = (struct parquet_group_size){ .first_span = parquet->spans };
        fill(&parquet->filling, &event);
        ok = !is_span(&event) || nest(parquet, &event);
    }
    if (ok)
        self_times_end(&parquet->nesting);
    parquet->filling = (struct parquet_group_size){ 0 };
    parquet->spans = 0;
    return ok && !parquet->failed;
}

static void know_self(void *context, uint64_t span, uint64_t self_ns)
{
    struct parquet_export *parquet = context;
    if (span >= parquet->filling.first_span)
        parquet->columns[SELF].values[span - parquet->filling.first_span] = self_ns;
}

/* -------------------------------------------------------------------- row groups */

static bool put(struct export *export, const void *bytes, size_t size)
{
    ((struct parquet_export *)export->state)->written += size;
    return buffer_append(&export->out, bytes, size);
}

static bool put_group(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct parquet_group *groups =
        array_grow(parquet->groups, parquet->group_count, &parquet->group_room, sizeof *groups);
    if (!groups)
        return false;
    parquet->groups = groups;
    struct parquet_group *group = &groups[parquet->group_count++];
    *group = (struct parquet_group){ .rows = parquet->filling.rows };
    for (uint32_t i = 0; i < parquet->outlasting_count; i++) {
        if (parquet->outlasting[i].span < parquet->spans)
            know_self(parquet, parquet->outlasting[i].span, parquet->outlasting[i].self_ns);
    }
    for (unsigned c = 0; c < COLUMN_COUNT; c++) {
        group->chunks[c].at = parquet->written;
        if (!parquet_put_column(&parquet->columns[c], &export->out, &group->chunks[c]))
            return false;
        parquet->written += group->chunks[c].size;
    }
    parquet->filling = (struct parquet_group_size){ .first_span = parquet->spans };
    return true;
}

/* -------------------------------------------------------------------------- rows */

static bool put_text(struct parquet_export *parquet, unsigned c, const char *text, size_t size, bool borrowed)
{
    if (!text)
        return parquet_add_null(&parquet->columns[c]);
    if (borrowed && text == parquet->columns[c].last)
        return parquet_add_text(&parquet->columns[c], text, size, true);
    const char *valid = json_valid(&parquet->valid, text, size);
    return valid && parquet_add_text(&parquet->columns[c], valid, valid == text ? size : strlen(valid),
                                     borrowed && valid == text);
}

/* "" means unknown. */
static bool put_name(struct parquet_export *parquet, unsigned c, const char *name)
{
    return put_text(parquet, c, name && name[0] ? name : NULL, name ? strlen(name) : 0, true);
}

static bool put_number(struct parquet_export *parquet, unsigned c, bool there, uint64_t value)
{
    return there ? parquet_add_number(&parquet->columns[c], value) : parquet_add_null(&parquet->columns[c]);
}

static bool put_place(struct parquet_export *parquet, const struct export *export, const struct trace_event *event)
{
    const struct tracer_snapshot *snapshot = export->snapshot;
    struct trace_track track = { "", (uint32_t)snapshot->header.pid, (uint32_t)snapshot->header.pid };
    tracer_snapshot_track(snapshot, event->track, &track);
    const char *process = process_name(&parquet->names, track.pid);
    return put_name(parquet, HOST, export->host) && put_name(parquet, BOOT, snapshot->header.boot_id) &&
           put_name(parquet, PROCESS, process) && put_number(parquet, PID, true, track.pid) &&
           put_number(parquet, TID, true, track.tid) && put_name(parquet, THREAD, track.name);
}

static bool put_error(struct parquet_export *parquet, const struct trace_event *event)
{
    size_t size;
    const char *error = event->has & TRACE_FAILED ? failure_name(event->detail, &size) : NULL;
    return put_number(parquet, FAILED, true, error != NULL) && put_text(parquet, ERROR, error, error ? size : 0, false);
}

static bool put_row(struct parquet_export *parquet, const struct export *export, const struct trace_event *event)
{
    const char *category = event->label ? event->label : trace_category_name(event->category);
    const bool span = is_span(event), sample = event->kind == TRACE_KIND_SAMPLE;
    uint64_t value;
    memcpy(&value, &event->value, sizeof value);
    return put_place(parquet, export, event) && put_name(parquet, CATEGORY, category) &&
           put_text(parquet, NAME, event->name, strlen(event->name), true) &&
           put_number(parquet, START, true, bounded(parquet->origin_ns + event->time_ns)) &&
           put_number(parquet, DURATION, span, bounded(event->duration_ns)) && put_number(parquet, SELF, span, 0) &&
           put_error(parquet, event) && put_text(parquet, DETAIL, event->detail, event->detail_size, false) &&
           put_number(parquet, FLOW, event->kind == TRACE_KIND_FLOW, event->flow_id) &&
           put_number(parquet, VALUE, sample, value) && (!span || nest(parquet, event));
}

static bool parquet_event(struct export *export, const struct trace_event *event, bool first)
{
    struct parquet_export *parquet = export->state;
    (void)first;
    if (is_full(&parquet->filling) && !put_group(export))
        return false;
    fill(&parquet->filling, event);
    return put_row(parquet, export, event);
}

static bool parquet_begin(struct export *export)
{
    struct parquet_export *parquet = export->state;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet->columns[c].description = &parquet_columns[c];
    parquet->origin_ns = origin_ns(export->snapshot);
    parquet->nesting.known = keep_outlasting;
    parquet->nesting.context = parquet;
    if (!pid_names_init(&parquet->names, export->snapshot, false) || !find_outlasting(export))
        return false;
    parquet->nesting.known = know_self;
    return put(export, MAGIC, sizeof MAGIC - 1);
}

/* ------------------------------------------------------------------------ ending */

static bool parquet_end(struct export *export)
{
    struct parquet_export *parquet = export->state;
    struct buffer description = { 0 };
    self_times_end(&parquet->nesting);
    bool ok = (parquet->filling.rows == 0 || put_group(export)) &&
              parquet_describe(&description, parquet->groups, parquet->group_count) &&
              put(export, description.bytes, description.used) && put(export, MAGIC, sizeof MAGIC - 1);
    buffer_free(&description);
    return ok;
}

static void parquet_release(struct export *export)
{
    struct parquet_export *parquet = export->state;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        parquet_column_free(&parquet->columns[c]);
    self_times_free(&parquet->nesting);
    free(parquet->groups);
    free(parquet->outlasting);
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
