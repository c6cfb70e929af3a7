/* Shows arguments of calls about signals, see show.h, and delivered signals. */
#include <linux/audit.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "show.h"

/* The kernel's layout, which differs from libc's. */
struct kernel_action {
    uint64_t handler, flags, restorer, mask;
};

void show_action(struct shown *shown, unsigned index)
{
    const struct kernel_action *action = shown_struct(shown, index, sizeof *action);
    struct detail *detail = shown->detail;
    if (!action)
        return;
    detail_add(detail, "{");
    if (action->handler == (uintptr_t)SIG_DFL)
        detail_add(detail, "SIG_DFL");
    else if (action->handler == (uintptr_t)SIG_IGN)
        detail_add(detail, "SIG_IGN");
    else
        detail_format(detail, "handler 0x%llx", (unsigned long long)action->handler);
    if (action->handler > (uintptr_t)SIG_IGN || action->mask) {
        detail_add(detail, ", ");
        add_signal_set(detail, action->mask);
    }
    if (action->flags) {
        detail_add(detail, ", ");
        add_words_of(detail, "sigaction", action->flags);
    }
    detail_add(detail, "}");
}

void show_signals(struct shown *shown, unsigned index)
{
    const uint64_t *set = shown_struct(shown, index, sizeof *set);
    if (set)
        add_signal_set(shown->detail, *set);
}

/* An alternate stack: "{0x7f0000000000, 8192 bytes}". */
void show_signal_stack(struct shown *shown, unsigned index)
{
    const stack_t *stack = shown_struct(shown, index, sizeof *stack);
    if (!stack)
        return;
    detail_format(shown->detail, "{0x%llx, ", (unsigned long long)(uintptr_t)stack->ss_sp);
    if (stack->ss_flags) {
        add_words_of(shown->detail, "signal_stack", (uint32_t)stack->ss_flags);
        detail_add(shown->detail, ", ");
    }
    detail_format(shown->detail, "%zu bytes}", stack->ss_size);
}

/* How a timer notifies: "{SIGEV_SIGNAL, SIGALRM}". */
void show_signal_event(struct shown *shown, unsigned index)
{
    const struct sigevent *event = shown_struct(shown, index, 32);
    if (!event)
        return;
    detail_add(shown->detail, "{");
    add_words_of(shown->detail, "signal_event", (uint32_t)event->sigev_notify);
    if (event->sigev_notify != SIGEV_NONE) {
        detail_add(shown->detail, ", ");
        add_signal(shown->detail, event->sigev_signo);
    }
    detail_add(shown->detail, "}");
}

/* ----------------------------------------------------------- delivered signals */

/* Codes from the kernel, which differ by signal. */
static const char *code_group(int signal)
{
    static const struct {
        int signal;
        const char *group;
    } groups[] = { { SIGSEGV, "code_segv" }, { SIGBUS, "code_bus" },    { SIGILL, "code_ill" }, { SIGFPE, "code_fpe" },
                   { SIGTRAP, "code_trap" }, { SIGCHLD, "code_child" }, { SIGSYS, "code_sys" } };
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (groups[i].signal == signal)
            return groups[i].group;
    }
    return NULL;
}

static void add_code(struct detail *detail, int signal, int64_t code)
{
    const char *group = code > 0 ? code_group(signal) : NULL;
    const char *name = group ? words_name(words_find(group), (uint64_t)code) : NULL;
    if (!name)
        name = words_name(words_find("code"), (uint64_t)code);
    if (name)
        detail_add(detail, name);
    else
        detail_format(detail, "code %lld", (long long)code);
}

static bool is_fault(int signal)
{
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE || signal == SIGTRAP;
}

static void add_refused_call(struct detail *detail, uint64_t more, struct calls *calls)
{
    const unsigned number = (uint32_t)more;
    enum abi abi = (uint32_t)(more >> 32) == AUDIT_ARCH_I386 ? ABI_COMPAT : ABI_NATIVE;
    const struct call *call = calls_find(calls, abi, number < CALL_NUMBER_MAX ? number : CALL_NUMBER_MAX);
    if (call->name)
        detail_format(detail, ", call %s", call->name);
    else
        detail_format(detail, ", call %u", number);
}

struct signal_report {
    int signal;
    int64_t code;
    uint64_t info, more; /* the words of siginfo after the code */
};

static void add_report(struct detail *detail, const struct signal_report *report, struct calls *calls)
{
    const int64_t code = report->code;
    detail_add(detail, "{");
    add_code(detail, report->signal, code);
    if (code == SI_TIMER)
        detail_format(detail, ", timer %d", (int)report->info);
    else if (code > 0 && code < SI_KERNEL && is_fault(report->signal))
        detail_format(detail, ", address 0x%llx", (unsigned long long)report->info);
    else if (code > 0 && report->signal == SIGSYS && calls)
        add_refused_call(detail, report->more, calls);
    else if (code <= 0 || (code < SI_KERNEL && report->signal == SIGCHLD))
        detail_format(detail, ", pid %d, uid %u", (int)report->info, (unsigned)(report->info >> 32));
    if (code == SI_QUEUE)
        detail_format(detail, ", value %d", (int)report->more);
    if (code > 0 && code < SI_KERNEL && report->signal == SIGCHLD) {
        detail_add(detail, ", status ");
        if (code == CLD_EXITED)
            detail_add_number(detail, (int)report->more);
        else
            add_signal(detail, (int)report->more);
    }
    detail_add(detail, "}");
}

void detail_of_signal(struct detail *detail, const struct kernel_event *event, struct calls *calls)
{
    detail_add(detail, " ");
    add_report(detail,
               &(struct signal_report){ (int)event->number, event->result, event->args[SIGNAL_INFO],
                                        event->args[SIGNAL_INFO_MORE] },
               calls);
}

/* The data of a signal that a call sends or takes: "{SI_QUEUE, pid 12, uid 0, value 42}". */
void show_sent(struct shown *shown, unsigned index)
{
    const siginfo_t *info = shown_struct(shown, index, 32);
    struct signal_report report = { 0 };
    if (!info)
        return;
    report.signal = info->si_signo;
    report.code = info->si_code;
    memcpy(&report.info, (const char *)info + offsetof(siginfo_t, si_pid), sizeof report.info);
    memcpy(&report.more, (const char *)info + offsetof(siginfo_t, si_value), sizeof report.more);
    add_report(shown->detail, &report, NULL);
}
