/*
 * A column of the row group that is being filled, and how it is written, which depends on its kind:
 *
 *     signed numbers, which are times   each one's difference to the one before, in as many bytes as a block needs
 *     booleans                          a bit each
 *     all others                        the different values, once each; then a number of 1 to 4 bytes for each row,
 *                                       compressed
 */
#ifndef RINGSCOPE_EXPORT_PARQUET_COLUMN_H
#define RINGSCOPE_EXPORT_PARQUET_COLUMN_H

#include "../../base/hash_table.h"
#include "thrift.h"

#define PARQUET_GROUP_ROWS 131072u

enum parquet_kind { PARQUET_TEXT, PARQUET_UINT32, PARQUET_UINT64, PARQUET_DOUBLE, PARQUET_INT64, PARQUET_BOOLEAN };

struct parquet_description {
    const char *name;
    enum parquet_kind kind;
    bool optional; /* a row may lack it */
};

/* Empty: all zero except the description. */
struct parquet_column {
    const struct parquet_description *description;
    uint32_t rows, count, entry_count;
    struct thrift dictionary; /* failed if any value is missing for want of memory */
    struct hash_table ids;
    const char *last; /* the last text, if that is borrowed: the same one often follows */
    uint8_t flags[PARQUET_GROUP_ROWS]; /* for each row: whether it has a value; the value of booleans */
    uint32_t entries[PARQUET_GROUP_ROWS]; /* where they begin in the dictionary */
    uint64_t values[PARQUET_GROUP_ROWS]; /* numbers of entries, if the column has them */
};

struct parquet_file {
    uint64_t written; /* bytes that were taken from pages */
    uint64_t unpacked_size; /* of all pages, if none were compressed */
    struct thrift pages, groups; /* groups: their descriptions */
};

/* Append a row, for which there must be room. there: whether it has a value; text: NULL if not. borrowed: the text
 * neither moves nor changes while the column exists. */
void parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed);
void parquet_add_number(struct parquet_column *column, bool there, uint64_t value);

/* A column's type and annotation in the description of the file. */
void parquet_describe_type(struct thrift *to, const struct parquet_description *description);
/* Appends the column to the file, and empties it. */
void parquet_put_column(struct parquet_file *file, struct parquet_column *column);
void parquet_column_free(struct parquet_column *column);

#endif
