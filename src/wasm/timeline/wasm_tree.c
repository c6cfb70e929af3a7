/* Call trees, for JavaScript, a part at a time. */
#include "filtering.h"
#include "table.h"

#define ONE(name) +1

enum turned { UPRIGHT, INVERTED, CALLEES };

void timeline_wasm_tree_stop(struct wasm_trace *trace)
{
    timeline_tree_destroy(trace->tree);
    trace->tree = NULL;
}

enum tracer_error timeline_wasm_tree_begin(struct wasm_trace *trace, bool per_thread, struct exchange *exchange)
{
    const struct timeline_scope scope = wasm_scope(trace, exchange);
    timeline_wasm_tree_stop(trace);
    return exchange_fail(exchange, timeline_tree_begin(&trace->tree, trace->view, &scope, per_thread));
}

enum tracer_error timeline_wasm_tree_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange)
{
    bool more = true;
    if (!trace->tree)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = timeline_tree_step(trace->tree, events, &more);
    exchange->numbers[0] = !more;
    exchange->numbers[1] = timeline_tree_share(trace->tree);
    return exchange_fail(exchange, error);
}

static double index_or_none(uint32_t index)
{
    return index == TIMELINE_NONE ? -1.0 : index;
}

static enum tracer_error return_tree(const struct timeline_tree *tree, struct exchange *exchange)
{
    uint32_t count;
    const struct timeline_node *nodes = timeline_tree_nodes(tree, &count);
    struct table table = table_create(0 TREE_COLUMNS(ONE), count);
    for (uint32_t i = 0; i < count; i++) {
        const double row[] = {
            index_or_none(nodes[i].parent),
            index_or_none(nodes[i].name),
            index_or_none(nodes[i].track),
            nodes[i].count,
            nodes[i].errors,
            (double)nodes[i].total_ns,
            (double)nodes[i].self_ns,
            (double)nodes[i].wait_ns,
            index_or_none(nodes[i].longest),
        };
        table_add(&table, row);
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_tree_nodes(const struct wasm_trace *trace, uint32_t turned, uint32_t name,
                                           struct exchange *exchange)
{
    struct timeline_tree *other = NULL;
    enum tracer_error error = TRACER_OK;
    if (!trace->tree)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    if (turned == INVERTED)
        error = timeline_tree_invert(&other, trace->tree, name);
    else if (turned == CALLEES)
        error = timeline_tree_callees(&other, trace->tree, name);
    error = error == TRACER_OK ? return_tree(other ? other : trace->tree, exchange) : exchange_fail(exchange, error);
    timeline_tree_destroy(other);
    return error;
}
