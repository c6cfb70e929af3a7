/* Prints arrays of objects; see json_lines.h. */
#include "json_lines.h"

#include <stdlib.h>

static void empty(struct json_filled *json)
{
    json_begin(&json->object);
    json_begin_array(&json->names);
}

bool json_lines_begin(struct json_lines *lines)
{
    *lines = (struct json_lines){ .json = calloc(1, sizeof *lines->json) };
    if (!lines->json)
        return false;
    empty(lines->json);
    putchar('[');
    return true;
}

bool json_lines_print(struct json_lines *lines, size_t text_bytes)
{
    struct json_filled *json = lines->json;
    json->line.used = 0;
    if (!json_print(&json->line, &json->object, text_bytes))
        return false;
    printf("%s%.*s", lines->some ? "," : "", (int)json->line.used, json->line.bytes);
    lines->some = true;
    empty(json);
    return true;
}

void json_lines_end(struct json_lines *lines)
{
    puts("]");
    buffer_free(&lines->json->line);
    buffer_free(&lines->json->scratch);
    free(lines->json);
}
