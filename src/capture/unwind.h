/*
 * From where a thread is to its callers: by the tables of frames that programs bring along, as debuggers do it, and where
 * those do not say anything, by frame pointers. For x86-64.
 */
#ifndef RINGSCOPE_UNWIND_H
#define RINGSCOPE_UNWIND_H

#include "spaces.h"
#include "stack_event.h"

/* How the registers of a function's caller are found while an instruction of it runs. */
struct unwind_rule {
    int frame_offset; /* from a register to the frame, below which the address stands that it returns to */
    int bp_offset; /* from the frame to the caller's frame pointer */
    bool from_bp; /* that register is bp, else sp */
    bool bp_saved, bp_lost; /* else it is as it was */
    bool outermost; /* it has no caller */
    bool signal; /* no function: a signal interrupted what comes next */
};

enum unwind_known {
    UNWIND_KNOWN,
    UNWIND_ABSENT, /* nothing is said about this place */
    UNWIND_UNUSABLE /* it is, and more than a rule can hold */
};

typedef enum unwind_known (*unwind_find)(void *context, uint32_t file, uint64_t offset, struct unwind_rule *rule);

struct unwound_frame {
    uint64_t address; /* in the file, or without one in memory */
    uint32_t file; /* SPACES_NO_FILE: none */
};

#define UNWIND_DEPTH_MAX 512

struct unwound {
    struct unwound_frame frames[UNWIND_DEPTH_MAX]; /* the innermost first */
    uint32_t count;
    bool complete; /* else the outermost has callers that are not known */
};

void unwind(const struct stack_event *event, const struct space *space, unwind_find find, void *context,
            struct unwound *unwound);

#endif
