/*
 * Prints a JSON array of objects on standard output, one object at a time.
 */
#ifndef RINGSCOPE_CLI_JSON_LINES_H
#define RINGSCOPE_CLI_JSON_LINES_H

#include "../export/json.h"
#include "cli.h"

#define JSON_LINES_TEXTS_MAX 8

/* Filled by the caller for each element: an object, and an array of names that it may add. */
struct json_filled {
    struct json_object object, names;
    struct buffer line, valid[JSON_LINES_TEXTS_MAX];
    unsigned texts;
    size_t text_bytes;
};

struct json_lines {
    struct json_filled *json;
    bool some;
};

/* False without memory. */
bool json_lines_begin(struct json_lines *lines);
/* Adds a text to the object, or, without a key, to the names; it is borrowed until the object is printed. Invalid UTF-8
 * becomes U+FFFD, because names of programs may be any bytes. At most JSON_LINES_TEXTS_MAX per object. False without
 * memory. */
bool json_lines_add(struct json_lines *lines, const char *key, const char *text);
/* Prints the object, and empties both. False without memory. */
bool json_lines_print(struct json_lines *lines);
/* Returns the result of cli_finish_printing(). */
int json_lines_end(struct json_lines *lines, const struct cli_call *call, bool ok);

#endif
