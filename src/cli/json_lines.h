/*
 * A JSON array of objects, an object after the other, on standard output.
 */
#ifndef RINGSCOPE_CLI_JSON_LINES_H
#define RINGSCOPE_CLI_JSON_LINES_H

#include "../export/json.h"
#include "cli.h"

#define JSON_LINES_TEXTS_MAX 8

/* What the caller fills for each: an object, and an array of names that it may add. */
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
/* Adds a text to the object, or, without a key, to the names; it is borrowed until the object is printed. What is no
 * UTF-8 becomes U+FFFD: names of programs are any bytes. JSON_LINES_TEXTS_MAX for each object. False without memory. */
bool json_lines_add(struct json_lines *lines, const char *key, const char *text);
/* Prints the object, and empties both. False without memory. */
bool json_lines_print(struct json_lines *lines);
/* What cli_finish_printing() returns. */
int json_lines_end(struct json_lines *lines, const struct cli_call *call, bool ok);

#endif
