/* Shared by the toy kernel's programs, which use nothing of the kernel but its system calls. */
#ifndef RINGSCOPE_TOY_PROGRAMS_H
#define RINGSCOPE_TOY_PROGRAMS_H

#include "toy_calls.h"

/* Prints at most 127 bytes to a descriptor. What does not fit into a full pipe is dropped. */
void toy_say(struct toy_process *self, int descriptor, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Reports an error on descriptor 2, and exits with 1. what: the object of the failed call. */
void toy_fail(struct toy_process *self, const char *what, int error);

/* Bytes to be sent, which a full pipe may take in several steps. */
struct toy_output {
    int filled, sent;
    char bytes[256];
};

/* Sends as much as it can, and returns whether all is sent. If not, the process may have ended: return then. */
bool toy_send(struct toy_process *self, struct toy_output *output);

/* Bytes read, whose line is not complete yet. */
struct toy_lines {
    bool opened, ended;
    int descriptor;
    int filled;
    char bytes[160];
};

/* Reads more from the file at path, or from descriptor 0 if it is "". If it returns false, nothing can be done now:
 * return. */
bool toy_lines_read(struct toy_process *self, struct toy_lines *lines, const char *path);

/* Takes the next complete line, without its newline; at the end of the file also an incomplete one. */
bool toy_lines_take(struct toy_lines *lines, char *line, size_t line_bytes);

/* The programs. */
#define TOY_PROGRAMS(X) \
    X(init)             \
    X(shell)            \
    X(logd)             \
    X(ball)             \
    X(clock)            \
    X(echo)             \
    X(cat)              \
    X(grep)             \
    X(head)             \
    X(wc)               \
    X(yes)              \
    X(cp)               \
    X(cmp)              \
    X(ls)               \
    X(rm)               \
    X(mkdir)            \
    X(sleep)            \
    X(sort)             \
    X(primes)           \
    X(hog)

#define TOY_PROGRAM_DECLARE(name) void toy_program_##name(struct toy_process *self, void *memory);
TOY_PROGRAMS(TOY_PROGRAM_DECLARE)
#undef TOY_PROGRAM_DECLARE

/* Begins a program's step function, in which "state" is its state, all zero at first. */
#define TOY_PROGRAM(name, type)                                                   \
    static void name##_step(struct toy_process *self, type *state);               \
    void toy_program_##name(struct toy_process *self, void *memory)               \
    {                                                                             \
        _Static_assert(sizeof(type) <= TOY_STATE_BYTES, #name ": state too big"); \
        name##_step(self, memory);                                                \
    }                                                                             \
    static void name##_step(struct toy_process *self, type *state)

#endif
