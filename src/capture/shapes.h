/*
 * What system calls do, by name: what their arguments are, and what they do to descriptors and counters. Numbers are
 * not known here; they are libseccomp's.
 */
#ifndef RINGSCOPE_SHAPES_H
#define RINGSCOPE_SHAPES_H

#include <stddef.h>

/* What a successful call does to its process's descriptors. */
enum fd_effect {
    FD_NONE,
    FD_OPENS, /* the result is a descriptor of the first path */
    FD_MAKES, /* the result is a descriptor of the kind that the call is named for */
    FD_CLOSES, /* the first argument */
    FD_CLOSES_RANGE,
    FD_DUPLICATES, /* the first argument; the result is another for the same */
    FD_CONTROLS, /* fcntl */
    FD_PAIR, /* two of the kind, which the call's take of files has */
    FD_SOCKET, /* the result is a socket, or the first argument is one that has new addresses */
    FD_MOVES, /* the process is in another directory */
    FD_UNSHARES, /* unshare, close_range: a table of its own */
    FD_SENDS, /* sendmsg may hand on some */
    FD_RECEIVES /* recvmsg may bring some */
};

enum call_flag {
    CALL_READS = 1, /* a positive result is bytes read */
    CALL_WRITES = 2,
    CALL_SLEEPS = 4, /* success means that a timer ran out */
    CALL_HEX = 8, /* the result is an address */
    CALL_NO_RETURN = 16,
    CALL_NO_ERROR = 32, /* the result is no result */
    CALL_SETS_NAME = 64, /* may rename the thread */
    CALL_OCTAL = 128 /* the result is a mode */
};

/*
 * Each argument is a word of the list in arguments.c, as "fd" or "path", with ":" and what it takes: "w:open" are words of
 * that group of words.txt, "c:open" the same that may say close-on-exec; "in:2" is memory of which argument 2 is the size.
 * Arguments that are not named are not shown.
 */
struct call_shape {
    const char *names; /* separated by spaces */
    const char *arguments;
    enum fd_effect effect;
    unsigned flags;
};

/* The shapes by name, in order: every call of three tables of numbers is looked up when a recording begins. */
#define SHAPE_NAMES_MAX 1024
struct shape_index {
    struct shape_name {
        const char *name; /* not ended by NUL */
        size_t length;
        const struct call_shape *shape;
    } names[SHAPE_NAMES_MAX];
    size_t count;
};
void shape_index_fill(struct shape_index *index);

/* The shape of a call; of an unknown one, that with no arguments. Never NULL. */
const struct call_shape *shape_index_find(const struct shape_index *index, const char *name);

#endif
