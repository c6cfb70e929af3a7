/* Recognizes JSON files by their first keys. */
#include "other_json.h"

#include "chrome_escapes.h"
#include "json_walk.h"
#include "whole.h"

struct kind {
    const char *keys[3]; /* all of them are there */
    const char *words;
};

static const char firefox[] =
    "this is a Firefox profile: profiler.firefox.com opens it. For ringscope, record the program with perf";
static const char package[] = "this is a package.json, not a trace";
static const char heap[] =
    "this is a heap snapshot of V8, which has no times: Chrome's developer tools open it, under Memory";
static const char heap_profile[] = "this is a heap profile of V8: Chrome's developer tools open it, under Memory";
static const char speedscope[] =
    "this is a speedscope file: speedscope.app opens it. For ringscope, take the file that it was made of";
static const char lighthouse[] =
    "this is a report of Lighthouse: googlechrome.github.io/lighthouse/viewer opens it. The trace that it was made of "
    "can be saved in Chrome's developer tools, under Performance";
static const char spans[] = "these are spans of OpenTelemetry (OTLP), which ringscope does not read";

/* The first kind whose keys the object has, or the first object of an array. Files may be long, so the keys are ones
 * near the beginning. */
static const struct kind kinds[] = {
    { { "meta", "threads", "libs" }, firefox },
    { { "meta", "libs", "shared" }, firefox },
    { { "meta", "libs", "pages" }, firefox },
    { { "$schema", "shared", "profiles" }, speedscope },
    { { "shared", "profiles" }, speedscope },
    { { "$schema", "shared" }, speedscope },
    { { "shared", "version" }, speedscope },
    { { "snapshot", "nodes" }, heap },
    { { "head", "samples", "startTime" },
      "this is a CPU profile of an old V8, before 2016: record it anew, or open it in Chrome's developer tools" },
    { { "head" }, heap_profile },
    { { "log" }, "this is an HTTP archive (HAR): the network panel of a browser's developer tools opens it" },
    { { "version", "mappings", "sources" }, "this is a source map, not a trace" },
    { { "version", "sources", "sourcesContent" }, "this is a source map, not a trace" },
    { { "lockfileVersion" }, "this is a package-lock.json, not a trace" },
    { { "compilerOptions" }, "this is a tsconfig.json, not a trace" },
    { { "name", "dependencies" }, package },
    { { "devDependencies" }, package },
    { { "name", "scripts" }, package },
    { { "name", "exports" }, package },
    { { "name", "main" }, package },
    { { "name", "version", "license" }, package },
    { { "name", "version", "private" }, package },
    { { "private", "workspaces" }, package },
    { { "lighthouseVersion" }, lighthouse },
    { { "lhr" }, lighthouse },
    { { "resourceSpans" }, spans },
    { { "resource_spans" }, spans },
    { { "resourceMetrics" }, "these are metrics of OpenTelemetry (OTLP), not a trace" },
    { { "resourceLogs" }, "these are logs of OpenTelemetry (OTLP), not a trace" },
    { { "traceId", "id", "localEndpoint" }, "these are spans of Zipkin, which ringscope does not read" },
    { { "data", "errors" }, "this is an answer of Jaeger or GraphQL, which ringscope does not read" },
    { { "openapi", "paths" }, "this is an OpenAPI description, not a trace" },
    { { "type", "features" }, "this is GeoJSON, not a trace" },
    { { "$schema", "runs" }, "this is a report of a static analysis (SARIF), not a trace" },
    { { "context", "benchmarks" }, "these are results of Google Benchmark, not a trace" },
    { { "directory", "file", "command" }, "this is a compile_commands.json, not a trace" },
    { { "directory", "file", "arguments" }, "this is a compile_commands.json, not a trace" },
    { { "url", "ranges", "text" }, "this is a report of Chrome's Coverage panel, not a trace" },
    { { "numTotalTests", "testResults" }, "this is a report of Jest, not a trace" },
};

