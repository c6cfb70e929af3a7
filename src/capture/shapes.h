/*
 * The shapes of system calls, by name: their arguments, and their effects on descriptors and counters. Numbers are not
 * known here; libseccomp has them.
 */
#ifndef RINGSCOPE_SHAPES_H
#define RINGSCOPE_SHAPES_H

#include "../base/calls/call_index.h"

/* The effect of a successful call on its process's descriptors. */
enum fd_effect {
    FD_NONE,
    FD_OPENS, /* the result is a descriptor of the first path */
    FD_MAKES, /* the result is a descriptor of the kind that the call is named after */
    FD_CLOSES, /* the first argument */
    FD_CLOSES_RANGE,
    FD_DUPLICATES, /* the result is another descriptor of the first argument's file */
    FD_CONTROLS, /* fcntl */
    FD_PAIR, /* makes two of the kind, which the call's take of files has */
    FD_SOCKET, /* the result is a socket, or the first argument is one that has new addresses */
    FD_MOVES, /* the process changes its directory */
    FD_UNSHARES, /* unshare, close_range: a table of its own */
    FD_BINDS, /* sending to an address may give the socket one; not followed where the call is not shown */
    FD_SENDS, /* the same, and a message may pass some on */
    FD_RECEIVES /* recvmsg may receive some */
};

enum call_flag {
    CALL_READS = 1, /* a positive result is the number of bytes read */
    CALL_WRITES = 2,
    CALL_SLEEPS = 4, /* success means that a timer expired */
    CALL_HEX = 8, /* the result is an address */
    CALL_NO_RETURN = 16,
    CALL_NO_ERROR = 32, /* no result means an error */
    CALL_SETS_NAME = 64, /* may rename the thread */
    CALL_OCTAL = 128, /* the result is a mode */
    CALL_WAITS = 256 /* for somebody, or for a time */
};

/*
 * Each argument is a word of the list in arguments.c, such as "fd" or "path", with its parameter after ":": "w:open"
 * are words of that group of words.txt, "c:open" the same with close-on-exec; "in:2" is memory whose size is argument
 * 2. Arguments without a word are not shown. "= w:sched" at the end: the result is a word of that group.
 */
struct call_shape {
    const char *names; /* separated by spaces */
    const char *arguments;
    enum fd_effect effect;
    unsigned flags;
};

/* The index is zero to begin with. */
void shapes_index(struct call_index *index);

/* The shape of a call: for one that is not in the table, without arguments; for NULL, six numbers. Never NULL. */
const struct call_shape *shape_find(const struct call_index *index, const char *name);

#endif
