/* Prints annotations, which may be nested. */
#include "perfetto_arguments.h"

#include <inttypes.h>
#include <stdio.h>

#include "json_walk.h"

#define DEPTH_MAX 16u

void perfetto_append(struct perfetto_events *events, const char *text, size_t bytes)
{
    struct buffer *to = &events->details;
    if (bytes == 0 || events->failed)
        return;
    if (to->used + bytes > UINT32_MAX || !buffer_reserve(to, bytes)) {
        events->failed = true;
        return;
    }
    memcpy(to->bytes + to->used, text, bytes);
    to->used += bytes;
}

static void append_text(struct perfetto_events *events, const char *text)
{
    perfetto_append(events, text, strlen(text));
}

static void append_string(struct perfetto_events *events, const char *text, size_t bytes)
{
    append_text(events, "\"");
    for (size_t i = 0, from = 0; i <= bytes; i++) {
        unsigned char byte = i < bytes ? (unsigned char)text[i] : '"';
        char escaped[8];
        if (byte >= ' ' && byte != '"' && byte != '\\')
            continue;
        perfetto_append(events, text + from, i - from);
        from = i + 1;
        if (i == bytes)
            break;
        if (byte < ' ')
            snprintf(escaped, sizeof escaped, "\\u%04x", byte);
        else
            snprintf(escaped, sizeof escaped, "\\%c", byte);
        append_text(events, escaped);
    }
    append_text(events, "\"");
}

static void append_number(struct perfetto_events *events, const struct wire_field *field)
{
    char text[40];
    double number = wire_double(field->value);
    switch (field->number) {
    case 2:
        append_text(events, field->value ? "true" : "false");
        return;
    case 3:
        snprintf(text, sizeof text, "%" PRIu64, field->value);
        break;
    case 4:
        snprintf(text, sizeof text, "%" PRId64, (int64_t)field->value);
        break;
    case 5:
        snprintf(text, sizeof text, number - number == 0 ? "%.17g" : "\"%g\"", number);
        break;
    default: /* a pointer */
        snprintf(text, sizeof text, "\"0x%" PRIx64 "\"", field->value);
    }
    append_text(events, text);
}

static void append_value(struct perfetto_events *events, const struct perfetto_context *context,
                         struct message annotation, unsigned depth);
static void append_argument(struct perfetto_events *events, const struct perfetto_context *context,
                            struct message annotation, bool first, unsigned depth);

/* The elements of a list, or the entries of a dictionary. */
static void append_all(struct perfetto_events *events, const struct perfetto_context *context,
                       struct message annotation, uint32_t number, unsigned depth)
{
    struct wire_field field;
    bool first = true;
    append_text(events, number == 11 ? "{" : "[");
    while (wire_next(&annotation, &field)) {
        if (field.number != number || field.type != WIRE_BYTES)
            continue;
        if (number == 11) {
            append_argument(events, context, field.bytes, first, depth + 1);
        } else {
            append_text(events, first ? "" : ",");
            append_value(events, context, field.bytes, depth + 1);
        }
        first = false;
    }
    append_text(events, number == 11 ? "}" : "]");
}

/* Whether it is a complete value and nothing else. */
static bool is_json(const char *text, size_t size)
{
    struct json_range value = json_value(text, text + size);
    return value.at == text && value.end == text + size && !memchr(text, '\0', size);
}

/* The last value, as protocol buffers require; lists and dictionaries in full. */
static void append_value(struct perfetto_events *events, const struct perfetto_context *context,
                         struct message annotation, unsigned depth)
{
    struct wire_field field, value = { 0 };
    struct message rest = annotation;
    const char *text;
    size_t size;
    while (wire_next(&rest, &field))
        if ((field.number >= 2 && field.number <= 9) || field.number == 11 || field.number == 12 || field.number == 17)
            value = field;
    text = wire_text(&value, &size);
    if (value.number >= 2 && value.number <= 7 && value.type != WIRE_BYTES) {
        append_number(events, &value);
    } else if (value.number == 6) {
        append_string(events, text, size);
    } else if (value.number == 9 && is_json(text, size)) {
        perfetto_append(events, text, size);
    } else if (value.number == 17) {
        text = perfetto_interned(&events->names, context, PERFETTO_TEXTS, value.value);
        append_string(events, text ? text : "?", text ? strlen(text) : 1);
    } else if ((value.number == 11 || value.number == 12) && depth < DEPTH_MAX) {
        append_all(events, context, annotation, value.number, depth);
    } else {
        append_text(events, "null");
    }
}

static void append_argument(struct perfetto_events *events, const struct perfetto_context *context,
                            struct message annotation, bool first, unsigned depth)
{
    struct wire_field field;
    struct message rest = annotation;
    const char *key = NULL;
    size_t size = 0;
    while (wire_next(&rest, &field)) {
        if (field.number == 10) {
            key = wire_text(&field, &size);
        } else if (field.number == 1) {
            key = perfetto_interned(&events->names, context, PERFETTO_KEYS, field.value);
            size = key ? strlen(key) : 0;
        }
    }
    append_text(events, first ? "" : ",");
    append_string(events, key ? key : "?", key ? size : 1);
    append_text(events, ":");
    append_value(events, context, annotation, depth);
}

void perfetto_add_argument(struct perfetto_events *events, const struct perfetto_context *context,
                           struct message annotation, bool first)
{
    append_argument(events, context, annotation, first, 0);
}
