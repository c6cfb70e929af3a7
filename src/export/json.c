/* Builds JSON objects out of static nodes and prints them with cJSON. */
#include "json.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/printable.h"
#include "../base/utf8.h"
#include "shortest.h"

/* cJSON's strings are not const, although it does not modify what it prints. */
static char *borrowed(const char *text)
{
    return (char *)(uintptr_t)text;
}

void json_begin(struct json_object *object)
{
    object->count = 0;
    object->too_many = false;
    memset(&object->node, 0, sizeof object->node);
    object->node.type = cJSON_Object;
}

void json_begin_array(struct json_object *object)
{
    json_begin(object);
    object->node.type = cJSON_Array;
}

/* The next field. The number of fields is known where an object is filled; one too many is a mistake there, and
 * overwrites the last. */
static unsigned next_field(struct json_object *object)
{
    assert(object->count < JSON_FIELDS_MAX);
    if (object->count == JSON_FIELDS_MAX) {
        object->too_many = true;
        object->count--;
    }
    return object->count;
}

static cJSON *add(struct json_object *object, const char *key, int type)
{
    unsigned place = next_field(object);
    cJSON *field = &object->fields[place];
    cJSON *before = place ? &object->fields[place - 1] : NULL;
    memset(field, 0, sizeof *field);
    field->type = type;
    field->string = borrowed(key);
    field->prev = before;
    if (before)
        before->next = field;
    else
        object->node.child = field;
    object->count++;
    return field;
}

void json_add_text(struct json_object *object, const char *key, const char *text)
{
    add(object, key, cJSON_String)->valuestring = borrowed(text);
}

void json_add_bool(struct json_object *object, const char *key, bool value)
{
    add(object, key, value ? cJSON_True : cJSON_False);
}

/* Writes at least that many digits so that they stop before end, and returns where they begin. */
static char *put_digits(char *end, uint64_t value, unsigned least)
{
    char *to = end;
    for (unsigned digits = 0; value || digits < least; digits++, value /= 10)
        *--to = (char)('0' + value % 10);
    return to;
}

static void add_number(struct json_object *object, const char *key, const char *number)
{
    add(object, key, cJSON_Raw)->valuestring = borrowed(number);
}

void json_add_integer(struct json_object *object, const char *key, uint64_t value)
{
    char *end = object->numbers[next_field(object)] + JSON_NUMBER_BYTES - 1;
    *end = '\0';
    add_number(object, key, put_digits(end, value, 1));
}

static char *put_fixed(struct json_object *object, uint64_t value, unsigned decimals)
{
    uint64_t unit = 1;
    for (unsigned i = 0; i < decimals; i++)
        unit *= 10;
    char *end = object->numbers[next_field(object)] + JSON_NUMBER_BYTES - 1;
    *end = '\0';
    char *to = put_digits(end, value % unit, decimals);
    if (decimals)
        *--to = '.';
    return put_digits(to, value / unit, 1);
}

void json_add_fixed(struct json_object *object, const char *key, uint64_t value, unsigned decimals)
{
    add_number(object, key, put_fixed(object, value, decimals));
}

void json_add_signed(struct json_object *object, const char *key, int64_t value, unsigned decimals)
{
    char *number = put_fixed(object, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, decimals);
    if (value < 0)
        *--number = '-';
    add_number(object, key, number);
}

/* JSON cannot express NaN and infinities. */
void json_add_double(struct json_object *object, const char *key, double value)
{
    char *number = object->numbers[next_field(object)];
    if (isfinite(value))
        shortest_print(number, JSON_NUMBER_BYTES, value);
    add_number(object, key, isfinite(value) ? number : "null");
}

void json_add_printed(struct json_object *object, const char *key, const char *json)
{
    add(object, key, cJSON_Raw)->valuestring = borrowed(json);
}

void json_add_object(struct json_object *object, const char *key, struct json_object *child)
{
    add(object, key, child->node.type)->child = child->node.child;
}

/* ----------------------------------------------------------------- printing */

static bool may_hide(const char *text, size_t size)
{
    return memchr(text, 0x7F, size) || memchr(text, 0xC2, size) || memchr(text, 0xE2, size);
}

/* JSON is read on terminals too, so what they must not receive (cJSON has escaped C0) is replaced by escapes such as
 * \u009b. There must be room for six bytes in place of each. */
static bool hide(char *text, size_t size, size_t *shown)
{
    *shown = size;
    if (!may_hide(text, size))
        return true;
    unsigned char *from = malloc(size);
    if (!from)
        return false;
    memcpy(from, text, size);
    char *to = text;
    for (size_t at = 0; at < size;) {
        size_t hidden = printable_hidden_bytes(from + at, size - at);
        size_t bytes = hidden ? hidden : utf8_bytes(from + at, size - at);
        if (hidden)
            printable_json(to, from + at, bytes);
        else
            memcpy(to, from + at, bytes);
        to += hidden ? PRINTABLE_JSON_BYTES : bytes;
        at += bytes;
    }
    *to = '\0';
    *shown = (size_t)(to - text);
    free(from);
    return true;
}

/* A byte of text becomes at most six, as in \u001b. cJSON asks for a few more bytes than it writes. */
bool json_print(struct buffer *buffer, struct json_object *object, size_t text_bytes)
{
    if (object->too_many)
        return false;
    size_t most = PRINTABLE_JSON_BYTES * text_bytes + 4096;
    if (!buffer_reserve(buffer, most))
        return false;
    char *to = buffer->bytes + buffer->used;
    if (!cJSON_PrintPreallocated(&object->node, to, most > INT32_MAX ? INT32_MAX : (int)most, false))
        return false;
    size_t shown;
    if (!hide(to, strlen(to), &shown))
        return false;
    buffer->used += shown;
    return true;
}
