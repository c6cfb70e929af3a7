/*
 * What system calls do, by name: their category, what their arguments are, and what they do to
 * descriptors and counters. Numbers are not known here; they are libseccomp's.
 */
#ifndef RINGSCOPE_BASE_CALL_SHAPES_H
#define RINGSCOPE_BASE_CALL_SHAPES_H

#include "../../ringscope.h"

/* What a successful call does to its process's descriptors. */
enum fd_effect {
    FD_NONE,
    FD_OPENS, /* the result is a descriptor of the first path */
    FD_MAKES, /* the result is a descriptor of the kind that the call is named for */
    FD_CLOSES, /* the first argument */
    FD_CLOSES_RANGE,
    FD_DUPLICATES, /* the first argument; the result is another for the same */
    FD_CONTROLS, /* fcntl */
    FD_PAIR /* two of the kind, at an address that the backend reads */
};

enum call_flag {
    CALL_READS = 1, /* a positive result is bytes read */
    CALL_WRITES = 2,
    CALL_SLEEPS = 4, /* success means that a timer ran out */
    CALL_HEX = 8, /* the result is an address */
    CALL_NO_RETURN = 16,
    CALL_NO_ERROR = 32, /* the result is no result */
    CALL_SETS_NAME = 64 /* may rename the thread */
};

/*
 * One letter an argument, in order:
 *   p path   d directory that the next path begins at: shown as f if there is one   f descriptor   s bytes   n int   l long   o octal   x hexadecimal
 *   c flags that may say close-on-exec: kept, not shown
 *   i kept, not shown   P address of two descriptors: they are kept
 *   - neither
 * At most three others than p and -, at most two p.
 */
struct call_shape {
    const char *names; /* separated by spaces */
    enum trace_category category;
    const char *arguments;
    enum fd_effect effect;
    unsigned flags;
};

/* The shape of a call; of an unknown one, that of TRACE_SYSCALL with no arguments. Never NULL. */
const struct call_shape *call_shape_of(const char *name);

#endif
