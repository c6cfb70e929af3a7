/*
 * Walks JSON that is complete, or cut off: values are ranges of its text, and their contents are parsed on
 * demand.
 */
#ifndef RINGSCOPE_IMPORT_JSON_WALK_H
#define RINGSCOPE_IMPORT_JSON_WALK_H

#include "../texts.h"

/* A value: a string with its quotes, an object with its braces. NULL: there is none. */
struct json_range {
    const char *at, *end;
};

/* The value that begins there, after spaces and a byte order mark. */
struct json_range json_value(const char *at, const char *end);

/* The contents of an object or array, for walking; empty for anything else. */
struct json_range json_inside(struct json_range value);
/* The next member of an object, or element of an array. walk is initially json_inside(), and afterwards what is left of
 * it. False at the end, where the text is cut off, and where it is not JSON. */
bool json_next_member(struct json_range *walk, struct json_range *key, struct json_range *value);
bool json_next_element(struct json_range *walk, struct json_range *value);

/* A member's value; its at is NULL if there is none. */
struct json_range json_member(struct json_range object, const char *key);
/* Whether a string means this text: see literal_is(). */
bool json_is(struct json_range value, const char *text);
bool json_is_object(struct json_range value);
bool json_is_array(struct json_range value);

/* An integer, perhaps in a string. */
bool json_integer(struct json_range value, int64_t *integer);
/* Converts µs to ns, exactly. */
bool json_ns(struct json_range value, int64_t *ns);
/* A string's text, decoded into the buffer if it has escapes. False if it is not a string, or without memory. */
bool json_text(struct json_range value, struct buffer *scratch, const char **text, size_t *bytes);

#endif
