/*
 * A column of a row group: values as they come, and then its pages.
 *
 *     DICTIONARY   the values that there are, once each; then a number for each row. Compressed.
 *     DELTAS       how much each value is above the one before, in as many bits as a block of them needs
 *     PLAIN        8 bytes each, compressed
 *     FLAGS        a bit each
 */
#ifndef RINGSCOPE_EXPORT_COLUMN_H
#define RINGSCOPE_EXPORT_COLUMN_H

#include "../../base/hash_table.h"
#include "thrift.h"

enum parquet_coding { PARQUET_DICTIONARY, PARQUET_DELTAS, PARQUET_PLAIN, PARQUET_FLAGS };

/* Where a value of a dictionary is, after its length. */
struct parquet_entry {
    uint32_t at, size;
};

/* All zero but for the first three: empty. */
struct parquet_column {
    enum parquet_coding coding;
    bool optional; /* a row may have no value */
    bool text; /* of a dictionary: values with a length; else 4 bytes each */
    uint8_t *present; /* of each row, if optional */
    uint32_t rows, present_room, count, room;
    uint32_t *numbers; /* DICTIONARY, FLAGS: of each value */
    uint64_t *values; /* DELTAS, PLAIN */
    struct buffer dictionary;
    struct parquet_entry *entries;
    uint32_t entry_count, entry_room;
    struct hash_table ids;
    const char *last; /* the text of the last value, where the same often comes again */
};

/* What became of a column; with its place in the file. */
struct parquet_chunk {
    uint64_t at, dictionary_at; /* dictionary_at: 0: none */
    uint64_t size, unpacked_size; /* in bytes, with the headers of pages */
    uint64_t nulls;
    bool packed, has_range;
    char least[64], most[64];
    uint8_t least_size, most_size;
};

/* A value for the next row. False without memory. borrowed: the text stays where and as it is for as long as the column. */
bool parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed);
bool parquet_add_number(struct parquet_column *column, uint64_t value);
bool parquet_add_null(struct parquet_column *column);

/* Appends its pages, of which the first byte is at chunk->at of the file, and empties it. False without memory. */
bool parquet_put_column(struct parquet_column *column, struct buffer *out, struct parquet_chunk *chunk);
void parquet_column_free(struct parquet_column *column);

/* What Parquet calls the compression of parquet_pack(). */
extern const int32_t parquet_codec;
/* Appends bytes, compressed. False without memory. */
bool parquet_pack(struct buffer *out, const void *bytes, size_t size);

#endif
