/* Finds paths in details; see path_in_text.h. */
#include "path_in_text.h"

#include <string.h>

#include "../base/star_match.h"

#define PATH_BYTES 4096

struct found {
    char path[PATH_BYTES];
    size_t bytes;
};

static bool ends_with(const char *text, size_t bytes, const char *ending)
{
    const size_t length = strlen(ending);
    return bytes >= length && memcmp(text + bytes - length, ending, length) == 0;
}

static bool begins_with(const char *text, size_t bytes, const char *beginning)
{
    const size_t length = strlen(beginning);
    return bytes >= length && memcmp(text, beginning, length) == 0;
}

/* From behind a quote to the next; a backslash makes the byte after it ordinary. */
static void copy_quoted(struct found *found, const char *text, size_t bytes)
{
    found->bytes = 0;
    for (size_t at = 0; at < bytes && text[at] != '"' && found->bytes < PATH_BYTES - 1; at++) {
        at += text[at] == '\\' && at + 1 < bytes;
        found->path[found->bytes++] = text[at];
    }
    found->path[found->bytes] = '\0';
}

/* To the end of a descriptor's name, or else of an argument. */
static void copy_plain(struct found *found, const char *text, size_t bytes, bool is_name)
{
    size_t at = 0;
    while (at < bytes && at < PATH_BYTES - 1 &&
           (is_name ? text[at] != '>'
                    : !begins_with(text + at, bytes - at, ", ") && !begins_with(text + at, bytes - at, " = ")))
        at++;
    memcpy(found->path, text, at);
    found->path[at] = '\0';
    found->bytes = at;
}

/* Copies the path that begins at this byte; false: none does. Only a path that would be misread has quotes, unlike
 * contents of buffers; strace quotes all. */
static bool path_at(struct found *found, const char *text, size_t bytes, size_t at)
{
    const bool is_name = at > 0 && text[at - 1] == '<';
    if (!is_name && at > 0 && !ends_with(text, at, ", ") && !(at == 1 && text[0] == '('))
        return false;
    if (begins_with(text + at, bytes - at, "\"/")) {
        copy_quoted(found, text + at + 1, bytes - at - 1);
        return is_name || text[0] == '(' || strstr(found->path, ", ");
    }
    if (text[at] != '/')
        return false;
    copy_plain(found, text + at, bytes - at, is_name);
    return true;
}

/* Bytes of a list of strings, such as a program's arguments, which are not paths of the call; 0: none begins here. */
static size_t list_bytes(const char *text, size_t bytes)
{
    bool quoted = false;
    if (!begins_with(text, bytes, "[\""))
        return 0;
    for (size_t at = 0; at < bytes; at++) {
        if (text[at] == ']' && !quoted)
            return at;
        quoted ^= text[at] == '"';
        at += text[at] == '\\';
    }
    return bytes;
}

bool path_in_text(const char *path, const char *text, size_t bytes)
{
    struct found found;
    for (size_t at = 0; at < bytes; at++) {
        at += list_bytes(text + at, bytes - at);
        if (at < bytes && path_at(&found, text, bytes, at) && star_match(path, strlen(path), found.path))
            return true;
    }
    return false;
}
