/*
 * How JavaScript and C exchange what does not fit into numbers: one block of memory, allocated by the glue for each
 * instance. tracer_wasm_describe() reports its layout by name, so that JavaScript repeats no offset and no order.
 */
#ifndef RINGSCOPE_WASM_EXCHANGE_H
#define RINGSCOPE_WASM_EXCHANGE_H

#include "ringscope.h"

#define EXCHANGE_NUMBERS 12
#define EXCHANGE_TEXTS 4

struct exchange {
    double numbers[EXCHANGE_NUMBERS]; /* arguments, and returned numbers */
    const char *texts[EXCHANGE_TEXTS]; /* arguments, borrowed for the call; NULL: not given */
    uint32_t text_bytes[EXCHANGE_TEXTS];
    void *result; /* a handle, or memory for tracer_wasm_free() */
    uint32_t result_bytes; /* of a text or of bytes */
    struct tracer_message message; /* if a call fails */
};

/* The numbers of each call that takes any, in order. */
#define CREATE_NUMBERS(X) \
    X(capacity_events)    \
    X(detail_bytes)       \
    X(lanes)              \
    X(names)              \
    X(operations)         \
    X(tracks)             \
    X(histograms)         \
    X(without_details)    \
    X(prefault)

#define EVENT_NUMBERS(X) \
    X(category)          \
    X(kind)              \
    X(has)               \
    X(timestamp)         \
    X(duration)          \
    X(value)             \
    X(pid)               \
    X(track)             \
    X(async_id)          \
    X(parent)

#define QUERY_NUMBERS(X) \
    X(categories)        \
    X(has)               \
    X(pid)               \
    X(tid)               \
    X(since)             \
    X(until)             \
    X(failed)            \
    X(min_duration)      \
    X(last)              \
    X(without_details)

/* Bits of the query's number "has". */
#define QUERY_FIELDS(X) \
    X(pid)              \
    X(tid)              \
    X(since)            \
    X(until)

#define NUMBER_AT(list, name) list##_##name

enum create_number {
#define NUMBER(name) NUMBER_AT(CREATE, name),
    CREATE_NUMBERS(NUMBER)
#undef NUMBER
        CREATE_COUNT
};
enum event_number {
#define NUMBER(name) NUMBER_AT(EVENT, name),
    EVENT_NUMBERS(NUMBER)
#undef NUMBER
        EVENT_COUNT
};
enum query_number {
#define NUMBER(name) NUMBER_AT(QUERY, name),
    QUERY_NUMBERS(NUMBER)
#undef NUMBER
        QUERY_COUNT
};
enum query_field {
#define NUMBER(name) NUMBER_AT(QUERY_FIELD, name),
    QUERY_FIELDS(NUMBER)
#undef NUMBER
};

/* Converts a JavaScript number to an integer; false if it is not one, or beyond 2^53. */
static inline bool exchange_integer(double number, uint64_t *integer)
{
    if (!(number >= 0 && number <= 9007199254740992.0) || number != (double)(uint64_t)number)
        return false;
    *integer = (uint64_t)number;
    return true;
}

/* Returns a text, which becomes the caller's; NULL: there was no memory for it. */
enum tracer_error exchange_give_text(struct exchange *exchange, char *text, size_t bytes);

/* Returns a summary: JSON, NUL, and the printed text, in memory for tracer_wasm_free(). */
enum tracer_error exchange_give_summary(struct exchange *exchange, const struct trace_summary *summary);

/* Fills in the error's message, unless there is one, and returns the error. */
enum tracer_error exchange_fail(struct exchange *exchange, enum tracer_error error);

#endif
