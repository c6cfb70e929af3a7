/*
 * Shared by the stress tests: failing from any thread or process, seeded randomness, files of their own, and events
 * marked so that a torn, lost, duplicated or misplaced one cannot go unnoticed.
 *
 * A marked event's detail gives its writer and its number among that writer's events; its category, its name and the
 * length and bytes of the rest of the detail follow from these two.
 */
#ifndef STRESS_H
#define STRESS_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ringscope.h"

#if defined(__has_feature)
#define STRESS_ASAN __has_feature(address_sanitizer)
#define STRESS_TSAN __has_feature(thread_sanitizer)
#else
#define STRESS_ASAN 0
#define STRESS_TSAN 0
#endif

/* Ends the process, whichever thread finds the failure: cmocka's own assertions only work on the main thread. */
#define MUST(condition, ...)                                                          \
    do {                                                                              \
        if (!(condition)) {                                                           \
            fprintf(stderr, "%s:%d: not true: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                             \
            fputc('\n', stderr);                                                      \
            fflush(NULL);                                                             \
            _exit(1);                                                                 \
        }                                                                             \
    } while (0)

#define MUST_EQUAL(is, expected)                                                                      \
    do {                                                                                              \
        const uint64_t must_is_ = (uint64_t)(is), must_expected_ = (uint64_t)(expected);              \
        MUST(must_is_ == must_expected_, "%" PRIu64 ", expected %" PRIu64, must_is_, must_expected_); \
    } while (0)

#define MUST_WORK(call)                                                                                           \
    do {                                                                                                          \
        const enum tracer_error must_error_ = (call);                                                             \
        MUST(must_error_ == TRACER_OK, "%s: %s", tracer_error_name(must_error_), tracer_error_text(must_error_)); \
    } while (0)

/* A number from the environment: a duration, a count or a seed. */
static inline uint64_t stress_number(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

/* The total seconds of a program's runs: RINGSCOPE_STRESS_SECONDS. Less under ASan, where less remains to be found. */
static inline double stress_seconds(void)
{
    return (double)stress_number("RINGSCOPE_STRESS_SECONDS", STRESS_ASAN ? 6 : 20);
}

/* The minimum number of records of a program's run: RINGSCOPE_STRESS_RECORDS. */
static inline uint64_t stress_records(void)
{
    return stress_number("RINGSCOPE_STRESS_RECORDS", 0);
}

static inline double stress_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The seed of this run, printed so that the run can be repeated with RINGSCOPE_SEED. */
static inline uint64_t stress_seed(void)
{
    uint64_t seed = stress_number("RINGSCOPE_SEED", (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid());
    printf("RINGSCOPE_SEED=%" PRIu64 "\n", seed);
    fflush(stdout);
    return seed;
}

/* splitmix64 */
static inline uint64_t stress_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

/* ------------------------------------------------------------------- files */

#define STRESS_PATH_BYTES 256

/* A path in a directory of its own, where no file exists yet. */
static inline void stress_path(char path[STRESS_PATH_BYTES])
{
    const char *base = getenv("TMPDIR");
    char directory[STRESS_PATH_BYTES - 16];
    int length = snprintf(directory, sizeof directory, "%s/ringscope-XXXXXX", base && *base ? base : "/tmp");
    MUST(length > 0 && (size_t)length < sizeof directory, "TMPDIR is too long");
    MUST(mkdtemp(directory), "mkdtemp: %s", directory);
    snprintf(path, STRESS_PATH_BYTES, "%s/image.ring", directory);
}

static inline void stress_path_remove(const char *path)
{
    char directory[STRESS_PATH_BYTES], kept[STRESS_PATH_BYTES + 2];
    snprintf(directory, sizeof directory, "%s", path);
    snprintf(kept, sizeof kept, "%s.1", path); /* left by a writer that was killed */
    unlink(path);
    unlink(kept);
    *strrchr(directory, '/') = '\0';
    MUST(rmdir(directory) == 0, "something was left in %s", directory);
}

/* --------------------------------------------------------------- processes */

/* Waits for a child, which must have exited by itself with success. */
static inline void stress_wait(pid_t child)
{
    int status = 0;
    MUST(waitpid(child, &status, 0) == child, "waitpid %d", (int)child);
    MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child %d: status %#x", (int)child, (unsigned)status);
}

/* ----------------------------------------------------------- marked events */

#define MARKED_BYTES 80
#define MARKED_HEAD_BYTES 17 /* "wwww:nnnnnnnnnnnn" */
#define MARKED_FILL_MAX 37

static const char *const marked_names[] = { "zero", "one", "two",   "three", "four",
                                            "five", "six", "seven", "eight", "nine" };

static inline enum trace_category marked_category(uint64_t number)
{
    return (enum trace_category)(number % TRACE_CATEGORY_COUNT);
}

/* Each category has its own name, because it follows from the same number. */
static inline const char *marked_name(uint64_t number)
{
    return marked_names[marked_category(number)];
}

static inline void marked_hex(char *to, unsigned digits, uint64_t value)
{
    while (digits-- > 0) {
        to[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

/* Writes the detail, NUL-terminated; returns its length. */
static inline size_t marked_text(char text[MARKED_BYTES], uint32_t writer, uint64_t number)
{
    uint64_t fill = (number * 0x9e3779b97f4a7c15ull ^ writer) * 0xff51afd7ed558ccdull;
    size_t length = MARKED_HEAD_BYTES + (size_t)(fill % (MARKED_FILL_MAX + 1));
    marked_hex(text, 4, writer);
    text[4] = ':';
    marked_hex(text + 5, 12, number);
    for (size_t i = MARKED_HEAD_BYTES; i < length; i++) {
        fill = fill * 6364136223846793005ull + 1442695040888963407ull;
        text[i] = (char)('A' + (fill >> 33) % 26);
    }
    text[length] = '\0';
    return length;
}

static inline void marked_record(struct tracer *tracer, uint32_t writer, uint64_t number)
{
    char text[MARKED_BYTES];
    marked_text(text, writer, number);
    tracer_event(tracer, marked_category(number), marked_name(number), text);
}

/* The same as a span, open while inside(argument) runs. */
static inline void marked_record_span(struct tracer *tracer, uint32_t writer, uint64_t number)
{
    char text[MARKED_BYTES];
    marked_text(text, writer, number);
    struct trace_span span = tracer_span_begin(tracer, marked_category(number), marked_name(number));
    trace_span_end_detail(&span, text);
}

/* Returns the event's writer and number. Fails if it is torn: if anything does not follow from the two. */
static inline void marked_parse(const struct trace_event *event, uint32_t *writer, uint64_t *number)
{
    char expected[MARKED_BYTES], head[MARKED_HEAD_BYTES + 1] = "";
    MUST(event->detail && event->detail_size >= MARKED_HEAD_BYTES && event->detail_size < MARKED_BYTES,
         "lane %u, event %" PRIu64 " has a detail of %zu bytes", event->lane, event->sequence, event->detail_size);
    memcpy(head, event->detail, MARKED_HEAD_BYTES);
    *writer = (uint32_t)strtoul(head, NULL, 16);
    *number = strtoull(head + 5, NULL, 16);
    size_t length = marked_text(expected, *writer, *number);
    MUST(length == event->detail_size && memcmp(expected, event->detail, length) == 0,
         "lane %u, event %" PRIu64 " is torn: \"%s\", expected \"%s\"", event->lane, event->sequence, event->detail,
         expected);
    MUST(event->category == marked_category(*number) && strcmp(event->name, marked_name(*number)) == 0,
         "lane %u, event %" PRIu64 " is torn: category %d, name %s, but \"%s\"", event->lane, event->sequence,
         (int)event->category, event->name, event->detail);
}

#endif
