/*
 * Parses a record's text in the ring: fields, a name that did not fit into the table, and the detail. The bytes may be
 * anything: a part that is not sound is treated as absent.
 */
#ifndef RINGSCOPE_EVENT_TEXT_H
#define RINGSCOPE_EVENT_TEXT_H

#include <string.h>

#include "../image/image.h"

struct event_text {
    const char *name; /* NULL: the record has its id */
    size_t name_bytes;
    const char *detail; /* NULL: none */
    size_t detail_bytes;
    const char *fields; /* borrowed, not aligned; NULL: none */
    size_t fields_bytes;
};

static inline uint64_t event_text_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Splits the text as the flags of the record's word 3 say. */
static inline struct event_text event_text_split(uint64_t meta, const char *text, size_t bytes)
{
    struct event_text parts = { 0 };
    if ((meta & RECORD_HAS_FIELDS) && bytes >= sizeof(uint64_t)) {
        uint64_t length = event_text_word(text);
        if (length < sizeof(uint64_t) || length > bytes)
            return parts;
        parts.fields = text;
        parts.fields_bytes = (size_t)length;
        text += length;
        bytes -= (size_t)length;
    }
    if (meta & RECORD_NAME_IN_DETAIL) {
        parts.name = text;
        parts.name_bytes = strnlen(text, bytes);
        size_t skipped = parts.name_bytes < bytes ? parts.name_bytes + 1 : parts.name_bytes;
        text += skipped;
        bytes -= skipped;
    }
    if (meta & RECORD_HAS_DETAIL) {
        parts.detail = text;
        parts.detail_bytes = bytes;
    }
    return parts;
}

/* The first field's number, if it is of that kind; else 0. */
static inline uint64_t event_text_first(const struct event_text *parts, enum image_field kind)
{
    const uint64_t word = field_word(kind, sizeof word);
    return parts->fields_bytes >= 3 * sizeof word && event_text_word(parts->fields + sizeof word) == word
               ? event_text_word(parts->fields + 2 * sizeof word)
               : 0;
}

/* The same text without the parts that may hold secrets: the detail, and fields that are text. */
struct bare_text {
    char fields[88]; /* each number once: one word in all, and two for each */
    size_t fields_bytes;
    const char *name; /* as in event_text */
    size_t name_bytes;
};
/* Changes meta accordingly. */
void event_text_bare(const struct event_text *parts, uint64_t *meta, struct bare_text *bare);

/* Fills in the members that fields describe. Their texts are borrowed. */
void event_text_fields(const struct event_text *parts, struct trace_event *event);

#endif
