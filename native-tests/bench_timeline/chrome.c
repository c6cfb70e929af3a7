/* Trace Event JSON, parsed and indexed, compared with Perfetto's trace_processor loading the same file in the same
 * run. */
#include "timeline/import/chrome.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rows.h"

#define ROUNDS 5
#define FRAMES 200000u /* of five spans */
#define PIECE_BYTES ((size_t)4 << 20)
#define TOOL_VARIABLE "RINGSCOPE_TRACE_PROCESSOR" /* the path of the program, unpacked or as .xz */

struct text {
    char *bytes;
    size_t size;
};

/* A frame that holds three spans, the last of which holds another one; on four threads. */
static size_t write_frame(char *to, size_t room, unsigned frame, bool pairs)
{
    static const struct {
        const char *name;
        unsigned at, duration;
    } spans[] = {
        { "frame", 0, 98 }, { "input", 1, 20 }, { "update", 22, 30 }, { "draw", 54, 40 }, { "triangle", 56, 30 }
    };
    static const unsigned marks[] = { 0, 1, 11, 2, 12, 3, 4, 14, 13, 10 }; /* beginnings, and ends from 10 on */
    size_t used = 0;
    unsigned tid = 100 + frame % 4, ts = frame / 4 * 100;
    for (unsigned i = 0; i < (pairs ? 10u : 5u); i++) {
        unsigned span = pairs ? marks[i] % 10 : i;
        bool end = pairs && marks[i] >= 10;
        unsigned at = ts + spans[span].at + (end ? spans[span].duration : 0);
        used += (size_t)snprintf(to + used, room - used,
                                 "{\"ph\":\"%s\",\"cat\":\"bench\",\"name\":\"%s %u\",\"pid\":1,\"tid\":%u,\"ts\":%u",
                                 end     ? "E"
                                 : pairs ? "B"
                                         : "X",
                                 spans[span].name, frame % 40, tid, at);
        if (!pairs)
            used += (size_t)snprintf(to + used, room - used, ",\"dur\":%u", spans[span].duration);
        if (!end)
            used += (size_t)snprintf(to + used, room - used, ",\"args\":{\"detail\":\"frame %u\"}", frame);
        used += (size_t)snprintf(to + used, room - used, "},\n");
    }
    return used;
}

static bool make_text(struct text *text, bool pairs)
{
    const size_t frame_bytes = 2048;
    text->bytes = malloc((size_t)FRAMES * (pairs ? 1100 : 700) + frame_bytes);
    text->size = 0;
    if (!text->bytes)
        return false;
    text->bytes[text->size++] = '[';
    for (unsigned frame = 0; frame < FRAMES; frame++)
        text->size += write_frame(text->bytes + text->size, frame_bytes, frame, pairs);
    text->bytes[text->size - 2] = ']';
    return true;
}

static bool open_once(const struct text *text, struct bench_result *result)
{
    struct tracer_message message = { "" };
    struct timeline *timeline = NULL;
    struct timeline_builder *builder = timeline_builder_create();
    struct chrome_import *import = builder ? chrome_import_create(builder) : NULL;
    enum tracer_error error = import ? TRACER_OK : TRACER_ERROR_MEMORY;
    for (size_t at = 0; at < text->size && error == TRACER_OK; at += PIECE_BYTES)
        error = chrome_import_feed(import, text->bytes + at,
                                   text->size - at < PIECE_BYTES ? text->size - at : PIECE_BYTES, &message);
    if (error == TRACER_OK)
        error = chrome_import_end(import, &message);
    if (error == TRACER_OK)
        error = timeline_build(&timeline, builder, NULL);
    bool ok = bench_ok(result, error, &message);
    if (ok && timeline_events(timeline) != 5 * FRAMES)
        ok = bench_fail(result, "%u events instead of %u", timeline_events(timeline), 5 * FRAMES);
    timeline_destroy(timeline);
    chrome_import_destroy(import);
    timeline_builder_destroy(builder);
    return ok;
}

