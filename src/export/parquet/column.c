/* Encodes columns. Numbers are stored in whole bytes: what is compressed becomes no smaller by bits, and of what is not,
 * a byte holds more than half of them. */
#include "column.h"

#include <string.h>

#include "../../base/hash.h"
#include "../compress.h"

enum { PLAIN = 0, RLE = 3, DELTA = 5, DICTIONARY = 8 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2, BLOCK = 128, MINIBLOCKS = 4, MINIBLOCK = BLOCK / MINIBLOCKS };
enum { CODEC_NONE = 0, CODEC_GZIP = 2, NO_MEANING = -1 };
#define PROBES_MAX 64u
#define SIZE_BYTES 4u /* of a size before what it is of */

/* By kind: the stored type, what it stands for (UTF8, UINT_32, UINT_64), and how it is encoded. */
static const int types[] = { 6, 1, 2, 5, 2, 0 }, meanings[] = { 0, 13, 14, NO_MEANING, NO_MEANING, NO_MEANING };
static const int encodings[] = { DICTIONARY, DICTIONARY, DICTIONARY, DICTIONARY, DELTA, PLAIN };

static bool has_dictionary(const struct parquet_column *column)
{
    return encodings[column->description->kind] == DICTIONARY;
}

/* ------------------------------------------------------------------------ values */

static void add(struct parquet_column *column, uint64_t value)
{
    column->values[column->count++] = value;
    column->flags[column->rows++] = true;
}

/* Compares an entry with the bytes that were appended to the dictionary, from *key on. Entries of different sizes differ
 * within the shorter one, because a text begins with its size. */
static bool is_entry(const void *owner, uint32_t id, const void *key)
{
    const struct parquet_column *column = owner;
    const struct buffer *all = &column->dictionary.bytes;
    const size_t at = *(const size_t *)key;
    return memcmp(all->bytes + column->entries[id], all->bytes + at, all->used - at) == 0;
}

/* Adds the value that was appended to the dictionary, and removes it there if it is not new. */
static void add_appended(struct parquet_column *column, size_t at)
{
    struct thrift *dictionary = &column->dictionary;
    if (dictionary->failed)
        return;
    const uint64_t hash = hash_bytes(dictionary->bytes.bytes + at, dictionary->bytes.used - at);
    column->ids.probes_max = PROBES_MAX;
    uint32_t id = hash_table_find(&column->ids, hash, is_entry, column, &at);
    if (id == HASH_TABLE_NONE) {
        id = column->entry_count++;
        column->entries[id] = (uint32_t)at;
        dictionary->failed = !hash_table_add(&column->ids, hash, id);
    } else {
        dictionary->bytes.used = at;
    }
    add(column, id);
}

void parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed)
{
    const size_t at = column->dictionary.bytes.used;
    if (!text) {
        column->flags[column->rows++] = false;
    } else if (borrowed && column->last == text && column->count) {
        add(column, column->values[column->count - 1]);
    } else {
        column->last = borrowed ? text : NULL;
        thrift_raw(&column->dictionary, size, SIZE_BYTES);
        thrift_append(&column->dictionary, text, size);
        add_appended(column, at);
    }
}

void parquet_add_number(struct parquet_column *column, bool there, uint64_t value)
{
    const size_t at = column->dictionary.bytes.used;
    if (!there || column->description->kind == PARQUET_BOOLEAN) {
        column->flags[column->rows++] = there && value;
    } else if (has_dictionary(column)) {
        thrift_raw(&column->dictionary, value, column->description->kind == PARQUET_UINT32 ? 4 : 8);
        add_appended(column, at);
    } else {
        add(column, value);
    }
}

void parquet_column_free(struct parquet_column *column)
{
    buffer_free(&column->dictionary.bytes);
    hash_table_free(&column->ids);
}

/* --------------------------------------------------------------------- encodings */

static unsigned bytes_of(uint64_t value)
{
    return value ? (71 - (unsigned)__builtin_clzll(value)) / 8 : 0;
}

static void put_flags(struct thrift *to, const struct parquet_column *column)
{
    for (uint32_t at = 0; at < column->rows; at += 8) {
        unsigned byte = 0;
        for (uint32_t i = at; i < at + 8 && i < column->rows; i++)
            byte |= (unsigned)column->flags[i] << (i - at);
        thrift_raw(to, byte, 1);
    }
}