static bool has_keys(struct json_range object, const struct kind *kind)
{
    for (size_t i = 0; i < sizeof kind->keys / sizeof kind->keys[0] && kind->keys[i]; i++)
        if (!json_member(object, kind->keys[i]).at)
            return false;
    return true;
}

/* An array's first element; empty if it is incomplete. */
static struct json_range first_of(struct json_range array)
{
    struct json_range walk = json_inside(array), first = { NULL, NULL };
    if (!json_is_array(array) || !json_next_element(&walk, &first) || walk.at == walk.end)
        return (struct json_range){ NULL, NULL };
    return first;
}

static const char *words_of(struct json_range object)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && json_is_object(object); i++)
        if (has_keys(object, &kinds[i]))
            return kinds[i].words;
    if (json_member(first_of(json_member(object, "result")), "scriptId").at)
        return "this is a report of V8's coverage, not a trace";
    return NULL;
}

/* A kind, which all events have: it shows that there are events, although something before them is damaged. */
static bool has_kinds(const char *text, size_t size)
{
    for (const char *at = text, *end = text + size; (at = memchr(at, '"', (size_t)(end - at))) != NULL;) {
        at++;
        const char *close = memchr(at, '"', (size_t)(end - at));
        if (close && literal_is(at, close, "ph"))
            return true;
    }
    return false;
}

/* A complete object that contains no events. */
static bool is_without_events(struct json_range object, size_t size)
{
    return size < DOOR_HEAD_BYTES && object.end[-1] == '}' && object.end - object.at > 1;
}

static bool recognises(const char *head, size_t size)
{
    struct json_range value = json_value(head, head + size);
    if (json_is_array(value))
        return first_of(value).at && !json_is_array(first_of(value)) && !has_kinds(head, size);
    if (!json_is_object(value) || json_member(value, "traceEvents").at || json_member(value, "stackFrames").at)
        return false;
    return words_of(value) || (is_without_events(value, size) && !has_kinds(head, size));
}

/* Reported at the end; the beginning is enough to recognize it. */
static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct whole *whole = reader;
    size_t missing = DOOR_HEAD_BYTES - whole->text.used;
    return whole_feed(reader, bytes, size < missing ? size : missing, message);
}

/* "it has "a", "b" and 3 more keys". */
static void list_keys(struct json_range object, char *words, size_t size)
{
    struct json_range walk = json_inside(object), key, value;
    int used = snprintf(words, size, " has");
    unsigned count = 0, more = 0;
    while (json_next_member(&walk, &key, &value)) {
        int length = (int)(key.end - key.at);
        if (count == 4 || length > 30)
            more++;
        else
            used += snprintf(words + used, size - (size_t)used, "%s %.*s", count++ ? "," : "", length, key.at);
    }
    if (more)
        snprintf(words + used, size - (size_t)used, "%s %u%s key%s", count ? " and" : "", more, count ? " more" : "",
                 more == 1 ? "" : "s");
    else if (count == 0)
        snprintf(words + used, size - (size_t)used, " no keys");
}

enum tracer_error other_json_refuse(const char *text, size_t size, struct tracer_message *message)
{
    struct json_range value = json_value(text, text + size), first = first_of(value);
    char keys[180] = "", words[256];
    const char *known = words_of(json_is_array(value) ? first : value);
    if (known)
        return import_fail(message, known);
    if (!json_is_array(value)) {
        list_keys(value, keys, sizeof keys);
        snprintf(words, sizeof words, "this is JSON without traceEvents, so no trace: it%s", keys);
    } else if (json_is_object(first)) {
        list_keys(first, keys, sizeof keys);
        snprintf(words, sizeof words, "this is JSON without events, which have a \"ph\": its first object%s", keys);
    } else {
        snprintf(words, sizeof words, "this is an array of JSON without events, so no trace");
    }
    return import_fail(message, words);
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    const struct whole *whole = reader;
    return other_json_refuse(whole->text.bytes, whole->text.used, message);
}

const struct door other_json_door = {
    "json", "other JSON", "event", recognises, whole_create, feed, end, whole_destroy,
};
