/* Orders a trace's events by name, so that SQLite groups by name without sorting. */
#include <stdlib.h>

#include "tables.h"

static int compare_names(const void *a, const void *b, void *context)
{
    const struct interned *names = context;
    return strcmp(interned_text(names, *(const uint32_t *)a), interned_text(names, *(const uint32_t *)b));
}

static void rank_and_count(struct sql_trace *trace)
{
    const struct timeline *timeline = trace->asked.timeline;
    uint32_t names = timeline->name_table.count;
    for (uint32_t i = 0; i < names; i++)
        trace->name_id[i] = i;
    qsort_r(trace->name_id, names, sizeof *trace->name_id, compare_names, (void *)&timeline->name_table);
    for (uint32_t i = 0; i < names; i++)
        trace->name_rank[trace->name_id[i]] = i;
    for (uint32_t i = 0; i < timeline->count; i++)
        trace->name_first[trace->name_rank[timeline->names[i]] + 1]++;
    for (uint32_t i = 1; i <= names; i++)
        trace->name_first[i] += trace->name_first[i - 1];
}

bool sql_rank_names(struct sql_trace *trace)
{
    size_t names = (size_t)trace->asked.timeline->name_table.count + 2; /* without names, the first one ends, too */
    if (trace->name_first)
        return true;
    trace->name_first = calloc(names, sizeof *trace->name_first);
    trace->name_rank = malloc(names * sizeof *trace->name_rank);
    trace->name_id = malloc(names * sizeof *trace->name_id);
    if (trace->name_first && trace->name_rank && trace->name_id) {
        rank_and_count(trace);
        return true;
    }
    sql_forget_order(trace);
    return false;
}

/* A counting sort: each name's events stay in order. */
bool sql_order_by_name(struct sql_trace *trace)
{
    const struct timeline *timeline = trace->asked.timeline;
    if (trace->by_name)
        return true;
    if (!sql_rank_names(trace))
        return false;
    uint32_t *next = malloc(((size_t)timeline->name_table.count + 1) * sizeof *next);
    trace->by_name = malloc(((size_t)timeline->count + 1) * sizeof *trace->by_name);
    if (next && trace->by_name) {
        memcpy(next, trace->name_first, ((size_t)timeline->name_table.count + 1) * sizeof *next);
        for (uint32_t i = 0; i < timeline->count; i++)
            trace->by_name[next[trace->name_rank[timeline->names[i]]]++] = i;
    } else {
        free(trace->by_name);
        trace->by_name = NULL;
    }
    free(next);
    return trace->by_name != NULL;
}

void sql_forget_order(struct sql_trace *trace)
{
    free(trace->name_first);
    free(trace->name_rank);
    free(trace->name_id);
    free(trace->by_name);
    trace->name_first = trace->name_rank = trace->name_id = trace->by_name = NULL;
}
