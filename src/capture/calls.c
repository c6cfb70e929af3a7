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

static void look_at_sender(struct call *call, enum abi abi)
{
    struct call_rule *rule = &call->rule;
    const bool is_message = call->shape->effect == FD_SENDS;
    if (rule->takes == RULE_TAKES || (is_message && abi != ABI_NATIVE))
        return;
    rule->take[rule->takes++] = (struct call_take){
        .what = TAKE_SENDER, .when = WHEN_DONE, .by = is_message ? 1 : 4, .unit = is_message ? sizeof(uint64_t) : 0
    };
}

static bool make_rule(struct call *call, struct kept kept, enum abi abi)
{
    struct call_rule *rule = &call->rule;
    *rule = (struct call_rule){ .category = (unsigned char)call->category, .flags = RULE_WANTED };
    if (call->shape->flags & CALL_NO_RETURN)
        rule->flags |= RULE_NO_RETURN;
    if (call->shape->effect == FD_SOCKET)
        look_at_socket(rule, call->name);
    if (call->shape->effect == FD_BINDS || call->shape->effect == FD_SENDS)
        look_at_sender(call, abi);
    return arguments_read(call->shape->arguments, call->arguments, rule, kept, abi == ABI_NATIVE);
}

void calls_describe(struct calls *calls, unsigned index)
{
    struct call *call = &calls->table[index];
    enum abi abi = (enum abi)(index / RULE_NUMBERS);
    unsigned number = index % RULE_NUMBERS;
    int bit = abi == ABI_X32 ? X32_BIT : 0;
    uint32_t arch = calls_arch(abi);
    call->name = arch && number < RULE_NUMBERS - 1 ? seccomp_syscall_resolve_num_arch(arch, (int)number | bit) : NULL;
    call->shape = shape_find(&calls->shapes, call->name);
    call->category = call_category_find(&calls->name_categories, call->name);
    call->described_before = calls->described;
    calls->described = call;
    bool sound = make_rule(call, calls->kept, abi);
    assert(sound); /* else the table of shapes has an unknown word */
    (void)sound;
}

void calls_describe_all(struct calls *calls)
{
    for (unsigned i = 0; i < ABI_COUNT * RULE_NUMBERS; i++) {
        if (!calls->table[i].shape)
            calls_describe(calls, i);
    }
}

struct calls *calls_create(struct kept kept)
{
    struct calls *calls = calloc(1, sizeof *calls);
    if (!calls)
        return NULL;
    shapes_index(&calls->shapes);
    call_categories_index(&calls->name_categories);
    calls->kept = kept;
    calls->categories = TRACE_MASK_ALL;
    calls->all = true;
    return calls;
}

void calls_destroy(struct calls *calls)
{
    if (!calls)
        return;
    for (struct call *call = calls->described; call; call = call->described_before)
        free((char *)call->name);
    free(calls);
}

uint32_t calls_categories(struct calls *calls)
{
    uint32_t mask = calls->categories;
    calls_describe_all(calls);
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        if (call_seen(&calls->table[i]))
            mask |= TRACE_MASK(calls->table[i].rule.category);
    }
    return mask;
}
