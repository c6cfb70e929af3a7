/*
 * Finding text in text in any case, as far as ASCII goes; other letters match themselves.
 */
#ifndef RINGSCOPE_MATCH_H
#define RINGSCOPE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timeline;

/* What is looked for, folded. */
struct needle {
    char *text;
    size_t bytes;
    char pair[2]; /* its first letter in both cases */
};

bool needle_create(struct needle *needle, const char *text); /* false: no memory */
void needle_free(struct needle *needle);
bool needle_in(const struct needle *needle, const char *text, size_t bytes);

/* A byte by name: whether it contains the needle. The caller frees it; NULL: no memory. */
uint8_t *match_names(const struct timeline *timeline, const struct needle *needle);
/* Whether the event's name, by the table, or its detail contains it. */
bool match_event(const struct timeline *timeline, uint32_t event, const uint8_t *names, const struct needle *needle);

#endif
