/* Makes of a trace what questions are about, when the first one needs it: most need only a part. */
#include <stdlib.h>

#include "../asked.h"
#include "tables.h"

const struct timeline *sql_timeline(struct sql_trace *trace)
{
    if (!trace->timeline && trace->error == TRACER_OK)
        trace->error = asked_timeline_create(&trace->timeline, trace->reader);
    return trace->timeline;
}

bool sql_statistics(struct sql_trace *trace)
{
    struct timeline_view *view = NULL;
    if (trace->names_counted)
        return true;
    if (!sql_timeline(trace))
        return false;
    enum tracer_error error = timeline_view_create(&view, trace->timeline, NULL, NULL);
    if (error == TRACER_OK)
        error = timeline_statistics(view, INT64_MIN / 4, INT64_MAX / 4, false, &trace->names, &trace->name_count);
    timeline_view_destroy(view);
    trace->names_counted = error == TRACER_OK;
    trace->error = error;
    return trace->names_counted;
}

static uint32_t *count_names(const struct timeline *timeline)
{
    uint32_t *counts = calloc((size_t)timeline->name_table.count + 1, sizeof *counts);
    for (uint32_t i = 0; counts && i < timeline->count; i++)
        counts[timeline->names[i]]++;
    return counts;
}

/* A counting sort: each name's events stay in order. */
static bool sort_by_name(struct sql_trace *trace, uint32_t *counts)
{
    const struct timeline *timeline = trace->timeline;
    uint32_t *by_name = malloc(((size_t)timeline->count + 1) * sizeof *by_name);
    if (!by_name || !name_order_make(&trace->order, &timeline->name_table, counts)) {
        free(by_name);
        return false;
    }
    uint32_t *next = counts; /* by id: where its next event goes */
    for (uint32_t i = 0; i < timeline->name_table.count; i++)
        next[i] = trace->order.first[trace->order.rank[i]];
    for (uint32_t i = 0; i < timeline->count; i++)
        by_name[next[timeline->names[i]]++] = i;
    trace->by_name = by_name;
    return true;
}

bool sql_order_by_name(struct sql_trace *trace)
{
    if (trace->order.names)
        return true;
    if (!sql_timeline(trace))
        return false;
    uint32_t *counts = count_names(trace->timeline);
    const bool sorted = counts && sort_by_name(trace, counts);
    free(counts);
    trace->error = sorted ? TRACER_OK : TRACER_ERROR_MEMORY;
    return sorted;
}

bool sql_count_by_name(struct sql_trace *trace)
{
    if (trace->counted.names)
        return true;
    if (trace->timeline || !name_counts_make(&trace->counts, trace->reader, trace->operations))
        return false;
    if (name_order_make(&trace->counted, &trace->counts.names, trace->counts.counts))
        return true;
    name_counts_free(&trace->counts);
    return false;
}

int sql_failed(const struct sql_trace *trace)
{
    return trace->error == TRACER_OK || trace->error == TRACER_ERROR_MEMORY ? SQLITE_NOMEM : SQLITE_IOERR;
}

void sql_forget(struct sql_trace *trace)
{
    free(trace->names);
    free(trace->by_name);
    name_order_free(&trace->order);
    name_order_free(&trace->counted);
    name_counts_free(&trace->counts);
    timeline_destroy(trace->timeline);
    tracer_snapshot_destroy(trace->operations);
}
