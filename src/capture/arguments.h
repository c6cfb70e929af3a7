/*
 * The arguments of a system call: what each word of the table in shapes.c means, which memory to take for it and how to
 * show it.
 */
#ifndef RINGSCOPE_ARGUMENTS_H
#define RINGSCOPE_ARGUMENTS_H

#include <stdbool.h>

#include "kernel_event.h"
#include "words/words.h"

struct shown;

/* Adds the argument, or nothing, to the detail. */
typedef void argument_show(struct shown *shown, unsigned index);

enum argument_flag {
    ARGUMENT_PATH = 1,
    ARGUMENT_DESCRIPTOR = 2,
    ARGUMENT_CLOSES = 4 /* its flags may include close-on-exec */
};

struct argument {
    argument_show *show; /* NULL: not shown */
    const struct words *words; /* names of flags and enumerators */
    unsigned flags;
};

#define ARGUMENTS (CALL_ARGS + 1) /* the last one is the result */

/* What may hold secrets, and is kept only if asked for. */
struct kept {
    unsigned contents; /* bytes of data that is read and written, at most RECORD_CONTENTS_MAX */
    bool environments; /* of executed programs */
};

/* Parses a shape: fills ARGUMENTS arguments, and the takes of the rule. native: whether structures have this machine's
 * layout. False for an unknown word. */
bool arguments_read(const char *text, struct argument *arguments, struct call_rule *rule, struct kept kept,
                    bool native);

#endif
