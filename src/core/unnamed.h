/*
 * Names of open spans that found the table of names full. They are copied here at the beginning, because the caller's
 * text may be gone at the end. The table is bounded; a span that finds no place is recorded as "(unnamed)".
 */
#ifndef RINGSCOPE_UNNAMED_H
#define RINGSCOPE_UNNAMED_H

#include "tracer_internal.h"

#define UNNAMED_SPANS 64u

struct unnamed_span {
    uint64_t start, span_bits; /* of its token; 0: free */
    char name[NAME_BYTES_MAX + 1];
};

struct unnamed_spans {
    uint32_t lock; /* 1 while a thread uses the table */
    uint32_t next; /* the one to overwrite when all are taken */
    struct unnamed_span spans[UNNAMED_SPANS];
};

void unnamed_keep(struct tracer *tracer, struct trace_token token, const char *name);

/* Copies the name out and frees its place. Returns false, and "(unnamed)", if it is not there. */
bool unnamed_take(struct tracer *tracer, struct trace_token token, char name[NAME_BYTES_MAX + 1]);

#endif
