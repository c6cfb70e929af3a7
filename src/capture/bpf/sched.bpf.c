// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The part of `ringscope record --sched` that runs in the kernel: reports how long each traced task was on a processor,
 * ready for one, and waiting, and who ended its wait.
 *
 *       runs          waits           runnable        runs
 *     ────────┬───────────────────┬───────────────┬──────────
 *          switched            waking          switched
 *            out          (by the waker)           in
 *
 * A task may be woken before it is switched out; then it has not waited.
 */
#include "task.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

unsigned long long
    over_ns; /* when recording ended: nothing changes any more, and each task's last slice is reported. 0: it goes on */

#define TASK_STOPPED_OR_TRACED 12u

/* ------------------------------------------------------------------- telling */

static inline struct kernel_event *begin_slice(void *ring, const struct task_state *state, u64 from_ns, u64 to_ns,
                                               enum slice_kind kind)
{
    struct kernel_event *to = reserve(ring, CATEGORY_SCHEDULER);
    if (!to)
        return NULL;
    fill(to, state, EVENT_SLICE, from_ns);
    to->duration_ns = to_ns > from_ns ? to_ns - from_ns : 0;
    to->args[SLICE_KIND] = kind;
    to->number = state->slices.number & CALL_NUMBER_MAX;
    to->abi = state->slices.abi;
    to->result = state->slices.in_call ? SLICE_IN_CALL : 0;
    return to;
}

static inline void send_running(const struct task_state *state, u64 to_ns)
{
    void *ring = this_ring();
    struct kernel_event *to = begin_slice(ring, state, state->slices.in_ns, to_ns, SLICE_RUNNING);
    if (!to)
        return;
    to->args[SLICE_DETAIL] = bpf_get_smp_processor_id();
    submit(ring, to);
}

static inline void send_runnable(const struct task_state *state, u64 to_ns)
{
    void *ring = this_ring();
    struct kernel_event *to = begin_slice(ring, state, state->slices.woken_ns, to_ns, SLICE_RUNNABLE);
    if (!to)
        return;
    to->args[SLICE_DETAIL] = state->slices.reason;
    submit(ring, to);
}

static inline void send_waiting(const struct task_state *state, u64 to_ns, const struct waker *waker)
{
    void *ring = this_ring();
    struct kernel_event *to = begin_slice(ring, state, state->slices.out_ns, to_ns, SLICE_WAITING);
    if (!to)
        return;
    to->args[SLICE_DETAIL] = state->slices.reason;
    to->flags = state->in_call ? state->stacked : 0;
    to->args[SLICE_WAKER] = waker->kind;
    to->args[SLICE_WAKER_ID] = waker->id;
    __builtin_memcpy(&to->args[SLICE_WAKER_NAME], waker->name, TASK_NAME_BYTES);
    submit(ring, to);
}

/* --------------------------------------------------------------------- wakers */

/* Whether this happens in an interrupt: of the kernel, on a stack of its own, or of the program, which is in no call
 * then. If it is unclear (a fault is much like an interrupt), it counts as one, so that nobody is blamed. */
static inline bool interrupts(struct task_struct *task, const void *context)
{
    u64 at = 0, stack = (u64)BPF_CORE_READ(task, stack);
    bpf_probe_read_kernel(&at, sizeof at, &context); /* the verifier forbids arithmetic with pointers */
    if (at - stack >= KERNEL_STACK_BYTES)
        return true;
    if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
        return false;
    return call_number((struct pt_regs *)bpf_task_pt_regs(task)) < 0;
}

static inline void find_waker(struct waker *waker, const void *context)
{
    struct task_struct *current = bpf_get_current_task_btf();
    __builtin_memset(waker, 0, sizeof *waker);
    waker->kind = WAKER_INTERRUPT;
    if (interrupts(current, context))
        return;
    const struct task_state *state = state_of(current);
    if (state) {
        waker->kind = WAKER_THREAD;
        waker->id = (u64)state->pid << 32 | state->tid;
        return;
    }
    waker->kind = BPF_CORE_READ(current, flags) & PF_KTHREAD ? WAKER_KERNEL : WAKER_OTHER;
    bpf_core_read_str(waker->name, sizeof waker->name, &current->comm);
}

/* ------------------------------------------------------------------- switches */

/* Stores the call of a task that leaves the processor, or has left it. */
static inline void note_call(struct task_slices *slices, struct task_struct *task)
{
    struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
    int number = call_number(regs);
    u32 in_table = (u32)number;
    slices->in_call = number >= 0;
    slices->abi = (unsigned char)call_abi(task, &in_table);
    slices->number = in_table;
}

/* Another processor may have read its clock just before this task left its own: then it is woken as it leaves. */
static inline void woken(struct task_state *state, u64 now_ns, const struct waker *waker)
{
    u64 woken_ns = now_ns > state->slices.out_ns ? now_ns : state->slices.out_ns;
    send_waiting(state, woken_ns, waker);
    state->slices.reason = SLICE_WOKEN;
    state->slices.woken_ns = woken_ns;
}