static bool measure(bool pairs, struct bench_result *result)
{
    struct bench_samples samples = { .count = 0 };
    struct text text;
    bool ok = make_text(&text, pairs) || bench_fail(result, "no memory");
    for (int round = 0; ok && round <= ROUNDS; round++) {
        double start_ns = bench_now_ns();
        ok = open_once(&text, result);
        if (round > 0)
            bench_add(&samples, (bench_now_ns() - start_ns) * 1e-9);
    }
    free(text.bytes);
    if (ok)
        bench_conclude(&samples, result);
    return ok;
}

static bool measure_spans(struct bench_result *result)
{
    return measure(false, result);
}

static bool measure_pairs(struct bench_result *result)
{
    return measure(true, result);
}

/* ------------------------------------------------------------ trace_processor */

/* The load time that it reports, in seconds; 0 if it reports none. */
static double load_elsewhere(const char *program, const char *path)
{
    char command[3 * BENCH_PATH_MAX], line[512];
    double seconds = 0;
    snprintf(command, sizeof command, "echo 'select 1;' >'%s.sql'; '%s' -q '%s.sql' '%s' 2>&1; rm '%s.sql'", path,
             program, path, path, path);
    FILE *out = popen(command, "r");
    while (out && fgets(line, sizeof line, out)) {
        const char *loaded = strstr(line, " MB in ");
        if (loaded && strstr(line, "Trace loaded"))
            seconds = strtod(loaded + strlen(" MB in "), NULL);
    }
    if (out)
        pclose(out);
    return seconds;
}

/* Finds the program to run; unpacks it into path if necessary. */
static bool find_program(char path[BENCH_PATH_MAX], struct bench_result *result)
{
    char command[3 * BENCH_PATH_MAX];
    const char *given = getenv(TOOL_VARIABLE);
    result->skipped = !given;
    if (!given)
        return bench_fail(result, TOOL_VARIABLE " does not say where trace_processor is");
    size_t bytes = strlen(given);
    bench_path(path, BENCH_TMPFS);
    if (bytes > 3 && strcmp(given + bytes - 3, ".xz") == 0)
        snprintf(command, sizeof command, "xz -dc '%s' >'%s' && chmod +x '%s'", given, path, path);
    else
        snprintf(command, sizeof command, "cp '%s' '%s'", given, path);
    return system(command) == 0 || bench_fail(result, "%s cannot be unpacked", given);
}

static bool compare(const struct text *text, const char *program, const char *path, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    bool ok = true;
    for (int round = 0; ok && round < ROUNDS; round++) {
        double theirs = load_elsewhere(program, path), start_ns = bench_now_ns();
        ok = theirs > 0 ? open_once(text, result) : bench_fail(result, "trace_processor did not load the trace");
        bench_add_pair(&pairs, (bench_now_ns() - start_ns) * 1e-9, theirs);
    }
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

static bool measure_against(bool pairs, struct bench_result *result)
{
    char program[BENCH_PATH_MAX], path[BENCH_PATH_MAX];
    struct text text = { NULL, 0 };
    if (!find_program(program, result))
        return false;
    bench_path(path, BENCH_TMPFS);
    strncat(path, ".json", sizeof path - strlen(path) - 1);
    FILE *file = fopen(path, "wb");
    bool ok = file && (make_text(&text, pairs) || bench_fail(result, "no memory"));
    if (ok)
        ok = fwrite(text.bytes, 1, text.size, file) == text.size;
    if (file)
        ok = fclose(file) == 0 && ok;
    ok = ok ? compare(&text, program, path, result) : bench_fail(result, "%s cannot be written", path);
    unlink(path);
    unlink(program);
    free(text.bytes);
    return ok;
}

static bool measure_spans_against(struct bench_result *result)
{
    return measure_against(false, result);
}

static bool measure_pairs_against(struct bench_result *result)
{
    return measure_against(true, result);
}

static const struct bench rows[] = {
    { "import.chrome.1M", "s", BOUND_NONE, 0, NULL, measure_spans },
    { "import.chrome.pairs.1M", "s", BOUND_NONE, 0, NULL, measure_pairs },
    { "import.chrome.1M.beside", "s", BOUND_RATIO, 0.12, "trace_processor", measure_spans_against },
    { "import.chrome.pairs.1M.beside", "s", BOUND_NONE, 0, "trace_processor", measure_pairs_against },
};
const struct bench_group chrome_rows = BENCH_GROUP(rows);
