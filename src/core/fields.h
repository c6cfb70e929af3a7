/*
 * The fields of an event, laid out as they precede its text: see image_detail.h.
 */
#ifndef RINGSCOPE_FIELDS_H
#define RINGSCOPE_FIELDS_H

#include "../image/image.h"

#define FIELD_NUMBERS_MAX 5u
#define FIELD_TEXT_MAX 4096u /* longer arguments and results are left out: cut JSON is useless */
#define FIELDS_WORDS (1 + 2 * FIELD_NUMBERS_MAX + 2 * (1 + FIELD_TEXT_MAX / 8 + 1))

struct fields {
    size_t bytes; /* used, a multiple of 8; 0: none */
    bool left_out; /* a text was too long */
    uint64_t words[FIELDS_WORDS];
};

/* Lays out the event's fields, in at most room_bytes; without_details: numbers only. */
void fields_of(struct fields *fields, const struct trace_event *event, size_t room_bytes, bool without_details);

/* Adds a number; there is always room for FIELD_NUMBERS_MAX. */
void fields_add_number(struct fields *fields, enum image_field kind, uint64_t value);

#endif
