/*
 * The one table that is written: its columns, its row groups, and their description.
 */
#ifndef RINGSCOPE_EXPORT_PARQUET_SCHEMA_H
#define RINGSCOPE_EXPORT_PARQUET_SCHEMA_H

#include "column.h"

enum { TYPE_BOOLEAN = 0, TYPE_INT32 = 1, TYPE_INT64 = 2, TYPE_DOUBLE = 5, TYPE_BYTES = 6 };
enum { LIKE_NOTHING = -1, LIKE_TEXT = 0, LIKE_UINT32 = 13, LIKE_UINT64 = 14 };

/* Name, type, what it is like, coding, and whether a row may have none. */
#define PARQUET_COLUMNS(X)                                                     \
    X(HOST, "host", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)           \
    X(BOOT, "boot", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)           \
    X(PROCESS, "process", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)     \
    X(PID, "pid", TYPE_INT32, LIKE_UINT32, PARQUET_DICTIONARY, false)          \
    X(TID, "tid", TYPE_INT32, LIKE_UINT32, PARQUET_DICTIONARY, false)          \
    X(THREAD, "thread", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)       \
    X(CATEGORY, "category", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)   \
    X(NAME, "name", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, false)          \
    X(START, "start_ns", TYPE_INT64, LIKE_NOTHING, PARQUET_DELTAS, false)      \
    X(DURATION, "duration_ns", TYPE_INT64, LIKE_NOTHING, PARQUET_DELTAS, true) \
    X(SELF, "self_ns", TYPE_INT64, LIKE_NOTHING, PARQUET_DELTAS, true)         \
    X(FAILED, "failed", TYPE_BOOLEAN, LIKE_NOTHING, PARQUET_FLAGS, false)      \
    X(ERROR, "error", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)         \
    X(DETAIL, "detail", TYPE_BYTES, LIKE_TEXT, PARQUET_DICTIONARY, true)       \
    X(FLOW, "flow", TYPE_INT64, LIKE_UINT64, PARQUET_PLAIN, true)              \
    X(VALUE, "value", TYPE_DOUBLE, LIKE_NOTHING, PARQUET_PLAIN, true)

#define PARQUET_NUMBER(id, name, type, like, coding, optional) id,
enum { PARQUET_COLUMNS(PARQUET_NUMBER) COLUMN_COUNT };
/* Of each column. */
struct parquet_description {
    const char *name;
    int type, like;
    enum parquet_coding coding;
    bool optional;
};
extern const struct parquet_description parquet_columns[COLUMN_COUNT];

struct parquet_group {
    uint64_t rows;
    struct parquet_chunk chunks[COLUMN_COUNT];
};

/* Appends the description of the file, and its size. False without memory. */
bool parquet_describe(struct buffer *out, const struct parquet_group *groups, uint32_t count);

#endif
