/* Prints arrays of objects; see json_lines.h. */
#include "json_lines.h"

#include <stdlib.h>
#include <string.h>

static void empty(struct json_filled *json)
{
    json_begin(&json->object);
    json_begin_array(&json->names);
    json->texts = 0;
    json->text_bytes = 0;
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

bool json_lines_add(struct json_lines *lines, const char *key, const char *text)
{
    struct json_filled *json = lines->json;
    if (json->texts == JSON_LINES_TEXTS_MAX)
        return false;
    text = json_valid(&json->valid[json->texts++], text, strlen(text));
    if (!text)
        return false;
    json->text_bytes += strlen(text);
    json_add_text(key ? &json->object : &json->names, key, text);
    return true;
}

bool json_lines_print(struct json_lines *lines)
{
    struct json_filled *json = lines->json;
    json->line.used = 0;
    if (!json_print(&json->line, &json->object, json->text_bytes))
        return false;
    printf("%s%.*s", lines->some ? "," : "", (int)json->line.used, json->line.bytes);
    lines->some = true;
    empty(json);
    return true;
}

int json_lines_end(struct json_lines *lines, const struct cli_call *call, bool ok)
{
    puts("]");
    int code = cli_finish_printing(call, ok);
    buffer_free(&lines->json->line);
    for (unsigned i = 0; i < JSON_LINES_TEXTS_MAX; i++)
        buffer_free(&lines->json->valid[i]);
    free(lines->json);
    return code;
}
