/* Encodes columns. Numbers of several bytes are stored the lowest first, on any processor. */
#include "column.h"

#include <stdlib.h>

#include "../../base/hash.h"

enum { ENCODING_PLAIN = 0, ENCODING_RLE = 3, ENCODING_DELTA = 5, ENCODING_DICTIONARY = 8 };
enum { PAGE_DATA = 0, PAGE_DICTIONARY = 2, BLOCK = 128, MINIBLOCKS = 4, MINIBLOCK = BLOCK / MINIBLOCKS };
#define RUN_MIN 16u /* of equal values, below which they are written one by one */
#define GROUPS_MAX 63u /* of 8 values, whose number takes one byte */
#define RANGE_BYTES sizeof((struct parquet_chunk *)NULL)->least

static void store_bytes(char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (char)(value >> (8 * i));
}

/* ------------------------------------------------------------------------ values */

static bool mark(struct parquet_column *column, bool present)
{
    if (column->optional) {
        uint8_t *all = array_grow(column->present, column->rows, &column->present_room, 1);
        if (!all)
            return false;
        column->present = all;
        all[column->rows] = present;
    }
    column->rows++;
    return true;
}

bool parquet_add_null(struct parquet_column *column)
{
    return mark(column, false);
}

static bool add_id(struct parquet_column *column, uint32_t id)
{
    uint32_t *numbers = array_grow(column->numbers, column->count, &column->room, sizeof *numbers);
    if (!numbers)
        return false;
    column->numbers = numbers;
    numbers[column->count++] = id;
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
    struct parquet_entry *entries =
        array_grow(column->entries, column->entry_count, &column->entry_room, sizeof *entries);
    if (!entries)
        return false;
    column->entries = entries;
    if (!buffer_reserve(to, wanted->size + sizeof(uint32_t)))
        return false;
    if (column->text) {
        store_bytes(to->bytes + to->used, wanted->size, sizeof(uint32_t));
        to->used += sizeof(uint32_t);
    }
    entries[column->entry_count] = (struct parquet_entry){ (uint32_t)to->used, (uint32_t)wanted->size };
    if (wanted->size)
        memcpy(to->bytes + to->used, wanted->bytes, wanted->size);
    to->used += wanted->size;
    return hash_table_add(&column->ids, hash, column->entry_count++);
}

static bool add_to_dictionary(struct parquet_column *column, const char *bytes, size_t size)
{
    const struct wanted_entry wanted = { bytes, size };
    uint64_t hash = hash_bytes(bytes, size);
    column->ids.probes_max = 64;
    uint32_t id = hash_table_find(&column->ids, hash, is_entry, column, &wanted);
    if (id == HASH_TABLE_NONE) {
        id = column->entry_count;
        if (!add_entry(column, &wanted, hash))
            return false;
    }
    return add_id(column, id);
}

bool parquet_add_text(struct parquet_column *column, const char *text, size_t size, bool borrowed)
{
    if (borrowed && column->last == text)
        return add_id(column, column->numbers[column->count - 1]);
    column->last = borrowed ? text : NULL;
    return add_to_dictionary(column, text, size);
}

bool parquet_add_number(struct parquet_column *column, uint64_t value)
{
    char bytes[sizeof(uint32_t)];
    if (column->coding == PARQUET_FLAGS)
        return add_id(column, value != 0);
    if (column->coding == PARQUET_DICTIONARY) {
        store_bytes(bytes, value, sizeof bytes);
        return add_to_dictionary(column, bytes, sizeof bytes);
    }
    uint64_t *values = array_grow(column->values, column->count, &column->room, sizeof *values);
    if (!values)
        return false;
    column->values = values;
    values[column->count++] = value;
    return mark(column, true);
}

void parquet_column_free(struct parquet_column *column)
{
    free(column->present);
    free(column->numbers);
    free(column->values);
    free(column->entries);
    buffer_free(&column->dictionary);
    hash_table_free(&column->ids);
}

/* -------------------------------------------------------------------------- bits */

static unsigned bits_of(uint64_t value)
{
    return value ? 64 - (unsigned)__builtin_clzll(value) : 0;
}

/* Values of so many bits, the lowest first; count is a multiple of 8. */
struct bits {
    uint64_t pending;
    unsigned count;
};

static void put_bits_below_33(struct thrift *to, struct bits *bits, uint64_t value, unsigned width)
{
    bits->pending |= value << bits->count;
    bits->count += width;
    for (; bits->count >= 8; bits->count -= 8, bits->pending >>= 8)
        thrift_byte(to, (unsigned)(bits->pending & 0xff));
}

static void put_bits(struct thrift *to, struct bits *bits, uint64_t value, unsigned width)
{
    if (width > 32)
        put_bits_below_33(to, bits, value & UINT32_MAX, 32);
    put_bits_below_33(to, bits, width > 32 ? value >> 32 : value, width > 32 ? width - 32 : width);
}

static uint32_t run_at(const uint32_t *numbers, uint32_t at, uint32_t count)
{
    uint32_t end = at + 1;
    while (end < count && numbers[end] == numbers[at])
        end++;
    return end - at;
}

