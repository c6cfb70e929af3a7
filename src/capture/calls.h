/*
 * The system calls of this machine by ABI and number: names from libseccomp, shapes from shapes.h, and the user's
 * selection.
 */
#ifndef RINGSCOPE_CALLS_H
#define RINGSCOPE_CALLS_H

#include "arguments.h"
#include "kernel_event.h"
#include "ringscope.h"
#include "shapes.h"

struct call {
    const char *name; /* NULL: unknown to libseccomp */
    const struct call_shape *shape; /* NULL: not described yet */
    struct call *described_before;
    enum trace_category category;
    uint32_t name_id, operation_id; /* in the image; 0: not assigned yet */
    bool has_ids;
    struct argument arguments[ARGUMENTS];
    struct call_rule rule;
};

struct calls {
    struct call table[RULE_COUNT]; /* see calls_find(), calls_describe_all() */
    struct call *described; /* the last one, and through it all: a walk through the table would touch a megabyte */
    struct call_index shapes, name_categories;
    struct kept kept;
    uint32_t categories; /* of wanted events other than calls */
    bool all; /* nothing is excluded */
};

/* NULL without memory. The caller owns the result. */
struct calls *calls_create(struct kept kept);
void calls_destroy(struct calls *calls);

/* libseccomp's search for a name is slow, so calls are described when they are first needed. */
void calls_describe(struct calls *calls, unsigned index);
void calls_describe_all(struct calls *calls);

/* "file,%net,/^open/,!futex": categories, strace's classes, regular expressions and names of calls. Exclusions win over
 * inclusions; without inclusions, everything is included. A leading "trace=" is ignored. False for an unknown word; the
 * message suggests similar names. */
bool calls_select(struct calls *calls, const char *filter, struct tracer_message *message);

/* Never NULL, and described. */
static inline struct call *calls_find(struct calls *calls, unsigned abi, unsigned number)
{
    unsigned index =
        (abi < ABI_COUNT ? abi : 0) * RULE_NUMBERS + (number < RULE_NUMBERS - 1 ? number : RULE_NUMBERS - 1);
    if (!calls->table[index].shape)
        calls_describe(calls, index);
    return &calls->table[index];
}

/* Whether its calls are to be shown and counted. */
static inline bool call_seen(const struct call *call)
{
    return (call->rule.flags & (RULE_WANTED | RULE_UNSEEN)) == RULE_WANTED;
}

/* libseccomp's token for a table of numbers; 0: this machine does not have it. */
uint32_t calls_arch(enum abi abi);

/* The categories in which anything is wanted, for the image's filter. */
uint32_t calls_categories(struct calls *calls);

#endif
