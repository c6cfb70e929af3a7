// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * One system call of a traced task: what is kept of it when it begins, and told when it returns.
 */
#ifndef RINGSCOPE_CALL_BPF_H
#define RINGSCOPE_CALL_BPF_H

#include "task.bpf.h"

#define SIGKILL 9
#define EINTR 4
#define ERESTART_FIRST 512
#define ERESTART_LAST 516

/* The last mask tells the verifier what the lines before it already ensure; hidden from the compiler. */
static inline const volatile struct wire_rule *rule_of(u32 abi, u32 number)
{
    u32 index = abi * WIRE_NUMBERS + (number < WIRE_NUMBERS - 1 ? number : WIRE_NUMBERS - 1);
    asm volatile("" : "+r"(index));
    return &rules[index & (WIRE_RULES - 1)];
}

static inline void send_call(struct task_state *state, enum wire_kind kind, u64 now_ns)
{
    struct wire *wire = &state->gather.call.base;
    void *ring = this_ring();
    u64 wake = ring ? wake_flags(ring) : 0, size = sizeof *wire + wire->bytes;
    wire->kind = kind;
    wire->pid = state->pid; /* an exec may have changed them */
    wire->tid = state->tid;
    wire->duration_ns = now_ns - wire->time_ns;
    HIDE(size);
    if (size > sizeof state->gather.call)
        return;
    if (!ring || bpf_ringbuf_output(ring, wire, size, wake))
        count_lost(rule_of(wire->abi, wire->number)->category);
}

static inline void enter(struct task_state *state, struct pt_regs *regs, u32 abi, u32 number)
{
    const volatile struct wire_rule *rule = rule_of(abi, number);
    struct wire *wire = &state->gather.call.base;
    state->in_call = 0;
    state->expected = 1; /* what returns without a start is not wanted */
    state->unread = 0;
    call_arguments(state->gather.args, regs, abi);
    __builtin_memcpy(wire->args, state->gather.args, sizeof wire->args);
    wire->number = number < WIRE_NUMBER_MAX ? number : WIRE_NUMBER_MAX;
    wire->abi = (unsigned char)abi;
    wire->flags = 0;
    wire->bytes = 0;
    wire->result = 0;
    if (rule->takes)
        state->unread = (unsigned char)gather_entered(&state->gather, rule);
    wire->time_ns = bpf_ktime_get_ns();
    state->in_call = 1;
    if (rule->flags & WIRE_RULE_NO_RETURN) {
        wire->flags |= WIRE_NO_RETURN;
        state->in_call = 0;
        send_call(state, WIRE_CALL, wire->time_ns);
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
    const volatile struct wire_rule *rule = rule_of(state->gather.call.base.abi, state->gather.call.base.number);
    state->in_call = 0;
    state->gather.call.base.result = (long long)result;
    if (rule->takes)
        gather_returned(&state->gather, rule, state->unread);
    send_call(state, WIRE_CALL, now_ns);
}

static inline void send_unmatched(const struct task_state *state)
{
    void *ring = this_ring();
    struct wire *to = reserve(ring, CATEGORY_SYSCALL);
    if (!to)
        return;
    fill(to, state, WIRE_UNMATCHED, bpf_ktime_get_ns());
    submit(ring, to);
}

/* What nobody wants is told from what somebody does before the task is looked up. */
static inline bool wanted(struct task_struct *task, u32 number)
{
    u32 abi = call_abi(task, &number);
    return rule_of(abi, number)->flags & WIRE_RULE_WANTED;
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

/* At its end. A return from a signal's handler has no number any more. */
static inline int call_returns(struct pt_regs *regs, long result)
{
    struct task_struct *task = bpf_get_current_task_btf();
    int number = call_number(regs);
    if (number >= 0 && !wanted(task, (u32)number))
        return 0;
    struct task_state *state = state_of(task);
    if (!state)
        return 0;
    if (state->in_call) {
        if (!dies(task, result))
            leave(state, (u64)result);
    } else if (!state->expected) {
        state->expected = 1;
        send_unmatched(state);
    }
    return 0;
}

#endif
