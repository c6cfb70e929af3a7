/* Signals: sent as a bit, delivered when the receiver runs next. */
#include "toy_internal.h"

static const char *signal_name(enum toy_signal signal)
{
    switch (signal) {
    case TOY_SIGUSR1:
        return "USR1";
    case TOY_SIGPIPE:
        return "PIPE";
    case TOY_SIGTERM:
        return "TERM";
    case TOY_SIGCHLD:
        return "CHLD";
    }
    return "?";
}

static uint32_t bit_of(enum toy_signal signal)
{
    return 1u << (unsigned)signal;
}

static bool known(enum toy_signal signal)
{
    return signal == TOY_SIGUSR1 || signal == TOY_SIGPIPE || signal == TOY_SIGTERM || signal == TOY_SIGCHLD;
}

void toy_signal_post(struct toy_process *to, enum toy_signal signal)
{
    to->pending |= bit_of(signal);
    toy_event((struct toy_about){ to->kernel, TRACE_SIGNAL, to->pid }, "post", "%s", signal_name(signal));
    toy_wake(to);
}

/* A signal that is not caught ends the process, except SIGCHLD, which is then ignored. */
static void deliver(struct toy_process *self, enum toy_signal signal)
{
    self->pending &= ~bit_of(signal);
    tracer_signal_delivered(self->kernel->tracer);
    toy_event((struct toy_about){ self->kernel, TRACE_SIGNAL, self->pid }, "deliver", "%s to %s", signal_name(signal),
              self->arguments[0]);
    if (self->handled & bit_of(signal))
        self->caught |= bit_of(signal);
    else if (signal != TOY_SIGCHLD)
        toy_process_end(self, 128 + (int)signal);
}

void toy_signals_deliver(struct toy_process *self)
{
    for (unsigned signal = 1; signal < 32 && self->state == TOY_READY; signal++)
        if (self->pending & (1u << signal))
            deliver(self, (enum toy_signal)signal);
}

/* ------------------------------------------------------------ system calls */

int toy_signal_catch(struct toy_process *self, enum toy_signal signal)
{
    struct toy_call call = toy_call_begin(self, "signal_ops");
    if (!known(signal))
        return toy_call_end(&call, TOY_EINVAL, "catch %d", (int)signal);
    self->handled |= bit_of(signal);
    return toy_call_end(&call, 0, "catch %s", signal_name(signal));
}

int toy_signal_send(struct toy_process *self, int pid, enum toy_signal signal)
{
    struct toy_call call = toy_call_begin(self, "signal_ops");
    struct toy_process *to = pid > 0 ? toy_process_find(self->kernel, (uint32_t)pid) : NULL;
    int result = 0;
    if (!known(signal))
        result = TOY_EINVAL;
    else if (!to || to->state == TOY_ZOMBIE)
        result = TOY_ESRCH;
    else
        toy_signal_post(to, signal);
    return toy_call_end(&call, result, "send %s to %d", signal_name(signal), pid);
}

int toy_signal_take(struct toy_process *self)
{
    struct toy_call call = toy_call_begin(self, "signal_ops");
    int taken = 0;
    for (unsigned signal = 31; signal > 0; signal--)
        if (self->caught & (1u << signal))
            taken = (int)signal;
    if (taken)
        self->caught &= ~(1u << (unsigned)taken);
    return toy_call_end(&call, taken, "take");
}
