/*
 * The system calls of this machine by ABI and number: names from libseccomp, shapes from call_shapes.h, and
 * what the user wants of them.
 */
#ifndef RINGSCOPE_CALLS_H
#define RINGSCOPE_CALLS_H

#include "../base/calls/call_shapes.h"
#include "wire.h"

struct call {
    const char *name; /* NULL: libseccomp knows none */
    const struct call_shape *shape;
    uint32_t name_id, operation_id; /* of the image; 0: not asked for yet */
    bool has_ids;
    char letters[3]; /* of shape->arguments, for the arguments kept */
    unsigned char paths;
    struct wire_rule rule;
};

struct calls {
    struct call table[WIRE_RULES];
    uint32_t categories; /* events beside calls that are wanted */
    bool all; /* nothing is left out */
    bool follows_files; /* all calls that change descriptors are wanted */
};

/* NULL without memory. The caller gives it to calls_destroy(). */
struct calls *calls_create(void);
void calls_destroy(struct calls *calls);

/* "file,%net,/^open/,!futex": categories, strace's classes, regular expressions and names of calls. Words that exclude go
 * before those that include; if none includes, all do. "trace=" before it is passed over. False, and message, for a word
 * that is nothing of it, with the names that are near. */
bool calls_select(struct calls *calls, const char *filter, struct tracer_message *message);

/* Never NULL. */
static inline struct call *calls_find(struct calls *calls, unsigned abi, unsigned number)
{
    unsigned index = number < WIRE_NUMBERS - 1 ? number : WIRE_NUMBERS - 1;
    return &calls->table[(abi < WIRE_ABIS ? abi : 0) * WIRE_NUMBERS + index];
}

/* libseccomp's token for a table of numbers; 0: this machine has none such. */
uint32_t calls_arch(enum wire_abi abi);

/* The categories in which anything is wanted, as the image's filter says it. */
uint32_t calls_categories(const struct calls *calls);

/* The wanted native calls, for backends that can attach to single ones; how many. */
unsigned calls_wanted(const struct calls *calls, enum wire_abi abi);

#endif
