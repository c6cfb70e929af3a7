/* The scheduler: which processes run in a tick, which wait, and how the rest of a frame passes. */
#include "toy_internal.h"

#define SWITCH_NS 20000u
#define TICK_NS 60000u

/* A process with a pending signal must not sleep, because nobody would wake it. */
int toy_block(struct toy_process *self, enum toy_reason reason, int on)
{
    if (self->pending == 0)
        self->state = TOY_WAITING;
    self->waits_for = reason;
    self->waits_on = on;
    return TOY_BLOCKED;
}

void toy_wake(struct toy_process *process)
{
    if (process->state != TOY_WAITING)
        return;
    process->state = TOY_READY;
    toy_event((struct toy_about){ process->kernel, TRACE_SCHEDULER, process->pid }, "wake", "%s",
              process->arguments[0]);
}

void toy_wake_all(struct toy_kernel *kernel, enum toy_reason reason, int on)
{
    for (int i = 0; i < PROCESSES; i++) {
        struct toy_process *process = &kernel->processes[i];
        if (process->state == TOY_WAITING && process->waits_for == reason && process->waits_on == on)
            toy_wake(process);
    }
}

static uint32_t count_ready(const struct toy_kernel *kernel)
{
    uint32_t ready = 0;
    for (int i = 0; i < PROCESSES; i++)
        ready += kernel->processes[i].state == TOY_READY;
    return ready;
}

static bool all_ended(const struct toy_kernel *kernel)
{
    for (int i = 0; i < PROCESSES; i++)
        if (kernel->processes[i].state != TOY_FREE)
            return false;
    return true;
}

static void run(struct toy_process *process)
{
    struct toy_kernel *kernel = process->kernel;
    struct trace_span span = toy_span_begin((struct toy_about){ kernel, TRACE_SCHEDULER, process->pid }, "run");
    const char *name = process->program->name; /* the process may be gone afterwards */
    toy_spend(kernel, SWITCH_NS);
    toy_signals_deliver(process);
    if (process->state == TOY_READY)
        process->program->step(process, process->memory);
    toy_span_end(&span, "%s", name);
}

/* Runs each ready process once, including those that become ready meanwhile and come later in the table. */
static uint32_t run_ready(struct toy_kernel *kernel)
{
    uint32_t polled = 0;
    for (int i = 0; i < PROCESSES; i++) {
        if (kernel->processes[i].state != TOY_READY)
            continue;
        run(&kernel->processes[i]);
        polled++;
    }
    return polled;
}

/* Records only changes, so that quiet times stay quiet in the trace. */
static void take_samples(struct toy_kernel *kernel)
{
    uint32_t ready = count_ready(kernel);
    if (ready != kernel->sampled_ready)
        toy_sample((struct toy_about){ kernel, TRACE_SCHEDULER, 0 }, "run queue", ready);
    if (kernel->free_pages != kernel->sampled_pages)
        toy_sample((struct toy_about){ kernel, TRACE_MEMORY, 0 }, "free memory",
                   (double)kernel->free_pages * PAGE_BYTES);
    kernel->sampled_ready = ready;
    kernel->sampled_pages = kernel->free_pages;
}

/* Sleeps until the next frame is due. */
static void pass_time(struct toy_kernel *kernel)
{
    kernel->now_ns += FRAME_NS - kernel->now_ns % FRAME_NS;
}

bool toy_kernel_step(struct toy_kernel *kernel)
{
    if (all_ended(kernel))
        return false;
    uint64_t start_ns = kernel->now_ns;
    struct trace_span tick = toy_span_begin((struct toy_about){ kernel, TRACE_SCHEDULER, 0 }, "tick");
    toy_spend(kernel, TICK_NS);
    toy_timers_fire(kernel);
    take_samples(kernel);
    uint32_t polled = run_ready(kernel);
    toy_compose(kernel);
    toy_span_end(&tick, "%u polled", polled);
    tracer_tick(kernel->tracer, polled, (double)(kernel->now_ns - start_ns) / 1e6);
    if (kernel->now_ns - start_ns > FRAME_NS)
        toy_event((struct toy_about){ kernel, TRACE_COMPOSITOR, 0 }, "frame missed", "tick took %u us",
                  (unsigned)((kernel->now_ns - start_ns) / 1000));
    pass_time(kernel);
    return !all_ended(kernel);
}
