/*
 * The functions that `ringscope record --functions` follows: where they are, and their names. The command finds them.
 */
#ifndef RINGSCOPE_TRACED_FUNCTIONS_H
#define RINGSCOPE_TRACED_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel_event.h"

struct traced_function {
    char *name; /* as it is recorded; readers resolve names such as "app+0x1234" */
    uint64_t offset; /* of its first instruction, in the file */
    bool without_end; /* its return cannot be followed without harm */
};

struct traced_file {
    char *path; /* for messages */
    int descriptor; /* of the inspected file: by now another may be at its path */
    char *shown; /* its path for readers */
    char *build_id; /* NULL: none */
    struct traced_function *functions;
    uint32_t count;
};

/* At most FUNCTION_PROGRAMS_MAX files, with FUNCTION_COUNT_MAX functions in all. */
struct traced_functions {
    struct traced_file files[FUNCTION_PROGRAMS_MAX];
    unsigned file_count;
    uint32_t count; /* in all files */
    uint32_t refused; /* requested functions that are not followed, because probing them would do harm */
    char refused_name[96]; /* the first of those */
    int programs
        [FUNCTION_PROGRAMS_MAX]; /* in which calls are followed to their ends: descriptors, open until all has ended */
    unsigned program_count;
};

/* Counts of recorded calls. */
struct traced_calls {
    uint32_t refused; /* functions without any calls: their first instruction cannot be probed */
    char refused_name[96]; /* the first of them */
    uint64_t ended, left;
    uint64_t deep, other_stack, not_called, other_program,
        not_to_follow; /* calls of which only the beginning is known */
};

#endif
