/* The table of programs, and how they print, send and read lines. */
#include "toy_programs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "toy_internal.h"

static const struct toy_program programs[] = {
#define TOY_PROGRAM_ENTRY(name) { #name, toy_program_##name },
    TOY_PROGRAMS(TOY_PROGRAM_ENTRY)
#undef TOY_PROGRAM_ENTRY
};

const struct toy_program *toy_program_find(const char *name)
{
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
        if (strcmp(programs[i].name, name) == 0)
            return &programs[i];
    return NULL;
}

void toy_say(struct toy_process *self, int descriptor, const char *format, ...)
{
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof text)
        length = sizeof text - 1;
    if (length > 0)
        toy_write(self, descriptor, text, length);
}

void toy_fail(struct toy_process *self, const char *what, int error)
{
    toy_say(self, 2, "%s: %s: %s\n", toy_argument(self, 0), what, toy_error_name(error));
    toy_exit(self, 1);
}

/* After EPIPE, the signal ends the process before its next step. */
bool toy_send(struct toy_process *self, struct toy_output *output)
{
    if (output->sent < output->filled) {
        int count = toy_write(self, 1, output->bytes + output->sent, output->filled - output->sent);
        if (count > 0)
            output->sent += count;
        else if (count != TOY_BLOCKED && count != TOY_EPIPE)
            toy_fail(self, "write", count);
    }
    if (output->sent < output->filled)
        return false;
    output->sent = output->filled = 0;
    return true;
}

static bool open_lines(struct toy_process *self, struct toy_lines *lines, const char *path)
{
    if (lines->opened)
        return true;
    lines->descriptor = path[0] ? toy_open(self, path, TOY_READ) : 0;
    lines->opened = lines->descriptor >= 0;
    if (!lines->opened)
        toy_fail(self, path, lines->descriptor);
    return lines->opened;
}

bool toy_lines_read(struct toy_process *self, struct toy_lines *lines, const char *path)
{
    if (!open_lines(self, lines, path))
        return false;
    int room = (int)sizeof lines->bytes - lines->filled;
    int count = toy_read(self, lines->descriptor, lines->bytes + lines->filled, room);
    if (count > 0)
        lines->filled += count;
    else if (count == 0)
        lines->ended = true;
    else if (count != TOY_BLOCKED)
        toy_fail(self, "read", count);
    return count >= 0;
}

/* A line that fills the whole buffer is returned in pieces. */
bool toy_lines_take(struct toy_lines *lines, char *line, size_t line_bytes)
{
    const char *end = memchr(lines->bytes, '\n', (size_t)lines->filled);
    int length = end ? (int)(end - lines->bytes) : lines->filled, used = length + (end != NULL);
    if (used == 0 || (!end && !lines->ended && lines->filled < (int)sizeof lines->bytes))
        return false;
    size_t kept = (size_t)length < line_bytes ? (size_t)length : line_bytes - 1;
    memcpy(line, lines->bytes, kept);
    line[kept] = '\0';
    lines->filled -= used;
    memmove(lines->bytes, lines->bytes + used, (size_t)lines->filled);
    return true;
}
