/* Encodes columns. Numbers are stored with the lowest byte first, on any processor, and in whole bytes: what is
 * compressed becomes no smaller by bits, and of what is not, a byte holds more than half of them. */
#include <stdlib.h>

#include "../../base/hash.h"
#include "../compress.h"
#include "table.h"

enum { ENCODING_PLAIN = 0, ENCODING_RLE = 3, ENCODING_DELTA = 5, ENCODING_DICTIONARY = 8 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2, BLOCK = 128, MINIBLOCKS = 4, MINIBLOCK = BLOCK / MINIBLOCKS };
#define PROBES_MAX 64u
#define SIZE_BYTES 4u /* of a size before what it is of */

static void store_bytes(char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (char)(value >> (8 * i));
}

/* ------------------------------------------------------------------------ values */

static bool mark(struct parquet_column *column, bool flag)
{
    uint8_t *flags = array_grow(column->flags, column->rows, &column->flag_room, sizeof *flags);
    if (!flags)
        return false;
    column->flags = flags;
    flags[column->rows++] = flag;
    return true;
}

bool parquet_add_null(struct parquet_column *column)
{
    return mark(column, false);
}

static bool add(struct parquet_column *column, uint64_t value)
{
    uint64_t *values = array_grow(column->values, column->count, &column->room, sizeof *values);
    if (!values)
        return false;
    column->values = values;
    values[column->count++] = value;
    return mark(column, true);
}

struct wanted_entry {
    const char *bytes;
    size_t size;
};

static bool is_entry(const void *owner, uint32_t id, const void *key)
{
    const struct parquet_column *column = owner;
    const struct wanted_entry *wanted = key;
    const struct parquet_entry *there = &column->entries[id];
    return there->size == wanted->size &&
           memcmp(column->dictionary.bytes + there->at, wanted->bytes, wanted->size) == 0;
}

static bool add_entry(struct parquet_column *column, const struct wanted_entry *wanted, uint64_t hash)
{
    struct buffer *to = &column->dictionary;
    char size[SIZE_BYTES];
    struct parquet_entry *entries =
        array_grow(column->entries, column->entry_count, &column->entry_room, sizeof *entries);
    if (!entries)
        return false;
    column->entries = entries;
    store_bytes(size, wanted->size, sizeof size);
    if (column->description->type == TYPE_BYTES && !buffer_append(to, size, sizeof size))
        return false;
    entries[column->entry_count] = (struct parquet_entry){ (uint32_t)to->used, (uint32_t)wanted->size };
    return buffer_append(to, wanted->bytes, wanted->size) && hash_table_add(&column->ids, hash, column->entry_count++);
}

static bool add_to_dictionary(struct parquet_column *column, const char *bytes, size_t size)
{
    const struct wanted_entry wanted = { bytes, size };
    uint64_t hash = hash_bytes(bytes, size);
    column->ids.probes_max = PROBES_MAX;
    uint32_t id = hash_table_find(&column->ids, hash, is_entry, column, &wanted);
    if (id != HASH_TABLE_NONE)
        return add(column, id);
    return add_entry(column, &wanted, hash) && add(column, column->entry_count - 1);
}

bool parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed)
{
    if (borrowed && column->last == text)
        return add(column, column->values[column->count - 1]);
    column->last = borrowed ? text : NULL;
    return add_to_dictionary(column, text, size);
}

bool parquet_add_number(struct parquet_column *column, uint64_t value)
{
    char bytes[sizeof value];
    if (column->description->coding == PARQUET_FLAGS)
        return mark(column, value != 0);
    if (column->description->coding == PARQUET_DELTAS)
        return add(column, value);
    store_bytes(bytes, value, sizeof bytes);
    return add_to_dictionary(column, bytes, column->description->type == TYPE_INT32 ? sizeof(uint32_t) : sizeof bytes);
}

void parquet_column_free(struct parquet_column *column)
{
    free(column->flags);
    free(column->values);
    free(column->entries);
    buffer_free(&column->dictionary);
    hash_table_free(&column->ids);
}

/* --------------------------------------------------------------------- encodings */

static unsigned bytes_of(uint64_t value)
{
    return value ? (71 - (unsigned)__builtin_clzll(value)) / 8 : 0;
}

static void put_bytes(struct thrift *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        thrift_byte(to, value >> (8 * i) & 0xff);
}

