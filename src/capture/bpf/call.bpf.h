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

/* Copies a path, which has the text to itself or half of it; what was cut is marked by a flag: of a
 * half exactly full that is not known, and it is marked as well. */
static inline void copy_path(struct task_state *state, u32 which, bool half)
{
    const void *at = (const void *)(unsigned long)state->path_at[which];
    char *to = state->text + (which ? WIRE_SECOND_PATH : 0);
    u32 size = half ? WIRE_HALF_BYTES + 1 : WIRE_PATH_BYTES + 2;
    long copied = bpf_probe_read_user_str(to, size, at);
    if (copied <= 0)
        return;
    state->path_at[which] = 0;
    state->flags |= WIRE_HAS_TEXT;
    if (copied == size)
        state->flags |= which ? WIRE_SECOND_CUT : WIRE_FIRST_CUT;
    state->text_bytes[which] = (unsigned char)(copied > WIRE_PATH_BYTES ? WIRE_PATH_BYTES : copied - 1);
}

static inline void copy_paths(struct task_state *state, const volatile struct wire_rule *rule)
{
    bool two = rule->path[1] != WIRE_NO_ARG;
    if (state->path_at[0]) {
        if (two)
            copy_path(state, 0, true);
        else
            copy_path(state, 0, false);
    }
    if (state->path_at[1])
        copy_path(state, 1, true);
}

static inline void fill_call(struct wire *wire, struct task_state *state, enum wire_kind kind, u64 now_ns)
{
    fill(wire, state, kind, state->start_ns);
    wire->duration_ns = now_ns - state->start_ns;
    wire->number = state->number;
    wire->abi = state->abi;
    wire->flags = state->flags;
    wire->text_bytes[0] = state->text_bytes[0];
    wire->text_bytes[1] = state->text_bytes[1];
    wire->flags |= (state->path_at[0] ? WIRE_FIRST_UNREAD : 0) | (state->path_at[1] ? WIRE_SECOND_UNREAD : 0);
    wire->args[0] = state->args[0];
    wire->args[1] = state->args[1];
    wire->args[2] = state->args[2];
}

/* The two descriptors of a pipe are only in the program's memory. */
static inline void copy_pair(struct wire *wire, u32 pair)
{
    u64 both = 0, address = pair == 1 ? wire->args[0] : pair == 2 ? wire->args[1] : wire->args[2];
    if (bpf_probe_read_user(&both, sizeof both, (const void *)(unsigned long)address))
        both = ~0ull; /* no descriptors */
    if (pair == 1)
        wire->args[0] = both;
    else if (pair == 2)
        wire->args[1] = both;
    else
        wire->args[2] = both;
}

static inline void send_plain(struct task_state *state, enum wire_kind kind, u64 now_ns, u64 result)
{
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    void *ring = this_ring();
    struct wire *to = reserve(ring, rule->category);
    if (!to)
        return;
    fill_call(to, state, kind, now_ns);
    to->result = (long long)result;
    if (rule->pair && result == 0)
        copy_pair(to, rule->pair);
    submit(ring, to);
}

/* With a path of its own that is as short as most are. */
static inline void send_short(struct task_state *state, enum wire_kind kind, u64 now_ns, u64 result)
{
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    void *ring = this_ring();
    struct wire_short *to = ring ? bpf_ringbuf_reserve(ring, sizeof *to, 0) : NULL;
    if (!to) {
        count_lost(rule->category);
        return;
    }
    fill_call(&to->base, state, kind, now_ns);
    to->base.result = (long long)result;
    __builtin_memcpy(to->text, state->text, WIRE_SHORT_BYTES);
    submit(ring, to);
}

static __attribute__((noinline)) int send_texts(struct task_state *state, enum wire_kind kind, u64 now_ns, u64 result)
{
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    void *ring = this_ring();
    struct wire_long *to = reserve_long(ring, rule->category);
    if (!to)
        return 0;
    fill_call(&to->base, state, kind, now_ns);
    to->base.result = (long long)result;
    __builtin_memcpy(to->text, state->text, WIRE_TEXT_BYTES);
    submit(ring, to);
    return 0;
}

static inline void send_call(struct task_state *state, enum wire_kind kind, u64 now_ns, u64 result)
{
    if (!(state->flags & WIRE_HAS_TEXT))
        send_plain(state, kind, now_ns, result);
    else if (state->text_bytes[0] <= WIRE_SHORT_BYTES && !state->text_bytes[1])
        send_short(state, kind, now_ns, result);
    else
        send_texts(state, kind, now_ns, result);
}

static inline void enter(struct task_state *state, struct pt_regs *regs, u32 abi, u32 number)
{
    const volatile struct wire_rule *rule = rule_of(abi, number);
    u32 flags = rule->flags;
    unsigned long arguments[CALL_ARGUMENTS];
    state->in_call = 0;
    state->expected = 1; /* what returns without a start is not wanted */
    state->number = number < WIRE_NUMBER_MAX ? number : WIRE_NUMBER_MAX;
    state->abi = (unsigned char)abi;
    state->flags = 0;
    state->text_bytes[0] = state->text_bytes[1] = 0;
    call_arguments(arguments, regs, abi);
    state->args[0] = arguments[rule->keep[0] & (CALL_ARGUMENTS - 1)];
    state->args[1] = arguments[rule->keep[1] & (CALL_ARGUMENTS - 1)];
    state->args[2] = arguments[rule->keep[2] & (CALL_ARGUMENTS - 1)];
    state->path_at[0] = state->path_at[1] = 0;
    if (rule->path[0] != WIRE_NO_ARG) {
        state->path_at[0] = arguments[rule->path[0] & (CALL_ARGUMENTS - 1)];
        state->path_at[1] = arguments[rule->path[1] & (CALL_ARGUMENTS - 1)];
        copy_paths(state, rule);
    }
    state->start_ns = bpf_ktime_get_ns();
    state->in_call = 1;
    if (flags & WIRE_RULE_NO_RETURN) {
        state->flags |= WIRE_NO_RETURN;
        state->in_call = 0;
        send_call(state, WIRE_CALL, state->start_ns, 0);
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
    const volatile struct wire_rule *rule = rule_of(state->abi, state->number);
    state->in_call = 0;
    if (rule->path[0] != WIRE_NO_ARG && (state->path_at[0] || state->path_at[1]))
        copy_paths(state, rule);
    send_call(state, WIRE_CALL, now_ns, result);
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
