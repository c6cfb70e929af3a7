/*
 * The one table that is written: its columns, and what becomes of them in the file.
 *
 *     DICTIONARY   the different values, once each; then a number of 1 to 4 bytes for each row. Compressed
 *     DELTAS       each value's difference to the one before, in as many bytes as a block of them needs
 *     FLAGS        a bit each
 */
#ifndef RINGSCOPE_EXPORT_PARQUET_TABLE_H
#define RINGSCOPE_EXPORT_PARQUET_TABLE_H

#include "../../base/hash_table.h"
#include "thrift.h"

enum parquet_coding { PARQUET_DICTIONARY, PARQUET_DELTAS, PARQUET_FLAGS };
enum parquet_type { TYPE_BOOLEAN = 0, TYPE_INT32 = 1, TYPE_INT64 = 2, TYPE_DOUBLE = 5, TYPE_BYTES = 6 };
enum parquet_like { LIKE_NOTHING = -1, LIKE_TEXT = 0, LIKE_UINT32 = 13, LIKE_UINT64 = 14 };

/* Name, type, logical type, coding, and whether a row may lack it. */
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
    X(FLOW, "flow", TYPE_INT64, LIKE_UINT64, PARQUET_DICTIONARY, true)         \
    X(VALUE, "value", TYPE_DOUBLE, LIKE_NOTHING, PARQUET_DICTIONARY, true)

#define PARQUET_NUMBER(id, name, type, like, coding, optional) id,
enum { PARQUET_COLUMNS(PARQUET_NUMBER) COLUMN_COUNT };

struct parquet_description {
    const char *name;
    enum parquet_type type;
    enum parquet_like like;
    enum parquet_coding coding;
    bool optional;
};
extern const struct parquet_description parquet_columns[COLUMN_COUNT];

/* Position and size of a value in the dictionary. */
struct parquet_entry {
    uint32_t at, size;
};

/* Empty: all zero except the first member. */
struct parquet_column {
    const struct parquet_description *description;
    uint8_t *flags; /* for each row: whether it has a value, or with FLAGS, the value */
    uint64_t *values; /* DICTIONARY: numbers of entries */
    uint32_t rows, flag_room, count, room;
    struct buffer dictionary;
    struct parquet_entry *entries;
    uint32_t entry_count, entry_room;
    struct hash_table ids;
    const char *last; /* the last text, if that is borrowed: the same one often follows */
};

/* A column of a row group, as it is in the file. */
struct parquet_chunk {
    uint64_t at; /* of the dictionary's page, or else of the only page */
    uint64_t dictionary_size; /* 0: none; this and the next two are in bytes, including page headers */
    uint64_t size, unpacked_size;
    uint64_t nulls;
    bool packed;
    int64_t least, most; /* of DELTAS with at least one value */
};

struct parquet_group {
    uint64_t rows;
    struct parquet_chunk chunks[COLUMN_COUNT];
};

/* The value of the next row. False without memory. borrowed: the text neither moves nor changes while the column
 * exists. */
bool parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed);
bool parquet_add_number(struct parquet_column *column, uint64_t value);
bool parquet_add_null(struct parquet_column *column);

/* Appends the column's pages, the first of which is at chunk->at in the file, and empties it. False without memory. */
bool parquet_put_column(struct parquet_column *column, struct buffer *out, struct parquet_chunk *chunk);
void parquet_column_free(struct parquet_column *column);

/* Appends the description of the file, and its size. False without memory. */
bool parquet_describe(struct buffer *out, const struct parquet_group *groups, uint32_t count);

#endif
