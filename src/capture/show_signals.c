/* Shows arguments of calls about signals; see show.h. */
#include <signal.h>

#include "show.h"

/* As the kernel has it; libc's is another. */
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

/* How a timer tells: "{SIGEV_SIGNAL, SIGALRM}". */
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

/* What comes with a signal: "{SI_QUEUE, pid 12, uid 0, value 42}". */
void show_sent(struct shown *shown, unsigned index)
{
    const siginfo_t *info = shown_struct(shown, index, 32);
    if (!info)
        return;
    detail_add(shown->detail, info->si_code == SI_QUEUE ? "{SI_QUEUE" : "{code ");
    if (info->si_code != SI_QUEUE)
        detail_add_number(shown->detail, info->si_code);
    detail_format(shown->detail, ", pid %d, uid %u, value %d}", info->si_pid, info->si_uid, info->si_int);
}
