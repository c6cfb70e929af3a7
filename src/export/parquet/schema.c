/* Describes what has been written. */
#include "schema.h"

#include "../../ringscope.h"

#define PARQUET_DESCRIPTION(id, name, type, like, coding, optional) { name, type, like, coding, optional },
const struct parquet_description parquet_columns[COLUMN_COUNT] = { PARQUET_COLUMNS(PARQUET_DESCRIPTION) };

static void put_schema(struct thrift *to)
{
    thrift_list(to, 2, THRIFT_STRUCT, COLUMN_COUNT + 1);
    thrift_open(to);
    thrift_bytes(to, 4, "events", strlen("events"));
    thrift_number(to, 5, THRIFT_I32, COLUMN_COUNT);
    thrift_close(to);
    for (unsigned c = 0; c < COLUMN_COUNT; c++) {
        thrift_open(to);
        thrift_number(to, 1, THRIFT_I32, parquet_columns[c].type);
        thrift_number(to, 3, THRIFT_I32, parquet_columns[c].optional);
        thrift_bytes(to, 4, parquet_columns[c].name, strlen(parquet_columns[c].name));
        if (parquet_columns[c].like != LIKE_NOTHING)
            thrift_number(to, 6, THRIFT_I32, parquet_columns[c].like);
        thrift_close(to);
    }
}

static void put_chunk(struct thrift *to, unsigned c, const struct parquet_chunk *chunk, uint64_t rows)
{
    static const int32_t encodings[][2] = { { 0, 8 }, { 5, 3 }, { 0, 3 }, { 0, 3 } };
    thrift_open(to);
    thrift_number(to, 2, THRIFT_I64, 0);
    thrift_open_field(to, 3);
    thrift_number(to, 1, THRIFT_I32, parquet_columns[c].type);
    thrift_list(to, 2, THRIFT_I32, 2);
    for (unsigned i = 0; i < 2; i++)
        thrift_varint(to, thrift_zigzag(encodings[parquet_columns[c].coding][i]));
    thrift_list(to, 3, THRIFT_BYTES, 1);
    thrift_text(to, parquet_columns[c].name, strlen(parquet_columns[c].name));
    thrift_number(to, 4, THRIFT_I32, chunk->packed ? parquet_codec : 0);
    thrift_number(to, 5, THRIFT_I64, (int64_t)rows);
    thrift_number(to, 6, THRIFT_I64, (int64_t)chunk->unpacked_size);
    thrift_number(to, 7, THRIFT_I64, (int64_t)chunk->size);
    thrift_number(to, 9, THRIFT_I64, (int64_t)chunk->at);
    if (chunk->dictionary_at)
        thrift_number(to, 11, THRIFT_I64, (int64_t)chunk->dictionary_at);
    thrift_open_field(to, 12);
    thrift_number(to, 3, THRIFT_I64, (int64_t)chunk->nulls);
    if (chunk->has_range) {
        thrift_bytes(to, 5, chunk->most, chunk->most_size);
        thrift_bytes(to, 6, chunk->least, chunk->least_size);
    }
    thrift_close(to);
    thrift_close(to);
    thrift_close(to);
}

static void put_group(struct thrift *to, const struct parquet_group *group)
{
    uint64_t unpacked_size = 0;
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        unpacked_size += group->chunks[c].unpacked_size;
    thrift_open(to);
    thrift_list(to, 1, THRIFT_STRUCT, COLUMN_COUNT);
    for (unsigned c = 0; c < COLUMN_COUNT; c++)
        put_chunk(to, c, &group->chunks[c], group->rows);
    thrift_number(to, 2, THRIFT_I64, (int64_t)unpacked_size);
    thrift_number(to, 3, THRIFT_I64, (int64_t)group->rows);
    thrift_list(to, 4, THRIFT_STRUCT, 1);
    thrift_open(to);
    thrift_number(to, 1, THRIFT_I32, START);
    thrift_flag(to, 2, false);
    thrift_flag(to, 3, false);
    thrift_close(to);
    thrift_close(to);
}

bool parquet_describe(struct buffer *out, const struct parquet_group *groups, uint32_t count)
{
    static const char writer[] = "ringscope version " TRACER_VERSION;
    struct thrift to = { .bytes = *out };
    uint64_t rows = 0;
    for (uint32_t i = 0; i < count; i++)
        rows += groups[i].rows;
    thrift_number(&to, 1, THRIFT_I32, 2);
    put_schema(&to);
    thrift_number(&to, 3, THRIFT_I64, (int64_t)rows);
    thrift_list(&to, 4, THRIFT_STRUCT, count);
    for (uint32_t i = 0; i < count; i++)
        put_group(&to, &groups[i]);
    thrift_bytes(&to, 6, writer, sizeof writer - 1);
    thrift_list(&to, 7, THRIFT_STRUCT, COLUMN_COUNT); /* all are in the order of their types */
    for (unsigned c = 0; c < COLUMN_COUNT; c++) {
        thrift_open(&to);
        thrift_open_field(&to, 1);
        thrift_close(&to);
        thrift_close(&to);
    }
    thrift_close(&to);
    for (size_t size = to.bytes.used - out->used, i = 0; i < sizeof(uint32_t); i++)
        thrift_byte(&to, size >> (8 * i) & 0xff);
    *out = to.bytes;
    return !to.failed && out->used <= INT32_MAX;
}
