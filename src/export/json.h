/*
 * JSON objects for cJSON to print, created once and filled again for every event: nodes are linked into an object as
 * needed, and point to texts that they do not own.
 */
#ifndef RINGSCOPE_JSON_H
#define RINGSCOPE_JSON_H

#include <cjson/cJSON.h>

#include "../base/array.h"
#include "../ringscope.h"

#define JSON_FIELDS_MAX 48
#define JSON_NUMBER_BYTES 48

struct json_object {
    cJSON node;
    cJSON fields[JSON_FIELDS_MAX];
    char numbers[JSON_FIELDS_MAX][JSON_NUMBER_BYTES];
    unsigned count;
    bool too_many; /* fields were left out, so it must not be printed */
};

/* Empty the object; the second makes it an array, whose elements have no keys. */
void json_begin(struct json_object *object);
void json_begin_array(struct json_object *object);

/* Adds a field; keys are static texts (NULL in an array), and text is borrowed until the object is printed. */
void json_add_text(struct json_object *object, const char *key, const char *text);
void json_add_bool(struct json_object *object, const char *key, bool value);
void json_add_integer(struct json_object *object, const char *key, uint64_t value);
/* value / 10^decimals, exactly. ns with 6 decimals are ms. */
void json_add_fixed(struct json_object *object, const char *key, uint64_t value, unsigned decimals);
void json_add_signed(struct json_object *object, const char *key, int64_t value, unsigned decimals);
/* The shortest decimal number that reads back as this double. */
void json_add_double(struct json_object *object, const char *key, double value);
/* JSON that is already printed, borrowed until the object is printed; its bytes count as text. */
void json_add_printed(struct json_object *object, const char *key, const char *json);
void json_add_object(struct json_object *object, const char *key, struct json_object *child);

/* Appends the printed object; text_bytes is the total length of its texts. False without memory. */
bool json_print(struct buffer *buffer, struct json_object *object, size_t text_bytes);

/* The text itself if it is valid UTF-8, else a copy in scratch in which every bad byte, surrogate and NUL is U+FFFD.
 * NULL without memory. Borrowed until the next call with that scratch. */
const char *json_valid(struct buffer *scratch, const char *text, size_t size);

#endif
