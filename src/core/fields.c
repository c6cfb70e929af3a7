/* Lays fields out. */
#include "fields.h"

#include <assert.h>
#include <string.h>

/* The first word is the length of all fields. */
static void begin(struct fields *fields)
{
    if (fields->bytes == 0)
        fields->bytes = sizeof fields->words[0];
}

static void end(struct fields *fields)
{
    fields->words[0] = fields->bytes;
}

void fields_add_number(struct fields *fields, enum image_field kind, uint64_t value)
{
    begin(fields);
    assert(fields->bytes + 2 * sizeof value <= sizeof fields->words);
    uint64_t *to = fields->words + fields->bytes / 8;
    to[0] = field_word(kind, sizeof value);
    to[1] = value;
    fields->bytes += 2 * sizeof value;
    end(fields);
}

static size_t padded(size_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

/* Includes its NUL, so that readers can lend the text. */
static void add_text(struct fields *fields, enum image_field kind, const char *text, size_t room_bytes)
{
    size_t length = text ? strnlen(text, FIELD_TEXT_MAX) : 0;
    if (!text)
        return;
    begin(fields);
    if (length == FIELD_TEXT_MAX || fields->bytes + sizeof(uint64_t) + padded(length + 1) > room_bytes) {
        fields->left_out = true;
    } else {
        uint64_t *to = fields->words + fields->bytes / 8;
        to[0] = field_word(kind, length);
        to[padded(length + 1) / 8] = 0;
        memcpy(to + 1, text, length + 1);
        fields->bytes += sizeof(uint64_t) + padded(length + 1);
    }
    end(fields);
}

void fields_of(struct fields *fields, const struct trace_event *event, size_t room_bytes, bool without_details)
{
    fields->bytes = 0;
    fields->left_out = false;
    if (event->async_id || (event->has & TRACE_HAS_ASYNC_ID))
        fields_add_number(fields, FIELD_ASYNC_ID, event->async_id);
    if (event->parent || (event->has & TRACE_HAS_PARENT))
        fields_add_number(fields, FIELD_PARENT, event->parent);
    if (event->stack || (event->has & TRACE_HAS_STACK))
        fields_add_number(fields, FIELD_STACK, event->stack);
    if (without_details)
        return;
    add_text(fields, FIELD_ARGUMENTS, event->arguments, room_bytes);
    add_text(fields, FIELD_RESULT, event->result, room_bytes);
}
