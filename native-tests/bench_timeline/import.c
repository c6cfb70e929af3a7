/* Importing other tools' text into a builder: its speed, compared with copying the same bytes in the same run. */
#include "timeline/import/import.h"

#include <stdlib.h>
#include <string.h>

#include "rows.h"

#define ROUNDS 5
#define TEXT_BYTES ((size_t)64 << 20)
#define PIECE_BYTES ((size_t)1 << 20)

/* Writes the nth part of a text; returns its length. */
typedef int write_part(char *to, size_t size, unsigned n);

static int write_call(char *to, size_t size, unsigned n)
{
    static const char *const names[] = { "openat", "read", "mmap", "close", "futex", "write", "fstat", "epoll_wait" };
    return snprintf(
        to, size,
        "%u  17000%05u.%06u %s(%u</usr/lib/x86_64-linux-gnu/libc.so.6>, \"\\177ELF\\2\\1\", 832) = %d <0.%06u>\n",
        1000 + n % 7, n / 100000, n % 100000 * 10, names[n % 8], n % 40, n % 9 ? 832 : -1, n % 977);
}

static int write_sample(char *to, size_t size, unsigned n)
{
    return snprintf(to, size,
                    "server %u/%u [%03u] %u.%06u:     250000 cpu-clock:u: \n"
                    "\tffffffff81407c44 function_%u+0x14 ([kernel.kallsyms])\n"
                    "\tffffffff816cb5d9 path_openat+0x48b ([kernel.kallsyms])\n"
                    "\t           20b1d handle_request_%u+0x2d (/usr/bin/server)\n"
                    "\t           20b1e event_loop+0x2d (/usr/bin/server)\n"
                    "\t           20b1f main+0x2d (/usr/bin/server)\n\n",
                    1000u, 1000 + n % 7, n % 4, 100 + n / 4000, n % 4000 * 250, n * 2654435761u % 300, n * 40503u % 20);
}

static char *text_of(write_part *part, size_t *bytes)
{
    char *text = malloc(TEXT_BYTES + 4096);
    *bytes = 0;
    for (unsigned n = 0; text && *bytes < TEXT_BYTES; n++)
        *bytes += (size_t)part(text + *bytes, 4096, n);
    return text;
}

static bool import_once(const char *text, size_t bytes, struct bench_result *result)
{
    struct tracer_message message = { "" };
    struct timeline_builder *builder = timeline_builder_create();
    struct trace_import *import = builder ? trace_import_create(builder) : NULL;
    enum tracer_error error = import ? TRACER_OK : TRACER_ERROR_MEMORY;
    for (size_t at = 0; at < bytes && error == TRACER_OK; at += PIECE_BYTES)
        error = trace_import_feed(import, text + at, bytes - at < PIECE_BYTES ? bytes - at : PIECE_BYTES, &message);
    if (error == TRACER_OK)
        error = trace_import_end(import, &message);
    trace_import_destroy(import);
    timeline_builder_destroy(builder);
    return bench_ok(result, error, &message);
}

/* The minimum work of any reader: find the ends of lines, and keep the bytes. */
static double copy_once(const char *text, size_t bytes, char *to)
{
    double start_ns = bench_now_ns();
    size_t lines = 0;
    for (const char *at = text, *end = text + bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        lines++;
    memcpy(to, text, bytes);
    return lines ? bench_now_ns() - start_ns : 0;
}

static bool measure(write_part *part, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    size_t bytes;
    char *text = text_of(part, &bytes), *copy = malloc(TEXT_BYTES + 4096);
    bool ok = text && copy ? true : bench_fail(result, "no memory");
    for (int round = 0; ok && round <= ROUNDS; round++) {
        double copy_ns = copy_once(text, bytes, copy), start_ns = bench_now_ns();
        ok = import_once(text, bytes, result);
        if (round > 0)
            bench_add_pair(&pairs, (bench_now_ns() - start_ns) * 1e-9, copy_ns * 1e-9);
    }
    free(text);
    free(copy);
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

static bool measure_strace(struct bench_result *result)
{
    return measure(write_call, result);
}

static bool measure_perf(struct bench_result *result)
{
    return measure(write_sample, result);
}

static const struct bench rows[] = {
    { "import.strace", "s", BOUND_RATIO, 12, "memchr, memcpy", measure_strace },
    { "import.perf", "s", BOUND_RATIO, 18, "memchr, memcpy", measure_perf },
};
const struct bench_group import_rows = BENCH_GROUP(rows);
