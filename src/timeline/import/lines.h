/*
 * Cuts text that arrives in pieces into lines, for readers that take one at a time.
 */
#ifndef RINGSCOPE_IMPORT_LINES_H
#define RINGSCOPE_IMPORT_LINES_H

#include <string.h>

#include "../builder.h"
#include "door.h"

#define LINE_BYTES_MAX ((size_t)16 << 20) /* a longer one is left out, and reported */

/* Without its newline. */
struct line {
    const char *at, *end;
    uint64_t byte; /* where it begins in the text */
    uint64_t number; /* from 1 */
};

/* All zero except the builder: nothing has arrived yet. */
struct lines {
    struct timeline_builder *builder;
    struct buffer kept; /* the beginning of a line */
    uint64_t bytes, number; /* of lines taken */
    uint64_t passed; /* bytes of a line that is too long to be kept */
    bool failed; /* out of memory */
};

typedef void line_handler(void *reader, const struct line *line);

/* Inlined, so that the reader's function is inlined too. */
__attribute__((always_inline)) static inline void lines_take(struct lines *lines, const char *at, const char *end,
                                                             size_t with_end, line_handler *handle, void *reader)
{
    struct line line = { at, end, lines->bytes, ++lines->number };
    if (line.end > at && line.end[-1] == '\r')
        line.end--;
    handle(reader, &line);
    lines->bytes += with_end;
}

static inline void line_note(struct timeline_builder *builder, const struct line *line, const char *text)
{
    const struct timeline_note note = { .text = text, .count = 1, .event = line->number, .byte = line->byte };
    timeline_builder_add_note(builder, &note);
}

/* A hole in a file, or binary data, is one line, none of which is kept. */
static inline void lines_pass(struct lines *lines, size_t size)
{
    const struct line line = { NULL, NULL, lines->bytes, lines->number + 1 };
    if (lines->passed == 0)
        line_note(lines->builder, &line, "A line that is longer than 16 MiB is left out");
    lines->passed += lines->kept.used + size;
    lines->kept.used = 0;
}

static inline void lines_keep(struct lines *lines, const char *at, size_t size)
{
    if (size == 0)
        return;
    if (lines->passed || lines->kept.used + size > LINE_BYTES_MAX) {
        lines_pass(lines, size);
        return;
    }
    if (!buffer_reserve(&lines->kept, size)) {
        lines->failed = true;
        return;
    }
    memcpy(lines->kept.bytes + lines->kept.used, at, size);
    lines->kept.used += size;
}

/* Ends a skipped line. */
static inline void lines_end_passed(struct lines *lines)
{
    lines->number++;
    lines->bytes += lines->passed + 1;
    lines->passed = 0;
}

__attribute__((always_inline)) static inline void lines_feed(struct lines *lines, const char *bytes, size_t size,
                                                             line_handler *handle, void *reader)
{
    const char *at = bytes, *end = bytes + size;
    while (at < end && !lines->failed) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const size_t size_here = (size_t)((newline ? newline : end) - at);
        if (!newline || lines->kept.used || lines->passed || size_here > LINE_BYTES_MAX)
            lines_keep(lines, at, size_here);
        if (!newline || lines->failed)
            return;
        if (lines->passed) {
            lines_end_passed(lines);
        } else if (lines->kept.used) {
            size_t kept = lines->kept.used;
            lines->kept.used = 0;
            lines_take(lines, lines->kept.bytes, lines->kept.bytes + kept, kept + 1, handle, reader);
        } else {
            lines_take(lines, at, newline, (size_t)(newline - at) + 1, handle, reader);
        }
        at = newline + 1;
    }
}

/* The last line, which may end without a newline. */
__attribute__((always_inline)) static inline void lines_end(struct lines *lines, line_handler *handle, void *reader)
{
    size_t kept = lines->kept.used;
    lines->kept.used = 0;
    if (kept && !lines->failed)
        lines_take(lines, lines->kept.bytes, lines->kept.bytes + kept, kept, handle, reader);
}

/* ------------------------------------------------------------- parts of a line */

static inline const char *pass_spaces(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

static inline bool digit(char byte)
{
    return (unsigned char)(byte - '0') < 10;
}

/* A number of at most 18 digits. Returns the position after it, or NULL. */
static inline const char *parse_digits(const char *at, const char *end, uint64_t *number)
{
    const char *first = at;
    *number = 0;
    for (; at < end && digit(*at) && at - first < 18; at++)
        *number = *number * 10 + (uint64_t)(*at - '0');
    return at == first || (at < end && digit(*at)) ? NULL : at;
}

/* The digits after a point as ns, rounded down. */
static inline const char *parse_fraction_ns(const char *at, const char *end, int64_t *ns)
{
    int64_t unit = 100000000;
    *ns = 0;
    for (; at < end && digit(*at); at++, unit /= 10)
        *ns += unit * (*at - '0');
    return at;
}

/* Seconds with a fraction, as in 1700000000.123456. Returns the position after it, or NULL. */
static inline const char *parse_seconds(const char *at, const char *end, int64_t *ns)
{
    uint64_t seconds;
    const char *point = parse_digits(at, end, &seconds);
    int64_t fraction_ns;
    if (!point || point == end || *point != '.' || seconds > 9000000000u)
        return NULL;
    const char *behind = parse_fraction_ns(point + 1, end, &fraction_ns);
    *ns = (int64_t)seconds * 1000000000 + fraction_ns;
    return behind == point + 1 ? NULL : behind;
}

static inline bool begins(const char *at, const char *end, const char *with)
{
    size_t length = strlen(with);
    return (size_t)(end - at) >= length && memcmp(at, with, length) == 0;
}

/* The percentage of a beginning's first complete lines that a test accepts. Empty lines and comments do not count, nor
 * does a line that is cut off, unless it is the only one. */
static inline unsigned lines_accepted(const char *head, size_t size, bool (*accepts)(const char *at, const char *end))
{
    unsigned accepted = 0, seen = 0;
    const char *end = head + size;
    for (const char *at = head; at < end && seen < 64;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (!newline && seen)
            break;
        const char *stop = newline ? newline : end;
        if (stop > at && stop[-1] == '\r')
            stop--;
        if (pass_spaces(at, stop) < stop && *at != '#') {
            seen++;
            accepted += accepts(at, stop);
        }
        at = newline ? newline + 1 : end;
    }
    return seen ? accepted * 100 / seen : 0;
}

#endif