/* The header of numbers listed one by one, in groups of 8. The lowest bit distinguishes it from the header of a run. */
static void put_groups(struct thrift *to, uint32_t count)
{
    thrift_varint(to, ((uint64_t)count + 7) / 8 << 1 | 1);
}

/* Which rows have a value: a run if that is all or none, else a bit each; and before that, its size. */
static void put_levels(struct thrift *to, const struct parquet_column *column)
{
    const size_t from = to->bytes.used;
    thrift_raw(to, 0, SIZE_BYTES);
    if (column->count == 0 || column->count == column->rows) {
        thrift_varint(to, (uint64_t)column->rows << 1);
        thrift_raw(to, column->count > 0, 1);
    } else {
        put_groups(to, column->rows);
        put_flags(to, column);
    }
    const size_t end = to->bytes.used;
    to->bytes.used = from;
    thrift_raw(to, end - from - SIZE_BYTES, SIZE_BYTES);
    to->bytes.used = end;
}

static void put_numbers(struct thrift *to, const struct parquet_column *column)
{
    const unsigned bytes = column->entry_count > 1 ? bytes_of(column->entry_count - 1) : 1;
    thrift_raw(to, 8ull * bytes, 1);
    put_groups(to, column->count);
    for (uint32_t i = 0; i < (column->count + 7) / 8 * 8; i++)
        thrift_raw(to, i < column->count ? column->values[i] : 0, bytes);
}

/* The differences between count values and the ones before them; values[0] is the one before the first. */
static void put_block(struct thrift *to, const uint64_t *values, uint32_t count)
{
    uint64_t steps[BLOCK] = { 0 }, bits[MINIBLOCKS] = { 0 };
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        steps[i] = values[i + 1] - values[i];
        least = (int64_t)steps[i] < least ? (int64_t)steps[i] : least;
    }
    for (uint32_t i = 0; i < count; i++)
        bits[i / MINIBLOCK] |= steps[i] -= (uint64_t)least;
    thrift_signed(to, least);
    for (uint32_t i = 0; i < MINIBLOCKS; i++)
        thrift_raw(to, 8ull * bytes_of(bits[i]), 1);
    for (uint32_t i = 0; i < BLOCK; i++)
        thrift_raw(to, steps[i], bytes_of(bits[i / MINIBLOCK]));
}

static void put_deltas(struct thrift *to, const uint64_t *values, uint32_t count)
{
    thrift_varint(to, BLOCK);
    thrift_varint(to, MINIBLOCKS);
    thrift_varint(to, count);
    thrift_signed(to, count ? (int64_t)values[0] : 0);
    for (uint32_t at = 0; at + 1 < count; at += BLOCK)
        put_block(to, values + at, count - 1 - at < BLOCK ? count - 1 - at : BLOCK);
}

static void put_values(struct thrift *to, const struct parquet_column *column)
{
    if (column->description->optional)
        put_levels(to, column);
    if (has_dictionary(column))
        put_numbers(to, column);
    else if (column->description->kind == PARQUET_INT64)
        put_deltas(to, column->values, column->count);
    else
        put_flags(to, column);
}

/* ------------------------------------------------------------------ pages, chunks */

static export_compressor *compressor_of(const struct parquet_column *column)
{
    return has_dictionary(column) ? export_compressor_linked() : NULL;
}

static void put_page(struct parquet_file *file, const struct parquet_column *column, int kind,
                     const struct buffer *bytes)
{
    struct buffer packed = { 0 };
    struct thrift *to = &file->pages;
    const size_t from = to->bytes.used;
    export_compressor *compress = compressor_of(column);
    const struct buffer *stored = compress ? &packed : bytes;
    to->failed |= compress && !compress(&packed, bytes->bytes, bytes->used, COMPRESS_GZIP);
    thrift_open(to, 0);
    thrift_number(to, 1, THRIFT_I32, kind);
    thrift_number(to, 2, THRIFT_I32, (int64_t)bytes->used);
    thrift_number(to, 3, THRIFT_I32, (int64_t)stored->used);
    thrift_open(to, kind == PAGE_DATA ? 5 : 7);
    thrift_number(to, 1, THRIFT_I32, kind == PAGE_DATA ? column->rows : column->entry_count);
    thrift_number(to, 2, THRIFT_I32, kind == PAGE_DATA ? encodings[column->description->kind] : PLAIN);
    for (unsigned levels = 3; kind == PAGE_DATA && levels <= 4; levels++)
        thrift_number(to, levels, THRIFT_I32, RLE);
    thrift_close(to);
    thrift_close(to);
    file->unpacked_size += to->bytes.used - from + bytes->used;
    thrift_append(to, stored->bytes, stored->used);
    buffer_free(&packed);
}

