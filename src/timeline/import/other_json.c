/* Knows JSON files by the keys that they begin with. */
#include "other_json.h"

#include "json_walk.h"
#include "whole.h"

struct kind {
    const char *keys[3]; /* all of them are there */
    const char *words;
};

/* The first whose keys are there. */
static const struct kind kinds[] = {
    { { "meta", "threads", "libs" },
      "this is a Firefox profile: profiler.firefox.com opens it. For ringscope, record the program with perf" },
    { { "shared", "profiles" },
      "this is a speedscope file: speedscope.app opens it. For ringscope, take the file that it "
      "was made of" },
    { { "snapshot", "nodes", "strings" },
      "this is a heap snapshot of V8, which has no times: Chrome's developer tools open it, under Memory" },
    { { "head", "samples", "startTime" },
      "this is a CPU profile of an old V8, before 2016: record it anew, or open it in Chrome's developer tools" },
    { { "head", "samples" }, "this is a heap profile of V8: Chrome's developer tools open it, under Memory" },
    { { "head" }, "this is a heap profile of V8: Chrome's developer tools open it, under Memory" },
    { { "log" }, "this is an HTTP archive (HAR): the network panel of a browser's developer tools opens it" },
    { { "version", "mappings", "sources" }, "this is a source map, not a trace" },
    { { "lockfileVersion" }, "this is a package-lock.json, not a trace" },
    { { "compilerOptions" }, "this is a tsconfig.json, not a trace" },
    { { "name", "dependencies" }, "this is a package.json, not a trace" },
    { { "name", "devDependencies" }, "this is a package.json, not a trace" },
    { { "name", "scripts" }, "this is a package.json, not a trace" },
    { { "name", "exports" }, "this is a package.json, not a trace" },
    { { "name", "version", "main" }, "this is a package.json, not a trace" },
    { { "name", "version", "license" }, "this is a package.json, not a trace" },
    { { "lighthouseVersion" },
      "this is a report of Lighthouse: googlechrome.github.io/lighthouse/viewer opens it. The trace "
      "that it was made of can be saved in Chrome's developer tools, under Performance" },
    { { "resourceSpans" }, "these are spans of OpenTelemetry (OTLP), which ringscope does not read" },
    { { "data", "errors" }, "this is an answer of Jaeger or GraphQL, which ringscope does not read" },
    { { "openapi", "paths" }, "this is an OpenAPI description, not a trace" },
    { { "type", "features" }, "this is GeoJSON, not a trace" },
};

static bool has_keys(struct json_range object, const struct kind *kind)
{
    for (size_t i = 0; i < sizeof kind->keys / sizeof kind->keys[0] && kind->keys[i]; i++)
        if (!json_member(object, kind->keys[i]).at)
            return false;
    return true;
}

static const char *words_of(const char *text, size_t size)
{
    struct json_range object = json_value(text, text + size);
    if (!json_is_object(object) || json_member(object, "traceEvents").at)
        return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (has_keys(object, &kinds[i]))
            return kinds[i].words;
    return NULL;
}

/* A kind, which all events have: they are there, if something damaged stands before them. */
static bool has_kinds(const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; (at = memchr(at, '"', (size_t)(end - at))) != NULL; at++)
        if (end - at >= 4 && memcmp(at, "\"ph\"", 4) == 0)
            return true;
    return false;
}

/* An object that is there as a whole, and has no events in it. */
static bool is_without_events(const char *text, size_t size)
{
    struct json_range object = json_value(text, text + size);
    return json_is_object(object) && size < DOOR_HEAD_BYTES && object.end[-1] == '}' && object.end - object.at > 1 &&
           !json_member(object, "traceEvents").at && !has_kinds(text, size);
}

static bool recognises(const char *head, size_t size)
{
    return words_of(head, size) || is_without_events(head, size);
}

/* The end will say what it is: the beginning is enough to know. */
static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct whole *whole = reader;
    size_t missing = DOOR_HEAD_BYTES - whole->text.used;
    return whole_feed(reader, bytes, size < missing ? size : missing, message);
}

/* "this is JSON without traceEvents: it has "a", "b" and 3 more". */
static void list_keys(struct json_range object, char *words, size_t size)
{
    struct json_range walk = json_inside(object), key, value;
    int used = snprintf(words, size, "this is JSON without traceEvents, so no trace: it has");
    unsigned count = 0, more = 0;
    while (json_next_member(&walk, &key, &value)) {
        int length = (int)(key.end - key.at);
        if (count == 4 || length > 30)
            more++;
        else
            used += snprintf(words + used, size - (size_t)used, "%s %.*s", count++ ? "," : "", length, key.at);
    }
    if (more)
        snprintf(words + used, size - (size_t)used, "%s %u more keys", count ? " and" : "", more);
    else if (count == 0)
        snprintf(words + used, size - (size_t)used, " no keys");
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    const struct whole *whole = reader;
    char keys[240];
    const char *words = words_of(whole->text.bytes, whole->text.used);
    if (!words)
        list_keys(json_value(whole->text.bytes, whole->text.bytes + whole->text.used), keys, sizeof keys);
    return import_fail(message, words ? words : keys);
}

const struct door other_json_door = {
    "json", "other JSON", recognises, whole_create, feed, end, whole_destroy,
};
