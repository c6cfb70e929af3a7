/* The system calls of this machine, and which of them are wanted; see calls.h. */
#include "calls.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#define X32_BIT 0x40000000

/* By libseccomp's token of the machine: those of its other tables. */
static const struct {
    uint32_t native, abis[WIRE_ABIS];
} machines[] = {
    { SCMP_ARCH_X86_64, { SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 } },
    { SCMP_ARCH_AARCH64, { SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, 0 } },
};

uint32_t calls_arch(enum wire_abi abi)
{
    uint32_t native = seccomp_arch_native();
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
        if (machines[i].native == native)
            return machines[i].abis[abi];
    }
    return abi == WIRE_NATIVE ? native : 0;
}

/* ------------------------------------------------------------------ the table */

/* What the letters of a shape mean for the backend: which arguments are paths, which are kept. */
static void make_rule(struct call *call)
{
    struct wire_rule *rule = &call->rule;
    unsigned kept = 0;
    *rule = (struct wire_rule){ .path = { WIRE_NO_ARG, WIRE_NO_ARG },
                                .keep = { WIRE_NO_ARG, WIRE_NO_ARG, WIRE_NO_ARG },
                                .category = (unsigned char)call->shape->category,
                                .flags = WIRE_RULE_WANTED };
    if (call->shape->flags & CALL_NO_RETURN)
        rule->flags |= WIRE_RULE_NO_RETURN;
    for (unsigned char i = 0; call->shape->arguments[i]; i++) {
        char letter = call->shape->arguments[i];
        if (letter == 'p' && call->paths < 2)
            rule->path[call->paths++] = i;
        if (letter == 'p' || letter == '-' || kept == 3)
            continue;
        call->letters[kept] = letter;
        if (letter == 'P')
            rule->pair = (unsigned char)(kept + 1);
        rule->keep[kept++] = i;
    }
}

static void fill_abi(struct calls *calls, enum wire_abi abi)
{
    uint32_t arch = calls_arch(abi);
    int bit = abi == WIRE_X32 ? X32_BIT : 0;
    for (int number = 0; number < WIRE_NUMBERS; number++) {
        struct call *call = &calls->table[(int)abi * WIRE_NUMBERS + number];
        call->name = arch && number < WIRE_NUMBERS - 1 ? seccomp_syscall_resolve_num_arch(arch, number | bit) : NULL;
        call->shape = call_shape_of(call->name ? call->name : "");
        make_rule(call);
    }
}

struct calls *calls_create(void)
{
    struct calls *calls = calloc(1, sizeof *calls);
    if (!calls)
        return NULL;
    for (unsigned abi = 0; abi < WIRE_ABIS; abi++)
        fill_abi(calls, (enum wire_abi)abi);
    calls->categories = TRACE_MASK_ALL;
    calls->all = calls->follows_files = true;
    return calls;
}

void calls_destroy(struct calls *calls)
{
    if (!calls)
        return;
    for (unsigned i = 0; i < WIRE_RULES; i++)
        free((char *)calls->table[i].name);
    free(calls);
}

uint32_t calls_categories(const struct calls *calls)
{
    uint32_t mask = calls->categories;
    for (unsigned i = 0; i < WIRE_RULES; i++) {
        if (calls->table[i].rule.flags & WIRE_RULE_WANTED)
            mask |= TRACE_MASK(calls->table[i].rule.category);
    }
    return mask;
}

unsigned calls_wanted(const struct calls *calls, enum wire_abi abi)
{
    unsigned count = 0;
    for (unsigned i = 0; i < WIRE_NUMBERS; i++)
        count += (calls->table[(unsigned)abi * WIRE_NUMBERS + i].rule.flags & WIRE_RULE_WANTED) != 0;
    return count;
}
