/* Makes and installs the seccomp filter of the wanted calls; see seccomp_filter.h. */
#include "seccomp_filter.h"

#include <errno.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <stdlib.h>

#include "../permission.h"

struct seccomp_filter {
    scmp_filter_ctx context;
};

static bool is_wanted(const struct call *call)
{
    return call->rule.flags & RULE_WANTED;
}

/* Whether calls are wanted that libseccomp cannot name: they can only be what is left when those it can are let pass. */
static bool wants_rest(const struct calls *calls)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        if (!calls->table[i].name && is_wanted(&calls->table[i]))
            return true;
    }
    return false;
}

/* The same name stands for a call in each table. */
static void index_wanted(struct call_index *wanted, const struct calls *calls)
{
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct call *call = &calls->table[i];
        if (call->name && is_wanted(call) && !call_index_find(wanted, call->name))
            call_index_add(wanted, call->name, call);
    }
}

/* Adds a rule for each call that is not to be treated like the rest. */
static bool add_calls(scmp_filter_ctx context, const struct calls *calls, bool rest)
{
    struct call_index wanted = { .count = 0 };
    index_wanted(&wanted, calls);
    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const char *name = calls->table[i].name;
        if (!name || !call_index_find(&wanted, name) != rest)
            continue;
        /* By name, so that libseccomp fills in each architecture's number. */
        int number = seccomp_syscall_resolve_name(name);
        uint32_t action = rest ? SCMP_ACT_ALLOW : SCMP_ACT_TRACE(0);
        int error = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(context, action, number, 0);
        if (error && error != -EEXIST && error != -EDOM && error != -EINVAL)
            return false;
    }
    return true;
}

struct seccomp_filter *seccomp_filter_create(const struct calls *calls)
{
    bool rest = wants_rest(calls);
    struct seccomp_filter *filter = calloc(1, sizeof *filter);
    scmp_filter_ctx context = filter ? seccomp_init(rest ? SCMP_ACT_TRACE(0) : SCMP_ACT_ALLOW) : NULL;
    bool sound = context != NULL;
    if (sound) {
        filter->context = context;
        sound = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW) == 0;
        seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    }
    for (unsigned abi = ABI_COMPAT; sound && abi < ABI_COUNT; abi++) {
        uint32_t arch = calls_arch((enum abi)abi);
        int error = arch ? seccomp_arch_add(context, arch) : 0;
        sound = error == 0 || error == -EEXIST;
    }
    if (sound && add_calls(context, calls, rest))
        return filter;
    seccomp_filter_destroy(filter);
    return NULL;
}

void seccomp_filter_destroy(struct seccomp_filter *filter)
{
    if (!filter)
        return;
    if (filter->context)
        seccomp_release(filter->context);
    free(filter);
}

bool seccomp_filter_takes_privileges(void)
{
    return !permission_has(CAP_SYS_ADMIN);
}

int seccomp_filter_install(struct seccomp_filter *filter)
{
    seccomp_attr_set(filter->context, SCMP_FLTATR_CTL_NNP, seccomp_filter_takes_privileges());
    return -seccomp_load(filter->context);
}
