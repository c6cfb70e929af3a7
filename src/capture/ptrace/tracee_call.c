/* System calls as ptrace shows them, turned into what the session takes. */
#include <elf.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include "tracees.h"

#define X32_BIT 0x40000000u

/* Which table the number is of, as the kernel says at entry; the bit of x32 is taken off. */
static enum wire_abi abi_of(uint32_t arch, uint64_t *number)
{
    if (arch == AUDIT_ARCH_I386 || arch == AUDIT_ARCH_ARM)
        return WIRE_COMPAT;
    if (arch != AUDIT_ARCH_X86_64 || !(*number & X32_BIT))
        return WIRE_NATIVE;
    *number &= ~(uint64_t)X32_BIT;
    return WIRE_X32;
}

static void copy_path(struct tracee *tracee, unsigned which, bool half)
{
    char text[WIRE_PATH_BYTES + 2];
    size_t size = half ? WIRE_HALF_BYTES + 1 : WIRE_PATH_BYTES + 2, room = half ? WIRE_HALF_BYTES : WIRE_PATH_BYTES;
    size_t got = tracee_read(tracee->tid, tracee->path_at[which], text, size);
    const char *end = memchr(text, '\0', got);
    if (!end && got < size)
        return;
    struct wire *wire = &tracee->call.base;
    size_t length = end ? (size_t)(end - text) : size;
    if (half ? length >= room : length > room)
        wire->flags |= which ? WIRE_SECOND_CUT : WIRE_FIRST_CUT;
    length = length < room ? length : room;
    memcpy(tracee->call.text + (which ? WIRE_SECOND_PATH : 0), text, length);
    wire->text_bytes[which] = (unsigned char)length;
    wire->flags |= WIRE_HAS_TEXT;
    tracee->path_at[which] = 0;
}

static void copy_paths(struct tracee *tracee, const struct wire_rule *rule)
{
    bool two = rule->path[1] != WIRE_NO_ARG;
    for (unsigned which = 0; which < 2; which++) {
        if (tracee->path_at[which])
            copy_path(tracee, which, two);
    }
    unsigned unread = (tracee->path_at[0] ? WIRE_FIRST_UNREAD : 0u) | (tracee->path_at[1] ? WIRE_SECOND_UNREAD : 0u);
    struct wire *wire = &tracee->call.base;
    wire->flags &= (unsigned char)~(WIRE_FIRST_UNREAD | WIRE_SECOND_UNREAD);
    wire->flags |= (unsigned char)unread;
}

static uint64_t argument(const uint64_t *arguments, unsigned index, enum wire_abi abi)
{
    if (index >= 6)
        return 0;
    return abi == WIRE_COMPAT ? (uint32_t)arguments[index] : arguments[index];
}

static void fill(struct tracee *tracee, const struct wire_rule *rule, const uint64_t *arguments, enum wire_abi abi)
{
    struct wire *wire = &tracee->call.base;
    for (unsigned i = 0; i < 3; i++)
        wire->args[i] = argument(arguments, rule->keep[i], abi);
    for (unsigned i = 0; i < 2; i++)
        tracee->path_at[i] = argument(arguments, rule->path[i], abi);
    if (tracee->path_at[0] || tracee->path_at[1])
        copy_paths(tracee, rule);
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
    enum wire_abi abi = abi_of(info->arch, &number);
    number = number < WIRE_NUMBER_MAX ? number : WIRE_NUMBER_MAX;
    const struct call *call = calls_find(recording->calls, abi, (unsigned)number);
    tracee->in_call = tracee->attached_in_call = false;
    if (!(call->rule.flags & WIRE_RULE_WANTED) || (tracee->quiet && !is_exec(call)))
        return;
    struct wire *wire = &tracee->call.base;
    *wire = (struct wire){ .kind = WIRE_CALL,
                           .pid = tracee->pid,
                           .tid = (uint32_t)tracee->tid,
                           .number = (uint32_t)number & WIRE_NUMBER_MAX,
                           .abi = (unsigned)abi & 0xff };
    fill(tracee, &call->rule, arguments, abi);
    wire->time_ns = platform_monotonic_ns();
    tracee->in_call = true;
    tracee->quiet = false;
    if (call->rule.flags & WIRE_RULE_NO_RETURN) {
        wire->flags |= WIRE_NO_RETURN;
        tracee->in_call = false;
        session_take(&recording->session, wire);
    }
}

/* The two descriptors of a pipe are only in the program's memory. */
static void copy_pair(struct tracee *tracee, const struct wire_rule *rule)
{
    unsigned long long *kept = &tracee->call.base.args[rule->pair - 1];
    uint64_t both = 0;
    bool sound = tracee_read(tracee->tid, *kept, &both, sizeof both) == sizeof both;
    *kept = sound ? both : UINT64_MAX;
}

static void tell_name(struct recording *recording, const struct tracee *tracee)
{
    struct wire_long rename = { .base = { .kind = WIRE_RENAME,
                                          .time_ns = platform_monotonic_ns(),
                                          .pid = tracee->pid,
                                          .tid = (uint32_t)tracee->tid,
                                          .flags = WIRE_HAS_TEXT } };
    tracee_name(tracee->tid, rename.text);
    session_take(&recording->session, &rename.base);
}

void tracee_leave(struct recording *recording, struct tracee *tracee, const struct __ptrace_syscall_info *info)
{
    struct wire *wire = &tracee->call.base;
    if (!tracee->in_call) {
        if (tracee->attached_in_call)
            session_take(&recording->session, &(struct wire){ .kind = WIRE_UNMATCHED });
        tracee->attached_in_call = false;
        return;
    }
    const struct call *call = calls_find(recording->calls, wire->abi, wire->number);
    const struct wire_rule *rule = &call->rule;
    tracee->in_call = false;
    wire->duration_ns = platform_monotonic_ns() - wire->time_ns;
    wire->result = info->exit.rval;
    if (tracee->path_at[0] || tracee->path_at[1])
        copy_paths(tracee, rule);
    if (rule->pair && wire->result == 0)
        copy_pair(tracee, rule);
    session_take(&recording->session, wire);
    if (call->shape->flags & CALL_SETS_NAME && wire->args[0] == PR_SET_NAME && wire->result == 0)
        tell_name(recording, tracee);
}

void tracee_unfinished(struct recording *recording, struct tracee *tracee)
{
    if (!tracee->in_call)
        return;
    tracee->in_call = false;
    tracee->call.base.kind = WIRE_UNFINISHED;
    tracee->call.base.duration_ns = platform_monotonic_ns() - tracee->call.base.time_ns;
    session_take(&recording->session, &tracee->call.base);
}
