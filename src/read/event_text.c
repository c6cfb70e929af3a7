/* Reads an event's fields. */
#include "event_text.h"

static void take_number(struct trace_event *event, enum image_field kind, uint64_t value)
{
    switch (kind) {
    case FIELD_ASYNC_ID:
        event->async_id = value;
        event->has |= TRACE_HAS_ASYNC_ID;
        break;
    case FIELD_PARENT:
        event->parent = value;
        event->has |= TRACE_HAS_PARENT;
        break;
    case FIELD_STACK:
        event->stack = value;
        event->has |= TRACE_HAS_STACK;
        break;
    case FIELD_PID:
        event->pid = (uint32_t)value;
        event->has |= TRACE_HAS_PID;
        break;
    default:
        break; /* a field of a later version */
    }
}

static void set_field(struct trace_event *event, enum image_field kind, const char *value, size_t length)
{
    if (kind == FIELD_ARGUMENTS || kind == FIELD_RESULT) {
        if (value[length] == '\0')
            *(kind == FIELD_ARGUMENTS ? &event->arguments : &event->result) = value;
    } else if (length == sizeof(uint64_t)) {
        take_number(event, kind, event_text_word(value));
    }
}

void event_text_fields(const struct event_text *parts, struct trace_event *event)
{
    size_t at = sizeof(uint64_t);
    while (parts->fields && parts->fields_bytes - at >= sizeof(uint64_t)) {
        uint64_t word = event_text_word(parts->fields + at);
        bool text = field_kind(word) == FIELD_ARGUMENTS || field_kind(word) == FIELD_RESULT;
        size_t length = field_length(word), padded = (length + text + 7) / 8 * 8;
        at += sizeof(uint64_t);
        if (padded > parts->fields_bytes - at)
            return;
        set_field(event, field_kind(word), parts->fields + at, length);
        at += padded;
    }
}

static void put_number(struct bare_text *bare, enum image_field kind, uint64_t value)
{
    const uint64_t words[] = { field_word(kind, sizeof value), value };
    if (bare->fields_bytes == 0)
        bare->fields_bytes = sizeof words[0];
    memcpy(bare->fields + bare->fields_bytes, words, sizeof words);
    bare->fields_bytes += sizeof words;
}

static void put_numbers(struct bare_text *bare, const struct trace_event *event)
{
    if (event->has & TRACE_HAS_ASYNC_ID)
        put_number(bare, FIELD_ASYNC_ID, event->async_id);
    if (event->has & TRACE_HAS_PARENT)
        put_number(bare, FIELD_PARENT, event->parent);
    if (event->has & TRACE_HAS_STACK)
        put_number(bare, FIELD_STACK, event->stack);
    if (event->has & TRACE_HAS_PID)
        put_number(bare, FIELD_PID, event->pid);
    uint64_t length = bare->fields_bytes;
    memcpy(bare->fields, &length, length ? sizeof length : 0);
}

void event_text_bare(const struct event_text *parts, uint64_t *meta, struct bare_text *bare)
{
    struct trace_event event = { 0 };
    bare->fields_bytes = 0;
    bare->name = parts->name;
    bare->name_bytes = parts->name_bytes;
    const uint64_t place = event_text_first(parts, FIELD_PLACE);
    if (place)
        put_number(bare, FIELD_PLACE, place);
    event_text_fields(parts, &event);
    put_numbers(bare, &event);
    *meta &= ~(RECORD_HAS_DETAIL | RECORD_TRUNCATED | RECORD_HAS_FIELDS);
    if (bare->fields_bytes)
        *meta |= RECORD_HAS_FIELDS;
}
