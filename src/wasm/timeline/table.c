/* Builds tables for JavaScript; timeline_wasm.h says where they go. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

struct table table_create(uint32_t columns, uint32_t rows)
{
    struct table table = { .columns = columns, .room = rows ? rows : 1 };
    table.values = calloc((size_t)table.room * (columns ? columns : 1), sizeof *table.values);
    table.failed = !table.values || !buffer_reserve(&table.texts, 1);
    return table;
}

static bool grow(struct table *table)
{
    size_t room = (size_t)table->room * 2, width = table->columns * sizeof *table->values;
    double *values = room <= UINT32_MAX && room <= SIZE_MAX / width ? realloc(table->values, room * width) : NULL;
    if (!values)
        return false;
    table->values = values;
    table->room = (uint32_t)room;
    return true;
}

void table_add(struct table *table, const double *row)
{
    if (table->columns == 0)
        table->rows++;
    if (table->columns == 0 || table->failed)
        return;
    if (table->rows == table->room && !grow(table)) {
        table->failed = true;
        return;
    }
    memcpy(table->values + (size_t)table->rows * table->columns, row, table->columns * sizeof *row);
    table->rows++;
}

void table_add_text(struct table *table, const char *text, size_t bytes)
{
    if (table->failed || !buffer_reserve(&table->texts, bytes + 1)) {
        table->failed = true;
        return;
    }
    char *to = table->texts.bytes + table->texts.used;
    for (size_t i = 0; i < bytes; i++)
        to[i] = text[i] ? text[i] : ' ';
    to[bytes] = '\0';
    table->texts.used += bytes + 1;
}

enum tracer_error table_give(struct table *table, struct exchange *exchange)
{
    if (table->failed) {
        free(table->values);
        buffer_free(&table->texts);
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    }
    exchange->result = table->values;
    exchange->numbers[0] = table->rows;
    exchange->numbers[1] = (double)(uintptr_t)table->texts.bytes;
    exchange->numbers[2] = (double)table->texts.used;
    return TRACER_OK;
}
