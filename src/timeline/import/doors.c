/* The table of doors. The first that recognises a beginning is taken. */
#include <ctype.h>

#include "chrome.h"
#include "chrome_text.h"
#include "cpuprofile.h"
#include "door.h"
#include "folded.h"
#include "ftrace.h"
#include "lines.h"
#include "other_json.h"
#include "perf.h"
#include "perfetto.h"
#include "strace.h"

/* ------------------------------------------------------------ Trace Event JSON */

static bool is_json(const char *head, size_t size)
{
    const char *end = head + size, *at = head;
    at = skip_spaces(at, end);
    return at < end && (*at == '{' || *at == '[');
}

static void *create_chrome(struct timeline_builder *builder)
{
    return chrome_import_create(builder);
}

static enum tracer_error feed_chrome(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    return chrome_import_feed(reader, bytes, size, message);
}

static enum tracer_error end_chrome(void *reader, struct tracer_message *message)
{
    return chrome_import_end(reader, message);
}

static void destroy_chrome(void *reader)
{
    chrome_import_destroy(reader);
}

static const struct door chrome_door = {
    "chrome", "Trace Event JSON", "event", is_json, create_chrome, feed_chrome, end_chrome, destroy_chrome,
};

/* ------------------------------------------------------------------- the table */

static const struct door *const doors[] = {
    &perfetto_door,   &strace_door, /* before JSON: its lines may begin with [ */
    &cpuprofile_door, &other_json_door, &chrome_door, /* after JSON that has marks of its own */
    &ftrace_door,     &perf_door,       &folded_door,
};

/* "[000] 12.5: …", a line of perf's without a task, or "[    0.5] …" of the kernel's log: no array of JSON. */
static bool begins_with_number_in_brackets(const char *head, size_t size)
{
    const char *end = head + size, *at = skip_spaces(head, end);
    if (at == end || *at++ != '[')
        return false;
    while (at < end && (digit(*at) || *at == '.' || *at == ' '))
        at++;
    const char *after = pass_spaces(at + (at < end), end);
    return at < end && *at == ']' && digit(at[-1]) && after < end && isalnum((unsigned char)*after);
}

const struct door *door_of(const char *head, size_t size_bytes)
{
    if (begins_with_number_in_brackets(head, size_bytes))
        return perf_door.recognises(head, size_bytes) ? &perf_door : NULL;
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (doors[i]->recognises(head, size_bytes))
            return doors[i];
    }
    return NULL;
}