void parquet_describe_type(struct thrift *to, const struct parquet_description *description)
{
    thrift_open(to, 0);
    thrift_number(to, 1, THRIFT_I32, types[description->kind]);
    thrift_number(to, 3, THRIFT_I32, description->optional);
    thrift_bytes(to, 4, description->name, strlen(description->name));
    if (meanings[description->kind] != NO_MEANING)
        thrift_number(to, 6, THRIFT_I32, meanings[description->kind]);
    thrift_close(to);
}

/* The smallest and greatest time, by which readers skip row groups. */
static void describe_range(struct thrift *to, const struct parquet_column *column)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    if (column->description->kind != PARQUET_INT64 || !column->count)
        return;
    for (uint32_t i = 0; i < column->count; i++) {
        const int64_t value = (int64_t)column->values[i];
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    for (unsigned number = 5; number <= 6; number++) {
        thrift_field(to, number, THRIFT_BYTES);
        thrift_varint(to, sizeof most);
        thrift_raw(to, (uint64_t)(number == 5 ? most : least), sizeof most);
    }
}

/* Where pages begin in the file: the dictionary's, or else the only one; the one of the rows; and behind it. */
struct places {
    uint64_t first, rows, end;
};

static void describe(struct thrift *to, const struct parquet_column *column, const struct places *at, uint64_t unpacked)
{
    const struct parquet_description *description = column->description;
    thrift_open(to, 0);
    thrift_number(to, 2, THRIFT_I64, 0);
    thrift_open(to, 3);
    thrift_number(to, 1, THRIFT_I32, types[description->kind]);
    thrift_list(to, 2, THRIFT_I32, 2);
    thrift_number(to, 0, THRIFT_I32, encodings[column->description->kind]);
    thrift_number(to, 0, THRIFT_I32, has_dictionary(column) ? PLAIN : RLE);
    thrift_list(to, 3, THRIFT_BYTES, 1);
    thrift_bytes(to, 0, description->name, strlen(description->name));
    thrift_number(to, 4, THRIFT_I32, compressor_of(column) ? CODEC_GZIP : CODEC_NONE);
    thrift_number(to, 5, THRIFT_I64, column->rows);
    thrift_number(to, 6, THRIFT_I64, (int64_t)unpacked);
    thrift_number(to, 7, THRIFT_I64, (int64_t)(at->end - at->first));
    thrift_number(to, 9, THRIFT_I64, (int64_t)at->rows);
    if (has_dictionary(column))
        thrift_number(to, 11, THRIFT_I64, (int64_t)at->first);
    thrift_open(to, 12);
    thrift_number(to, 3, THRIFT_I64, description->optional ? column->rows - column->count : 0);
    describe_range(to, column);
    thrift_close(to);
    thrift_close(to);
    thrift_close(to);
}

static uint64_t end_of(const struct parquet_file *file)
{
    return file->written + file->pages.bytes.used;
}

void parquet_put_column(struct parquet_file *file, struct parquet_column *column)
{
    struct thrift values = { 0 };
    struct places at = { .first = end_of(file) };
    const uint64_t unpacked = file->unpacked_size;
    if (has_dictionary(column))
        put_page(file, column, PAGE_DICTIONARY, &column->dictionary.bytes);
    at.rows = end_of(file);
    put_values(&values, column);
    put_page(file, column, PAGE_DATA, &values.bytes);
    at.end = end_of(file);
    describe(&file->groups, column, &at, file->unpacked_size - unpacked);
    file->pages.failed |= column->dictionary.failed || values.failed;
    buffer_free(&values.bytes);
    column->rows = column->count = column->entry_count = 0;
    column->dictionary.bytes.used = 0;
    column->last = NULL;
    hash_table_free(&column->ids);
}
