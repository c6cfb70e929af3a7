/*
 * The arguments of a system call: what a word of the table in shapes.c means, which memory is taken for it and how it is
 * shown.
 */
#ifndef RINGSCOPE_ARGUMENTS_H
#define RINGSCOPE_ARGUMENTS_H

#include <stdbool.h>

#include "kernel_event.h"
#include "words/words.h"

struct shown;

/* Adds the argument to the detail, or nothing. */
typedef void argument_show(struct shown *shown, unsigned index);

enum argument_flag {
    ARGUMENT_PATH = 1,
    ARGUMENT_DESCRIPTOR = 2,
    ARGUMENT_CLOSES = 4 /* its words may say close-on-exec */
};

struct argument {
    argument_show *show; /* NULL: not at all */
    const struct words *words; /* of flags and enumerations */
    unsigned flags;
};

/* Reads a shape's arguments: fills six of them, and the rule's takes. contents: bytes that are kept of buffers; native:
 * whether structures are laid out as here. False for a word that is none. */
bool arguments_read(const char *text, struct argument *arguments, struct call_rule *rule, unsigned contents,
                    bool native);

#endif