static void put_flags(struct thrift *to, const struct parquet_column *column)
{
    for (uint32_t at = 0; at < column->rows; at += 8) {
        unsigned byte = 0;
        for (uint32_t i = at; i < at + 8 && i < column->rows; i++)
            byte |= (unsigned)column->flags[i] << (i - at);
        thrift_byte(to, byte);
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
    size_t from = to->bytes.used;
    put_bytes(to, 0, SIZE_BYTES);
    if (column->count == 0 || column->count == column->rows) {
        thrift_varint(to, (uint64_t)column->rows << 1);
        thrift_byte(to, column->count > 0);
    } else {
        put_groups(to, column->rows);
        put_flags(to, column);
    }
    if (!to->failed)
        store_bytes(to->bytes.bytes + from, to->bytes.used - from - SIZE_BYTES, SIZE_BYTES);
}

static void put_numbers(struct thrift *to, const struct parquet_column *column)
{
    unsigned bytes = column->entry_count > 1 ? bytes_of(column->entry_count - 1) : 1;
    thrift_byte(to, 8 * bytes);
    put_groups(to, column->count);
    for (uint32_t i = 0; i < (column->count + 7) / 8 * 8; i++)
        put_bytes(to, i < column->count ? column->values[i] : 0, bytes);
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
        thrift_byte(to, 8 * bytes_of(bits[i]));
    for (uint32_t i = 0; i < BLOCK; i++)
        put_bytes(to, steps[i], bytes_of(bits[i / MINIBLOCK]));
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

/* ------------------------------------------------------------------------- pages */

static bool put_page(struct buffer *out, int kind, int encoding, uint32_t values, const struct buffer *bytes,
                     struct parquet_chunk *chunk)
{
    struct buffer packed = { 0 };
    struct thrift head = { 0 };
    bool ok = !chunk->packed || export_compressor_linked()(&packed, bytes->bytes, bytes->used, COMPRESS_GZIP);
    const struct buffer *stored = chunk->packed ? &packed : bytes;
    thrift_number(&head, 1, THRIFT_I32, kind);
    thrift_number(&head, 2, THRIFT_I32, (int64_t)bytes->used);
    thrift_number(&head, 3, THRIFT_I32, (int64_t)stored->used);
    thrift_open(&head, kind == PAGE_DATA ? 5 : 7);
    thrift_number(&head, 1, THRIFT_I32, values);
    thrift_number(&head, 2, THRIFT_I32, encoding);
    for (unsigned levels = 3; kind == PAGE_DATA && levels <= 4; levels++)
        thrift_number(&head, levels, THRIFT_I32, ENCODING_RLE);
    thrift_close(&head);
    thrift_close(&head);
    ok = ok && !head.failed && buffer_append(out, head.bytes.bytes, head.bytes.used) &&
         buffer_append(out, stored->bytes, stored->used);
    chunk->size += head.bytes.used + stored->used;
    chunk->unpacked_size += head.bytes.used + bytes->used;
    buffer_free(&head.bytes);
    buffer_free(&packed);
    return ok;
}

static int put_values(struct thrift *to, const struct parquet_column *column)
{
    if (column->description->optional)
        put_levels(to, column);
    switch (column->description->coding) {
    case PARQUET_DICTIONARY:
        return put_numbers(to, column), ENCODING_DICTIONARY;
    case PARQUET_DELTAS:
        return put_deltas(to, column->values, column->count), ENCODING_DELTA;
    default:
        return put_flags(to, column), ENCODING_PLAIN;
    }
}

bool parquet_put_column(struct parquet_column *column, struct buffer *out, struct parquet_chunk *chunk)
{
    struct thrift values = { 0 };
    bool ok = true;
    const bool has_dictionary = column->description->coding == PARQUET_DICTIONARY;
    chunk->packed = has_dictionary && export_compressor_linked();
    chunk->nulls = column->description->optional ? column->rows - column->count : 0;
    chunk->least = INT64_MAX, chunk->most = INT64_MIN;
    for (uint32_t i = 0; column->description->coding == PARQUET_DELTAS && i < column->count; i++) {
        int64_t value = (int64_t)column->values[i];
        chunk->least = value < chunk->least ? value : chunk->least;
        chunk->most = value > chunk->most ? value : chunk->most;
    }
    if (has_dictionary)
        ok = put_page(out, PAGE_DICTIONARY, ENCODING_PLAIN, column->entry_count, &column->dictionary, chunk);
    chunk->dictionary_size = chunk->size;
    int encoding = put_values(&values, column);
    ok = ok && !values.failed && put_page(out, PAGE_DATA, encoding, column->rows, &values.bytes, chunk);
    buffer_free(&values.bytes);
    column->rows = column->count = column->entry_count = 0;
    column->dictionary.used = 0;
    column->last = NULL;
    hash_table_free(&column->ids);
    return ok;
}
