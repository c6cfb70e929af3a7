/*
 * Functions of programs and libraries that `ringscope record --functions` follows: where they are, and what they are
 * called. Who asks for the recording finds them.
 */
#ifndef RINGSCOPE_TRACED_FUNCTIONS_H
#define RINGSCOPE_TRACED_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel_event.h"

struct traced_function {
    char *name; /* as it is recorded; readers resolve one such as "app+0x1234" */
    uint64_t offset; /* of its first instruction in the file */
    bool without_end; /* its return cannot be followed without harm */
};

struct traced_file {
    char *path; /* for messages */
    int descriptor; /* what was looked at: another file may be at its path by now */
    char *shown; /* its path for readers */
    char *build_id; /* NULL: it has none */
    struct traced_function *functions;
    uint32_t count;
};

/* Files are at most FUNCTION_PROGRAMS_MAX, functions of all of them FUNCTION_COUNT_MAX. */
struct traced_functions {
    struct traced_file files[FUNCTION_PROGRAMS_MAX];
    unsigned file_count;
    uint32_t count; /* of all files */
    uint32_t refused; /* that were asked for and are not among them: they cannot be probed without harm */
    char refused_name[96]; /* the first of those */
    int programs
        [FUNCTION_PROGRAMS_MAX]; /* in which calls are followed to their ends: descriptors, open until all has ended */
    unsigned program_count;
};

/* The calls that were recorded. */
struct traced_calls {
    uint32_t refused; /* functions of which none is: their first instruction cannot be probed */
    char refused_name[96]; /* the first of them */
    uint64_t ended, left;
    uint64_t deep, other_stack, not_called, other_program, not_to_follow; /* of which only the beginning is known */
};

#endif