static void put_groups(struct thrift *to, const uint32_t *numbers, uint32_t count, unsigned width)
{
    struct bits bits = { 0 };
    for (uint32_t i = 0; i < (count + 7) / 8 * 8; i++)
        put_bits(to, &bits, i < count ? numbers[i] : 0, width);
}

/* Runs of equal numbers, and between them groups of 8: "RLE" of Parquet. */
static void put_hybrid(struct thrift *to, const uint32_t *numbers, uint32_t count, unsigned width)
{
    for (uint32_t at = 0; at < count;) {
        uint32_t run = run_at(numbers, at, count);
        if (run >= RUN_MIN) {
            thrift_varint(to, (uint64_t)run << 1);
            for (unsigned shift = 0; shift < width; shift += 8)
                thrift_byte(to, numbers[at] >> shift & 0xff);
            at += run;
            continue;
        }
        uint32_t groups = 0, end = at;
        while (groups < GROUPS_MAX && end < count &&
               run_at(numbers, end, count - end < RUN_MIN ? count : end + RUN_MIN) < RUN_MIN) {
            end = count - end < 8 ? count : end + 8;
            groups++;
        }
        thrift_varint(to, (uint64_t)groups << 1 | 1);
        put_groups(to, numbers + at, end - at, width);
        at = end;
    }
}

/* A miniblock: differences from the least of their block. */
static void put_miniblock(struct thrift *to, const uint64_t *values, uint32_t count, uint64_t least, unsigned width)
{
    struct bits bits = { 0 };
    for (uint32_t i = 0; i < MINIBLOCK; i++)
        put_bits(to, &bits, i < count ? values[i + 1] - values[i] - least : 0, width);
}

/* The differences to count values from the one before each, which stands before them. */
static void put_block(struct thrift *to, const uint64_t *values, uint32_t count)
{
    unsigned widths[MINIBLOCKS] = { 0 };
    int64_t least = INT64_MAX;
    for (uint32_t i = 0; i < count; i++)
        if ((int64_t)(values[i + 1] - values[i]) < least)
            least = (int64_t)(values[i + 1] - values[i]);
    for (uint32_t i = 0; i < count; i++) {
        unsigned width = bits_of(values[i + 1] - values[i] - (uint64_t)least);
        if (width > widths[i / MINIBLOCK])
            widths[i / MINIBLOCK] = width;
    }
    thrift_varint(to, thrift_zigzag(least));
    for (uint32_t i = 0; i < MINIBLOCKS; i++)
        thrift_byte(to, widths[i]);
    for (uint32_t at = 0; at < count; at += MINIBLOCK)
        put_miniblock(to, values + at, count - at < MINIBLOCK ? count - at : MINIBLOCK, (uint64_t)least,
                      widths[at / MINIBLOCK]);
}

static void put_deltas(struct thrift *to, const uint64_t *values, uint32_t count)
{
    thrift_varint(to, BLOCK);
    thrift_varint(to, MINIBLOCKS);
    thrift_varint(to, count);
    thrift_varint(to, thrift_zigzag(count ? (int64_t)values[0] : 0));
    for (uint32_t at = 0; at + 1 < count; at += BLOCK)
        put_block(to, values + at, count - 1 - at < BLOCK ? count - 1 - at : BLOCK);
}

/* ------------------------------------------------------------------------- pages */

/* Which rows have a value: the length of what says so, and runs. */
static void put_levels(struct thrift *to, const struct parquet_column *column)
{
    size_t from = to->bytes.used;
    for (unsigned i = 0; i < sizeof(uint32_t); i++)
        thrift_byte(to, 0);
    for (uint32_t at = 0, end; at < column->rows; at = end) {
        for (end = at + 1; end < column->rows && column->present[end] == column->present[at]; end++)
            ;
        thrift_varint(to, (uint64_t)(end - at) << 1);
        thrift_byte(to, column->present[at]);
    }
    if (!to->failed)
        store_bytes(to->bytes.bytes + from, to->bytes.used - from - sizeof(uint32_t), sizeof(uint32_t));
}

