/*
 * Rows of doubles, with texts beside them, in memory that JavaScript frees.
 */
#ifndef RINGSCOPE_WASM_TABLE_H
#define RINGSCOPE_WASM_TABLE_H

#include "../../timeline/texts.h"
#include "../exchange.h"

struct table {
    double *values;
    uint32_t columns, rows, room;
    struct buffer texts;
    bool failed; /* there was no memory: nothing more is added */
};

/* Room for so many rows, and more when they come. */
struct table table_create(uint32_t columns, uint32_t rows);
void table_add(struct table *table, const double *row);
/* A text, and a NUL; those within it become spaces, since they end a text. */
void table_add_text(struct table *table, const char *text, size_t bytes);
/* Hands the memory over, or frees it. */
enum tracer_error table_give(struct table *table, struct exchange *exchange);

#endif
