/* Recording for libringscope_functions: names with a label, and calls that may be too short to be kept. */
#include "clock_read.h"
#include "default.h"
#include "site.h"
#include "span.h"
#include "tracer_tables.h"

void tracer_name_at(struct tracer *tracer, uint64_t *site, const char *name, const char *label)
{
    tracer = tracer_or_default(tracer);
    if (tracer && site && name && label)
        site_remember(tracer, site, table_name_labelled(tracer, name, label));
}

/* Compares products, since a division would cost as much as all the rest. Ticks of two processors may differ
 * slightly. */
static bool is_shorter(const struct tracer *tracer, uint64_t ticks, uint64_t min_duration_ns)
{
    double per_s = clock_is_ticks(tracer) ? (double)tracer->ticks_per_s : 1e9;
    return min_duration_ns && ((int64_t)ticks < 0 || (double)ticks * 1e9 < (double)min_duration_ns * per_s);
}

bool tracer_span_end_least(struct tracer *tracer, struct trace_token token, uint64_t min_duration_ns,
                           const char *detail, size_t detail_bytes)
{
    tracer = tracer_or_default(tracer);
    if (!tracer || !token.span_bits)
        return false;
    uint64_t now = clock_read(tracer);
    if (is_shorter(tracer, now - token.start, min_duration_ns)) {
        span_drop(tracer, token);
        return false;
    }
    struct trace_span span = { .tracer = tracer, .start = token.start, .span_bits = token.span_bits };
    if ((int64_t)token.span_bits < 0) /* its name did not fit into the image's table */
        tracer_span_end_ex(&span, detail, detail_bytes);
    else
        span_end_read(tracer, token, now, detail, detail_bytes);
    return true;
}
