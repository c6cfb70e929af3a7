/* The system calls of this machine, and which of them are wanted; see calls.h. */
#include "calls.h"

#include <assert.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "../base/calls/call_categories.h"

#define X32_BIT 0x40000000

/* By libseccomp's token for the machine: the tokens of its other tables. */
static const struct {
    uint32_t native, abis[ABI_COUNT];
} machines[] = {
    { SCMP_ARCH_X86_64, { SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32 } },
    { SCMP_ARCH_AARCH64, { SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, 0 } },
};

uint32_t calls_arch(enum abi abi)
{
    uint32_t native = seccomp_arch_native();
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
        if (machines[i].native == native)
            return machines[i].abis[abi];
    }
    return abi == ABI_NATIVE ? native : 0;
}

/* ------------------------------------------------------------------ the table */

struct indexes {
    struct call_index shapes, categories;
};

/* Calls about sockets end with a look at what the kernel knows about theirs. */
static void look_at_socket(struct call_rule *rule, const char *name)
{
    bool is_first = call_listed("bind connect listen", name);
    if (rule->takes == RULE_TAKES)
        return;
    rule->take[rule->takes++] = (struct call_take){ .what = TAKE_FILE,
                                                    .when = is_first ? WHEN_RETURNED : WHEN_DONE,
                                                    .argument = is_first ? 0 : ARGUMENT_RESULT };
}

static bool make_rule(struct call *call, unsigned contents, enum abi abi)
{
    struct call_rule *rule = &call->rule;
    *rule = (struct call_rule){ .category = (unsigned char)call->category, .flags = RULE_WANTED };
    if (call->shape->flags & CALL_NO_RETURN)
        rule->flags |= RULE_NO_RETURN;
    if (call->shape->effect == FD_SOCKET)
        look_at_socket(rule, call->name);
    return arguments_read(call->shape->arguments, call->arguments, rule, contents, abi == ABI_NATIVE);
}

static bool fill_abi(struct calls *calls, const struct indexes *by_name, enum abi abi, unsigned contents)
{
    uint32_t arch = calls_arch(abi);
    int bit = abi == ABI_X32 ? X32_BIT : 0;
    bool sound = true;
    for (int number = 0; number < RULE_NUMBERS; number++) {
        struct call *call = &calls->table[(int)abi * RULE_NUMBERS + number];
        call->name = arch && number < RULE_NUMBERS - 1 ? seccomp_syscall_resolve_num_arch(arch, number | bit) : NULL;
        call->shape = shape_find(&by_name->shapes, call->name);
        call->category = call_category_find(&by_name->categories, call->name);
        sound &= make_rule(call, contents, abi);
    }
    return sound;
}

struct calls *calls_create(unsigned contents)
{
    struct calls *calls = calloc(1, sizeof *calls);
    if (!calls)
        return NULL;
    struct indexes by_name;
    shapes_index(&by_name.shapes);
    call_categories_index(&by_name.categories);
    for (unsigned abi = 0; abi < ABI_COUNT; abi++) {
        bool sound = fill_abi(calls, &by_name, (enum abi)abi, contents);
        assert(sound); /* else the table of shapes has an unknown word */
        (void)sound;
    }
    calls->categories = TRACE_MASK_ALL;
    calls->all = true;
    return calls;
}

void calls_destroy(struct calls *calls)
{
    if (!calls)
        return;
    for (unsigned i = 0; i < RULE_COUNT; i++)
        free((char *)calls->table[i].name);
    free(calls);
}

uint32_t calls_categories(const struct calls *calls)
{
    uint32_t mask = calls->categories;
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        if (call_seen(&calls->table[i]))
            mask |= TRACE_MASK(calls->table[i].rule.category);
    }
    return mask;
}
