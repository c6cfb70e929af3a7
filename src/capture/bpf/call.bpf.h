// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * One system call of a traced task: kept when it begins, and reported when it returns.
 */
#ifndef RINGSCOPE_CALL_BPF_H
#define RINGSCOPE_CALL_BPF_H

#include "task.bpf.h"

#define SIGKILL 9
#define SIGSYS 31
#define SIGNAL_GROUP_EXIT 4u /* of signal_struct.flags */
#define EINTR 4
#define ERESTART_FIRST 512
#define ERESTART_LAST 516

/* The last mask, hidden from the compiler, tells the verifier what the lines before it already guarantee. */
static inline const volatile struct call_rule *rule_of(u32 abi, u32 number)
{
    u32 index = abi * RULE_NUMBERS + (number < RULE_NUMBERS - 1 ? number : RULE_NUMBERS - 1);
    asm volatile("" : "+r"(index));
    return &rules[index & (RULE_COUNT - 1)];
}

static inline void send_call(struct task_state *state, enum kernel_event_kind kind, u64 now_ns)
{
    struct kernel_event *event = &state->gather.call.base;
    void *ring = this_ring();
    u64 wake = ring ? wake_flags(ring) : 0, size = sizeof *event + event->bytes;
    event->kind = kind;
    event->pid = state->pid; /* an exec may have changed them */
    event->tid = state->tid;
    event->duration_ns = now_ns - event->time_ns;
    HIDE(size);
    if (size > sizeof state->gather.call)
        return;
    if (!ring || bpf_ringbuf_output(ring, event, size, wake))
        count_lost(rule_of(event->abi, event->number)->category);
}

static inline void note(struct task_state *state, struct pt_regs *regs, u32 abi, u32 number)
{
    struct kernel_event *event = &state->gather.call.base;
    state->unread = 0;
    call_arguments(state->gather.args, regs, abi);
    __builtin_memcpy(event->args, state->gather.args, sizeof event->args);
    event->number = number < CALL_NUMBER_MAX ? number : CALL_NUMBER_MAX;
    event->abi = (unsigned char)abi;
    event->flags = state->stacked;
    event->bytes = 0;
    event->result = 0;
}

static inline void enter(struct task_state *state, struct pt_regs *regs, u32 abi, u32 number)
{
    const volatile struct call_rule *rule = rule_of(abi, number);
    struct kernel_event *event = &state->gather.call.base;
    state->in_call = 0;
    state->begun = BEGUN_SEEN;
    note(state, regs, abi, number);
    if (rule->takes)
        state->unread = (unsigned char)gather_entered(&state->gather, rule);
    event->time_ns = bpf_ktime_get_ns();
    state->in_call = 1;
    if (rule->flags & RULE_NO_RETURN) {
        event->flags |= EVENT_NO_RETURN;
        state->in_call = 0;
        send_call(state, EVENT_CALL, event->time_ns);
    }
}

/* Whether a call returns only because its thread is about to die: it is unfinished then. */
static inline bool dies(struct task_struct *task, long result)
{
    if (result != -EINTR && (result < -ERESTART_LAST || result > -ERESTART_FIRST))
        return false;
    return task->pending.signal.sig[0] >> (SIGKILL - 1) & 1;
}

static inline void leave(struct task_state *state, u64 result)
{
    u64 now_ns = bpf_ktime_get_ns();
    const volatile struct call_rule *rule = rule_of(state->gather.call.base.abi, state->gather.call.base.number);
    state->in_call = 0;
    state->gather.call.base.result = (long long)result;
    if (rule->takes)
        gather_returned(&state->gather, rule, state->unread);
    send_call(state, EVENT_CALL, now_ns);
}

static inline void send_unmatched(const struct task_state *state)
{
    void *ring = this_ring();
    struct kernel_event *to = reserve(ring, CATEGORY_SYSCALL);
    if (!to)
        return;
    fill(to, state, EVENT_UNMATCHED, bpf_ktime_get_ns());
    submit(ring, to);
}

/* Decides whether anybody wants the call before the task is looked up. */
static inline bool wanted(struct task_struct *task, u32 number)
{
    u32 abi = call_abi(task, &number);
    return rule_of(abi, number)->flags & RULE_WANTED;
}

/* At the beginning of any call. */
static inline int call_begins(struct pt_regs *regs, u32 number)
{
    struct task_struct *task = bpf_get_current_task_btf();
    if (!wanted(task, number))
        return 0;
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    u32 abi = call_abi(task, &number);
    enter(state, regs, abi, number);
    return 0;
}

#define TASK_INTERRUPTIBLE 1u
#define TASK_UNINTERRUPTIBLE 2u

/* Notes the call that a task is in although its entry was not seen. Its memory cannot be read from here. */
static inline bool note_unseen(struct task_state *state, struct task_struct *task)
{
    if (!bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs)) /* Linux 5.15 */
        return false;
    struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
    int number = call_number(regs);
    u32 in_table = (u32)number;
    if (number < 0 || !wanted(task, in_table))
        return false;
    u32 abi = call_abi(task, &in_table);
    note(state, regs, abi, in_table);
    state->gather.call.base.time_ns = bpf_ktime_get_ns();
    return true;
}

/* Finds the call that a task waits in when recording begins. A running task may be in none. */
static inline void find_call(struct task_state *state, struct task_struct *task)
{
    if (!(state_bits(task) & (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)) || !note_unseen(state, task))
        return;
    state->gather.call.base.flags = EVENT_BEGUN_BEFORE;
    state->in_call = state->begun == BEGUN_BEFORE; /* else it has just returned */
}

/* Finds the call for which seccomp ends a thread (SECCOMP_RET_KILL_THREAD): neither of its ends is reported. */
static inline void find_deadly_call(struct task_state *state, struct task_struct *task)
{
    if (!state->in_call && state->begun == BEGUN_SEEN && BPF_CORE_READ(task, exit_code) == SIGSYS &&
        !(BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT))
        state->in_call = note_unseen(state, task);
}

/* The tracepoint of entries comes after seccomp, which may return in the call's place. */
static inline void refused(struct task_state *state, struct pt_regs *regs, struct task_struct *task, u32 number)
{
    u32 abi = call_abi(task, &number);
    enter(state, regs, abi, number);
}

/* At its end. The return from a signal handler has no number any more. */
static inline int call_returns(struct pt_regs *regs, long result)
{
    struct task_struct *task = bpf_get_current_task_btf();
    int number = call_number(regs);
    if (number >= 0 && !wanted(task, (u32)number))
        return 0;
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    if (!state->in_call && state->begun == BEGUN_SEEN && number >= 0)
        refused(state, regs, task, (u32)number);
    if (state->in_call) {
        if (!dies(task, result))
            leave(state, (u64)result);
    } else if (state->begun == BEGUN_BEFORE) {
        send_unmatched(state);
    }
    state->begun = BEGUN_SEEN;
    return 0;
}

#endif
