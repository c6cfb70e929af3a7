/* Timers: they fire at the beginning of the first tick after they are due. */
#include "toy_internal.h"

static struct toy_timer *timer_of(struct toy_process *self, int timer)
{
    if (timer < 0 || timer >= TIMERS || self->kernel->timers[timer].pid != self->pid)
        return NULL;
    return &self->kernel->timers[timer];
}

/* A late timer fires only once, however many of its periods have passed. */
static void fire(struct toy_kernel *kernel, int index)
{
    struct toy_timer *timer = &kernel->timers[index];
    timer->fired++;
    tracer_timer_fired(kernel->tracer);
    toy_event((struct toy_about){ kernel, TRACE_TIMER, timer->pid }, "fire", "timer %d, %u us late", index,
              (unsigned)((kernel->now_ns - timer->due_ns) / 1000));
    while (timer->period_ns && timer->due_ns <= kernel->now_ns)
        timer->due_ns += timer->period_ns;
    if (timer->period_ns == 0)
        timer->due_ns = UINT64_MAX;
    toy_wake_all(kernel, TOY_FOR_TIMER, index);
}

void toy_timers_fire(struct toy_kernel *kernel)
{
    for (int i = 0; i < TIMERS; i++)
        if (kernel->timers[i].pid && kernel->timers[i].due_ns <= kernel->now_ns)
            fire(kernel, i);
}

void toy_timers_release(struct toy_process *self)
{
    for (int i = 0; i < TIMERS; i++)
        if (self->kernel->timers[i].pid == self->pid)
            self->kernel->timers[i].pid = 0;
}

/* ------------------------------------------------------------ system calls */

int toy_timer_set(struct toy_process *self, uint32_t first_ms, uint32_t period_ms)
{
    struct toy_call call = toy_call_begin(self, "timer_ops");
    struct toy_kernel *kernel = self->kernel;
    int timer = 0;
    while (timer < TIMERS && kernel->timers[timer].pid)
        timer++;
    if (timer == TIMERS)
        return toy_call_end(&call, TOY_ENOMEM, "set %u ms", first_ms);
    kernel->timers[timer] = (struct toy_timer){ .pid = self->pid,
                                                .due_ns = kernel->now_ns + first_ms * 1000000ull,
                                                .period_ns = period_ms * 1000000ull };
    toy_event((struct toy_about){ kernel, TRACE_TIMER, self->pid }, "set", "timer %d in %u ms", timer, first_ms);
    return toy_call_end(&call, timer, "set %u ms, every %u ms", first_ms, period_ms);
}

/* Checks for signals before it blocks, because they would otherwise never be seen. */
static int expirations(struct toy_process *self, struct toy_timer *timer, int index)
{
    if (timer->fired == 0 && !self->caught)
        return toy_block(self, TOY_FOR_TIMER, index);
    int fired = (int)timer->fired;
    timer->fired = 0;
    return fired;
}

int toy_timer_wait(struct toy_process *self, int timer)
{
    struct toy_call call = toy_call_begin(self, "timer_ops");
    struct toy_timer *mine = timer_of(self, timer);
    return toy_call_end(&call, mine ? expirations(self, mine, timer) : TOY_EINVAL, "wait %d", timer);
}

int toy_timer_cancel(struct toy_process *self, int timer)
{
    struct toy_call call = toy_call_begin(self, "timer_ops");
    struct toy_timer *mine = timer_of(self, timer);
    if (!mine)
        return toy_call_end(&call, TOY_EINVAL, "cancel %d", timer);
    mine->pid = 0;
    toy_event((struct toy_about){ self->kernel, TRACE_TIMER, self->pid }, "cancel", "timer %d", timer);
    return toy_call_end(&call, 0, "cancel %d", timer);
}
