/* Statistics, for JavaScript, a part at a time. */
#include <stdlib.h>
#include <string.h>

#include "../../timeline/groups.h"
#include "filtering.h"
#include "progress.h"
#include "table.h"

#define ONE(name) +1

void timeline_wasm_count_stop(struct wasm_trace *trace)
{
    timeline_counting_destroy(trace->counting);
    trace->counting = NULL;
}

/* Keys are made once for all scopes. */
static enum tracer_error choose_groups(struct wasm_trace *trace, enum timeline_group by)
{
    if (trace->groups && trace->groups->by == by)
        return TRACER_OK;
    timeline_groups_destroy(trace->groups);
    return timeline_groups_create(&trace->groups, trace->timeline, by);
}

enum tracer_error timeline_wasm_count_begin(struct wasm_trace *trace, uint32_t by, struct exchange *exchange)
{
    timeline_wasm_count_stop(trace);
    trace->counted = wasm_scope(trace, exchange);
    return exchange_fail(exchange,
                         by < TIMELINE_GROUPS ? choose_groups(trace, (enum timeline_group)by) : TRACER_ERROR_ARGUMENT);
}

/* Keys first, then counts. */
static enum tracer_error step(struct wasm_trace *trace, uint32_t events, bool *more)
{
    if (!trace->counting) {
        enum tracer_error error = timeline_groups_step(trace->groups, events, more);
        if (error == TRACER_OK && !*more) {
            *more = true;
            error = timeline_counting_begin(&trace->counting, trace->view, trace->groups, &trace->counted);
        }
        return error;
    }
    return timeline_counting_step(trace->counting, events, more);
}

enum tracer_error timeline_wasm_count_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange)
{
    bool more = true;
    if (!trace->groups)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = step(trace, events, &more);
    exchange->numbers[0] = !more;
    exchange->numbers[1] =
        trace->counting ? (1 + timeline_counting_share(trace->counting)) / 2 : timeline_groups_share(trace->groups) / 2;
    return exchange_fail(exchange, error);
}

enum tracer_error timeline_wasm_count_take(struct wasm_trace *trace, struct exchange *exchange)
{
    uint32_t count;
    if (!trace->counting)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    struct timeline_statistic *statistics = timeline_counting_take(trace->counting, &count);
    trace->counting = NULL;
    struct table table = table_create(0 STATISTIC_COLUMNS(ONE), count);
    for (uint32_t i = 0; i < count; i++) {
        const double row[] = {
            statistics[i].key,
            statistics[i].category,
            statistics[i].count,
            statistics[i].spans,
            statistics[i].errors,
            (double)statistics[i].total_ns,
            (double)statistics[i].sum_ns,
            (double)statistics[i].self_ns,
            (double)statistics[i].min_ns,
            (double)statistics[i].max_ns,
            (double)statistics[i].p50_ns,
            (double)statistics[i].p90_ns,
            (double)statistics[i].p99_ns,
            statistics[i].longest,
            statistics[i].track,
        };
        const char *text = timeline_groups_text(trace->groups, statistics[i].key);
        table_add(&table, row);
        table_add_text(&table, text ? text : "", text ? strlen(text) : 0);
    }
    free(statistics);
    return table_give(&table, exchange);
}
