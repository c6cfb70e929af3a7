/*
 * Finds the callers of a thread's current function: by the frame tables of programs, as debuggers do, and, where those
 * have no entry, by frame pointers. For x86-64.
 */
#ifndef RINGSCOPE_UNWIND_H
#define RINGSCOPE_UNWIND_H

#include "spaces.h"
#include "stack_event.h"

/* How to find the registers of a function's caller, at some instruction of the function. */
struct unwind_rule {
    int frame_offset; /* from a register to the frame; the return address is just below it */
    int bp_offset; /* from the frame to the caller's frame pointer */
    bool from_bp; /* the register is bp, else sp */
    bool bp_saved, bp_lost; /* neither: bp is unchanged */
    bool outermost; /* there is no caller */
    bool signal; /* not a function: a signal interrupted the next frame */
};

enum unwind_known {
    UNWIND_KNOWN,
    UNWIND_ABSENT, /* the tables have no entry for this place */
    UNWIND_UNUSABLE /* they have one, which a rule cannot express */
};

typedef enum unwind_known (*unwind_find)(void *context, uint32_t file, uint64_t offset, struct unwind_rule *rule);

struct unwound_frame {
    uint64_t address; /* in the file, or in memory without one */
    uint32_t file; /* SPACES_NO_FILE: none */
};

#define UNWIND_DEPTH_MAX 512

struct unwound {
    struct unwound_frame frames[UNWIND_DEPTH_MAX]; /* the innermost first */
    uint32_t count;
    bool complete; /* else the callers of the outermost are unknown */
};

void unwind(const struct stack_event *event, const struct space *space, unwind_find find, void *context,
            struct unwound *unwound);

#endif
