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
    bool failed; /* out of memory: nothing more is added */
};

/* Has room for this many rows, and grows when there are more. */
struct table table_create(uint32_t columns, uint32_t rows);
void table_add(struct table *table, const double *row);
/* Adds a text and a NUL; a NUL within the text becomes a space, since it would end the text. */
void table_add_text(struct table *table, const char *text, size_t bytes);
/* Makes the table the call's result, or frees it on failure. */
enum tracer_error table_give(struct table *table, struct exchange *exchange);

#endif
