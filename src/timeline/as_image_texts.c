/* The texts of an image while it is made from a timeline. */
#include <stdlib.h>
#include <string.h>

#include "as_image_internal.h"
#include "empty_spans.h"

#define TEXT_MAX ((1u << SEALED_TEXT_BITS) - 1)

/* Fields, a name without an entry, and the detail, in the form that event_text.h parses. */
struct parts {
    const char *arguments, *name, *detail; /* NULL: none */
    uint64_t place, async_id; /* 0: none */
    size_t arguments_bytes, fields_bytes, name_bytes, detail_bytes;
};

static size_t padded_to_8(size_t bytes)
{
    return (bytes + 7) / 8 * 8;
}

static char *put_word(char *to, uint64_t word)
{
    memcpy(to, &word, sizeof word);
    return to + sizeof word;
}

/* Nothing for 0. */
static char *put_number(char *to, enum image_field kind, uint64_t number)
{
    return number ? put_word(put_word(to, field_word(kind, sizeof number)), number) : to;
}

static char *put_fields(char *to, const struct parts *parts)
{
    char *at = to;
    if (!parts->fields_bytes)
        return to;
    at = put_word(at, parts->fields_bytes);
    at = put_number(at, FIELD_PLACE, parts->place);
    at = put_number(at, FIELD_ASYNC_ID, parts->async_id);
    if (parts->arguments) {
        at = put_word(at, field_word(FIELD_ARGUMENTS, parts->arguments_bytes));
        memset(at, 0, padded_to_8(parts->arguments_bytes + 1)); /* NUL-terminated */
        memcpy(at, parts->arguments, parts->arguments_bytes);
    }
    return to + parts->fields_bytes;
}

/* Cut JSON would be invalid, so arguments that are too long are left out, which is reported. */
static void take_fields(struct laying *laying, uint32_t event, const char *arguments, struct parts *parts)
{
    parts->place = empty_span_place(laying->timeline, event);
    if (laying->timeline->kinds[event] & TIMELINE_ASYNC)
        parts->async_id = (uint64_t)event + 1;
    if (parts->place || parts->async_id) /* empty spans with a place are not async */
        parts->fields_bytes += 2 * sizeof(uint64_t);
    if (arguments && strlen(arguments) >= TEXT_MAX / 4) {
        laying->left->arguments_cut++;
    } else if (arguments) {
        parts->arguments = arguments;
        parts->arguments_bytes = strlen(arguments);
        parts->fields_bytes += sizeof(uint64_t) + padded_to_8(parts->arguments_bytes + 1);
    }
    parts->fields_bytes += parts->fields_bytes ? sizeof(uint64_t) : 0;
}

static void take_name(const struct laying *laying, uint32_t event, struct parts *parts, uint64_t *meta)
{
    if (as_image_name(laying, event) != IN_DETAIL)
        return;
    parts->name = interned_text(&laying->timeline->name_table, laying->timeline->names[event]);
    parts->name_bytes = strlen(parts->name) + 1;
    *meta |= RECORD_NAME_IN_DETAIL;
    if (parts->name_bytes > TEXT_MAX / 2) { /* cut, because it must end in NUL */
        parts->name_bytes = TEXT_MAX / 2;
        *meta |= RECORD_TRUNCATED;
    }
}

static struct parts parts_of(struct laying *laying, uint32_t event, uint64_t *meta)
{
    const struct timeline *timeline = laying->timeline;
    struct event_texts texts = event_texts(timeline, event);
    struct parts parts = { .detail = texts.detail };
    take_fields(laying, event, texts.arguments, &parts);
    take_name(laying, event, &parts, meta);
    if (parts.fields_bytes)
        *meta |= RECORD_HAS_FIELDS;
    if (parts.detail) {
        size_t room = TEXT_MAX - parts.fields_bytes - parts.name_bytes - 1;
        parts.detail_bytes = strlen(parts.detail);
        *meta |= RECORD_HAS_DETAIL | (parts.detail_bytes > room ? RECORD_TRUNCATED : 0);
        parts.detail_bytes = parts.detail_bytes < room ? parts.detail_bytes : room;
    }
    laying->left->details_cut += (*meta & RECORD_TRUNCATED) != 0;
    return parts;
}

static bool add_parts(struct laying *laying, const struct parts *parts, struct snapshot_event *to)
{
    char *at;
    if (!(to->meta & (RECORD_HAS_FIELDS | RECORD_NAME_IN_DETAIL | RECORD_HAS_DETAIL)))
        return true;
    size_t bytes = parts->fields_bytes + parts->name_bytes + parts->detail_bytes;
    at = snapshot_add_text(laying->snapshot, bytes, &to->text);
    if (!at)
        return false;
    at = put_fields(at, parts);
    if (parts->name_bytes) {
        memcpy(at, parts->name, parts->name_bytes - 1);
        at[parts->name_bytes - 1] = '\0';
        at += parts->name_bytes;
    }
    if (parts->detail)
        memcpy(at, parts->detail, parts->detail_bytes);
    return true;
}

bool as_image_text(struct laying *laying, uint32_t event, struct snapshot_event *to)
{
    struct parts parts = parts_of(laying, event, &to->meta);
    return add_parts(laying, &parts, to);
}

bool as_image_name_text(struct laying *laying, uint32_t event, struct snapshot_event *to)
{
    struct parts parts = { 0 };
    take_name(laying, event, &parts, &to->meta);
    return add_parts(laying, &parts, to);
}
