/* See unnamed.h. A caller that finds the table in use, as a signal handler may, goes without: nobody waits. */
#include "unnamed.h"

#include <string.h>

#include "../base/short_text.h"

static bool try_lock(struct unnamed_spans *table)
{
    return __atomic_exchange_n(&table->lock, 1, __ATOMIC_ACQUIRE) == 0;
}

static void unlock(struct unnamed_spans *table)
{
    __atomic_store_n(&table->lock, 0, __ATOMIC_RELEASE);
}

static struct unnamed_span *find(struct unnamed_spans *table, uint64_t start, uint64_t span_bits)
{
    for (unsigned i = 0; i < UNNAMED_SPANS; i++) {
        struct unnamed_span *span = &table->spans[i];
        if (span->span_bits == span_bits && (span_bits == 0 || span->start == start))
            return span;
    }
    return NULL;
}

void unnamed_keep(struct tracer *tracer, struct trace_token token, const char *name)
{
    struct unnamed_spans *table = tracer->unnamed;
    if (!try_lock(table))
        return;
    struct unnamed_span *span = find(table, 0, 0);
    if (!span)
        span = &table->spans[table->next++ % UNNAMED_SPANS];
    size_t length = strnlen(name, NAME_BYTES_MAX);
    copy_shared(span->name, name, length);
    copy_shared(span->name + length, "", 1);
    span->start = token.start;
    span->span_bits = token.span_bits;
    unlock(table);
}

bool unnamed_take(struct tracer *tracer, struct trace_token token, char name[NAME_BYTES_MAX + 1])
{
    struct unnamed_spans *table = tracer->unnamed;
    struct unnamed_span *span = NULL;
    memcpy(name, "(unnamed)", sizeof "(unnamed)");
    if (!try_lock(table))
        return false;
    span = find(table, token.start, token.span_bits & ~TRACE_SPAN_FAILED_);
    if (span) {
        memcpy(name, span->name, sizeof span->name);
        span->span_bits = 0;
    }
    unlock(table);
    return span != NULL;
}
