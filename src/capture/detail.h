/*
 * The detail of a system call: its arguments and its result as a person wants to see them.
 */
#ifndef RINGSCOPE_DETAIL_H
#define RINGSCOPE_DETAIL_H

#include "calls.h"
#include "files.h"

#define DETAIL_BYTES 1024

struct detail {
    size_t bytes;
    char text[DETAIL_BYTES];
};

/* "/etc/passwd, = 3", "fd 3 </etc/passwd>, 4096 bytes = 42"; not ended by NUL. text: the call's, or
 * NULL; files: of its process. */
void detail_of_call(struct detail *detail, const struct call *call, const struct wire *wire, const char *text,
                    const struct files *files);

/* Whether the result is an error, and its errno. */
static inline bool wire_failed(const struct wire *wire)
{
    return wire->result < 0 && wire->result >= -4095;
}

/* "SIGINT", "SIGRTMIN+2". */
void signal_name(char *name, size_t size, int signal);

void detail_add(struct detail *detail, const char *text);
void detail_add_number(struct detail *detail, int64_t number);

#endif