static void put_plain(struct thrift *to, const uint64_t *values, uint32_t count)
{
    size_t size = (size_t)count * sizeof *values;
    if (!buffer_reserve(&to->bytes, size)) {
        to->failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        store_bytes(to->bytes.bytes + to->bytes.used + i * sizeof *values, values[i], sizeof *values);
    to->bytes.used += size;
}

static void put_values(struct thrift *to, const struct parquet_column *column)
{
    if (column->optional)
        put_levels(to, column);
    if (column->coding == PARQUET_DELTAS) {
        put_deltas(to, column->values, column->count);
    } else if (column->coding == PARQUET_PLAIN) {
        put_plain(to, column->values, column->count);
    } else if (column->coding == PARQUET_FLAGS) {
        put_groups(to, column->numbers, column->count, 1);
    } else {
        unsigned width = column->entry_count > 1 ? bits_of(column->entry_count - 1) : 1;
        thrift_byte(to, width);
        put_hybrid(to, column->numbers, column->count, width);
    }
}

struct page {
    int32_t kind, encoding;
    uint32_t values;
    bool packed;
    const struct buffer *bytes;
};

static bool put_page(struct buffer *out, const struct page *page, struct parquet_chunk *chunk)
{
    struct buffer packed = { 0 };
    struct thrift head = { 0 };
    const struct buffer *bytes = page->bytes;
    bool ok = !page->packed || parquet_pack(&packed, bytes->bytes, bytes->used);
    if (page->packed)
        bytes = &packed;
    thrift_number(&head, 1, THRIFT_I32, page->kind);
    thrift_number(&head, 2, THRIFT_I32, (int64_t)page->bytes->used);
    thrift_number(&head, 3, THRIFT_I32, (int64_t)bytes->used);
    thrift_open_field(&head, page->kind == PAGE_DATA ? 5 : 7);
    thrift_number(&head, 1, THRIFT_I32, page->values);
    thrift_number(&head, 2, THRIFT_I32, page->encoding);
    if (page->kind == PAGE_DATA) {
        thrift_number(&head, 3, THRIFT_I32, ENCODING_RLE);
        thrift_number(&head, 4, THRIFT_I32, ENCODING_RLE);
    }
    thrift_close(&head);
    thrift_close(&head);
    ok = ok && !head.failed && buffer_reserve(out, head.bytes.used + bytes->used);
    if (ok) {
        memcpy(out->bytes + out->used, head.bytes.bytes, head.bytes.used);
        if (bytes->used)
            memcpy(out->bytes + out->used + head.bytes.used, bytes->bytes, bytes->used);
        out->used += head.bytes.used + bytes->used;
        chunk->size += head.bytes.used + bytes->used;
        chunk->unpacked_size += head.bytes.used + page->bytes->used;
    }
    buffer_free(&head.bytes);
    buffer_free(&packed);
    return ok;
}

/* -------------------------------------------------------------------- statistics */

static void keep_numbers(const struct parquet_column *column, struct parquet_chunk *chunk)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (uint32_t i = 0; i < column->count; i++) {
        least = (int64_t)column->values[i] < least ? (int64_t)column->values[i] : least;
        most = (int64_t)column->values[i] > most ? (int64_t)column->values[i] : most;
    }
    store_bytes(chunk->least, (uint64_t)least, sizeof least);
    store_bytes(chunk->most, (uint64_t)most, sizeof most);
    chunk->least_size = chunk->most_size = sizeof least;
    chunk->has_range = column->count > 0;
}

static bool entry_before(const struct parquet_column *column, uint32_t a, uint32_t b)
{
    const struct parquet_entry *x = &column->entries[a], *y = &column->entries[b];
    int order = memcmp(column->dictionary.bytes + x->at, column->dictionary.bytes + y->at,
                       x->size < y->size ? x->size : y->size);
    return order ? order < 0 : x->size < y->size;
}

/* Of texts that are short, as names are. */
static void keep_texts(const struct parquet_column *column, struct parquet_chunk *chunk)
{
    uint32_t least = 0, most = 0;
    if (!column->text || column->entry_count == 0)
        return;
    for (uint32_t i = 1; i < column->entry_count; i++) {
        least = entry_before(column, i, least) ? i : least;
        most = entry_before(column, most, i) ? i : most;
    }
    const struct parquet_entry *first = &column->entries[least], *last = &column->entries[most];
    if (first->size > RANGE_BYTES || last->size > RANGE_BYTES)
        return;
    memcpy(chunk->least, column->dictionary.bytes + first->at, first->size);
    memcpy(chunk->most, column->dictionary.bytes + last->at, last->size);
    chunk->least_size = (uint8_t)first->size;
    chunk->most_size = (uint8_t)last->size;
    chunk->has_range = true;
}

bool parquet_put_column(struct parquet_column *column, struct buffer *out, struct parquet_chunk *chunk)
{
    static const int32_t encodings[] = { ENCODING_DICTIONARY, ENCODING_DELTA, ENCODING_PLAIN, ENCODING_PLAIN };
    struct thrift values = { 0 };
    chunk->packed = column->coding == PARQUET_DICTIONARY || column->coding == PARQUET_PLAIN;
    chunk->nulls = column->rows - column->count;
    bool ok = true;
    if (column->coding == PARQUET_DELTAS)
        keep_numbers(column, chunk);
    if (column->coding == PARQUET_DICTIONARY) {
        keep_texts(column, chunk);
        chunk->dictionary_at = chunk->at;
        ok = put_page(out,
                      &(struct page){ PAGE_DICTIONARY, ENCODING_PLAIN, column->entry_count, true, &column->dictionary },
                      chunk);
        chunk->at += chunk->size;
    }
    put_values(&values, column);
    ok = ok && !values.failed &&
         put_page(out,
                  &(struct page){ PAGE_DATA, encodings[column->coding], column->rows, chunk->packed, &values.bytes },
                  chunk);
    buffer_free(&values.bytes);
    column->rows = column->count = column->entry_count = 0;
    column->dictionary.used = 0;
    column->last = NULL;
    hash_table_free(&column->ids);
    return ok;
}
