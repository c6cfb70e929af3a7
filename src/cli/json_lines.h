/*
 * A JSON array of objects, an object after the other, on standard output.
 */
#ifndef RINGSCOPE_CLI_JSON_LINES_H
#define RINGSCOPE_CLI_JSON_LINES_H

#include "../export/json.h"

/* What the caller fills for each: an object, and an array of names that it may add. */
struct json_filled {
    struct json_object object, names;
    struct buffer line, scratch;
};

struct json_lines {
    struct json_filled *json;
    bool some;
};

/* False without memory. */
bool json_lines_begin(struct json_lines *lines);
/* Prints the object, of whose texts text_bytes is the total length at most, and empties both. False without memory. */
bool json_lines_print(struct json_lines *lines, size_t text_bytes);
void json_lines_end(struct json_lines *lines);

#endif
