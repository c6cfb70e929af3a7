/* Describes what has been written. */
#include "../../ringscope.h"
#include "table.h"

enum { CODEC_NONE = 0, CODEC_GZIP = 2 };

#define PARQUET_DESCRIPTION(id, name, type, like, coding, optional) { name, type, like, coding, optional },
const struct parquet_description parquet_columns[COLUMN_COUNT] = { PARQUET_COLUMNS(PARQUET_DESCRIPTION) };

static void put_schema(struct thrift *to)
{
    thrift_list(to, 2, THRIFT_STRUCT, COLUMN_COUNT + 1);
    thrift_open(to, 0);
    thrift_bytes(to, 4, "events", strlen("events"));
    thrift_number(to, 5, THRIFT_I32, COLUMN_COUNT);
    thrift_close(to);
    for (const struct parquet_description *description = parquet_columns; description < parquet_columns + COLUMN_COUNT;
         description++) {
        thrift_open(to, 0);
        thrift_number(to, 1, THRIFT_I32, description->type);
        thrift_number(to, 3, THRIFT_I32, description->optional);
        thrift_bytes(to, 4, description->name, strlen(description->name));
        if (description->like != LIKE_NOTHING)
            thrift_number(to, 6, THRIFT_I32, description->like);
        thrift_close(to);
    }
}

static void put_range(struct thrift *to, const struct parquet_chunk *chunk)
{
    const int64_t ends[] = { chunk->most, chunk->least };
    for (unsigned end = 0; end < 2 && chunk->least <= chunk->most; end++) {
        char bytes[sizeof ends[0]];
        for (unsigned i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)((uint64_t)ends[end] >> (8 * i));
        thrift_bytes(to, 5 + end, bytes, sizeof bytes);
    }
}

static void put_chunk(struct thrift *to, const struct parquet_description *description,
                      const struct parquet_chunk *chunk, uint64_t rows)
{
    static const int encodings[][2] = { { 0, 8 }, { 5, 3 }, { 0, 3 } };
    thrift_open(to, 0);
    thrift_number(to, 2, THRIFT_I64, 0);
    thrift_open(to, 3);
    thrift_number(to, 1, THRIFT_I32, description->type);
    thrift_list(to, 2, THRIFT_I32, 2);
    for (unsigned i = 0; i < 2; i++)
        thrift_signed(to, encodings[description->coding][i]);
    thrift_list(to, 3, THRIFT_BYTES, 1);
    thrift_text(to, description->name, strlen(description->name));
    thrift_number(to, 4, THRIFT_I32, chunk->packed ? CODEC_GZIP : CODEC_NONE);
    thrift_number(to, 5, THRIFT_I64, (int64_t)rows);
    thrift_number(to, 6, THRIFT_I64, (int64_t)chunk->unpacked_size);
    thrift_number(to, 7, THRIFT_I64, (int64_t)chunk->size);
    thrift_number(to, 9, THRIFT_I64, (int64_t)(chunk->at + chunk->dictionary_size));
    if (chunk->dictionary_size)
        thrift_number(to, 11, THRIFT_I64, (int64_t)chunk->at);
    thrift_open(to, 12);
    thrift_number(to, 3, THRIFT_I64, (int64_t)chunk->nulls);
    put_range(to, chunk);
    thrift_close(to);
    thrift_close(to);
    thrift_close(to);
}

static void put_group(struct thrift *to, const struct parquet_group *group)
{
    int64_t unpacked_size = 0;
    thrift_open(to, 0);
    thrift_list(to, 1, THRIFT_STRUCT, COLUMN_COUNT);
    for (unsigned c = 0; c < COLUMN_COUNT; c++) {
        put_chunk(to, &parquet_columns[c], &group->chunks[c], group->rows);
        unpacked_size += (int64_t)group->chunks[c].unpacked_size;
    }
    thrift_number(to, 2, THRIFT_I64, unpacked_size);
    thrift_number(to, 3, THRIFT_I64, (int64_t)group->rows);
    thrift_list(to, 4, THRIFT_STRUCT, 1);
    thrift_open(to, 0);
    thrift_number(to, 1, THRIFT_I32, START);
    thrift_field(to, 2, THRIFT_FALSE); /* not descending */
    thrift_field(to, 3, THRIFT_FALSE); /* no nulls first */
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
    thrift_list(&to, 7, THRIFT_STRUCT, COLUMN_COUNT);
    for (unsigned c = 0; c < COLUMN_COUNT; c++) { /* all are ordered as their types are */
        thrift_open(&to, 0);
        thrift_open(&to, 1);
        thrift_close(&to);
        thrift_close(&to);
    }
    thrift_close(&to);
    for (size_t size = to.bytes.used - out->used, i = 0; i < sizeof(uint32_t); i++)
        thrift_byte(&to, size >> (8 * i) & 0xff);
    *out = to.bytes;
    return !to.failed && out->used <= INT32_MAX;
}
