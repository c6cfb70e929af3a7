/* Turns system calls, as ptrace reports them, into the session's events. */
#include <elf.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include "tracee_memory.h"

#include "../gather.h"
#include "tracees.h"

#define X32_BIT 0x40000000u

/* The table of the number, as the kernel reports it at entry; removes the bit of x32. */
static enum abi abi_of(uint32_t arch, uint64_t *number)
{
    if (arch == AUDIT_ARCH_I386 || arch == AUDIT_ARCH_ARM)
        return ABI_COMPAT;
    if (arch != AUDIT_ARCH_X86_64 || !(*number & X32_BIT))
        return ABI_NATIVE;
    *number &= ~(uint64_t)X32_BIT;
    return ABI_X32;
}

static bool is_exec(const struct call *call)
{
    return call->name && strncmp(call->name, "execve", 6) == 0;
}

void tracee_enter(struct recording *recording, struct tracee *tracee, const struct __ptrace_syscall_info *info)
{
    bool by_seccomp = info->op == PTRACE_SYSCALL_INFO_SECCOMP;
    uint64_t number = by_seccomp ? info->seccomp.nr : info->entry.nr;
    const uint64_t *arguments = by_seccomp ? info->seccomp.args : info->entry.args;
    enum abi abi = abi_of(info->arch, &number);
    number = number < CALL_NUMBER_MAX ? number : CALL_NUMBER_MAX;
    const struct call *call = calls_find(recording->calls, abi, (unsigned)number);
    tracee->in_call = tracee->attached_in_call = false;
    if (!(call->rule.flags & RULE_WANTED) || (tracee->quiet && !is_exec(call)))
        return;
    struct kernel_event *event = &tracee->gather.call.base;
    *event = (struct kernel_event){ .kind = EVENT_CALL,
                                    .pid = tracee->pid,
                                    .tid = (uint32_t)tracee->tid,
                                    .number = (uint32_t)number & CALL_NUMBER_MAX,
                                    .abi = (unsigned)abi & 0xff };
    for (unsigned i = 0; i < CALL_ARGS; i++) {
        event->args[i] = abi == ABI_COMPAT ? (uint32_t)arguments[i] : arguments[i];
        tracee->gather.args[i] = event->args[i];
    }
    tracee->unread = gather_entered(&tracee->gather, &call->rule);
    event->time_ns = platform_monotonic_ns();
    tracee->in_call = true;
    tracee->quiet = false;
    if (call->rule.flags & RULE_NO_RETURN) {
        event->flags |= EVENT_NO_RETURN;
        tracee->in_call = false;
        session_handle(&recording->session, event);
    }
}

static void tell_name(struct recording *recording, const struct tracee *tracee)
{
    struct text_event rename = { .base = { .kind = EVENT_RENAME,
                                           .time_ns = platform_monotonic_ns(),
                                           .pid = tracee->pid,
                                           .tid = (uint32_t)tracee->tid,
                                           .bytes = TASK_NAME_BYTES } };
    tracee_name(tracee->tid, rename.text);
    session_handle(&recording->session, &rename.base);
}

void tracee_leave(struct recording *recording, struct tracee *tracee, const struct __ptrace_syscall_info *info)
{
    struct kernel_event *event = &tracee->gather.call.base;
    if (!tracee->in_call) {
        if (tracee->attached_in_call)
            session_handle(&recording->session, &(struct kernel_event){ .kind = EVENT_UNMATCHED });
        tracee->attached_in_call = false;
        return;
    }
    const struct call *call = calls_find(recording->calls, event->abi, event->number);
    tracee->in_call = false;
    event->duration_ns = platform_monotonic_ns() - event->time_ns;
    event->result = info->exit.rval;
    gather_returned(&tracee->gather, &call->rule, tracee->unread);
    session_handle(&recording->session, event);
    if (call->shape->flags & CALL_SETS_NAME && event->args[0] == PR_SET_NAME && event->result == 0)
        tell_name(recording, tracee);
}

void tracee_unfinished(struct recording *recording, struct tracee *tracee)
{
    if (!tracee->in_call)
        return;
    tracee->in_call = false;
    tracee->gather.call.base.kind = EVENT_UNFINISHED;
    tracee->gather.call.base.duration_ns = platform_monotonic_ns() - tracee->gather.call.base.time_ns;
    session_handle(&recording->session, &tracee->gather.call.base);
}
