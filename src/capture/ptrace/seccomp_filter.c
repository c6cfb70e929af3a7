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

/* Adds rules for an architecture's own numbers. Unknown numbers pass unseen, because libseccomp cannot name them. */
static bool add_calls(scmp_filter_ctx context, const struct calls *calls, enum abi abi)
{
    for (unsigned i = 0; i < RULE_NUMBERS - 1; i++) {
        const struct call *call = &calls->table[(unsigned)abi * RULE_NUMBERS + i];
        if (!call->name || !(call->rule.flags & RULE_WANTED))
            continue;
        /* By name, so that libseccomp fills in each architecture's number. */
        int number = seccomp_syscall_resolve_name(call->name);
        int error = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(context, SCMP_ACT_TRACE(0), number, 0);
        if (error && error != -EEXIST && error != -EDOM && error != -EINVAL)
            return false;
    }
    return true;
}

struct seccomp_filter *seccomp_filter_create(const struct calls *calls)
{
    struct seccomp_filter *filter = calloc(1, sizeof *filter);
    scmp_filter_ctx context = filter ? seccomp_init(SCMP_ACT_ALLOW) : NULL;
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
    for (unsigned abi = 0; sound && abi < ABI_COUNT; abi++)
        sound = add_calls(context, calls, (enum abi)abi);
    if (sound)
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