/* A task that runs again without having been woken since it left its processor was woken while it was about to. */
static inline void switched_in(struct task_state *state, u64 now_ns)
{
    struct task_slices *slices = &state->slices;
    if (slices->in_ns)
        count_lost(CATEGORY_SCHEDULER); /* the previous switch was not reported */
    if (slices->out_ns && !slices->woken_ns) {
        if (slices->early.kind != WAKER_UNKNOWN)
            woken(state, slices->out_ns, &slices->early);
        else
            send_waiting(state, now_ns, &slices->early);
    }
    if (slices->woken_ns)
        send_runnable(state, now_ns);
    slices->early.kind = WAKER_UNKNOWN;
    slices->out_ns = slices->woken_ns = 0;
    slices->in_ns = now_ns;
    slices->quiet = 0;
}

/* Some kernels do not report every switch. In that case, a task began to run when the kernel began to charge it. */
static inline void find_beginning(struct task_state *state, u64 charged_ns, u64 now_ns)
{
    const struct task_slices *slices = &state->slices;
    u64 earliest_ns = slices->woken_ns ? slices->woken_ns : slices->out_ns, ran_ns = charged_ns - slices->charged_ns;
    switched_in(state, now_ns - earliest_ns > ran_ns ? now_ns - ran_ns : earliest_ns);
}

static inline void switched_out(struct task_state *state, struct task_struct *task, bool preempted, u64 now_ns)
{
    struct task_slices *slices = &state->slices;
    u64 bits = preempted ? 0 : state_bits(task), charged_ns = BPF_CORE_READ(task, se.sum_exec_runtime);
    if (!slices->in_ns && slices->out_ns)
        find_beginning(state, charged_ns, now_ns);
    if (slices->in_ns)
        send_running(state, now_ns);
    slices->in_ns = 0;
    slices->out_ns = now_ns;
    slices->woken_ns = bits ? 0 : now_ns;
    slices->charged_ns = charged_ns;
    slices->reason = !bits ? SLICE_PREEMPTED : bits & TASK_STOPPED_OR_TRACED ? SLICE_STOPPED : SLICE_SLEEPS;
    note_call(slices, task);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(slices_switch, bool preempted, struct task_struct *before, struct task_struct *after)
{
    u64 now_ns = bpf_ktime_get_ns();
    if (over_ns)
        return 0;
    struct task_state *leaving = state_of(before);
    if (leaving && !leaving->slices.quiet)
        switched_out(leaving, before, preempted, now_ns);
    struct task_state *coming = state_of(after);
    if (coming)
        switched_in(coming, now_ns);
    return 0;
}

/* ----------------------------------------------------------------- wakeups */

SEC("tp_btf/sched_waking")
int BPF_PROG(slices_waking, struct task_struct *task)
{
    struct task_state *state = state_of(task);
    if (!state || over_ns)
        return 0;
    struct task_slices *slices = &state->slices;
    u64 now_ns = bpf_ktime_get_ns();
    struct waker waker;
    if (slices->woken_ns)
        return 0;
    find_waker(&waker, ctx);
    if (slices->out_ns)
        woken(state, now_ns, &waker);
    else
        slices->early = waker;
    return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(slices_new, struct task_struct *task)
{
    struct task_state *state = state_of(task);
    if (!state || over_ns)
        return 0;
    state->slices.reason = SLICE_NEW;
    state->slices.out_ns = state->slices.woken_ns = bpf_ktime_get_ns();
    return 0;
}

/* --------------------------------------------------------- beginnings and ends */

/* Recording may end before the task leaves the processor for the last time, so the slice until then is reported
 * separately. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(slices_exit, struct task_struct *task)
{
    struct task_state *state = state_of(task);
    if (!state || over_ns || !state->slices.in_ns)
        return 0;
    u64 now_ns = bpf_ktime_get_ns();
    send_running(state, now_ns);
    state->slices.in_ns = now_ns;
    return 0;
}

/* Begins the slices that tasks are in when recording begins. Anything reported meanwhile is newer. */
SEC("iter/task")
int slices_begin(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;
    struct task_state *state = task ? state_of(task) : NULL;
    if (!state || state->slices.in_ns || state->slices.out_ns)
        return 0;
    struct task_slices *slices = &state->slices;
    u64 now_ns = bpf_ktime_get_ns();
    if (BPF_CORE_READ(task, on_cpu)) {
        slices->in_ns = now_ns;
        return 0;
    }
    slices->reason = SLICE_FOUND;
    slices->woken_ns = state_bits(task) ? 0 : now_ns;
    slices->out_ns = now_ns;
    slices->charged_ns = BPF_CORE_READ(task, se.sum_exec_runtime);
    note_call(slices, task);
    return 0;
}

/* The same when it ends. A task that has exited may have left its processor without a report. */
SEC("iter/task")
int slices_end(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;
    struct task_state *state = task ? state_of(task) : NULL;
    if (!state || (BPF_CORE_READ(task, flags) & PF_EXITING && !BPF_CORE_READ(task, on_cpu)))
        return 0;
    const struct task_slices *slices = &state->slices;
    struct waker none;
    __builtin_memset(&none, 0, sizeof none);
    none.kind = WAKER_NONE;
    if (slices->in_ns)
        send_running(state, over_ns);
    else if (slices->woken_ns)
        send_runnable(state, over_ns);
    else if (slices->out_ns)
        send_waiting(state, over_ns, &none);
    return 0;
}
